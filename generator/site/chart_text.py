"""Words and numbers of charts: durations, shares, labels that fit."""

from __future__ import annotations

from itertools import count, pairwise
from typing import TYPE_CHECKING

from generator.site.texts import N_, decimal, number
from generator.site.texts import gettext as _
from generator.site.words import counted, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.evidence.metrics import PeriodMetrics, Share

NO_VALUE = "\N{EN DASH}"
"""Stands in a table where nothing was measured."""
MOST_STEPS = 5
"""Steps of an axis of counts."""
DURATION_TICKS = {
    60: N_("1 min"),
    600: N_("10 min"),
    3_600: N_("1 h"),
    21_600: N_("6 h"),
    86_400: N_("1 day"),
    259_200: N_("3 days"),
    604_800: N_("1 week"),
    2_592_000: N_("30 days"),
    7_776_000: N_("90 days"),
    31_536_000: N_("1 year"),
    315_360_000: N_("10 years"),
}
"""Where an axis of durations has its words, in seconds."""
CROWDED = 8
"""Ticks from which on those between are left out."""
BETWEEN = frozenset({259_200, 7_776_000})
SHORTEST_DRAWN = 60
"""Seconds below which a duration is drawn as this: a logarithmic axis has no zero."""
_UNITS = ((86_400, N_("d")), (3_600, "h"), (60, "min"), (1, "s"))


def duration_text(seconds: int | None) -> str:
    """Return a duration in its two largest units, such as `3 d 4 h`; a negative one keeps its sign."""
    if seconds is None:
        return NO_VALUE
    sign, left = "\N{MINUS SIGN}" if seconds < 0 else "", abs(seconds)
    for (size, unit), (next_size, next_unit) in pairwise(_UNITS):
        if left >= size:
            rest = left % size // next_size
            return f"{sign}{number(left // size)} {_(unit)}" + (f" {rest} {next_unit}" if rest else "")
    return f"{sign}{left} s"


def share_text(share: Share) -> str:
    """Return a share in per cent; a dash where there is nothing to divide by."""
    return f"{decimal(100 * share.count / share.of, 1)} %" if share.of else NO_VALUE


def label(text: str, longest: int) -> str:
    """Return repository text as a label of at most `longest` characters, its middle left out where it is longer."""
    text = shown(text)
    if len(text) <= longest:
        return text
    head = (longest - 1) // 2
    return f"{text[:head]}…{text[len(text) - (longest - 1 - head) :]}"


def short_count(count: int, longest: int) -> str:
    """Return a count in about `longest` characters: in full, or in thousands or millions as `1.2k`."""
    if len(number(count)) <= longest:
        return number(count)
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if count >= size:
            return f"{count / size:.1f}{unit}" if count < 10 * size else f"{count // size}{unit}"
    return str(count)


def small_note(n: int, small: int, one: str, many: str = "") -> str:
    """Return a sentence where `n` is a small sample of `one`; else nothing."""
    if not 0 < n < small:
        return ""
    return _("A small sample: %(cases)s, fewer than %(small)s.", cases=counted(n, one, many), small=number(small))


def cut_notes(lines: Iterable[PeriodMetrics]) -> tuple[str, ...]:
    """Return which periods are not whole, and why."""
    return tuple(
        _("%(period)s is not whole. %(reason)s", period=line.period, reason=line.cut) for line in lines if line.cut
    )


def whole_ticks(highest: int) -> list[int]:
    """Return at most six round numbers from 0 to `highest`: half a deployment is none."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if highest <= MOST_STEPS * step)
    return list(range(0, max(highest, 1) + 1, step))


def duration_ends(seconds: Sequence[int]) -> tuple[float, float]:
    """Return the ends of an axis that holds all of `seconds` and at least two of its ticks."""
    lowest, highest = min(seconds), max(seconds)
    ticks = list(DURATION_TICKS)
    below = max((tick for tick in ticks if tick <= lowest), default=ticks[0])
    above = min((tick for tick in ticks if tick > below), default=ticks[-1])
    return below, max(highest * 1.2, above)
