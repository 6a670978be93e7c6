"""Small histories for tests: written as folders or tables of files, replayed as commits with fixed dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.evidence.reading import Evidence
from generator.history.importing import write_repository
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.config.schema import Config
    from generator.evidence.records import DeploymentRecord
    from generator.pipeline.request import Outcome

HISTORIES = Path(__file__).parents[1] / "histories"
START = 1_704_110_400
"""2024-01-01T12:00:00Z, the time of the first commit where none is given."""
DAY = 86_400
"""Seconds between two commits where no date is given."""
Tree = dict[str, bytes]


@dataclass(frozen=True)
class Revision:
    """A commit that does not exist yet, as `write_repository` takes it."""

    at: int
    message: str
    changes: Mapping[str, bytes | None]
    author: str = "Ada Example"


class Silent:
    """A progress that says nothing."""

    def stage(self, name: str, detail: str = "") -> None:
        """Say nothing."""

    def layout(self, source: str, reasons: Sequence[str], config: Config) -> None:
        """Say nothing."""

    def count(self, done: int, total: int | None) -> None:
        """Say nothing."""

    def rendering(self, rendered: int, found: int) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Gathered:
    """What reading a repository gave."""

    folder: Path
    outcome: Outcome
    evidence: Evidence
    deployments: list[DeploymentRecord] = field(repr=False)

    def of(self, environment: str) -> list[DeploymentRecord]:
        """Return the deployments of one environment, oldest first."""
        return [d for d in self.deployments if d.environment == environment]

    def kinds(self, environment: str) -> list[str]:
        """Return the kind of each of them."""
        return [d.kind for d in self.of(environment)]

    @property
    def topologies(self) -> dict[str, str]:
        """Return environment → digest of its newest version."""
        return {e.name: e.digest for e in self.evidence.summary.environments}


def revision(number: int, tree: Mapping[str, bytes], before: Mapping[str, bytes], message: str = "") -> Revision:
    """Return the commit that turns the files `before` into `tree`; `number` counts from 0 and gives its date."""
    paths = sorted(p for p in tree.keys() | before.keys() if tree.get(p) != before.get(p))
    return Revision(START + number * DAY, message or f"Step {number + 1}", {p: tree.get(p) for p in paths})


def write_trees(target: Path, trees: Sequence[Mapping[str, str | bytes]], *, bare: bool = False) -> Path:
    """Write a repository whose commits have the complete `trees`, a day apart; return `target`."""
    before: Tree = {}
    revisions = []
    for number, tree in enumerate(trees):
        now = {p: c.encode() if isinstance(c, str) else c for p, c in tree.items()}
        revisions.append(revision(number, now, before))
        before = now
    write_repository(target, revisions, bare=bare)
    return target


def write_case(target: Path, case: str) -> Path:
    """Write the history `tests/histories/CASE`: a folder a revision, each its complete tree; return `target`.

    A file `COMMIT` in a revision gives its message; a first line `Date: ...` in it (RFC 3339) gives its date.
    """
    before: Tree = {}
    revisions = []
    for number, folder in enumerate(sorted(p for p in (HISTORIES / case).iterdir() if p.is_dir())):
        tree = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        words = tree.pop("COMMIT", b"").decode().strip()
        date, _, rest = words.partition("\n")
        made = revision(number, tree, before, rest.strip() if date.startswith("Date: ") else words)
        if date.startswith("Date: "):
            at = int(datetime.fromisoformat(date.removeprefix("Date: ")).timestamp())
            made = Revision(at, made.message, made.changes)
        revisions.append(made)
        before = tree
    write_repository(target, revisions)
    return target


def gathered(  # noqa: PLR0913 - one parameter a choice of a run
    repository: Path,
    folder: Path,
    config: str | Path = "",
    *,
    ref: str = "",
    as_of: int | None = None,
    limit: int | None = None,
    key: bytes = b"",
    cache: Path | None = None,
    engines: Mapping[str, str] | None = None,
    previous: Path | None = None,
) -> Gathered:
    """Read `repository` into the evidence folder `folder`; `config` is a file or the text of one.

    `previous` is the evidence folder that it follows.
    """
    chosen = config if isinstance(config, Path) else None
    if isinstance(config, str) and config:
        chosen = folder.with_name(f"{folder.name}.assay.yaml")
        chosen.parent.mkdir(parents=True, exist_ok=True)
        chosen.write_text(config, "utf-8")
    request = Request(
        repository,
        chosen,
        ref,
        as_of,
        limit,
        fingerprint_key=key,
        cache=cache,
        engines=engines or {},
        previous=previous,
        goes_on=cache is not None,
    )
    outcome = gather(request, folder, Silent())
    evidence = Evidence(folder)
    return Gathered(folder, outcome, evidence, list(evidence.deployments()))
