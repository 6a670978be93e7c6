"""Units that are planned from the whole tree: which there are at each commit, and what reading them takes.

A unit is planned again only where a commit changes a path that its last plan looked at. What a plan comes to is named
by its content, so a unit whose plan is as before has not changed, and one that is met again is not read again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, Unreadable
from generator.history.commits import FileChange
from generator.readers.reader import Plan
from generator.timeline.trees import CommitTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.history.commits import Commit
    from generator.readers.reader import Unit
    from generator.timeline.sources import Root, TreeSource
    from generator.timeline.trees import Contents

PLANNED_MODE = "100644"
"""Mode of the change that stands for a planned unit: that of a file."""
_GONE_MODE = "000000"

_NOBODY: frozenset[tuple[int, str]] = frozenset()
_Place = tuple[int, str]
"""Number of the source in the list, and name of the unit in it."""


class Planned(msgspec.Struct, frozen=True):
    """A unit as a commit leaves it."""

    source: TreeSource
    name: str
    root: str
    unit: Unit
    plan: Plan
    space: str
    """What keeps its names apart from those of other units; empty where nothing does."""
    key: str
    """SHA-256, in hexadecimal, of all that its reading depends on."""

    @property
    def path(self) -> str:
        """Return the path that stands for it among a commit's changes."""
        return self.source.planned_path(self.name)


class TreeUnits:
    """The planned units of one history. It follows the commits that `take` is given."""

    def __init__(self, sources: Sequence[TreeSource], contents: Contents, engine_version: Callable[[str], str]) -> None:
        """Plan the units of `sources`; `engine_version` names the program that renders for an engine's name."""
        self._sources = tuple(sources)
        self._tree = CommitTree(contents)
        self._version = engine_version
        self._makers: dict[_Place, dict[str, Root]] = {}
        """Each unit that files make now, with those files and what each makes of it."""
        self._made_by: dict[str, tuple[_Place, ...]] = {}
        self._inner: dict[_Place, set[_Place]] = {}
        """Of sources whose roots may be nested: the units below each folder."""
        self._keys: dict[_Place, str] = {}
        self._looks: dict[_Place, frozenset[str]] = {}
        self._lookers: dict[str, set[_Place]] = {}

    def take(self, commit: Commit) -> tuple[list[FileChange], list[Planned]]:
        """Follow a commit; return a change for each unit that it changed, and those that are there, planned."""
        dirty: set[_Place] = set()
        for change in commit.changes:
            self._tree.apply(change)
            dirty |= self._marked(change)
        changes: list[FileChange] = []
        planned: list[Planned] = []
        for place in sorted(dirty):
            self._follow(place, changes, planned)
        return changes, planned

    def _marked(self, change: FileChange) -> set[_Place]:
        """Note the roots that a file makes, and return the units that a change of it may change."""
        path = change.path
        made = self._made_by.get(path, ())
        if change.blob and path not in self._made_by:
            found = [(n, root) for n, source in enumerate(self._sources) for root in source.roots(path)]
            made = self._made_by[path] = tuple((n, root.name) for n, root in found)
            for n, root in found:
                self._made((n, root.name))[path] = root
            dirty = self._near(made)
        elif not change.blob and path in self._made_by:
            del self._made_by[path]
            for place in made:
                self._makers[place].pop(path, None)
            dirty = self._near(made)
        else:
            dirty = set(made)
        end = len(path)
        while end > 0:
            dirty |= self._lookers.get(path[:end], _NOBODY)
            end = path.rfind("/", 0, end)
        return dirty | self._lookers.get("", _NOBODY)

    def _near(self, made: Sequence[_Place]) -> set[_Place]:
        """Return the units that come or go with a file, and those that another topmost root makes part of itself."""
        found = set(made)
        for number, root in made:
            found |= self._inner.get((number, root), _NOBODY)
        return found

    def _made(self, place: _Place) -> dict[str, Root]:
        """Return the files that make a unit, to add one."""
        if place not in self._makers:
            self._makers[place] = {}
            for folder in self._above(place):
                self._inner.setdefault(folder, set()).add(place)
        return self._makers[place]

    def _gone(self, place: _Place) -> None:
        """Forget a unit that no file makes any more."""
        if self._makers.pop(place, None) is not None:
            for folder in self._above(place):
                self._inner[folder].discard(place)

    def _above(self, place: _Place) -> Iterator[_Place]:
        """Yield the folders that a unit stands in, where a root of one of them would make it part of itself."""
        number, root = place
        if root and self._sources[number].nested:
            end = root.rfind("/")
            while end > 0:
                yield number, root[:end]
                end = root.rfind("/", 0, end)
            yield number, ""

    def _follow(self, place: _Place, changes: list[FileChange], planned: list[Planned]) -> None:
        number, name = place
        source = self._sources[number]
        makers = self._makers.get(place)
        if not makers:
            self._gone(place)
        if not makers or self._is_part(place):
            self._look(place, frozenset())
            if self._keys.pop(place, None) is not None:
                changes.append(FileChange(source.planned_path(name), _GONE_MODE, ""))
            return
        made = makers[min(makers)]
        root, unit = made.path, made.unit
        view = self._tree.looking()
        try:
            plan = source.reader.plan(unit, root, view)
        except Exception as fault:  # noqa: BLE001 - a reader of another package costs its unit, never the run
            # The text of the fault may quote a secret, so only its kind is told.
            reason = f"the reader `{source.reader.name}` failed with {type(fault).__name__}"
            plan = Plan(problems=(Unreadable("reader-fault", reason, Place(root), "tell its authors"),))
        self._look(place, frozenset(view.paths))
        key = self._key(source, made, plan)
        if self._keys.get(place) != key:
            self._keys[place] = key
            found = Planned(source, name, root, unit, plan, made.space, key)
            changes.append(FileChange(found.path, PLANNED_MODE, key))
            planned.append(found)

    def _is_part(self, place: _Place) -> bool:
        """Return whether a root stands below another one of its source, so that it is part of that."""
        return any(self._makers.get(folder) for folder in self._above(place))

    def _look(self, place: _Place, paths: frozenset[str]) -> None:
        before = self._looks.get(place, frozenset())
        for path in before - paths:
            self._lookers[path].discard(place)
        for path in paths - before:
            self._lookers.setdefault(path, set()).add(place)
        self._looks[place] = paths

    def _key(self, source: TreeSource, made: Root, plan: Plan) -> str:
        engine = self._version(plan.job.engine) if plan.job else ""
        said = (source.reader.name, made.path, made.unit, made.space, plan, engine)
        return hashlib.sha256(msgspec.msgpack.encode(said)).hexdigest()
