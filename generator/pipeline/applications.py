"""Applications' own histories beside the deployments: which commits came to production with which of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.config.patterns import Pattern
from generator.errors import RefusedError, one_line
from generator.evidence.app_changes import AppChangeRecord
from generator.history.applications import read_application
from generator.history.commits import rfc3339
from generator.pipeline.masking import prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.evidence.records import ChangeRecord, DeploymentRecord
    from generator.history.applications import Application

MOST_CHANGES = 1_000_000
"""Lines that are written; the counts of what is left out are told."""
_MOST_NAMED = 5
_DIGEST = re.compile(r"@?sha\d+:[0-9a-f]+")
_BRINGING = frozenset({"forward", "roll-forward", "hotfix"})
"""Kinds of a change that bring something; a version that comes back, or the first one, brings nothing new."""


class _Arrival(NamedTuple):
    """A version that came to a component."""

    environment: str
    sequence: int
    deployment: str
    component: str
    field: str
    version: str
    bringing: bool


class Applications:
    """The histories that were given; without any, nothing is kept and nothing written."""

    def __init__(self, given: Sequence[tuple[str, Path]], *, allow_shallow: bool = False) -> None:
        """Open `given`, each a pattern of components and a repository; of several that fit, the first counts.

        Raises `RefusedError` for what would be refused as a main repository.
        """
        opened: dict[Path, Application] = {}
        for name, path in given:
            if path not in opened:
                opened[path] = _opened(name, path, allow_shallow=allow_shallow)
        self._names = [name for name, _ in given]
        self._patterns = [Pattern(name) for name in self._names]
        self._histories = [opened[path] for _, path in given]
        self._numbers: dict[str, int | None] = {}
        self._arrivals: dict[tuple[str, str], list[_Arrival]] = {}
        self._left_out = 0

    @property
    def given(self) -> bool:
        """Return whether there is any history."""
        return bool(self._names)

    @property
    def digests(self) -> dict[str, str]:
        """Return the digest of each history, by its pattern of components."""
        return {name: history.digest for name, history in zip(self._names, self._histories, strict=True)}

    def take(self, record: DeploymentRecord) -> None:
        """Take in a deployment of a production environment, each after those before it."""
        if not self._names:
            return
        for change in record.changes:
            if change.aspect == "artifact" and change.new and self._number(change.component) is not None:
                key = record.environment, change.component
                self._arrivals.setdefault(key, []).append(_arrival(record, change))

    def changes(self) -> Iterator[AppChangeRecord]:
        """Yield what came with each deployment, in the order of the file."""
        found: list[AppChangeRecord] = []
        for (_, component), arrivals in sorted(self._arrivals.items()):
            for record in self._brought(self._histories[self._number(component) or 0], arrivals):
                if len(found) < MOST_CHANGES:
                    found.append(record)
                else:
                    self._left_out += 1
        yield from sorted(found, key=lambda r: (r.environment, r.sequence, r.component, r.committed_at, r.commit))

    def notes(self) -> tuple[str, ...]:
        """Return how far each history answered, a sentence each, once all deployments are taken in."""
        told = [self._told(number, name) for number, name in enumerate(self._names)]
        if self._left_out:
            told.append(f"{self._left_out} commits of applications beyond the first {MOST_CHANGES} are left out.")
        return tuple(told)

    def _brought(self, history: Application, arrivals: Sequence[_Arrival]) -> Iterator[AppChangeRecord]:
        """Yield what each arrival at one component brought that none before it had.

        Only between two versions that are both known can be told what is new.
        """
        had = bytearray(history.length)
        known: dict[str, bool] = {}
        for arrival in arrivals:
            commit = history.find(arrival.version)
            counts = arrival.bringing and known.get(arrival.field, False)
            known[arrival.field] = commit is not None
            brought = history.bring(commit, had) if commit is not None else ()
            for change in brought if counts else ():
                yield AppChangeRecord(
                    arrival.environment,
                    arrival.deployment,
                    arrival.sequence,
                    arrival.component,
                    change.commit,
                    rfc3339(change.time),
                )

    def _number(self, component: str) -> int | None:
        """Return which history a component has."""
        if component not in self._numbers:
            fitting = (number for number, pattern in enumerate(self._patterns) if pattern.fits(component))
            self._numbers[component] = next(fitting, None)
        return self._numbers[component]

    def _told(self, number: int, name: str) -> str:
        own = [a for (_, c), arrivals in self._arrivals.items() if self._number(c) == number for a in arrivals]
        versions = sorted({arrival.version for arrival in own})
        shown = one_line(prose(name), 60)
        if not versions:
            return f"Application `{shown}`: no version of such a component came to production."
        missing = [version for version in versions if self._histories[number].find(version) is None]
        known = len(versions) - len(missing)
        told = f"Application `{shown}`: {known} of {len(versions)} versions in production are in its own history"
        cut = " Its clone is shallow, so older commits are missing." if self._histories[number].shallow else ""
        if not missing:
            return f"{told}.{cut}"
        named = ", ".join(one_line(prose(version), 60) for version in missing[:_MOST_NAMED])
        more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
        return f"{told}; not there: {named}{more}.{cut}"


def _opened(name: str, path: Path, *, allow_shallow: bool) -> Application:
    try:
        return read_application(path, allow_shallow=allow_shallow)
    except RefusedError as fault:
        reason, fix = f"application `{name}`: {fault.reason}", fault.fix.replace("--repo", "--application")
        raise RefusedError(fault.code, reason, fix=fix, place=fault.place) from fault


def _arrival(record: DeploymentRecord, change: ChangeRecord) -> _Arrival:
    return _Arrival(
        record.environment,
        record.sequence,
        record.id,
        change.component,
        change.field,
        version_of(change.new or ""),
        change.kind in _BRINGING,
    )


def version_of(artifact: str) -> str:
    """Return what of an artifact may be a version: an image's tag, else its last name, without any digest."""
    name = _DIGEST.sub("", artifact).rpartition("/")[2]
    _, colon, tag = name.partition(":")
    return tag if colon else name
