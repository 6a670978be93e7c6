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
_REM = re.compile(r"(?<![\w#-])(\d*\.?\d+)rem\b")
_HOME = ":where(.assay) "
_FREE = re.compile(r"^(?::root|html|body|\[data-(?:md-color-scheme|bs-theme))|\.assay\b")
"""Selectors that say themselves where they hold."""


def bound(css: str) -> str:
    """Return `css` so that every rule holds in our element alone, as strong as it was."""
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
    return selector if _FREE.search(selector) else _HOME + selector
