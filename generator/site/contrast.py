"""Which colours stand on which, and whether people can read them: WCAG 2 contrast of the tokens of `tokens.css`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEXT, SHAPE = 4.5, 3.0
"""Least ratio of text (AA), and of what is no text but tells something: marks, lines of charts, the focus."""
GROUNDS = ("ground", "sheet", "tint")
INKS = ("ink", "soft", "accent", "added", "removed", "changed", "waits", "fails", "unknown")
KINDS = ("forward", "rollback", "redo", "roll-forward", "hotfix", "initial", "gap")
"""Kinds of deployment: words in these colours stand in tables, beside the bars of charts."""
DRAWN = (
    *KINDS,
    *("redeploy", "pending", "ahead", "config", "structure", "median", "p90", "axis", "text", "back", "bulk", "failed"),
)
PAIRS = (
    *((ink, ground, TEXT) for ink in INKS for ground in GROUNDS),
    *((f"chart-{kind}", ground, TEXT) for kind in KINDS for ground in GROUNDS),
    ("chart-text", "ground", TEXT),
    ("ground", "accent", TEXT),  # a button under the pointer
    ("soft", "hair", TEXT),  # the search under the pointer
    *((f"chart-{name}", "ground", SHAPE) for name in DRAWN),
)
"""(what stands, on what, least ratio) of every two tokens that meet on a page, in light and in dark."""

HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_TOKEN = re.compile(r"--assay-([a-z0-9-]+):\s*(#[0-9a-fA-F]{3,6});")
_BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
DARK = "slate"
_LINEAR_BELOW, _GAMMA = 0.04045, 2.4


class Poor(NamedTuple):
    """Two tokens that are too like each other."""

    upper: str
    lower: str
    ratio: float
    least: float


class Palette(NamedTuple):
    """The colours of a style sheet: token → `#rrggbb`."""

    light: Mapping[str, str]
    dark: Mapping[str, str]


def palette(css: str) -> Palette:
    """Return the tokens that `css` names, with their colours on light and on dark pages."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for selector, body in _BLOCK.findall(css):
        found = dark if DARK in selector else light
        found.update((name, whole(colour)) for name, colour in _TOKEN.findall(body))
    return Palette(light, dark)


def whole(colour: str) -> str:
    """Return `#rgb` or `#rrggbb` as `#rrggbb`, in lower case."""
    digits = colour.removeprefix("#").lower()
    return f"#{digits}" if len(digits) > 3 else "#" + "".join(2 * digit for digit in digits)  # noqa: PLR2004 - #rgb


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 to 1."""
    digits = whole(colour)[1:]
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** _GAMMA


def poor(colours: Mapping[str, str]) -> Iterator[Poor]:
    """Yield the pairs of tokens whose contrast is not enough."""
    for upper, lower, least in PAIRS:
        found = ratio(colours[upper], colours[lower])
        if found < least:
            yield Poor(upper, lower, found, least)
