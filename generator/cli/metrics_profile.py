"""Measures by another body's definitions, as text for a terminal: each figure with its counts, formula and source."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from generator.cli.metrics_cells import NONE, SMALL, brief
from generator.cli.metrics_notes import nothing_note
from generator.cli.metrics_table import WIDTH, table
from generator.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.metrics import ProfileFigure, ProfileText
    from generator.evidence.metrics_report import MetricsReport

WINDOWS = ("30d", "90d", "365d", "all")


def profile_text(report: MetricsReport) -> list[str]:
    """Return the figures of the report's profile, an environment after the other, and what they mean."""
    title = next((text.title for text in report.definitions), report.profile)
    lines = wrap(f"Counted by {title}. Assay's own definitions: --profile assay", WIDTH)
    for environment in dict.fromkeys(figure.environment for figure in report.figures):
        figures = [figure for figure in report.figures if figure.environment == environment]
        lines += ["", one_line(environment, WIDTH), "", *_figures(figures, report.small)]
        lines += _missing(figures)
    if not report.figures:
        lines += ["", *wrap(nothing_note(report), WIDTH)]
    for text in report.definitions:
        lines += ["", *_definition(text)]
    if any(figure.value is not None and _is_small(figure, report.small) for figure in report.figures):
        lines += ["", f"{SMALL} fewer than {report.small:,} cases"]
    return lines


def _figures(figures: Sequence[ProfileFigure], small: int) -> Iterator[str]:
    windows = [window for window in WINDOWS if any(figure.window == window for figure in figures)]
    held = {(figure.measure, figure.window): figure for figure in figures}
    rows = [
        (
            f"{measure} ({unit})" if unit else measure,
            *(_cell(held[measure, window], small) if (measure, window) in held else NONE for window in windows),
        )
        for measure, unit in {figure.measure: _said_once(figure.unit) for figure in figures}.items()
    ]
    yield from table(("measure", *windows), rows)


def _cell(figure: ProfileFigure, small: int) -> str:
    counts = f"{figure.count:,}/{figure.of:,}"
    if figure.value is None:
        return f"{NONE} {counts}" if figure.of else NONE
    return f"{value_text(figure.value, figure.unit)} {counts}{SMALL if _is_small(figure, small) else ' '}"


def _is_small(figure: ProfileFigure, small: int) -> bool:
    """Return whether a share has too small a divisor, or anything else too few cases."""
    return (figure.of if figure.unit == "share" else figure.count) < small


def value_text(value: float, unit: str) -> str:
    """Return a figure: seconds as a duration, a share in per cent, else the number alone."""
    if unit == "seconds":
        return brief(int(value))
    return f"{100 * value:.1f} %" if unit == "share" else f"{value:.2f}"


def _said_once(unit: str) -> str:
    """Return the unit that stands beside the name of a measure, since its figures don't have it."""
    return "" if unit in {"seconds", "share"} else unit


def _missing(figures: Sequence[ProfileFigure]) -> list[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for figure in figures:
        if figure.reason:
            found.setdefault((figure.measure, one_line(figure.reason)), []).append(figure.window)
    every = {figure.window for figure in figures}
    lines: list[str] = []
    for (measure, reason), windows in found.items():
        which = "" if set(windows) == every else f" ({', '.join(windows)})"
        text = f"{measure}{which}: not measurable: {reason}"
        lines += wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
    return ["", *lines] if lines else []


def _definition(text: ProfileText) -> list[str]:
    lines = wrap(f"{text.measure}: {text.formula}", WIDTH, subsequent_indent="  ")
    if text.differs:
        lines += wrap(f"Here: {text.differs}", WIDTH, initial_indent="  ", subsequent_indent="  ")
    lines += wrap(f"Source: {text.source}", WIDTH, initial_indent="  ", subsequent_indent="  ")
    return [*lines, f"  {text.url}"]
