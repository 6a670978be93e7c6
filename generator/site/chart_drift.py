"""Charts of drift over time: how many items stood at the end of each month, and for how long they had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.chart import make_chart
from generator.site.chart_months import all_months, count_rows, drawn_months, span_words, stack
from generator.site.chart_specs import duration_spec
from generator.site.chart_text import NO_VALUE, duration_text
from generator.site.texts import gettext as _
from generator.site.texts import number
from generator.site.words import first_upper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.evidence.summary import DriftOverTime, EnvironmentSummary
    from generator.site.chart import Chart

_DRIFT = ("pending", "ahead", "config", "structure")


def drift_chart(env: EnvironmentSummary) -> Chart:
    """Return drift items that stood at the end of each month, stacked by class; only months that were compared."""
    standing = _compared(env)
    months = list(standing)
    columns = {name: [getattr(point, name) if point else 0 for point in standing.values()] for name in _DRIFT}
    accepted = [number(point.accepted if point else 0) for point in standing.values()]
    drawn = drawn_months([sum(column) for column in zip(*columns.values(), strict=True)])
    held = any(any(counts) for counts in columns.values())
    return make_chart(
        "standing-drift",
        env.name,
        title=_("Drift from the upstream"),
        says=_("Drift items that stood at the end of each month, stacked by class.")
        + span_words(months, drawn, is_drawn=held),
        columns=(_("Month"), *(first_upper(_(name)) for name in _DRIFT), _("Total"), _("Accepted")),
        rows=[(*row, more) for row, more in zip(count_rows(months, columns), accepted, strict=True)],
        spec=stack(months, columns, drawn),
        reason=_no_drift(env, months),
        notes=_drift_notes(env),
    )


def drift_age_chart(env: EnvironmentSummary) -> Chart:
    """Return the age of the oldest drift item and the median age at the end of each month, on a logarithmic axis."""
    standing = _compared(env)
    months = list(standing)
    held = {month: point for month, point in standing.items() if point is not None and _items(point)}
    rows = [(month, *_age_cells(held.get(month))) for month in months]
    drawn = drawn_months([month in held for month in months])
    values = [
        (month, held[month].median_seconds, held[month].oldest_seconds) for month in months[drawn] if month in held
    ]
    return make_chart(
        "age-of-drift",
        env.name,
        title=_("Age of the drift"),
        says=_(
            "How long the drift items had stood that count at the end of each month: the median (dot) and the oldest"
            " (triangle), on a logarithmic axis. Less than a minute is drawn as one."
        )
        + span_words(months, drawn, is_drawn=bool(values)),
        columns=(_("Month"), _("Items"), _("Median age"), _("Oldest")),
        rows=rows,
        spec=duration_spec(months[drawn], values, (_("Median age"), _("Oldest"))) if values else {},
        reason=_no_drift(env, months),
        notes=_drift_notes(env),
    )


def _compared(env: EnvironmentSummary) -> Mapping[str, DriftOverTime | None]:
    """Return what stood at the end of every month in which the environment was compared."""
    standing = {point.month: point for point in env.drift_over_time}
    months = all_months(standing)
    if env.drift_not_assessed:
        last = max((month for month, point in standing.items() if _items(point)), default="")
        months = [month for month in months if month <= last]
    return {month: standing.get(month) for month in months}


def _age_cells(point: DriftOverTime | None) -> tuple[str, str, str]:
    if point is None:
        return "0", NO_VALUE, NO_VALUE
    return number(_items(point)), duration_text(point.median_seconds), duration_text(point.oldest_seconds)


def _items(point: DriftOverTime) -> int:
    return sum(getattr(point, name) for name in _DRIFT)


def _drift_notes(env: EnvironmentSummary) -> tuple[str, ...]:
    return (_("Later months are left out: nothing is compared any more."),) if env.drift_not_assessed else ()


def _no_drift(env: EnvironmentSummary, months: Sequence[str]) -> str:
    if months:
        return _("There was no drift item in any month.")
    return env.drift_not_assessed or _("No drift was recorded.")
