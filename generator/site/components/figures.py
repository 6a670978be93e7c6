"""Delivery figures of one component: each with the counts it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import gettext as _
from generator.site.texts import number
from generator.site.tiles import share, total
from generator.site.words import span

if TYPE_CHECKING:
    from generator.evidence.metrics import PeriodMetrics, Spread
    from generator.site.components.now import Now


class Figure(NamedTuple):
    """One figure."""

    label: str
    text: str
    counts: str
    small: bool
    """Whether it is of a small sample."""


class Figures(NamedTuple):
    """Those of one environment over all of its history."""

    environment: str
    figures: tuple[Figure, ...]


def figures(now: Now, small: int) -> tuple[Figures, ...]:
    """Return the figures of each environment that measured the component, without those that can't be told."""
    return tuple(Figures(line.environment, tuple(_figures(line, small))) for line in now.measures)


def _figures(line: PeriodMetrics, small: int) -> list[Figure]:
    found = [Figure(_("deployments"), number(total(line.kinds)), _bulk(line), small=False)]
    ratio = line.velocity_to_rollback
    if ratio.left or ratio.right:
        few = ratio.left + ratio.right < small
        found.append(Figure(_("forward : rollbacks"), f"{number(ratio.left)} : {number(ratio.right)}", "", few))
    rate = line.change_fail_rate
    if rate.of:
        counts = _("%(count)s of %(of)s", count=number(rate.count), of=number(rate.of))
        found.append(Figure(_("change fail rate"), share(rate.count, rate.of), counts, rate.of < small))
    found += _median(_("lead time"), line.lead_time, small)
    found += _median(_("promotion lead"), line.promotion_lead, small)
    found += _median(_("recovery time"), line.recovery_time, small)
    return found


def _bulk(line: PeriodMetrics) -> str:
    bulk = total(line.bulk)
    return _("and %(bulk)s in bulk", bulk=number(bulk)) if bulk else ""


def _median(label: str, spread: Spread, small: int) -> list[Figure]:
    if spread.median_seconds is None:
        return []
    counts = _("median of %(n)s of %(of)s", n=number(spread.n), of=number(spread.of))
    return [Figure(label, span(spread.median_seconds), counts, spread.n < small)]
