"""Colours of charts: CSS variables, and what stands for each of them while a chart is drawn.

Colours are CSS variables named `--assay-chart-NAME`, each with a fallback for a light page, so that one SVG serves
light and dark pages. `LIGHT` and `DARK` hold the values a style sheet should give them: those of kinds stay
apart for colour-blind readers (after Okabe and Ito), those of drift are what each class has in tables, and `hatch` is
the page's ground. What stands on or beside each other also differs by pattern, shape, size or label.
"""

from __future__ import annotations

import re

LIGHT = {
    "forward": "#0b6aa8",
    "rollback": "#b84808",
    "redo": "#a04579",
    "roll-forward": "#8a5c00",
    "hotfix": "#6a4fb0",
    "redeploy": "#66727f",
    "initial": "#127055",
    "gap": "#7a620b",
    "pending": "#66499c",
    "ahead": "#b3261e",
    "config": "#7d5a00",
    "structure": "#a2371b",
    "median": "#0b6aa8",
    "p90": "#c8500a",
    "axis": "#64748a",
    "text": "#3c4a58",
    "grid": "#e6e3db",
    "hatch": "#fbfaf7",
    "back": "#b84808",
    "bulk": "#4d5b69",
    "failed": "#b3261e",
    "heat-1": "#5596c4",
    "heat-2": "#2f7cb3",
    "heat-3": "#0b5a92",
    "heat-4": "#053a63",
    "tint-1": "#cfe3f2",
    "tint-2": "#d5e8d4",
    "tint-3": "#eadcf0",
    "tint-4": "#f5e6c8",
}
"""Value of each variable on a light page, and its fallback."""
DARK = {
    "forward": "#5aaee6",
    "rollback": "#f08a4b",
    "redo": "#d98fbb",
    "roll-forward": "#e8b04a",
    "hotfix": "#a996ea",
    "redeploy": "#9aa5b3",
    "initial": "#4fc3a1",
    "gap": "#d6bb4e",
    "pending": "#bba4e8",
    "ahead": "#ff9389",
    "config": "#dcb65c",
    "structure": "#f0936f",
    "median": "#5aaee6",
    "p90": "#f08a4b",
    "axis": "#8493a5",
    "text": "#c5ced9",
    "grid": "#2a3138",
    "hatch": "#14181c",
    "back": "#f08a4b",
    "bulk": "#b3bec9",
    "failed": "#ff9389",
    "heat-1": "#3d6f94",
    "heat-2": "#4a86b2",
    "heat-3": "#7cbcea",
    "heat-4": "#dff1ff",
    "tint-1": "#1f3d55",
    "tint-2": "#20402f",
    "tint-3": "#3d2b49",
    "tint-4": "#463a1c",
}
"""Value of each variable on a dark page."""
BEHIND_TEXT = ("tint-1", "tint-2", "tint-3", "tint-4")
"""Grounds of labels: quiet, and always within an outline."""

SENTINELS = {name: f"#0a5a{number:02x}" for number, name in enumerate(LIGHT)}
"""Colour that stands for each variable in a specification: nothing else has it, so it can be replaced."""
_NAMES = {sentinel: name for name, sentinel in SENTINELS.items()}
PATTERNS = {
    "rollback": '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" {pen}/>',
    "redo": '<circle cx="3" cy="3" r="1.1" {fill}/>',
    "roll-forward": '<path d="M-1 5L1 7M0 0L6 6M5 -1L7 1" {pen}/>',
    "hotfix": '<path d="M0 2H6M0 5H6" {pen}/>',
    "redeploy": '<path d="M0 3H6" {pen}/>',
    "gap": '<path d="M0 0L6 6M6 0L0 6" {pen}/>',
    "initial": '<path d="M3 0V6" {pen}/>',
    "bulk": '<path d="M3 0V6M0 3H6" {pen}/>',
    "ahead": '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" {pen}/>',
    "config": '<circle cx="3" cy="3" r="1.1" {fill}/>',
    "structure": '<path d="M3 0V6" {pen}/>',
}
"""What is drawn over the colour of an area, in a square of six units."""
SENTINEL = re.compile(r"#0a5a[0-9a-f]{2}")


def colour_name(sentinel: str) -> str:
    """Return which variable `sentinel` stands for; empty where it is another colour."""
    return _NAMES.get(sentinel, "")


def variable(name: str) -> str:
    """Return the CSS of a colour, with its value on a light page for where no style sheet is."""
    return f"var(--assay-chart-{name}, {LIGHT[name]})"


def definitions(chart_id: str, used: set[str]) -> str:
    """Return the patterns named in `used` as SVG, each with an id that begins with `chart_id`."""
    pen = f'stroke="{variable("hatch")}" stroke-width="1" stroke-opacity="0.6" fill="none"'
    fill = f'fill="{variable("hatch")}" fill-opacity="0.75"'
    patterns = (
        f'<pattern id="{chart_id}-{name}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{variable(name)}"/>{PATTERNS[name].format(pen=pen, fill=fill)}</pattern>'
        for name in sorted(used)
    )
    return f"<defs>{''.join(patterns)}</defs>" if used else ""
