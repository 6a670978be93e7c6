"""Generated parts as HTML: Jinja2 with autoescape, undefined names failing, and control characters shown.

Every text of a repository reaches a page through here, and never through Markdown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from generator.errors import escape_control
from generator.site import texts
from generator.site.chart_embed import embedded
from generator.site.compiled import Compiled
from generator.site.sources import our_templates
from generator.site.terms import glossed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jinja2 import Template


TICKED = re.compile(r"`([^`]+)`")


class Templates:
    """The templates of a site, each compiled once."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Look for templates in `folders`, the first that has one winning."""
        self._environment = Environment(
            loader=FileSystemLoader(list(folders)),
            autoescape=True,
            undefined=StrictUndefined,
            # A build reads its templates once, and need not look for each page whether they changed.
            auto_reload=False,
            finalize=_visible,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            bytecode_cache=Compiled(our_templates()),
            extensions=["jinja2.ext.i18n"],
        )
        # As templates call them: values are escaped and set into the text after its translation.
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
            texts.translated, texts.translated_count, newstyle=True, pgettext=texts.translated_in
        )
        self._environment.policies["ext.i18n.trimmed"] = True
        self._environment.filters["ticked"] = ticked
        self._environment.filters["embedded"] = embedded
        self._environment.filters["number"] = texts.number
        self._environment.filters["glossed"] = glossed
        self._compiled: dict[str, Template] = {}

    def render(self, name: str, root: str, view: object) -> Markup:
        """Return the part `name` drawn from `view`; `root` leads from the page to the root of the site (`../`)."""
        template = self._compiled.get(name)
        if template is None:
            template = self._compiled[name] = self._environment.get_template(f"{name}.html")
        return Markup(template.render(view=view, root=root))  # noqa: S704 - the output of an autoescaping template

    def compile(self) -> None:
        """Compile every template; what can be kept of them is read by others then."""
        for name in self._environment.list_templates(extensions=("html",)):
            self._environment.get_template(name)


def ticked(text: str) -> Markup:
    """Return `text` escaped, with what stands between backticks as code; a backtick without its fellow stays."""
    return Markup(TICKED.sub(r"<code>\1</code>", str(escape(_visible(text)))))  # noqa: S704 - escaped before


def _visible(value: object) -> object:
    """Show control and direction characters of plain text as escapes; markup and numbers pass."""
    if type(value) is str and not value.isprintable():
        return escape_control(value)
    return value
