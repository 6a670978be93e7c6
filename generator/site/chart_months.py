"""Months of a chart: which there are, which of them are drawn, and how a table has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.evidence.metrics import PeriodMetrics
from generator.site.chart_specs import stacked_spec
from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number
from generator.site.words import first_upper

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MONTHS_DRAWN = 24
"""Months that a chart shows at most; its table has all."""
MOST_MONTHS = 3_000
"""Months up to which those without anything are filled in: one date in a far century must not make a million."""


def all_months(months: Iterable[str]) -> list[str]:
    """Return every month from the first to the last of `months`, those between included unless they are too many."""
    known = sorted({month for month in months if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month)})
    if not known:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (known[0], known[-1]))
    if last - first >= MOST_MONTHS:
        return known
    return [f"{index // 12:04}-{index % 12 + 1:02}" for index in range(first, last + 1)]


def filled(lines: Sequence[PeriodMetrics]) -> dict[str, PeriodMetrics]:
    """Return the line of every month from the first to the last, in order."""
    by_month = {line.period: line for line in lines}
    return {
        month: by_month.get(month) or PeriodMetrics("", "", "", "month", month, "", "")
        for month in all_months(by_month)
    }


def count_rows(months: Sequence[str], columns: Mapping[str, Sequence[int]]) -> list[tuple[str, ...]]:
    """Return a row a month: its name, the count of each column, and their sum."""
    counts = zip(*columns.values(), strict=True)
    return [
        (month, *(number(count) for count in row), number(sum(row))) for month, row in zip(months, counts, strict=True)
    ]


def stack(months: Sequence[str], columns: Mapping[str, Sequence[int]], drawn: slice) -> dict[str, Any]:
    """Return bars stacked by column for the months in `drawn`; nothing where all of them are empty."""
    series = [(first_upper(_(name)), name, counts[drawn]) for name, counts in columns.items() if any(counts[drawn])]
    return stacked_spec(months[drawn], series) if series else {}


def drawn_months(filled: Sequence[int]) -> slice:
    """Return which months are drawn of those that have `filled`: the newest, or those up to the last that is filled."""
    last = max((at + 1 for at, count in enumerate(filled) if count), default=len(filled))
    end = len(filled) if last > len(filled) - MONTHS_DRAWN else last
    return slice(max(0, end - MONTHS_DRAWN), end)


def span_words(months: Sequence[str], drawn: slice, *, is_drawn: bool = True) -> str:
    """Return which months the table has, and which of them are drawn where any are."""
    if not months:
        return ""
    says = f" {months[0]}."
    if len(months) > 1:
        says = " " + _("%(first)s to %(last)s.", first=months[0], last=months[-1])
    if len(months) <= MONTHS_DRAWN or not is_drawn:
        return says
    newest = drawn.stop == len(months)
    # Where nothing came after the first few months, there are fewer than could be drawn.
    shown = drawn.stop - drawn.start
    every = number(len(months))
    if newest:
        drawn_words = ngettext(
            "Of %(every)s months the newest %(number)s is drawn; the table has them all.",
            "Of %(every)s months the newest %(number)s are drawn; the table has them all.",
            shown,
            every=every,
        )
    else:
        drawn_words = ngettext(
            "Of %(every)s months the %(number)s up to %(last)s is drawn; the table has them all.",
            "Of %(every)s months the %(number)s up to %(last)s are drawn; the table has them all.",
            shown,
            every=every,
            last=months[drawn.stop - 1],
        )
    return f"{says} {drawn_words}"


def nothing(months: Sequence[str], none: str) -> str:
    """Return why there is nothing to draw: `none` where there are months."""
    return none if months else _("No deployment was recorded.")
