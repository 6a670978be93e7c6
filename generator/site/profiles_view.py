"""The same history by other bodies' definitions, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.chart_text import duration_text
from generator.site.texts import N_, decimal, number
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.evidence.metrics import MetricsSummary, ProfileFigure

WINDOWS = {"all": N_("all of the history"), "365d": N_("365 days"), "90d": N_("90 days"), "30d": N_("30 days")}
"""Windows in words, in the order of the page; all end at the report time."""


class ProfileCell(NamedTuple):
    """One figure."""

    value: str
    """Empty where the body has no such measure."""
    counts: str
    """What it was made of, as `2 of 24`."""
    reason: str
    """Why it is not measurable; empty where it is."""
    few: bool
    """Whether it comes from a small sample."""


class ProfileTable(NamedTuple):
    """One environment over one window: a row a measure, a column a body."""

    environment: str
    window: str
    open: bool
    """Whether it stands open on the page."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[ProfileCell, ...]], ...]


NOTHING = ProfileCell("", "", "", few=False)


def profile_tables(metrics: MetricsSummary, environments: Sequence[str]) -> tuple[ProfileTable, ...]:
    """Return a table for each of `environments` that has figures and each window, the profile chosen first."""
    titles = {text.profile: text.title for text in metrics.profile_texts}
    found: dict[tuple[str, str], dict[tuple[str, str], ProfileFigure]] = {}
    for figure in metrics.profiles:
        found.setdefault((figure.environment, figure.window), {})[figure.measure, figure.profile] = figure
    names = dict.fromkeys(figure.profile for figure in metrics.profiles)
    profiles = sorted(names, key=lambda name: name != metrics.profile)
    return tuple(
        _table(
            environment,
            window,
            found[environment, window],
            {name: titles.get(name, name) for name in profiles},
            metrics.small,
        )
        for environment in environments
        for window in WINDOWS
        if (environment, window) in found
    )


def _table(
    environment: str,
    window: str,
    figures: Mapping[tuple[str, str], ProfileFigure],
    profiles: Mapping[str, str],
    small: int,
) -> ProfileTable:
    measures = dict.fromkeys(measure for measure, _ in figures)
    rows = tuple(
        (measure, tuple(_cell(figures.get((measure, profile)), small) for profile in profiles)) for measure in measures
    )
    return ProfileTable(environment, _(WINDOWS[window]), window == "365d", tuple(profiles.values()), rows)


def _cell(figure: ProfileFigure | None, small: int) -> ProfileCell:
    if figure is None:
        return NOTHING
    if figure.value is None:
        return ProfileCell(_("not measurable"), "", figure.reason, few=False)
    counts = _("%(count)s of %(all)s", count=number(figure.count), all=number(figure.of))
    # A median rests on what was measured, a share on what it is of.
    cases = figure.count if figure.unit == "seconds" else figure.of
    return ProfileCell(figure_text(figure.value, figure.unit), counts, figure.reason, cases < small)


def figure_text(value: float, unit: str) -> str:
    """Return a figure with its unit as a person would say it."""
    if unit == "seconds":
        return duration_text(int(value))
    if unit == "share":
        return f"{decimal(100 * value, 1)} %"
    if unit == "days of a week" and value == 1:
        return _("1 day of a week")
    return f"{decimal(value, 0 if value == int(value) else 2)} {_(unit)}"
