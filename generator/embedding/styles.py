"""Style sheets of the report as a guest: bound to our own element, and in the sizes of the host's theme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.site.plugin import ASSAY
from generator.site.trimmed_styles import GROUPS, rules, selectors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FRAME = "assets/stylesheets/theme.css"
"""Style of the frame around the report, which is the host's own here."""
GUEST = "assets/stylesheets/guest.css"
"""Style that takes back what themes do to all tables, lists and codes."""
OPENING = f"{ASSAY[:-1]} data-guest>"
"""Opens our element in a site that is not ours; scripts leave its header alone then."""
SCALE = 1.25
"""Our styles are written for Material, whose `rem` is that much larger than that of browsers."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_REM = re.compile(r"(?<![\w.#-])(-?\d*\.?\d+)rem\b")
_STRONG = ":is(.assay, #assay)"
"""Our element, as strong as an id: what we say of our own content outweighs what a theme says of every page."""
_OURS = re.compile(r"\.assay(?![\w-])")
_ROOT = re.compile(r"(?::root|html|body|\[data-(?:md-color-scheme|bs-theme)[^]]*\])$")
"""What the tokens are set on."""


def bound(css: str) -> str:
    """Return `css` so that every rule holds in our element alone, and outweighs those of themes."""
    return "".join(_bound(_COMMENT.sub("", css)))


def scaled(css: str, factor: float) -> str:
    """Return `css` with each length in `rem` multiplied by `factor`."""
    return _REM.sub(lambda found: f"{round(float(found[1]) * factor, 4):g}rem", css)


def fit_styles(folder: Path, factor: float) -> None:
    """Rewrite the style sheets in `folder` for a site whose theme is not ours, its `rem` smaller by `factor`."""
    for path in sorted(folder.glob("*.css")):
        path.write_text(scaled(bound(path.read_text("utf-8")), factor), "utf-8")


def _bound(css: str) -> Iterator[str]:
    for prelude, body in rules(css):
        head = prelude.strip()
        if body is None:
            yield prelude
        elif head.startswith(GROUPS):
            yield f"{head} {{\n{''.join(_bound(body))}}}\n"
        elif head.startswith("@"):
            yield f"{head} {{{body}}}\n"
        else:
            yield f"{', '.join(_at_home(one.strip()) for one in selectors(head))} {{{body}}}\n"


def _at_home(selector: str) -> str:
    if _ROOT.match(selector):
        return selector
    if _OURS.search(selector):
        return _OURS.sub(f".assay{_STRONG}", selector, count=1)
    return f"{_STRONG} {selector}"
