"""The changed part of a topology: its picture, and the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.pictures import picture
from generator.site.texts import gettext as _
from generator.site.walk import part_rows
from generator.site.words import counted, listed, shown

if TYPE_CHECKING:
    from generator.site.context import Context
    from generator.site.diagrams import DiagramGraph
    from generator.site.pictures import Picture
    from generator.site.walk import PartRow

TALL_PICTURE = 1000
"""Height of a picture in pixels above which it is folded."""
MOST_TOLD = 12
"""Parts that the text beside a picture names."""


class PartView(NamedTuple):
    """The changed part of a release."""

    picture: Picture
    tall: bool
    """Whether the picture is folded at first: it would push the rest of the page out of sight."""
    rows: tuple[PartRow, ...]
    left: int


def part_view(context: Context, graph: DiagramGraph | None, name: str, most: int, *, expected: bool) -> PartView:
    """Return the changed part `graph`, drawn as `name`, with at most `most` rows of its table.

    Where there is none although one is `expected`, the picture says why.
    """
    rows = part_rows(graph) if graph is not None else ()
    drawn = picture(context, name, _alt(rows), expected=expected)
    return PartView(drawn, drawn.height > TALL_PICTURE, rows[:most], max(0, len(rows) - most))


def _alt(part: tuple[PartRow, ...]) -> str:
    marked = [_("%(part)s %(mark)s", part=shown(row.id), mark=mark_word(row.mark)) for row in part if row.mark]
    around = counted(len(part) - len(marked), "neighbour")
    if not marked:
        return _("Changed part: connections; %(neighbours)s.", neighbours=around)
    return _("Changed part: %(parts)s; %(neighbours)s.", parts=listed(marked, MOST_TOLD), neighbours=around)


def mark_word(mark: str) -> str:
    """Return what became of a part, as pages say it."""
    words = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}
    return words.get(mark, mark)
