"""A diagram on a page, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from generator.site.context import Context


class Picture(NamedTuple):
    """A diagram, or why there is none."""

    name: str
    """File name without suffix; empty where there is no picture."""
    width: int
    height: int
    alt: str
    reason: str
    """Why it is not drawn whole; empty where it is."""


def picture(context: Context, name: str, alt: str, *, expected: bool) -> Picture:
    """Return the picture `name` as it came out; where none was asked for although one is `expected`, say why."""
    if not name:
        reason = _("The changed part is too large for a picture of its own.") if expected else ""
        return Picture("", 0, 0, "", reason)
    drawn = context.drawn[name]
    if drawn.state == "table":
        return Picture("", 0, 0, "", drawn.reason)
    return Picture(name, drawn.width, drawn.height, alt, drawn.reason)
