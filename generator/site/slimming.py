"""A built site without what its pages never use: a theme brings far more than a report needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.site.frames import BETWEEN_TAGS
from generator.site.trimmed_styles import SOURCE_MAP, named_words, packed_style, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

STYLES = "assets/stylesheets"
SCRIPTS = "assets/javascripts"
VALUES = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)')""")
KEPT = re.compile(r"<(pre|textarea|script|style)\b.*?</\1>", re.DOTALL)
THEIRS = re.compile(r"\.min\.js$")
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?!!)(?:(?!\*/).)*\*/)[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)
"""A comment of a script on lines of its own; one that begins with `/*!` is a licence's."""
INDENTATION = re.compile(r"^[ \t]+|^\n", re.MULTILINE)
ONWARD = re.compile(r"^(?:[^`\n]*`[^`\n]*`)*[^`\n]*`[^`\n]*$|\\$", re.MULTILINE)
"""A line on which a text begins or ends that goes over several lines."""
DIRECTIONS = frozenset({"ltr", "rtl"})
"""Of writing: a page says which it has, whatever the theme's scripts ask for."""
BLOCK = re.compile(r"(?:__|--).*")
"""What follows the name of a part in the name of a class: `md-search__form`, `md-tabs__item--active`."""
PATCHES = (
    # The theme's search would load its index before anybody searches.
    ('location.protocol!=="file:"', "!1"),
    # The theme takes a feed for a translation of the site, and asks for the sitemap, which a page from disk may not.
    ('"link[rel=alternate]"', '"link[rel=alternate][hreflang]"'),
)
"""(words of the theme's script, others in their place). Where a version of the theme has other words, it does as it
does."""


def slim(site: Path, templates: Sequence[Path], waiting: Collection[str] = ()) -> None:
    """Make the built `site` lighter; `templates` are the folders that what is set into its pages is drawn from.

    The pages that are `waiting` for it, by their paths, stay as they are: what they will say is packed with them.
    """
    pages = [path for path in sorted(site.glob("**/*.html")) if path.is_file()]
    for path in pages:
        if path.relative_to(site).as_posix() not in waiting:
            _rewrite(path, packed)
    scripts = sorted((site / SCRIPTS).glob("*.js"))
    for path in scripts:
        _rewrite(path, _without_map if THEIRS.search(path.name) else packed_script)
    for path in sorted((site / SCRIPTS).glob("bundle.*.js")):
        _rewrite(path, _patched)
    for path in sorted(site.glob("assets/**/*.min.*.map")):
        path.unlink()
    named = _named(pages, templates, scripts)
    for path in sorted((site / STYLES).glob("*.css")):
        _rewrite(path, (lambda css: trimmed(css, named)) if path.name.endswith(".min.css") else packed_style)


def packed(html: str) -> str:
    """Return a page without the indentation between its tags; what is set as it stands stays so."""
    parts: list[str] = []
    start = 0
    for kept in KEPT.finditer(html):
        parts += (BETWEEN_TAGS.sub("> <", html[start : kept.start()]), kept[0])
        start = kept.end()
    return "".join([*parts, BETWEEN_TAGS.sub("> <", html[start:])])


def packed_script(script: str) -> str:
    """Return a script without comments on lines of their own, and without its indentation.

    One with a text over several lines, in which either may be meant, stays as it is.
    """
    if ONWARD.search(script):
        return script
    return INDENTATION.sub("", COMMENT.sub("", script))


def _named(pages: Sequence[Path], templates: Sequence[Path], scripts: Sequence[Path]) -> frozenset[str]:
    """Return the words that may be classes: in values of attributes of pages and templates, and in scripts.

    Of those that the theme's scripts alone name, the ones that belong to a part of a page which is there.
    """
    named: set[str] = set()
    for path in (*pages, *(path for folder in templates for path in sorted(folder.glob("*.html")))):
        for one, other in VALUES.findall(path.read_text("utf-8")):
            named |= named_words(one or other)
    theirs: set[str] = set()
    for path in scripts:
        words = named_words(path.read_text("utf-8"))
        if THEIRS.search(path.name):
            theirs |= words
        else:
            named |= words
    theirs -= DIRECTIONS
    return frozenset(named | {word for word in theirs if not word.startswith("md-") or BLOCK.sub("", word) in named})


def _without_map(script: str) -> str:
    return SOURCE_MAP.sub("", script)


def _patched(script: str) -> str:
    for words, other in PATCHES:
        script = script.replace(words, other) if script.count(words) == 1 else script
    return script


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text("utf-8")
    new = change(text)
    if new != text:
        path.write_text(new, "utf-8")
