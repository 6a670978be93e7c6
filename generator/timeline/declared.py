"""What people say of a deployment: trailers of its commit, overrides and incidents that name it.

It is built once a run, from the declarations of the newest commit; most deployments have nothing said of them, so
that answer has to cost next to nothing.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from generator.config.declared import Trailers
from generator.declarations.entries import Declarations, Incident, Override
from generator.declarations.trailers import NOTHING_SAID, Said, TrailerReader
from generator.errors import Place, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.history.commits import Commit
    from generator.timeline.kinds import Stamp

START = 7
"""Digits of a commit's id that a name has at least; all look-ups begin with them."""
_DIGITS = frozenset("0123456789abcdef")
_Entry = TypeVar("_Entry", Override, Incident)


def deployment_id(environment: str, sequence: int) -> str:
    """Return the name of a deployment, as every record has it."""
    return f"{environment}-{sequence}"


class Words(msgspec.Struct, frozen=True):
    """Everything that is said of one deployment."""

    said: Said
    overrides: tuple[Override, ...] = ()
    began: tuple[Incident, ...] = ()
    """Incidents that began while it was deployed."""
    ended: tuple[Incident, ...] = ()
    """Incidents that it ended."""


class Declared:
    """What is said of deployments, by whom it is named."""

    def __init__(self, trailers: Trailers | None = None, declarations: Declarations | None = None) -> None:
        """Read trailers by the names in `trailers`; `declarations` are those of the newest commit."""
        entries = declarations if declarations is not None else Declarations()
        self._reader = TrailerReader(trailers if trailers is not None else Trailers())
        self._overrides = _Named[Override]([(entry.commit, entry) for entry in entries.overrides])
        self._began = _Named[Incident]([(entry.commit, entry) for entry in entries.incidents])
        self._ended = _Named[Incident]([(entry.fixed_by, entry) for entry in entries.incidents if entry.fixed_by])
        self._any = bool(entries.overrides or entries.incidents)

    @property
    def any(self) -> bool:
        """Return whether files or records say anything of deployments."""
        return self._any

    def said(self, commit: Commit) -> Said:
        """Return what the trailers of a commit say."""
        return self._reader.said(commit.trailers) if commit.trailers else NOTHING_SAID

    def of(self, environment: str, sequence: int, commit: Commit) -> Words | None:
        """Return what is said of a deployment of `environment`; `None` where nothing is."""
        said = self.said(commit) if commit.trailers else NOTHING_SAID
        if not self._any:
            return Words(said) if said is not NOTHING_SAID else None
        deployment = deployment_id(environment, sequence)
        overrides = self._overrides.of(environment, deployment, commit)
        began = self._began.of(environment, deployment, commit)
        ended = self._ended.of(environment, deployment, commit)
        if said is NOTHING_SAID and not (overrides or began or ended):
            return None
        return Words(said, overrides, began, ended)

    def unmatched(self) -> tuple[Unreadable, ...]:
        """Return the overrides and incidents that named no deployment so far, each as a note with its place."""
        fix = "name a commit of the environment's history that changed it, or a deployment by its id"
        found: list[Unreadable] = []
        named: list[tuple[str, tuple[str, Override | Incident]]]
        named = [("override of", one) for one in self._overrides.unmatched()]
        named += [("incident at", one) for one in self._began.unmatched()]
        named += [("end of an incident by", one) for one in self._ended.unmatched()]
        for what, (name, entry) in named:
            reason = f"the {what} `{name}` names no deployment"
            found.append(Unreadable("declaration-unmatched", reason, Place(entry.path, entry.line), fix))
        return tuple(found)


class _Named(Generic[_Entry]):
    """Entries by what they name."""

    def __init__(self, entries: list[tuple[str, _Entry]]) -> None:
        self._entries: list[tuple[str, _Entry]] = entries
        self._places: dict[str, list[int]] = {}
        self._met: set[int] = set()
        for place, (name, _) in enumerate(entries):
            self._places.setdefault(name[:START] if is_commit(name) else name, []).append(place)

    def of(self, environment: str, deployment: str, commit: Commit) -> tuple[_Entry, ...]:
        """Return the entries that name this deployment, in their order."""
        places = self._places
        keys = {deployment, commit.id[:START], commit.tree[:START]}
        found = sorted(place for key in keys for place in places.get(key, ()))
        fitting = [place for place in found if self._fits(place, environment, deployment, commit)]
        self._met.update(fitting)
        return tuple(self._entries[place][1] for place in fitting)

    def _fits(self, place: int, environment: str, deployment: str, commit: Commit) -> bool:
        name, entry = self._entries[place]
        named = name == deployment or commit.id.startswith(name) or commit.tree.startswith(name)
        return named and fnmatchcase(environment, entry.environment)

    def unmatched(self) -> Iterator[tuple[str, _Entry]]:
        """Yield the entries that never fitted."""
        return (entry for place, entry in enumerate(self._entries) if place not in self._met)


class Known:
    """The deployments of one environment so far, to be found by what people call them."""

    def __init__(self, environment: str) -> None:
        """Start without deployments."""
        self.environment = environment
        self._stamps: list[Stamp] = []
        self._trees: dict[int, str] = {}
        self._indexed = 0
        self._starts: dict[str, list[tuple[str, Stamp]]] = {}

    def add(self, stamp: Stamp, tree: str = "") -> None:
        """Take in the next deployment; `tree` is the commit whose files it deploys where they are not its own."""
        self._stamps.append(stamp)
        if tree:
            self._trees[stamp.sequence] = tree

    def find(self, name: str) -> Stamp | None:
        """Return the deployment that a commit's id, the beginning of one, or a deployment's id names.

        `None` where none is meant, or where several commits begin so. Of several deployments of one commit it is the
        newest.
        """
        environment, _, number = name.rpartition("-")
        if environment == self.environment and number.isdecimal():
            return self._stamps[int(number) - 1] if 0 < int(number) <= len(self._stamps) else None
        if not is_commit(name := name.lower()):
            return None
        # Most histories name no deployment at all, so that the index is made when one is named first.
        for stamp in self._stamps[self._indexed :]:
            for commit in {stamp.commit, self._trees.get(stamp.sequence, stamp.commit)}:
                self._starts.setdefault(commit[:START], []).append((commit, stamp))
        self._indexed = len(self._stamps)
        found = [one for one in self._starts.get(name[:START], ()) if one[0].startswith(name)]
        return found[-1][1] if found and len({commit for commit, _ in found}) == 1 else None

    def elsewhere(self, name: str) -> bool:
        """Return whether `name` is the id of a deployment of another environment, and so not meant for this one."""
        environment, dash, sequence = name.rpartition("-")
        return bool(dash) and sequence.isdecimal() and environment != self.environment


def is_commit(name: str) -> bool:
    """Return whether `name` can be a commit's id or the beginning of one."""
    return len(name) >= START and _DIGITS.issuperset(name)
