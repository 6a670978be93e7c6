"""What differs between two states of a component, one field at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.model.component import Aspect, Component, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model.topology import Connection

WHOLE = "component"
"""Field of a change that is the coming or going of a whole component; its value is the component's kind."""
EDGE = "connection"
"""Field of a change that is the coming or going of a connection; its value tells how it is known."""

Difference = tuple[Aspect, str, str | None, str | None]
"""Aspect, field, value before and after; `None` where there is none."""


class FieldChange(NamedTuple):
    """One difference; `None` stands for a value that is absent."""

    subject: str
    aspect: Aspect
    field: str
    old: str | None
    new: str | None


def differing_fields(old: Component | None, new: Component | None) -> list[Difference]:
    """Return every field whose value differs, sorted by aspect and field."""
    if old is None or new is None:
        if old is not None:
            return [(f.aspect, f.name, f.value, None) for f in old.fields]
        return [(f.aspect, f.name, None, f.value) for f in new.fields] if new is not None else []
    found: list[Difference] = []
    # Both sides are sorted and mostly alike, so they pair up from the start, and then from the end.
    start, ends = 0, (len(old.fields), len(new.fields))
    for before, after in zip(old.fields, new.fields, strict=False):
        if before.name != after.name or before.aspect is not after.aspect:
            break
        if before.value != after.value:
            found.append((after.aspect, after.name, before.value, after.value))
        start += 1
    if start == ends[0] == ends[1]:
        return found
    last: list[Difference] = []
    alike = 0
    for before, after in zip(reversed(old.fields[start:]), reversed(new.fields[start:]), strict=False):
        if before.name != after.name or before.aspect is not after.aspect:
            break
        if before.value != after.value:
            last.append((after.aspect, after.name, before.value, after.value))
        alike += 1
    values = {(f.aspect, f.name): f.value for f in old.fields[start : ends[0] - alike]}
    others = {(f.aspect, f.name): f.value for f in new.fields[start : ends[1] - alike]}
    keys = sorted(values.keys() | others.keys())
    found += [(*key, values.get(key), others.get(key)) for key in keys if values.get(key) != others.get(key)]
    return found + last[::-1]


def field_changes(
    old: Component | None, new: Component | None, differing: Iterable[Difference] | None = None
) -> Iterator[FieldChange]:
    """Yield what differs from `old` to `new`, sorted by aspect and field.

    Where the whole component comes or goes, that is the first change, and its artifacts follow; its other fields
    are part of the component, not changes of their own. `differing` saves comparing again.
    """
    known = new if new is not None else old
    if known is None or old is new:
        return
    subject, whole = known.id, old is None or new is None
    before, after = old.kind if old else None, new.kind if new else None
    if before != after:
        yield FieldChange(subject, Aspect.TOPOLOGY, WHOLE if whole else "kind", before, after)
    for aspect, name, was, now in differing_fields(old, new) if differing is None else differing:
        if not whole or aspect is Aspect.ARTIFACT:
            yield FieldChange(subject, aspect, name, was, now)


def offer_changes(old: Component, new: Component) -> Iterator[FieldChange]:
    """Yield what differs beside fields: names, ports, labels, selector, and what is needed from others."""
    for part in ("names", "ports", "labels", "selector", "references"):
        was, now = _told(getattr(old, part)), _told(getattr(new, part))
        if was != now:
            yield FieldChange(new.id, Aspect.TOPOLOGY, part, was, now)


def _told(parts: Iterable[object]) -> str:
    """Return names, ports, labels or references as text; where they stand is left out."""
    told = []
    for part in parts:
        if isinstance(part, Reference):
            told.append(f"{part.role}/{part.target}{' (optional)' if part.optional else ''} by {part.field}")
        else:
            told.append(part if isinstance(part, str) else ":".join(str(p) for p in astuple(part) if p))
    return ", ".join(told)


def astuple(part: object) -> tuple[object, ...]:
    """Return the values of a port or a label."""
    return part if isinstance(part, tuple) else msgspec.structs.astuple(part)  # type: ignore[arg-type]  # a struct


def is_whole(aspect: str, field: str) -> bool:
    """Return whether a change is the coming or going of a whole component, not of a setting of that name."""
    return aspect == Aspect.TOPOLOGY and field == WHOLE


def is_edge(aspect: str, field: str) -> bool:
    """Return whether a change is the coming or going of a connection."""
    return aspect == Aspect.TOPOLOGY and field == EDGE


def connection_changes(old: Iterable[Connection], new: Iterable[Connection]) -> Iterator[FieldChange]:
    """Yield the connections that came and went, sorted; a connection that is only known otherwise is no change."""
    before = {(c.source, c.target, c.port): c.how for c in old}
    after = {(c.source, c.target, c.port): c.how for c in new}
    for source, target, port in sorted(before.keys() ^ after.keys()):
        key = (source, target, port)
        subject = f"{source} -> {target}{f' :{port}' if port else ''}"
        yield FieldChange(subject, Aspect.TOPOLOGY, EDGE, before.get(key), after.get(key))
