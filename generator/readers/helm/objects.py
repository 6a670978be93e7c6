"""What a chart rendered to, as components: read as plain manifests are, with the template they came from as file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, Unreadable
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import Reading, SourceFile
from generator.readers.validation.remarks import MISSING
from generator.rendering.helm_output import parts

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.model.component import Component
    from generator.readers.reader import Mask, Unit

_HOOK = re.compile(r"annotations\.helm\.sh/hook")
_TESTS = frozenset({"test", "test-success", "test-failure"})


def read_objects(unit: Unit, output: bytes, root: str, known: Collection[str], mask: Mask) -> Reading:
    """Return the objects of a rendered chart in the folder `root`, but its tests, which no deployment runs.

    A component's file is the template that made it where that is one of the `known` paths, else the chart's own file:
    a line of what was rendered is no line of it, so none is told.
    """
    reader = KubernetesReader()
    components: list[Component] = []
    problems: list[Unreadable] = []
    notes: list[Unreadable] = []
    lost: tuple[str, ...] | None = ()
    for source, text in parts(output.decode("utf-8", "surrogateescape")):
        path = _path(source, root, known)
        rendered = SourceFile(path, text.encode("utf-8", "surrogateescape"))
        reading = reader.read(unit, [rendered], mask)
        components += [_placed(found) for found in reading.components if not _is_test(found)]
        problems += [_told(problem, path) for problem in reading.problems]
        notes += [_told(note, path) for note in reading.notes]
        lost = None if lost is None or reading.lost is None else (*lost, *reading.lost)
    return Reading(tuple(components), tuple(problems), lost, tuple(dict.fromkeys(notes)))


def _path(source: str, root: str, known: Collection[str]) -> str:
    inside = source.partition("/")[2] or source
    for path in (inside, source):
        found = f"{root}/{path}" if root else path
        if found in known:
            return found
    return f"{root}/Chart.yaml" if root else "Chart.yaml"


def _is_test(component: Component) -> bool:
    hooks = [field.value for field in component.fields if _HOOK.fullmatch(field.name)]
    events = {event.strip() for hook in hooks for event in hook.split(",")}
    return bool(events) and events <= _TESTS


def _placed(component: Component) -> Component:
    return msgspec.structs.replace(
        component,
        fields=tuple(msgspec.structs.replace(field, line=0) for field in component.fields),
        references=tuple(msgspec.structs.replace(reference, line=0) for reference in component.references),
        remarks=tuple(msgspec.structs.replace(remark, line=0) for remark in component.remarks),
        line=0,
    )


def _told(reason: Unreadable, path: str) -> Unreadable:
    if reason.code == MISSING:
        return reason
    line = f" (line {reason.place.line} of what it rendered to)" if reason.place.line else ""
    return Unreadable(reason.code, f"{reason.reason}{line}", Place(path), reason.fix)
