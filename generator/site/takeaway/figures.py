"""Delivery measures of a period, in the words of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.chart_text import duration_text, share_text
from generator.site.texts import decimal, number
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.metrics import PeriodMetrics, Share, Spread
    from generator.site.context import Context
    from generator.site.takeaway.spans import Span

KINDS = ("initial", "forward", "rollback", "redo", "roll_forward", "hotfix", "redeploy", "gap")


class Figure(NamedTuple):
    """One measure."""

    label: str
    value: str
    """Empty where it is not measurable."""
    counts: str
    """What it was made of, or why there is none."""


class EnvironmentFigures(NamedTuple):
    """The measures of one environment over one period."""

    environment: str
    period: str
    cut: str
    """Why it is not a whole period, as a sentence; empty where it is."""
    rows: tuple[Figure, ...]


def figures(context: Context, span: Span) -> tuple[EnvironmentFigures, ...]:
    """Return the measures of each production environment over `span`: of days that no calendar names, by month."""
    names = {environment.name for environment in context.productions}
    return tuple(
        EnvironmentFigures(line.environment, line.period, line.cut, tuple(_rows(line)))
        for line in context.evidence.metrics()
        if line.by == "environment" and line.environment in names and _is_of(line, span)
    )


def _is_of(line: PeriodMetrics, span: Span) -> bool:
    if span.unit:
        return line.unit == span.unit and line.period == span.key
    return line.unit == "month" and span.first[:7] <= line.period <= span.last[:7]


def _rows(line: PeriodMetrics) -> Iterator[Figure]:
    kinds = [(kind.replace("_", "-"), getattr(line.kinds, kind)) for kind in KINDS]
    bulk = sum(getattr(line.bulk, kind) for kind in KINDS)
    words = [f"{number(count)} {name}" for name, count in kinds if count]
    words += [_("%(number)s bulk, counted apart", number=number(bulk))] if bulk else []
    yield Figure(_("Releases"), number(sum(count for _name, count in kinds) + bulk), ", ".join(words))
    velocity = line.velocity_to_rollback
    counts = _("forward deliveries to rollbacks and roll-forwards")
    yield Figure(_("Velocity to rollback"), f"{number(velocity.left)} : {number(velocity.right)}", counts)
    yield _share(_("Change fail rate"), line.change_fail_rate)
    yield _share(_("Rework rate"), line.rework_rate)
    lead = _("Change lead time") if line.lead_time_kind == "change lead time" else _("Config lead time")
    yield _spread(lead, line.lead_time)
    yield _spread(_("Promotion lead"), line.promotion_lead)
    yield _spread(_("Recovery time"), line.recovery_time)
    yield _spread(_("Time to null deploy"), line.time_to_null_deploy)
    yield from _uptime(line)


def _share(label: str, share: Share) -> Figure:
    if not share.of:
        return Figure(label, "", share.reason)
    return Figure(label, share_text(share), _("%(count)s of %(of)s", count=number(share.count), of=number(share.of)))


def _spread(label: str, spread: Spread) -> Figure:
    if spread.median_seconds is None:
        return Figure(label, "", spread.reason)
    counts = _(
        "median of %(count)s of %(of)s; nine of ten within %(p90)s",
        count=number(spread.n),
        of=number(spread.of),
        p90=duration_text(spread.p90_seconds),
    )
    return Figure(label, duration_text(spread.median_seconds), counts)


def _uptime(line: PeriodMetrics) -> Iterator[Figure]:
    uptime, label = line.availability, _("Availability")
    if uptime is None:
        return
    if uptime.reason or not uptime.agreed_seconds:
        yield Figure(label, "", uptime.reason)
        return
    up = 100 * (uptime.agreed_seconds - uptime.down_seconds) / uptime.agreed_seconds
    counts = _(
        "down for %(down)s of %(agreed)s",
        down=duration_text(uptime.down_seconds),
        agreed=duration_text(uptime.agreed_seconds),
    )
    yield Figure(label, f"{decimal(up, 3)} %", counts)
