"""Which environment version somebody means: `ENV`, `ENV@DIGEST`, `ENV@COMMIT`, `ENV@DATE`, `ENV@TAG`, `ENV-NUMBER`."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from generator.config.suggestions import suggestion
from generator.errors import UsageError
from generator.evidence.records import CommitRecord  # noqa: TC001 - records are decoded by their annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from generator.evidence.reading import Evidence

SHORTEST = 7
"""Digits of a digest or a commit id that a name needs at least."""
LATEST = "latest"
_HEX = re.compile(r"[0-9a-f]{4,64}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMED = 3


class Mark(msgspec.Struct, frozen=True):
    """A deployment, as far as it names and dates a version."""

    id: str
    sequence: int
    digest: str
    commit: CommitRecord
    kind: str
    confidence: str
    unreadable: int
    """Files that could not be read at its commit and stand as they last were."""


class FoundVersion(msgspec.Struct, frozen=True):
    """The version that a name means, and the deployments that had it."""

    spec: str
    """The name as given."""
    how: str
    """How it was found, as a sentence."""
    environment: str
    deployment: Mark
    """The deployment that is meant; for a digest the newest one that had it."""
    first: Mark
    """The first deployment that had this version."""
    last: Mark
    """The newest one."""
    times: int
    """Deployments that had it, redeploys included."""


class _Known:
    """What an environment's deployments can be named by."""

    def __init__(self, evidence: Evidence, environment: str) -> None:
        self.environment = environment
        self.marks: list[Mark] = []
        self.elsewhere: dict[str, int] = {}
        """Commit of another environment's deployment → how many deployments this one had by then."""
        for d in evidence.deployments():
            if d.environment == environment:
                self.marks.append(Mark(d.id, d.sequence, d.digest, d.commit, d.kind, d.confidence, d.unreadable))
            else:
                self.elsewhere[d.commit.id] = len(self.marks)


_Means = tuple[Mark, str]


def find(evidence: Evidence, spec: str) -> FoundVersion:
    """Return the version that `spec` means.

    A digest or a commit is named by its first 7 digits or more, a deployment by its number, a date (`2026-08-21`)
    means the end of that day in UTC, a time the version in force then, by commit times along the history.
    Raises `UsageError` for a name that means nothing, or more than one version.
    """
    environment, name = _split(spec, [e.name for e in evidence.summary.environments])
    known = _Known(evidence, environment)
    if not known.marks:
        raise UsageError("version", f"{environment} has no version yet", fix="name another environment")
    mark, how = _named(known, name)
    alike = [m for m in known.marks if m.digest == mark.digest]
    return FoundVersion(spec, how, environment, mark, alike[0], alike[-1], len(alike))


def _split(spec: str, environments: Sequence[str]) -> tuple[str, str]:
    """Return the environment of a name, and the rest."""
    if spec in environments:
        return spec, LATEST
    environment, _, rest = spec.partition("@")
    if "@" not in spec:
        environment, _, rest = spec.rpartition("-")
        if environment in environments and _NUMBER.fullmatch(rest):
            return environment, rest
        environment = spec
    if environment not in environments:
        begun = [name for name in environments if environment and name.startswith(environment)]
        fix = suggestion(environment, environments, "environments") or "there is none in this history"
        fix = f"did you mean `{begun[0]}`?" if len(begun) == 1 else fix
        raise UsageError("version", f"there is no environment {environment!r}", fix=fix)
    return environment, rest.strip() or LATEST


def _named(known: _Known, name: str) -> _Means:
    if name == LATEST:
        mark = known.marks[-1]
        return mark, f"The newest deployment of {known.environment}."
    number = name.removeprefix(f"{known.environment}-")
    if _NUMBER.fullmatch(number):
        return _numbered(known, int(number))
    if _DAY.match(name):
        return _dated(known, name)
    tagged = [m for m in known.marks if name in m.commit.tags]
    if tagged:
        return tagged[-1], f"The newest deployment of the tag {name}."
    if _HEX.fullmatch(name.lower()):
        return _prefixed(known, name.lower())
    raise _unknown(known, name, f"{name!r} is no digest, commit, date, tag or number of {known.environment}")


def _numbered(known: _Known, number: int) -> _Means:
    for mark in known.marks:
        if mark.sequence == number:
            return mark, f"Deployment number {number} of {known.environment}."
    first, last = known.marks[0].sequence, known.marks[-1].sequence
    reason = f"{known.environment} has no deployment {number}"
    raise UsageError("version", reason, fix=f"its deployments are {first} to {last}")


def _dated(known: _Known, name: str) -> _Means:
    """Return what was in force at a time: the last deployment, in the history's order, dated at or before it."""
    try:
        moment = datetime.fromisoformat(name)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        fix = "write it like 2026-08-21 or 2026-08-21T16:45:00Z"
        raise UsageError("version", f"{name!r} is no time", fix=fix) from None
    whole_day = _DAY.fullmatch(name) is not None
    limit = name if whole_day else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    for mark in reversed(known.marks):
        at = mark.commit.committed_at
        if at and at[: len(limit)] <= limit:
            return mark, f"In force at {f'the end of {name}, UTC' if whole_day else limit}."
    dated = next((m for m in known.marks if m.commit.committed_at), known.marks[0])
    fix = f"its first deployment is of {dated.commit.committed_at or 'no known time'}"
    raise UsageError("version", f"{known.environment} had no deployment by {limit}", fix=fix)


def _prefixed(known: _Known, name: str) -> _Means:
    """Return what a digest or a commit names: one in full before any that only begin with it."""
    if len(name) < SHORTEST:
        raise UsageError("version", f"{name!r} is too short to name one", fix=f"give at least {SHORTEST} digits")
    commits: dict[str, Mark] = {}
    digests: dict[str, Mark] = {}
    for mark in known.marks:
        for commit in (mark.commit.id, mark.commit.deployed):
            if commit.startswith(name):
                commits[commit] = mark
        if mark.digest.startswith(name):
            digests[mark.digest] = mark
    if name in digests or (not commits and len(digests) == 1):
        digest, mark = next(iter(digests.items()))
        return mark, f"The version {digest[:12]}; of the deployments that had it, the newest."
    if name in commits or len(commits) == 1:
        commit, mark = (name, commits[name]) if name in commits else next(iter(commits.items()))
        if not digests.keys() - {mark.digest}:
            return mark, f"Deployed by the commit {commit[:12]}."
    if not commits and not digests:
        return _elsewhere(known, name)
    found = [f"digest {d[:16]}" for d in sorted(digests)] + [f"commit {c[:16]}" for c in sorted(commits)]
    reason = f"{name!r} means more than one: {_few(found)}"
    raise UsageError("version", reason, fix="give more digits")


def _elsewhere(known: _Known, name: str) -> _Means:
    """Return what was in force when another environment was deployed by that commit."""
    others = {commit: number for commit, number in known.elsewhere.items() if commit.startswith(name)}
    if len(others) == 1:
        commit, number = next(iter(others.items()))
        if number:
            return known.marks[number - 1], f"In force at the commit {commit[:12]}, which deployed elsewhere."
        reason = f"{known.environment} had no deployment by the commit {commit[:12]}"
        raise UsageError("version", reason, fix=f"its first deployment is {known.marks[0].id}")
    reason = f"no version or deployment of {known.environment} begins with {name!r}"
    raise _unknown(known, name, reason)


def _unknown(known: _Known, name: str, reason: str) -> UsageError:
    """Return the error for a name that means nothing, with the nearest that mean something."""
    length = max(SHORTEST, min(len(name), 12))
    shortened = _distinct(known.marks, lambda m: [m.digest[:length], m.commit.id[:length], *m.commit.tags])
    near = difflib.get_close_matches(name[:40], shortened, n=_NAMED, cutoff=0.7)
    latest = f"{known.environment}@{known.marks[-1].digest[:12]}"
    fix = (
        f"did you mean {' or '.join(f'{known.environment}@{n}' for n in near)}?" if near else f"the newest is {latest}"
    )
    return UsageError("version", reason, fix=fix)


def _distinct(marks: Iterable[Mark], names: Callable[[Mark], Iterable[str]]) -> list[str]:
    found: Mapping[str, None] = dict.fromkeys(name for mark in marks for name in names(mark))
    return sorted(found)


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"
