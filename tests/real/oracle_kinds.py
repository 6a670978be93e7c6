"""What kind each deployment of an environment is, by DEFINITIONS alone: "What happened", "bulk", "roll-forward".

It starts from what an environment held after each commit (component → field → value), however that was read, and knows
of a field only whether it names an artifact or a capacity. Kinds are told for each component and then summed: where an
artifact moved, artifacts decide, else the settings of a component as a whole; capacity is never a version. No code is
shared with the package.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from real.oracle_git import Step, Values, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from real.oracle_git import Commit

State = dict[str, dict[str, str]]
"""Component → field → value."""
Moves = dict[tuple[str, str], tuple[str | None, str | None]]
"""Component and field → value before and after; the field of a whole component that comes or goes is empty."""
ORDER = ("rollback", "redo", "forward", "initial", "gap")
"""The first of them that is there is the kind of the whole."""
WAYS = ("forward", "rollback", "redo")
RECENT = 32
"""Deployments back that a message which names none is compared with."""
REVERTED = re.compile(r"^This (?:partially )?reverts commit ([0-9a-f]{7,40})", re.MULTILINE)
SAYS_REVERT = re.compile(r"\brevert|\broll(?:s|ed|ing)?[- ]?back|\bback(?:s|ed|ing)? ?out", re.IGNORECASE)


@dataclass(frozen=True)
class Sorts:
    """What the fields of a repository are."""

    artifact: Callable[[str], bool]
    capacity: Callable[[str], bool]


@dataclass(frozen=True)
class Told:
    """One deployment."""

    commit: Commit = field(repr=False)
    kind: str
    """As in DEFINITIONS; `gap` where an artifact only went, or came back as it was."""
    movers: frozenset[str] = frozenset()
    """Components that moved the way of the kind."""
    bulk: bool = False
    mends: str = ""
    """For a roll-forward: `observed` where git's own words name what is reverted, else `inferred`."""
    mended: tuple[str, ...] = ()
    """Commits of the deployments that it mends."""


@dataclass
class Account:
    """What an environment went through."""

    told: list[Told] = field(default_factory=list, repr=False)
    versions: list[Step] = field(default_factory=list, repr=False)
    """Each new value of an artifact; its thing is component and field."""

    def commits(self, *kinds: str) -> list[str]:
        """Return the commits of the deployments of these kinds."""
        return [one.commit.id for one in self.told if one.kind in kinds]

    @property
    def bulks(self) -> list[str]:
        """Return the commits of the deployments that are bulk."""
        return [one.commit.id for one in self.told if one.bulk]


@dataclass
class _Component:
    """What one component had."""

    whole: Values = field(default_factory=Values)
    """Its states, capacity left out."""
    artifacts: dict[str, Values] = field(default_factory=dict)


class Historian:
    """Tells the kind of each deployment, one after the other."""

    def __init__(self, sorts: Sorts, bulk: int = 10) -> None:
        """Call a deployment bulk in which `bulk` components move the same way."""
        self.sorts, self.bulk = sorts, bulk
        self.known: dict[str, _Component] = {}
        self.account = Account()

    def take(self, number: float, commit: Commit, before: State, now: State) -> tuple[Told, Moves, set[str]]:
        """Return what a commit is, what it moved, and the components to which it brought what they never had."""
        artifacts: dict[str, set[str]] = {}
        settings: dict[str, set[str]] = {}
        moves: Moves = {}
        brought: set[str] = set()
        first = not self.account.told
        for name in sorted(c for c in before.keys() | now.keys() if before.get(c) != now.get(c)):
            old, new = before.get(name), now.get(name)
            if new is None:
                settings[name] = {"forward"}
                moves |= {(name, f): (v, None) for f, v in (old or {}).items() if self.sorts.artifact(f)}
                moves[name, ""] = "there", None
                continue
            kinds = self._versions(number, commit, name, old or {}, new)
            whole = self._whole(name, new, number)
            if kinds:
                artifacts[name] = kinds
            was = old or {}
            changed = {f: (was.get(f), new.get(f)) for f in was.keys() | new.keys() if was.get(f) != new.get(f)}
            if old is None:
                changed = {f: pair for f, pair in changed.items() if self.sorts.artifact(f)} | {"": (None, "there")}
            moves |= {(name, f): pair for f, pair in changed.items()}
            other = {f for f in changed if f and not self.sorts.artifact(f) and not self.sorts.capacity(f)}
            fresh = "initial" if whole == "initial" else "forward"
            settings[name] = {fresh} if old is None else {whole} & set(WAYS) if other else {"forward"}
            settings[name] = settings[name] or {"forward"}
            if kinds & {"forward", "initial"} or fresh == "initial" or (old and other and "forward" in settings[name]):
                brought.add(name)
        kinds_of = {name: next(k for k in ORDER if k in found) for name, found in (artifacts or settings).items()}
        return self._summed(commit, kinds_of, first=first), moves, brought

    def _summed(self, commit: Commit, kinds: dict[str, str], *, first: bool) -> Told:
        if not kinds:
            return Told(commit, "redeploy")
        kind = next(k for k in ORDER if k in kinds.values())
        kind = "forward" if kind == "initial" and not first else kind
        ways = {kind, "initial"} if kind == "forward" else {kind}
        movers = frozenset(name for name, own in kinds.items() if own in ways)
        return Told(commit, kind, movers, bulk=not first and max(Counter(kinds.values()).values()) >= self.bulk)

    def _versions(self, number: float, commit: Commit, name: str, old: dict[str, str], new: dict[str, str]) -> set[str]:
        """Take in the artifacts of a component, and return the kinds of those that moved."""
        kinds = set()
        fresh = name not in self.known
        own = self.known.setdefault(name, _Component()).artifacts
        for path in sorted(p for p in old.keys() | new.keys() if self.sorts.artifact(p) and old.get(p) != new.get(p)):
            kind = "gap"
            if value := new.get(path):
                kind = own.setdefault(path, Values()).step(value, int(number * 2))
                kind = "forward" if kind == "initial" and not fresh else kind
                self.account.versions.append(Step(number, commit.id, commit.time, f"{name} {path}", value, kind))
            kinds.add(kind)
        return kinds

    def _whole(self, name: str, new: dict[str, str], number: float) -> str:
        form = json.dumps(sorted((f, v) for f, v in new.items() if not self.sorts.capacity(f)))
        return self.known[name].whole.step(form, int(number * 2))


@dataclass(frozen=True)
class _Past:
    commit: str
    subject: str
    moves: Moves


class Mender:
    """Tells which deployments mend an earlier one with what was never there, by their messages and what changed."""

    def __init__(self, messages: dict[str, tuple[str, str]]) -> None:
        """Take the subject and the body of each commit."""
        self.messages = messages
        self.known: set[str] = set()
        self.remedies: set[str] = set()
        self.recent: list[_Past] = []

    def judge(self, told: Told, moves: Moves, brought: set[str]) -> Told:
        """Return `told`, as a roll-forward where it is one."""
        subject, body = self.messages[told.commit.id]
        if told.kind == "forward" and brought:
            named = {c for found in REVERTED.findall(body) for c in self.known if c.startswith(found)}
            if named - self.remedies:
                told = replace(told, kind="roll-forward", mends="observed", mended=tuple(sorted(named - self.remedies)))
            elif SAYS_REVERT.search(subject) and (past := self._quoted(subject, brought) or self._taken_back(moves)):
                told = replace(told, kind="roll-forward", mends="inferred", mended=(past,))
        self.known.add(told.commit.id)
        if told.kind in {"rollback", "roll-forward"}:
            self.remedies.add(told.commit.id)
        if moves:
            self.recent = [*self.recent, _Past(told.commit.id, subject, moves)][-RECENT:]
        return told

    def _quoted(self, subject: str, brought: set[str]) -> str:
        """Return the newest deployment whose subject is quoted and which changed the same components; else nothing."""
        quote = re.search(r"[\"“'`](.+)[\"”'`]", subject)
        if quote is None or not SAYS_REVERT.search(subject[: quote.start()]):
            return ""
        if re.match(r"\s*(revert|reapply)\b", quote[1], re.IGNORECASE):
            return ""
        same = [p for p in self.recent if _unnumbered(p.subject) == _unnumbered(quote[1])]
        fitting = [past.commit for past in same if brought <= {name for name, _ in past.moves}]
        return fitting[-1] if fitting else ""

    def _taken_back(self, moves: Moves) -> str:
        """Return the newest deployment, no remedy itself, before which each field had the value that it has now."""
        fitting = [
            past.commit
            for past in self.recent
            if past.commit not in self.remedies
            and all(key in past.moves and past.moves[key][0] == now for key, (_, now) in moves.items())
        ]
        return fitting[-1] if fitting else ""


def _unnumbered(subject: str) -> str:
    return re.sub(r"\s*\(#\d+\)$", "", subject)


def windows(found: list[Told], bulk: int = 10, seconds: int = 600) -> list[Told]:
    """Return the deployments with those marked that are bulk by what they and their neighbours did together."""
    marked, at = list(found), 0
    while at < len(found):
        first, end = found[at], at + 1
        while end < len(found) and first.kind in WAYS and found[end].kind == first.kind:
            if abs(found[end].commit.time - first.commit.time) > seconds:
                break
            end += 1
        together = frozenset[str]().union(*(one.movers for one in found[at:end]))
        if end - at > 1 and len(together) >= bulk:
            marked[at:end] = [replace(one, bulk=True) for one in found[at:end]]
        at = end
    return marked


def messages(repository: Path, *refs: str) -> dict[str, tuple[str, str]]:
    """Return the subject and the body of every commit."""
    out = text(repository, "log", "--format=%H%x00%s%x00%b%x01", *refs)
    parts = (record.strip().split("\0") for record in out.split("\1") if record.strip())
    return {commit: (subject, body) for commit, subject, body in parts}


def follow(states: Iterable[tuple[float, Commit, State]], sorts: Sorts, said: dict[str, tuple[str, str]]) -> Account:
    """Return what an environment went through: `states` holds number, commit, and everything that stood after it."""
    historian, mender = Historian(sorts), Mender(said)
    before: State = {}
    for number, commit, now in states:
        if now or before or historian.account.told:
            told = mender.judge(*historian.take(number, commit, before, now))
            historian.account.told.append(told)
        before = now
    historian.account.told = windows(historian.account.told)
    return historian.account
