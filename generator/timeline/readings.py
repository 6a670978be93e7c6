"""Readings by content: what was read once is not read again, whatever environment or commit it stands in."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, Unreadable
from generator.readers.reader import Reading, SourceFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.model.component import Component
    from generator.readers.reader import Mask
    from generator.rendering.jobs import Rendered
    from generator.timeline.planning import Planned
    from generator.timeline.sources import Binding
    from generator.timeline.trees import Contents

KEPT = 4096
"""Readings kept; a promoted file is met again within far fewer."""


class Readings:
    """Reads units through their readers, each distinct input once."""

    def __init__(self, contents: Contents, mask: Mask) -> None:
        """Take bytes from `contents`, and let readers hide secrets by `mask`."""
        self._contents, self._mask = contents, mask
        self._kept: OrderedDict[object, tuple[str, Reading]] = OrderedDict()
        self._planned: dict[str, Reading] = {}

    def known(self, binding: Binding, blob: str) -> bool:
        """Return whether a file that is a unit of its own was read before, so that its bytes are not needed."""
        return not binding.reader.whole_environment and (binding.reader.name, binding.unit, blob) in self._kept

    def learn(self, binding: Binding, blob: str, path: str, reading: Reading) -> None:
        """Keep a reading that was made elsewhere, of a file that is a unit of its own."""
        self._keep((binding.reader.name, binding.unit, blob), path, reading)

    def hand(self, planned: Mapping[str, Reading]) -> None:
        """Take the readings of planned units, by their keys; those taken before are let go."""
        self._planned = dict(planned)

    def read_planned(
        self, planned: Planned, files: Sequence[SourceFile], lost: Sequence[Unreadable], rendered: Rendered | None
    ) -> Reading:
        """Return the reading of a planned unit of `files`, less those `lost`, and what was rendered of them."""
        plan = planned.plan
        if plan.problems:
            return Reading(problems=plan.problems, notes=plan.notes)
        reader, unit = planned.source.reader, planned.unit
        try:
            reading = reader.read_tree(unit, planned.root, plan, files, rendered, self._mask)
        except Exception as fault:  # noqa: BLE001 - a reader of another package costs its unit, never the run
            return _faulty(reader.name, fault, planned.root)
        return msgspec.structs.replace(
            reading,
            components=_apart(reading.components, planned.space),
            problems=(*lost, *reading.problems),
            notes=(*plan.notes, *reading.notes),
        )

    def read(self, binding: Binding, files: Sequence[tuple[str, str]]) -> Reading:
        """Return the reading of a unit's `files`, pairs of path and object id in the order of their rank."""
        whole = binding.reader.whole_environment
        path, blob = files[-1]
        if blob in self._planned:
            return self._planned[blob]
        alone = len(files) == 1 and not whole
        key = (binding.reader.name, binding.unit, blob if alone else tuple(files))
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            known_path, reading = found
            return _moved(reading, path) if alone and known_path != path else reading
        reading = self._make(binding, files)
        self._keep(key, path, reading)
        return reading

    def _keep(self, key: object, path: str, reading: Reading) -> None:
        self._kept[key] = (path, reading)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _make(self, binding: Binding, files: Sequence[tuple[str, str]]) -> Reading:
        sources, problems = [], []
        for path, blob in files:
            content = self._contents.get(blob, path)
            if isinstance(content, Unreadable):
                problems.append(content)
            else:
                sources.append(SourceFile(path, content))
        if not sources:
            return Reading(problems=tuple(problems))
        try:
            reading = binding.reader.read(binding.unit, sources, self._mask)
        except Exception as fault:  # noqa: BLE001 - a reader of another package costs its file, never the run
            return _faulty(binding.reader.name, fault, files[-1][0])
        if problems:
            reading = msgspec.structs.replace(reading, problems=(*problems, *reading.problems))
        return reading


def _apart(components: tuple[Component, ...], space: str) -> tuple[Component, ...]:
    """Return components whose names mean something inside of `space` alone."""
    if not space:
        return components
    return tuple(
        msgspec.structs.replace(one, namespace=f"{space}/{one.namespace}" if one.namespace else space)
        for one in components
    )


def _faulty(reader: str, fault: Exception, path: str) -> Reading:
    # The text of the fault may quote a secret, so only its kind is told.
    reason = f"the reader `{reader}` failed with {type(fault).__name__}"
    return Reading(problems=(Unreadable("reader-fault", reason, Place(path), "tell its authors"),))


def _moved(reading: Reading, path: str) -> Reading:
    """Return the same reading of a file that stands elsewhere: only the places change."""
    return msgspec.structs.replace(
        reading,
        components=tuple(msgspec.structs.replace(c, path=path) for c in reading.components),
        problems=tuple(_moved_problem(p, path) for p in reading.problems),
        notes=tuple(_moved_problem(p, path) for p in reading.notes),
    )


def _moved_problem(problem: Unreadable, path: str) -> Unreadable:
    if not problem.place.path:
        return problem  # of no file: it holds wherever the file stands
    place = Place(path, problem.place.line, problem.place.column)
    return Unreadable(problem.code, problem.reason, place, problem.fix)
