"""An evidence folder for tests on real histories: made once in a run, read as JSON, as `docs/evidence.md` tells."""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.replay import gathered

from generator.rendering.engines import Engines

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

EXAMPLES = Path(__file__).parents[2] / "examples"
Record = dict[str, Any]
Fields = dict[str, str]


@dataclass(frozen=True)
class Facts:
    """What an evidence folder says."""

    folder: Path
    summary: Record = field(repr=False)
    deployments: list[Record] = field(repr=False)

    def environment(self, name: str) -> Record:
        """Return the summary of one environment."""
        (found,) = [e for e in self.summary["environments"] if e["name"] == name]
        return dict(found)

    def of(self, environment: str) -> list[Record]:
        """Return the deployments of one environment, oldest first."""
        return [d for d in self.deployments if d["environment"] == environment]

    def at(self, environment: str, commit: str) -> Record:
        """Return the deployment of an environment at a commit, named by the beginning of its id."""
        (found,) = [d for d in self.of(environment) if d["commit"]["id"].startswith(commit)]
        return found

    def by_kind(self, environment: str) -> dict[str, int]:
        """Return how many deployments of each kind there are."""
        kinds = [d["kind"] for d in self.of(environment)]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}

    def brought(self, environment: str, name: str = "") -> list[tuple[str, Record]]:
        """Return commit and change of every new artifact in a field `name` (`*.image` where it is not given)."""
        return [
            (d["commit"]["id"], c)
            for d in self.of(environment)
            for c in d["changes"]
            if c["aspect"] == "artifact" and c["new"] and (c["field"] == name if name else c["field"].endswith("image"))
        ]

    def kinds(self, environment: str, name: str = "") -> list[tuple[str, str, str, str]]:
        """Return commit, thing, new value and kind of every new artifact, sorted.

        A thing is `WORKLOAD:CONTAINER` for an image, else the component.
        """
        return sorted((commit, _thing(c, name), c["new"], c["kind"]) for commit, c in self.brought(environment, name))

    def validations(self, environment: str, name: str = "") -> list[tuple[str, str, str, str, str]]:
        """Return commit, thing, new value, verdict and commit of the origin of every new artifact, sorted."""
        return sorted(
            (commit, _thing(c, name), c["new"], c["validation"], (c["origin"] or {}).get("commit", ""))
            for commit, c in self.brought(environment, name)
            if c["kind"] != "gap"
        )

    def states(self, environment: str) -> Iterator[tuple[Record, dict[str, Fields]]]:
        """Yield each deployment with component → field → value as it left them."""
        records = _lines(self.folder / "objects" / "components.jsonl")
        fields = {r["digest"]: {name: value for _, name, value in r["fields"]} for r in records}
        for deployment, now in self.standing(environment):
            yield deployment, {component: fields[digest] for component, digest in now.items()}

    def standing(self, environment: str) -> Iterator[tuple[Record, dict[str, str]]]:
        """Yield each deployment with component → digest as it left them."""
        topologies = iter(_lines(self.folder / "objects" / "topology" / f"{environment}.jsonl"))
        entries: Record = {}
        digest = ""
        for deployment in self.of(environment):
            if deployment["digest"] != digest:
                record = next(topologies)
                entries = {} if "base" not in record else entries
                entries |= record.get("set", {})
                for key in record.get("unset", []):
                    del entries[key]
                digest = record["digest"]
                assert digest == deployment["digest"]
            yield deployment, {key[2:]: e["component"] for key, e in entries.items() if key.startswith("c ")}

    @property
    def lost(self) -> list[Record]:
        """Return what could not be read."""
        return [u for u in self.summary["unreadable"] if u["level"] == "unreadable"]


def _thing(change: Record, name: str) -> str:
    container = change["field"].removesuffix("image").removesuffix(".").removeprefix("init.")
    return change["component"] if name or not container else f"{change['component']}:{container}"


def _lines(path: Path) -> list[Record]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def facts(name: str, real_history: Callable[[str], Path], factory: pytest.TempPathFactory, engine: str = "") -> Facts:
    """Return the evidence of the real history `name` by the configuration `examples/NAME.yaml`.

    All workers of a run share one folder, and the first that asks makes it. Skips where `engine` is not installed.
    With ASSAY_TEST_CACHE naming a folder, what was rendered is kept there for the next run.
    """
    repository = real_history(name)
    if engine and not Engines({}).version(engine):
        pytest.skip(f"the engine {engine} is not installed")
    base = factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "facts" / name
    shared.parent.mkdir(parents=True, exist_ok=True)
    with shared.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "summary.json").is_file():
            kept = os.environ.get("ASSAY_TEST_CACHE")
            gathered(repository, shared, EXAMPLES / f"{name}.yaml", cache=Path(kept) if kept else None)
    summary = json.loads((shared / "summary.json").read_text("utf-8"))
    return Facts(shared, summary, _lines(shared / "deployments.jsonl"))


def compare(got: Iterable[Hashable], expected: Iterable[Hashable]) -> tuple[list[Hashable], list[Hashable], bool]:
    """Return the first few that only one of the two has, and whether both have the same number; for thousands of rows.

    Where nothing differs it is `SAME`. pytest's own account of two long lists takes minutes.
    """
    left, right = Counter(got), Counter(expected)
    few = 5
    return list((left - right).elements())[:few], list((right - left).elements())[:few], left.total() == right.total()


SAME: tuple[list[Hashable], list[Hashable], bool] = ([], [], True)
