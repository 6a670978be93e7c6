"""Words of the glossary inside our own texts: `[rollback](rollback)` in a message leads to the entry of that id.

Marks stand in the message, translated with it; values are set in after the marks were read, so no text of a repository
can become a link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from generator.site import texts
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = "glossary.html"
MARK = re.compile(r"\[([^\[\]]+)\]\(([a-z][a-z-]*)\)")


class Said(NamedTuple):
    """A sentence of ours with marked terms, and the values that belong into it."""

    message: str
    """In the language of the site, marks and `%(name)s` as they stand."""
    values: Mapping[str, str]

    @property
    def plain(self) -> str:
        """The sentence as text without links."""
        return MARK.sub(r"\1", self.message) % self.values


def said(message: str, /, **values: object) -> Said:
    """Return `message`, with terms marked as `[word](entry)`, in the language of the site."""
    return Said(texts.translated(message), {name: shown(str(value)) for name, value in values.items()})


def said_count(one: str, many: str, count: int, /, **values: object) -> Said:
    """Return the form that goes with `count`; `%(number)s` is the count as a person writes it."""
    held = {name: shown(str(value)) for name, value in values.items()}
    return Said(texts.translated_count(one, many, count), {"number": texts.number(count), **held})


def glossed(text: Said | str, root: str) -> Markup:
    """Return a sentence as HTML with its terms linked; `root` leads from the page to the root of the site.

    A plain text must be one of ours, without values.
    """
    message, values = (text.message, text.values) if isinstance(text, Said) else (text.replace("%", "%%"), {})
    linked = MARK.sub(lambda mark: _link(mark[1], mark[2], root), str(escape(message)))
    return Markup(linked) % values  # noqa: S704 - escaped above; values are escaped where they are set in


def _link(word: str, entry: str, root: str) -> str:
    return f'<a class="term" href="{escape(root)}{PAGE}#{entry}">{word}</a>'
