"""What the oracles of `tests/real` share: plain git commands, and the definitions of what happens to one value.

No oracle shares code with the package. Each is slow and simple on purpose: it goes through every commit of a
first-parent chain, keeps the files as they then stand, and reads what it needs from them anew.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Commit:
    """A commit of a first-parent chain, and what it changed against its first parent."""

    id: str
    time: int
    """Commit time, seconds since 1970 UTC."""
    changes: dict[str, str] = field(repr=False)
    """Path → blob, empty where the file went."""


def git(repository: Path, *arguments: str, data: bytes | None = None) -> bytes:
    """Return what git prints."""
    command = ["git", f"--git-dir={repository}", *arguments]
    return subprocess.run(command, input=data, check=True, capture_output=True).stdout


def text(repository: Path, *arguments: str) -> str:
    """Return what git prints, as text."""
    return git(repository, *arguments).decode("utf-8", "replace").strip()


def chain(repository: Path, ref: str = "HEAD", *paths: str) -> list[Commit]:
    """Return the commits of the first-parent chain of `ref` that change any of `paths`, oldest first."""
    found: list[Commit] = []
    raw = ["--raw", "--no-renames", "--no-abbrev", "--format=commit %H %ct", ref, "--", *paths]
    for line in text(repository, "log", "--first-parent", "-m", "--reverse", *raw).splitlines():
        if line.startswith("commit "):
            _, commit, time = line.split()
            found.append(Commit(commit, int(time), {}))
        elif line.startswith(":"):
            head, path = line.split("\t")
            _, _, _, blob, status = head.split()
            found[-1].changes[path] = "" if status == "D" else blob
    return found


def blobs(repository: Path, ids: Iterable[str]) -> dict[str, bytes]:
    """Return id → content of blobs, read by one `git cat-file --batch`."""
    wanted = sorted(set(ids) - {""})
    out, found, at = git(repository, "cat-file", "--batch", data="\n".join(wanted).encode() + b"\n"), {}, 0
    for blob in wanted:
        end = out.index(b"\n", at)
        size = int(out[at:end].split()[2])
        found[blob] = out[end + 1 : end + 1 + size]
        at = end + size + 2
    return found


def contents(repository: Path, commits: Iterable[Commit]) -> dict[str, bytes]:
    """Return id → content of every blob that `commits` brought."""
    return blobs(repository, (blob for commit in commits for blob in commit.changes.values()))


class Text(yaml.CSafeLoader):
    """YAML whose scalars stay text, but for null; a key that stands twice is a fault."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - where PyYAML looks for it
        first: [(tag, form) for tag, form in forms if tag.endswith((":null", ":merge"))]
        for first, forms in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Return a mapping, refusing a key that stands twice in it."""
        keys = [str(key.value) for key, _ in node.value if key.value != "<<"]
        if len(keys) != len(set(keys)):
            raise yaml.YAMLError(node.start_mark)
        return super().construct_mapping(node, deep)


def documents(data: bytes) -> list[Any] | None:
    """Return the documents of a YAML file, `None` where it cannot be read."""
    try:
        return [d for d in yaml.load_all(data, Text) if d is not None]
    except (yaml.YAMLError, ValueError):
        return None


def leaves(node: Any, prefix: str = "") -> dict[str, str]:  # noqa: ANN401 - whatever YAML holds
    """Return path in dots → scalar; items of lists go by their `name`, `key` or `id`, else by their place.

    A null is no value (DEFINITIONS, "gap"), and a mapping of nothing but nulls holds none.
    """
    found: dict[str, str] = {}
    if isinstance(node, dict):
        for key, inner in node.items():
            found |= leaves(inner, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(node, list):
        taken: set[str] = set()
        for place, inner in enumerate(node):
            # A key is a name where something is said of it: it might be a secret by itself.
            said = isinstance(inner, dict) and inner.keys() & {"value", "values", "valueFrom", "operator", "effect"}
            keys = ("name", "key", "id") if said else ("name", "id")
            names = [inner.get(k) for k in keys] if isinstance(inner, dict) else []
            name = next((n for n in names if n and isinstance(n, str)), "")
            label = name if name and name not in taken else str(place)
            taken.add(label)
            found |= leaves(inner, f"{prefix}[{label}]")
    elif node is not None:
        return {prefix: node}
    return found or ({prefix: "{}" if isinstance(node, dict) else "[]"} if prefix and node in ({}, []) else {})


@dataclass
class Values:
    """The values of one thing, numbered by the commit at which each came first: what DEFINITIONS calls its kinds."""

    first: dict[str, int] = field(default_factory=dict)
    last: str | None = None
    """The newest value; it stays through a gap."""

    def step(self, value: str, number: int) -> str:
        """Take in `value`, set by commit `number`, and return the kind of that step."""
        last, self.last = self.last, value
        known = self.first.get(value)
        self.first.setdefault(value, number)
        if last is None:
            return "initial"
        if last == value:
            return "gap"
        if known is None:
            return "forward"
        return "rollback" if known < self.first[last] else "redo"


@dataclass(frozen=True)
class Step:
    """One new value of one thing."""

    number: float
    """Place of the commit in the order that all environments share."""
    commit: str
    time: int
    thing: str
    value: str
    kind: str


def steps(states: Iterable[tuple[int, Commit, dict[str, str]]]) -> Iterator[Step]:
    """Yield each value that a state newly sets; a state is everything (thing → value) that stands after a commit.

    A thing is a component, or `COMPONENT:CONTAINER`: a container that comes to a component that was there before is no
    first version of that component, so it goes forward.
    """
    known: dict[str, Values] = {}
    before: dict[str, str] = {}
    components: set[str] = set()
    for number, commit, now in states:
        for thing, value in sorted(now.items()):
            if value and before.get(thing) != value:
                kind = known.setdefault(thing, Values()).step(value, number)
                fresh = thing.partition(":")[0] not in components
                yield Step(
                    number, commit.id, commit.time, thing, value, kind if kind != "initial" or fresh else "forward"
                )
        components |= {thing.partition(":")[0] for thing in now}
        before = now


@dataclass(frozen=True)
class Judged:
    """A new value in production, and what its upstream makes of it."""

    step: Step
    verdict: str
    """`promoted`, `simultaneous`, `bypass`, or `not assessed` where the upstream has nothing at that commit."""
    origin: str = ""
    """Commit of the newest upstream deployment of the value before this one, where it is promoted."""
    lead: int = 0
    """Seconds between the two."""


def judged(
    production: Iterable[Step], upstream: Iterable[Step], states: Iterable[tuple[float, Any]], *, apart: bool = False
) -> list[Judged]:
    """Judge the new values of production; `states` says for each number whether the upstream had anything then.

    Where the two stand `apart`, each on a branch of its own, a commit that both have was in the upstream first.
    """
    known: dict[tuple[str, str], list[Step]] = {}
    for step in upstream:
        known.setdefault((step.thing, step.value), []).append(step)
    exists = dict(states)
    found = []
    for step in (s for s in production if s.kind != "gap"):
        numbers = [n for n in exists if n <= step.number]
        same = [s for s in known.get((step.thing, step.value), []) if s.number <= step.number]
        before = [s for s in same if s.number < step.number or apart]
        if not numbers or not exists[max(numbers)]:
            found.append(Judged(step, "not assessed"))
        elif before:
            found.append(Judged(step, "promoted", before[-1].commit, step.time - before[-1].time))
        else:
            found.append(Judged(step, "simultaneous" if same else "bypass"))
    return found


def kinds(found: Iterable[Step]) -> list[tuple[str, str, str, str]]:
    """Return commit, thing, value and kind of each step, sorted."""
    return sorted((s.commit, s.thing, s.value, s.kind) for s in found)


def verdicts(found: Iterable[Judged]) -> list[tuple[str, str, str, str, str]]:
    """Return commit, thing, value, verdict and commit of the origin of each, sorted."""
    return sorted((j.step.commit, j.step.thing, j.step.value, j.verdict, j.origin) for j in found)
