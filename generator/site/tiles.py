"""The tiles of the home page: a production environment's delivery in a few figures, each with its counts and window."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.metrics_report import covered_days
from generator.evidence.records import attribute
from generator.site.chart_availability import availability_text, target_text
from generator.site.texts import N_, decimal, number
from generator.site.texts import gettext as _
from generator.site.words import counted, shown, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.evidence.counts import KindCounts
    from generator.evidence.metrics import PeriodMetrics, ProfileFigure, Spread

SOON, LONG, WHOLE = "90d", "365d", "all"
"""Window of what happens often, of what is seldom enough to need a year, and all of the history."""
_KINDS = ("initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap")
_WINDOWS = {"30d": N_("30 days"), "90d": N_("90 days"), "365d": N_("12 months"), "all": N_("all of the history")}
_LABELS = {
    "deployment frequency": N_("deployment frequency"),
    "velocity to rollback": N_("velocity to rollback"),
    "change fail rate": N_("change fail rate"),
    "lead time": N_("lead time"),
    "change lead time": N_("change lead time"),
    "config lead time": N_("config lead time"),
    "recovery time": N_("recovery time"),
    "availability": N_("availability"),
}
_TERMS = frozenset(
    {"deployment-frequency", "velocity-to-rollback", "change-fail-rate", "change-lead-time", "config-lead-time"}
    | {"recovery-time", "availability"}
)
"""Measures with an entry of their own in the glossary."""
_RATES = {
    "day": N_("%(rate)s a day"),
    "week": N_("%(rate)s a week"),
    "month": N_("%(rate)s a month"),
    "year": N_("%(rate)s a year"),
}
A_DAY, DAYS_OF_A_WEEK = "a day", "days of a week"
_OFTEN = ("deployment frequency", "lead time")
FREQUENCY, VELOCITY, FAILS = "deployment-frequency", "velocity-to-rollback", "change-fail-rate"
LEAD, RECOVERY, AVAILABILITY = "lead-time", "recovery-time", "availability"


class Tile(NamedTuple):
    """One figure."""

    id: str
    label: str
    value: str
    """The figure; empty where it can't be told."""
    counts: str
    """What it was made of, as `2 of 24` or `54 in 90 days`."""
    detail: str
    """What belongs to it: the interval, the 90th percentile, what is pending; may be empty."""
    over: str
    """The time that it covers up to the report, as `12 months`."""
    until: str
    """The day on which that ends; empty where it is not known."""
    few: bool
    """Whether it comes from a small sample."""
    reason: str = ""
    """Why it can't be told."""
    cut: str = ""
    """Why the window is not whole."""
    by: str = ""
    """Whose definition it goes by; empty where it is Assay's own."""
    term: str = ""
    """Entry of the glossary; empty where there is none."""


def tiles(lines: Mapping[str, PeriodMetrics], small: int) -> tuple[Tile, ...]:
    """Return the figures of one environment from its `lines` by window; none where there are no lines."""
    soon, long, whole = lines.get(SOON), lines.get(LONG), lines.get(WHOLE)
    if soon is None or long is None or whole is None:
        return ()
    return (
        _frequency(soon, covered_days(soon, whole.start), small),
        _velocity(long, small),
        _fails(long, small),
        _duration(LEAD, soon.lead_time_kind or "lead time", soon, soon.lead_time, small),
        _duration(RECOVERY, "recovery time", long, long.recovery_time, small),
        _availability(long),
    )


def profile_tiles(own: Sequence[Tile], figures: Sequence[ProfileFigure], small: int, title: str) -> tuple[Tile, ...]:
    """Return `figures` of one environment by the definitions of `title` as tiles, before what that body has none of."""
    found = []
    for measure in dict.fromkeys(figure.measure for figure in figures):
        wanted = SOON if measure in _OFTEN else LONG
        figure = next((row for row in figures if row.measure == measure and row.window == wanted), None)
        if figure is not None:
            found.append(_profile_tile(figure, small)._replace(by=title))
    held = {tile.id for tile in found}
    return (*found, *(tile for tile in own if tile.id not in held))


def total(counts: KindCounts) -> int:
    """Return how many deployments there are of all kinds."""
    return sum(getattr(counts, attribute(kind)) for kind in _KINDS)


def rate(count: int, days: float) -> str:
    """Return how often something came, by the unit in which it came at least once: `4.2 a week`."""
    if not count or days <= 0:
        return _("none")
    for unit, length in (("day", 1), ("week", 7), ("month", 30)):
        if count * length >= days:
            return _(_RATES[unit], rate=decimal(count * length / days, 1))
    return _(_RATES["year"], rate=decimal(count * 365 / days, 1))


def share(count: int, of: int) -> str:
    """Return a share in per cent, with as many places as it deserves; `of` is not 0."""
    return f"{decimal(100 * count / of, 1)} %"


def _frequency(line: PeriodMetrics, days: float, small: int) -> Tile:
    count, apart = total(line.kinds), total(line.bulk)
    counts = _("%(count)s in %(days)s", count=number(count), days=counted(round(days), "day"))
    detail = _("%(number)s bulk apart", number=number(apart)) if apart else ""
    return _tile(
        FREQUENCY, "deployment frequency", line,
        value=rate(count, days), counts=counts, detail=detail, few=count < small,
    )  # fmt: skip


def _velocity(line: PeriodMetrics, small: int) -> Tile:
    left, right = line.velocity_to_rollback.left, line.velocity_to_rollback.right
    value = f"{number(left)} : {number(right)}" if left or right else ""
    reason = "" if value else _("neither a forward delivery nor a rollback")
    return _tile(
        VELOCITY, "velocity to rollback", line,
        value=value, counts=_("forward : back"), detail="", few=left + right < small, reason=reason,
    )  # fmt: skip


def _fails(line: PeriodMetrics, small: int) -> Tile:
    found = line.change_fail_rate
    if not found.of:
        return _tile(FAILS, "change fail rate", line, reason=found.reason or _("no deployment that could count"))
    told = []
    if found.low is not None and found.high is not None:
        told.append(
            _("95 %% interval %(low)s to %(high)s %%", low=f"{100 * found.low:.0f}", high=f"{100 * found.high:.0f}")
        )
    if line.pending:
        told.append(_("%(number)s pending", number=number(line.pending)))
    counts = _("%(count)s of %(whole)s", count=number(found.count), whole=number(found.of))
    return _tile(
        FAILS, "change fail rate", line,
        value=share(found.count, found.of), counts=counts,
        detail=", ".join(told), few=found.of < small,
    )  # fmt: skip


def _duration(name: str, label: str, line: PeriodMetrics, spread: Spread, small: int) -> Tile:
    if not spread.n or spread.median_seconds is None:
        return _tile(name, label, line, reason=spread.reason or _("nothing to measure"))
    left = spread.of - spread.n
    what = N_("%(number)s not recovered") if name == RECOVERY else N_("%(number)s not measurable")
    told = [_("nine of ten within %(span)s", span=span(spread.p90_seconds))] if spread.p90_seconds is not None else []
    told += [_(what, number=number(left))] if left else []
    if name == LEAD and not spread.median_seconds:
        # No haste, but how commits are made: one changes both environments.
        told.append(_("most came at the moment they began, as in one commit"))
    return _tile(
        name, label, line,
        value=span(spread.median_seconds), counts=_("median of %(number)s", number=number(spread.n)),
        detail=", ".join(told), few=spread.n < small,
    )  # fmt: skip


def _availability(line: PeriodMetrics) -> Tile:
    found = line.availability
    if found is None or found.reason or not found.agreed_seconds:
        reason = found.reason if found is not None else ""
        return _tile(AVAILABILITY, "availability", line, reason=reason or _("no agreed operating time in the window"))
    stretches = counted(found.intervals, "stretch", "stretches")
    down = _("no downtime")
    if found.down_seconds:
        down = _("%(span)s down in %(stretches)s", span=span(found.down_seconds), stretches=stretches)
    return _tile(
        AVAILABILITY, "availability", line,
        value=availability_text(found), counts=down,
        detail=target_text(found), few=False,
    )  # fmt: skip


def _tile(  # noqa: PLR0913 - the parts of one value, each by its name
    name: str,
    label: str,
    line: PeriodMetrics,
    *,
    value: str = "",
    counts: str = "",
    detail: str = "",
    few: bool = False,
    reason: str = "",
) -> Tile:
    over = _(_WINDOWS[line.period]) if line.period in _WINDOWS else line.period
    until, term = line.end[:10], _term(label)
    label = _(_LABELS[label]) if label in _LABELS else label
    return Tile(name, label, value, counts, detail, over, until, few, shown(reason), shown(line.cut), term=term)


def _term(label: str) -> str:
    entry = label.replace(" ", "-")
    return entry if entry in _TERMS else ""


def _profile_tile(figure: ProfileFigure, small: int) -> Tile:
    label = _(_LABELS[figure.measure]) if figure.measure in _LABELS else shown(figure.measure)
    name = figure.measure.replace(" ", "-")
    over = _(_WINDOWS[figure.window]) if figure.window in _WINDOWS else figure.window
    if figure.value is None:
        reason = shown(figure.reason) or _("nothing to measure")
        return Tile(name, label, "", "", "", over, "", few=False, reason=reason, term=_term(figure.measure))
    cases = figure.of if figure.unit == "share" else figure.count
    return Tile(name, label, _in_unit(figure), _counts(figure), "", over, "", cases < small, term=_term(figure.measure))


def _counts(figure: ProfileFigure) -> str:
    if figure.unit == A_DAY:
        return _("%(count)s in %(days)s", count=number(figure.count), days=counted(figure.of, "day"))
    if figure.unit == DAYS_OF_A_WEEK:
        return _("%(count)s of %(whole)s", count=counted(figure.count, "day"), whole=counted(figure.of, "week"))
    return _("%(count)s of %(whole)s", count=number(figure.count), whole=number(figure.of))


def _in_unit(figure: ProfileFigure) -> str:
    value = figure.value or 0.0
    if figure.unit == A_DAY:
        return rate(figure.count, figure.of)
    if figure.unit == "seconds":
        return span(int(value))
    if figure.unit == "share":
        return f"{decimal(100 * value, 1)} %"
    many, _dash, rest = figure.unit.partition(" ")
    return f"{value:g} {many.removesuffix('s') if value == 1 else many} {rest}".rstrip()


def told(group: Sequence[Tile]) -> Iterator[tuple[str, str]]:
    """Yield each reason why figures can't be told, with the measures that it holds for."""
    reasons: dict[str, list[str]] = {}
    for tile in group:
        if not tile.value:
            reasons.setdefault(tile.reason, []).append(tile.label)
    for reason, labels in reasons.items():
        yield ", ".join(labels), reason
