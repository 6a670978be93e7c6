"""One change of one field, judged: what it was, of which kind, and where its value came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.difference import is_edge, is_whole

if TYPE_CHECKING:
    from generator.model.component import Aspect, Role
    from generator.timeline.kinds import Kind, Stamp

PROMOTED, BYPASS, SIMULTANEOUS, NOT_ASSESSED = "promoted", "bypass", "simultaneous", "not assessed"


class Change(msgspec.Struct, frozen=True):
    """One change of one field, judged."""

    subject: str
    aspect: Aspect
    field: str
    old: str | None
    new: str | None
    kind: Kind
    role: Role
    origin: Stamp | None = None
    """The upstream deployment the value came from."""
    validation: str = NOT_ASSESSED
    """`promoted`, `bypass`, `simultaneous`, or `not assessed` where no upstream can tell."""
    culprit: Stamp | None = None
    returns_to: Stamp | None = None

    @property
    def whole(self) -> bool:
        """Return whether this is the coming or going of a whole component."""
        return is_whole(self.aspect, self.field)

    @property
    def edge(self) -> bool:
        """Return whether this is the coming or going of a connection."""
        return is_edge(self.aspect, self.field)
