"""What differs between two states of a component, one field at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.component import Aspect, Component

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model.topology import Connection

WHOLE = "component"
"""Field of a change that is the coming or going of a whole component; its value is the component's kind."""
EDGE = "connection"
"""Field of a change that is the coming or going of a connection; its value tells how it is known."""


class FieldChange(msgspec.Struct, frozen=True, array_like=True):
    """One difference; `None` stands for a value that is absent."""

    subject: str
    aspect: Aspect
    field: str
    old: str | None
    new: str | None


def field_changes(old: Component | None, new: Component | None) -> Iterator[FieldChange]:
    """Yield what differs from `old` to `new`, sorted by aspect and field.

    Where the whole component comes or goes, that is the first change, and its artifacts follow; its other fields
    are part of the component, not changes of their own.
    """
    if old is new or (old is not None and new is not None and old.digest == new.digest):
        return
    before = {(f.aspect, f.name): f.value for f in old.fields} if old else {}
    after = {(f.aspect, f.name): f.value for f in new.fields} if new else {}
    subject = (new or old).id  # type: ignore[union-attr]  # one of the two is a component: they differ
    whole = old is None or new is None
    if whole:
        kinds = (old.kind if old else None, new.kind if new else None)
        yield FieldChange(subject, Aspect.TOPOLOGY, WHOLE, *kinds)
    elif old is not None and new is not None and old.kind != new.kind:
        yield FieldChange(subject, Aspect.TOPOLOGY, "kind", old.kind, new.kind)
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key) and (not whole or key[0] is Aspect.ARTIFACT):
            yield FieldChange(subject, key[0], key[1], before.get(key), after.get(key))


def connection_changes(old: Iterable[Connection], new: Iterable[Connection]) -> Iterator[FieldChange]:
    """Yield the connections that came and went, sorted; a connection that is only known otherwise is no change."""
    before = {(c.source, c.target, c.port): c.how for c in old}
    after = {(c.source, c.target, c.port): c.how for c in new}
    for source, target, port in sorted(before.keys() ^ after.keys()):
        key = (source, target, port)
        subject = f"{source} -> {target}{f' :{port}' if port else ''}"
        yield FieldChange(subject, Aspect.TOPOLOGY, EDGE, before.get(key), after.get(key))
