"""From a Vega-Lite specification to an inline SVG that follows the page's colours.

Colours are CSS variables named `--assay-chart-NAME`, each with a fallback for a light page, so that one SVG serves
light and dark pages. `LIGHT` and `DARK` hold the values a style sheet should give them: those of kinds stay
apart for colour-blind readers (after Okabe and Ito), those of drift are what each class has in tables, and `hatch` is
the page's ground. Bars that stand on each other also differ by pattern.
"""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

LIGHT = {
    "forward": "#0b6aa8",
    "rollback": "#c8500a",
    "redo": "#b0568a",
    "roll-forward": "#a8720a",
    "hotfix": "#6a4fb0",
    "redeploy": "#7b8794",
    "initial": "#16876a",
    "gap": "#96790f",
    "pending": "#66499c",
    "ahead": "#b3261e",
    "config": "#7d5a00",
    "structure": "#a2371b",
    "median": "#0b6aa8",
    "p90": "#c8500a",
    "axis": "#64748a",
    "text": "#3c4a58",
    "grid": "#e2e7ed",
    "hatch": "#ffffff",
}
"""Value of each variable on a light page, and its fallback."""
DARK = {
    "forward": "#5aaee6",
    "rollback": "#f08a4b",
    "redo": "#d98fbb",
    "roll-forward": "#e8b04a",
    "hotfix": "#a996ea",
    "redeploy": "#8f9bab",
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
    "grid": "#2c3641",
    "hatch": "#14181d",
}
"""Value of each variable on a dark page."""

FONTS = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', system-ui, sans-serif"
VEGA_LITE = "6.4"
"""Version of Vega-Lite that draws: another would move pixels."""

SENTINELS = {name: f"#0a5a{number:02x}" for number, name in enumerate(LIGHT)}
"""Colour that stands for each variable in a specification: nothing else has it, so it can be replaced."""

_PATTERNS = {
    "rollback": '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" {pen}/>',
    "redo": '<circle cx="3" cy="3" r="1.1" {fill}/>',
    "roll-forward": '<path d="M-1 5L1 7M0 0L6 6M5 -1L7 1" {pen}/>',
    "hotfix": '<path d="M0 2H6M0 5H6" {pen}/>',
    "redeploy": '<path d="M0 3H6" {pen}/>',
    "gap": '<path d="M0 0L6 6M6 0L0 6" {pen}/>',
    "initial": '<path d="M3 0V6" {pen}/>',
    "ahead": '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" {pen}/>',
    "config": '<circle cx="3" cy="3" r="1.1" {fill}/>',
    "structure": '<path d="M3 0V6" {pen}/>',
}
_OPENING = re.compile(r"<svg\b[^>]*>")
_VIEW_BOX = re.compile(r'viewBox="([0-9. -]+)"')
_SENTINEL = re.compile(r"#0a5a([0-9a-f]{2})")
_CLIP = re.compile(r'(id="|url\(#)([A-Za-z0-9_]+)')
_FORBIDDEN = re.compile(r"<script|<foreignObject|<image|<a\b|href=|\son[a-z]+=", re.IGNORECASE)


def render_chart(spec: dict[str, Any], *, chart_id: str, title: str, description: str) -> str:
    """Return the SVG of `spec`, named by `title` and `description`, which may be any text.

    `chart_id` must be fit for an HTML id and unique on its page. Raises `ValueError` where the drawing holds more than
    shapes and words, which no specification of this package makes it do.
    """
    import vl_convert  # noqa: PLC0415 - starts a JavaScript engine: only a build with charts should pay for it

    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    opening = _OPENING.search(drawn)
    box = _VIEW_BOX.search(opening.group()) if opening else None
    if opening is None or box is None or _FORBIDDEN.search(drawn):
        message = f"the drawing of the chart {chart_id} is not plain SVG"
        raise ValueError(message)
    body = _CLIP.sub(rf"\1{chart_id}-\2", drawn[opening.end() :].strip())
    used: set[str] = set()
    body = re.sub(
        r'(fill|stroke)="#0a5a([0-9a-f]{2})"',
        lambda found: _painted(found.group(1), found.group(2), chart_id, used),
        body,
    )
    body = _SENTINEL.sub(lambda found: _variable(_name(found.group(1))), body)
    names = f"{chart_id}-title {chart_id}-desc"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="assay-chart" role="img" aria-labelledby="{names}"'
        f' width="100%" viewBox="{box.group(1)}">'
        f'<title id="{chart_id}-title">{escape(title)}</title><desc id="{chart_id}-desc">{escape(description)}</desc>'
        f"{_definitions(chart_id, used)}{body}\n"
    )


def _name(number: str) -> str:
    return list(SENTINELS)[int(number, 16)]


def _variable(name: str) -> str:
    return f"var(--assay-chart-{name}, {LIGHT[name]})"


def _painted(attribute: str, number: str, chart_id: str, used: set[str]) -> str:
    name = _name(number)
    if attribute == "fill" and name in _PATTERNS:
        used.add(name)
        return f'fill="url(#{chart_id}-{name})"'
    return f'{attribute}="{_variable(name)}"'


def _definitions(chart_id: str, used: set[str]) -> str:
    pen = f'stroke="{_variable("hatch")}" stroke-width="1" stroke-opacity="0.6" fill="none"'
    fill = f'fill="{_variable("hatch")}" fill-opacity="0.75"'
    patterns = (
        f'<pattern id="{chart_id}-{name}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{_variable(name)}"/>{_PATTERNS[name].format(pen=pen, fill=fill)}</pattern>'
        for name in sorted(used)
    )
    return f"<defs>{''.join(patterns)}</defs>" if used else ""
