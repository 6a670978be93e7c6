"""What one environment consists of, following the commits that change its files."""

from __future__ import annotations

from collections import Counter
from copy import copy
from typing import TYPE_CHECKING

import msgspec
from rpds import HashTrieMap

from generator.errors import Place, Unreadable
from generator.history.commits import SUBMODULE, SYMLINK
from generator.model.component import Aspect, Component, rebuilt
from generator.model.difference import differing_fields
from generator.model.digest import TopologyDigest
from generator.model.linking import Links, all_dangling
from generator.model.topology import Connection, Topology
from generator.timeline.namespaces import Namespaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.history.commits import FileChange
    from generator.model.component import Remark
    from generator.model.difference import Difference
    from generator.readers.reader import Reading
    from generator.timeline.readings import Readings
    from generator.timeline.sources import Binding

_Key = tuple[int, str]
_NOTHING: frozenset[int] = frozenset()


class Transition(msgspec.Struct, frozen=True):
    """What one commit did to one environment."""

    before: HashTrieMap[str, Component]
    after: HashTrieMap[str, Component]
    changed: dict[str, Component | None]
    """Former state of every component that is other than before, sorted by id."""
    differences: dict[str, list[Difference]]
    """For each of them, the fields whose values differ."""
    moved: dict[str, frozenset[Aspect] | None]
    """For each of them, each whose links or namespace moved, and each of which a reader now remarks something else, the
    aspects in which only values differ; `None` where more moved: it came or went, or has other fields, lines,
    references, connections, remarks, another namespace, or an interface of another version."""
    relinked: dict[str, tuple[Connection, ...]]
    """Former connections of every component whose connections or dangling references are other than before."""
    problems: tuple[Unreadable, ...]
    """What could not be read; it stands as it last was."""
    notes: tuple[Unreadable, ...]
    digest: str
    previous_digest: str
    duplicates_changed: bool = False
    ignored: frozenset[int] = frozenset()
    """Numbers of the user's rules that took something away so far."""
    stale: int = 0
    """Files that can't be read as they are now, those included that broke before."""


_Held = tuple[int, str, _Key, int]
"""One giver of a component id: rank, path, unit and place in it. Of several in one namespace the greatest counts, as
when files are applied one after the other."""


class EnvironmentState:
    """One environment. It is changed by `apply` alone; the maps it hands out never change."""

    def __init__(
        self,
        readings: Readings,
        ignore: Callable[[Reading], Reading] | None = None,
        expected: Mapping[str, str] | None = None,
    ) -> None:
        """Start with nothing; `ignore` takes away what the user does not want to count.

        `expected` is what this environment has on purpose, as the configuration says, beside what its model declares.
        """
        self._readings, self._ignore = readings, ignore
        self._always = dict(expected or {})
        self._ignored: set[int] = set()
        self._files: dict[_Key, dict[str, tuple[int, str]]] = {}
        self._units: dict[_Key, dict[_Held, Component]] = {}
        self._expected: dict[_Key, Mapping[str, str]] = {}
        self._broken: dict[_Key, frozenset[str]] = {}
        """Files of each unit that can't be read as they are now."""
        self._odd: set[str] = set()
        """Paths at which something stands that is no file to read."""
        self._holders: dict[str, dict[_Held, Component]] = {}
        self._own: dict[str, tuple[str, ...]] = {}
        self._namespaces = Namespaces()
        self._digest = TopologyDigest()
        self._linked: Topology | None = None
        self.components: HashTrieMap[str, Component] = HashTrieMap()
        self.links = Links()
        self.duplicates: dict[str, tuple[tuple[str, str, str], ...]] = {}
        self.expected: Mapping[str, str] = self._always
        """What this environment has on purpose: pattern → reason; never changed in place."""
        self.seen = False
        """Whether a file of it was met in any commit."""
        self.digest = ""
        """Digest of the newest version; empty before the first one."""

    @property
    def exists(self) -> bool:
        """Return whether the environment has anything at the newest commit."""
        return bool(self.components)

    @property
    def stale(self) -> int:
        """Return how many files can't be read as they are now, so that what they give stands as it last was."""
        return len(self._odd.union(*self._broken.values())) if self._odd or self._broken else 0

    def topology(self) -> Topology:
        """Return the environment as it is now, linked."""
        if self._linked is None or self._linked.selected is not self.links.selected:
            connections = frozenset(c for edges in self.links.connections.values() for c in edges)
            duplicates = tuple(d for i in sorted(self.duplicates) for d in self.duplicates[i])
            self._linked = Topology(
                components=self.components,
                connections=connections,
                selected=self.links.selected,
                dangling=all_dangling(self.links),
                duplicates=duplicates,
            )
        elif self._linked.components is not self.components:
            # Components whose links did not move: the edges stay as they are.
            self._linked = msgspec.structs.replace(self._linked, components=self.components)
        return self._linked

    def relink(self) -> None:
        """Resolve every reference anew: components that moved in their files tell other lines for the same links."""
        self.links.update(self.components, dict.fromkeys(self.components))
        self._linked = None

    def foreseen(self, components: Mapping[str, Component]) -> EnvironmentState:
        """Return the environment as it would be with `components` in the place of its own; this one stays as it is.

        What is returned can be looked at, and takes in no commit.
        """
        found, digest = copy(self), TopologyDigest()
        found.components, found.links = self.components.update(components), Links()
        found.relink()
        for component in found.components.values():
            digest.replace(None, component)
        found.digest = digest.hexdigest()
        return found

    def apply(self, changes: Iterable[tuple[FileChange, Binding]], commit: str) -> Transition:
        """Take in the files that `commit` changed in this environment."""
        before, previous, duplicates = self.components, self.digest, self.duplicates
        self.seen = True
        dirty: dict[_Key, Binding] = {}
        problems: list[Unreadable] = []
        notes: list[Unreadable] = []
        for change, binding in changes:
            self._take(change, binding, problems, notes)
            dirty[binding.key] = binding
        touched: set[str] = set()
        for key in sorted(dirty) if len(dirty) > 1 else dirty:
            self._reread(key, dirty[key], touched, problems, notes)
        respaced: dict[str, Component | None] = {}
        remarked: list[str] = []
        changed = self._settle(touched, respaced, remarked)
        after = self.components
        differences: dict[str, list[Difference]] = {}
        moved: dict[str, frozenset[Aspect] | None] = {}
        for identity, old in changed.items():
            new = after.get(identity)
            differences[identity] = differing = differing_fields(old, new)
            moved[identity] = None if _reshaped(old, new) else frozenset([d[0] for d in differing])
        unsettled = respaced or None in moved.values()
        relinked = self.links.update(after, {**changed, **respaced}) if unsettled else {}
        if changed:
            self.digest = self._digest.hexdigest()
        if relinked or duplicates is not self.duplicates:
            self._linked = None
            moved.update(dict.fromkeys(relinked))
        if remarked or respaced:
            moved.update(dict.fromkeys((*remarked, *respaced)))
        return Transition(
            before,
            after,
            changed,
            differences,
            moved,
            relinked,
            tuple([_at(p, commit) for p in problems]) if problems else (),
            tuple([_at(n, commit) for n in notes]) if notes else (),
            self.digest,
            previous,
            duplicates is not self.duplicates,
            frozenset(self._ignored) if self._ignored else _NOTHING,
            self.stale,
        )

    def _take(self, change: FileChange, binding: Binding, problems: list[Unreadable], notes: list[Unreadable]) -> None:
        """Note one file's new content; a link is never followed, and keeps what the file last was."""
        files = self._files.setdefault(binding.key, {})
        path = change.path
        self._odd.discard(path)
        if change.mode == SYMLINK:
            reason = "a symbolic link; links are never followed"
            problems.append(Unreadable("symlink", reason, Place(path), "commit the file itself"))
            self._odd.add(path)
        elif (".." in path or ".git" in path) and not {"..", ".git"}.isdisjoint(path.split("/")):
            problems.append(Unreadable("path", "a path that no checkout can have", Place(path)))
            self._odd.add(path)
        elif change.mode == SUBMODULE:
            notes.append(Unreadable("submodule", "a submodule; it is listed, never fetched", Place(path)))
        elif change.blob:
            files[path] = (binding.rank, change.blob)
        else:
            files.pop(path, None)

    def _reread(
        self, key: _Key, binding: Binding, touched: set[str], problems: list[Unreadable], notes: list[Unreadable]
    ) -> None:
        files = sorted([(rank, path, blob) for path, (rank, blob) in self._files[key].items()])
        old = self._units.get(key, {})
        self._broken.pop(key, None)
        if not files:
            self._declare(key, {})
            self._hold(key, old, {}, touched)
            return
        reading = self._readings.read(binding, [(path, blob) for _, path, blob in files])
        if self._ignore is not None:
            reading = self._ignore(reading)
            self._ignored.update(reading.ignored)
        new = reading.components
        if reading.problems:
            problems.extend(reading.problems)
            self._broken[key] = frozenset([problem.place.path for problem in reading.problems])
            # What a broken file held is unknown, not gone: it stands as it last was.
            given = {c.id for c in new}
            lost = reading.lost
            kept = [c for c in old.values() if c.id not in given and (lost is None or c.id in lost)]
            new = (*new, *kept)
        if reading.notes:
            notes.extend(reading.notes)
        if reading.expected or key in self._expected:
            self._declare(key, reading.expected)
        rank = files[-1][0]
        self._hold(key, old, {(rank, one.path, key, place): one for place, one in enumerate(new)}, touched)

    def _declare(self, key: _Key, expected: Mapping[str, str]) -> None:
        if self._expected.get(key, {}) != expected:
            self._expected[key] = expected
            own = {p: reason for unit in self._expected.values() for p, reason in unit.items()}
            self.expected = self._always | own

    def _hold(self, key: _Key, old: dict[_Held, Component], new: dict[_Held, Component], touched: set[str]) -> None:
        """Let `new` be what the unit gives, in the place of `old`."""
        for held, one in old.items():
            touched.add(one.id)
            if held not in new or new[held].id != one.id:
                del self._holders[one.id][held]
        for held, one in new.items():
            touched.add(one.id)
            holders = self._holders.get(one.id)
            if holders is None:
                self._holders[one.id] = {held: one}
            else:
                holders[held] = one
        if new:
            self._units[key] = new
        else:
            self._units.pop(key, None)

    def _settle(
        self, touched: set[str], respaced: dict[str, Component | None], remarked: list[str]
    ) -> dict[str, Component | None]:
        """Decide who gives each touched id, and return the former state of those that are other than before.

        Those that only moved to another namespace are no change, but others may reach them no more; they go into
        `respaced`. Those of which only what their reader remarks is other than before are none either; their ids go
        into `remarked`.
        """
        changed: dict[str, Component | None] = {}
        crowd = _once(self._crowd)
        for base in sorted(touched):
            given = self._given(base, crowd)
            own = self._own.get(base, ())
            kept = tuple(given) == own
            for identity in own if kept else sorted({*own, *given}):
                old, new = self.components.get(identity), given.get(identity)
                if old is None or new is None or old.digest != new.digest:
                    self._digest.replace(old, new)
                    changed[identity] = old
                else:
                    if old.namespace != new.namespace:
                        respaced[identity] = old
                    if _is_remarked(old, new):
                        remarked.append(identity)
                if new is None:
                    self.components = self.components.discard(identity)
                elif old is not new:
                    self.components = self.components.insert(identity, new)
            if given and not kept:
                self._own[base] = tuple(given)
            elif not given:
                self._own.pop(base, None)
        return changed

    def _crowd(self) -> Mapping[str, int]:
        """Return how many components each namespace has."""
        return Counter(one.namespace for unit in self._units.values() for one in unit.values())

    def _given(self, base: str, crowd: Callable[[], Mapping[str, int]]) -> dict[str, Component]:
        """Return the components that go by `base`: one, or one a namespace with an id of its own; sorted by id."""
        holders = self._holders.get(base, {})
        if base in self.duplicates:
            self.duplicates = {b: d for b, d in self.duplicates.items() if b != base}
        if not holders:
            self._holders.pop(base, None)
            return {}
        if len(holders) == 1 and not self._namespaces.known(base):
            return {base: next(iter(holders.values()))}
        spaces: dict[str, list[Component]] = {}
        for held in sorted(holders):
            spaces.setdefault(holders[held].namespace, []).append(holders[held])
        before = self.components.get(base)
        ids = self._namespaces.ids(base, sorted(spaces), before.namespace if before else None, crowd)
        found: dict[str, Component] = {}
        twice: list[tuple[str, str, str]] = []
        for space, givers in spaces.items():
            identity = ids[space]
            found[identity] = givers[-1] if identity == base else rebuilt(givers[-1], id=identity)
            twice += [(identity, givers[-1].path, other.path) for other in givers[:-1]]
        if twice:
            self.duplicates = {**self.duplicates, base: tuple(sorted(twice))}
        return dict(sorted(found.items()))


def _once(count: Callable[[], Mapping[str, int]]) -> Callable[[], Mapping[str, int]]:
    """Return what counts at its first call alone; few commits want it, and those for many components."""
    counted: list[Mapping[str, int]] = []

    def counts() -> Mapping[str, int]:
        if not counted:
            counted.append(count())
        return counted[0]

    return counts


def _is_remarked(old: Component, new: Component) -> bool:
    """Return whether a reader remarks something else of the same component; that it moved in its file is nothing."""
    if old is new or (old.api == new.api and not old.remarks and not new.remarks):
        return False
    return old.api != new.api or [_said(r) for r in old.remarks] != [_said(r) for r in new.remarks]


def _said(remark: Remark) -> tuple[str, str, str, str]:
    return (remark.rule, remark.level, remark.message, remark.field)


def _reshaped(old: Component | None, new: Component | None) -> bool:
    if old is None or new is None or len(old.fields) != len(new.fields):
        return True
    if (old.kind, old.path, old.namespace, old.references, old.names, old.ports, old.labels, old.selector) != (
        (new.kind, new.path, new.namespace, new.references, new.names, new.ports, new.labels, new.selector)
    ):
        return True
    if old.api != new.api or old.remarks != new.remarks:
        return True
    return any(
        before.name != after.name
        or before.line != after.line
        or before.path != after.path
        or before.aspect is not after.aspect
        for before, after in zip(old.fields, new.fields, strict=True)
    )


def _at(problem: Unreadable, commit: str) -> Unreadable:
    place = Place(problem.place.path, problem.place.line, problem.place.column, commit)
    return Unreadable(problem.code, problem.reason, place, problem.fix)
