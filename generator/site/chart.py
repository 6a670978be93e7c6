"""A chart and its table: one value, the same numbers twice."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import msgspec

from generator.site.chart_keeping import picture
from generator.site.chart_legend import LegendEntry, legend_of
from generator.site.chart_svg import named_spec
from generator.site.texts import gettext as _
from generator.site.texts import number
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ROWS = 400
"""Rows of a chart's table: months of 33 years, days of a year and a month. The evidence has the rest."""
LONGEST_TITLE = 80
"""Characters of a name in a title."""


class Chart(msgspec.Struct, frozen=True):
    """A chart and its table: the same numbers twice."""

    id: str
    """Fit for an HTML id, one of its own for each kind of chart and environment."""
    title: str
    description: str
    """What the chart shows, in sentences."""
    svg: str
    """Inline SVG; empty where there is nothing to draw."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    reason: str
    """Why nothing is drawn, as a sentence; empty where something is."""
    notes: tuple[str, ...] = ()
    """What one has to know of the numbers: cut periods, small samples, what is not in them. Sentences."""
    spec: str = ""
    """Vega-Lite specification that the SVG was drawn from, as JSON; empty where nothing is drawn. Colours stand as
    `var(--assay-chart-NAME)`. Text of a repository stands in values of its data alone."""
    legend: tuple[LegendEntry, ...] = ()
    """The legend of the picture once more, for screens that show a part of the picture."""


def make_chart(  # noqa: PLR0913 - the parts of one value, each by its name
    kind: str,
    name: str,
    *,
    title: str,
    says: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    spec: dict[str, Any],
    reason: str,
    notes: Sequence[str] = (),
) -> Chart:
    """Return the chart of `kind` for `name` (an environment or component), drawn where `spec` is not empty.

    `reason` says why there is nothing to draw. Of too many rows the last ones are kept.
    """
    chart_id = f"{kind}-{slug(name)}"
    if len(rows) > MOST_ROWS:
        left = number(len(rows) - MOST_ROWS)
        told = _(
            "The table has the last %(rows)s rows; %(left)s before them stand in the evidence.",
            rows=MOST_ROWS,
            left=left,
        )
        notes = (*notes, told)
        rows = rows[-MOST_ROWS:]
    whole = f"{title}: {shown(name)[:LONGEST_TITLE]}"
    svg = picture(spec, chart_id=chart_id, title=whole, description=says) if spec else ""
    return Chart(
        id=chart_id,
        title=title,
        description=says,
        svg=svg,
        columns=columns,
        rows=tuple(rows),
        reason="" if svg else reason,
        notes=tuple(note for note in notes if note),
        spec=named_spec(spec) if spec else "",
        legend=legend_of(spec) if svg else (),
    )


def slug(name: str) -> str:
    """Return `name` as a part of an HTML id, with a mark of its own where letters were lost."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if plain == name:
        return plain
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain[:40]}-{mark}".lstrip("-")
