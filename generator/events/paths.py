"""Ways to a value of an export: `environment.name`, `labels.name`, `statuses[state=success,failure].created_at`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.events.rows import Plain

_STEP = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<key>[^.=\[\]]+)=(?P<of>[^=\[\]]*)\])?")
_LONGEST = 300


class Step(NamedTuple):
    """One key on the way."""

    name: str
    key: str = ""
    """Where the value is a list: key of its items that picks the first one with a value of `of`; empty for all."""
    of: tuple[str, ...] = ()


class Path(NamedTuple):
    """A way from an entry of an export to a value."""

    text: str
    steps: tuple[Step, ...]


def path_of(text: str) -> Path | None:
    """Return the way that `text` describes; `None` where it describes none."""
    if len(text) > _LONGEST:
        return None
    steps, position = [], 0
    while True:
        found = _STEP.match(text, position)
        if found is None:
            return None
        of = tuple(value.strip() for value in (found["of"] or "").split(","))
        steps.append(Step(found["name"].strip(), (found["key"] or "").strip(), of if found["key"] else ()))
        position = found.end()
        if position == len(text):
            return Path(text, tuple(steps))
        if text[position] != ".":
            return None
        position += 1


def values_at(value: Plain, path: Path) -> list[Plain]:
    """Return what stands at the end of a way: one value, or several where lists stand on it; none where it ends."""
    if isinstance(value, dict) and path.text in value:
        return list(_each(value[path.text]))
    found = [value]
    for step in path.steps:
        inner = [item[step.name] for item in found if isinstance(item, dict) and step.name in item]
        found = [item for one in inner for item in _picked(one, step)]
    return found


def _picked(value: Plain, step: Step) -> Iterator[Plain]:
    if not step.key:
        yield from _each(value)
        return
    for item in _each(value):
        if isinstance(item, dict) and item.get(step.key) in step.of:
            yield item
            return


def _each(value: Plain) -> Iterator[Plain]:
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value
