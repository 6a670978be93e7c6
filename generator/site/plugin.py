"""The MkDocs plugin: fills the placeholders of hand-written pages, and hands over when the frames stand.

It decides nothing: what a placeholder shows and what follows the build is given to it by `generator.site.build`.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.toc import AnchorLink

from generator.errors import FaultError, Place
from generator.site.frames import BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

PLACEHOLDER = re.compile(r'<div data-assay="([a-z-]+)"></div>')
FRAME = "frame"
CONTENT = "content"
"""Id of the main heading in templates that bring their own."""


class AssayOptions(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves its hook for subclasses without types
    """The plugin takes no options in mkdocs.yml."""


class AssayPlugin(BasePlugin[AssayOptions]):  # type: ignore[no-untyped-call]  # as above
    """Fills placeholders, then completes the site."""

    def __init__(self) -> None:
        self._parts: Mapping[str, Callable[[str], Markup]] = {}
        self._headings: Mapping[str, Sequence[tuple[str, str]]] = {}
        self._finish: Callable[[MkDocsConfig], None] | None = None

    def attach(
        self,
        parts: Mapping[str, Callable[[str], Markup]],
        headings: Mapping[str, Sequence[tuple[str, str]]],
        finish: Callable[[MkDocsConfig], None],
    ) -> None:
        """Take what to fill in.

        `parts` gives for each placeholder a function from the way to the site's root to its HTML, `headings` the
        (id, title) of headings that a part adds to its page's contents; `finish` runs when every page is written.
        """
        self._parts, self._headings, self._finish = parts, headings, finish

    def on_page_content(self, html: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Fill the placeholders of a page."""
        del config, files
        root = "../" * page.url.count("/")
        if not page.toc.items:
            # Without headings of its own a page would have no link to skip the navigation.
            page.toc.items.append(AnchorLink("Content", CONTENT, 1))

        def fill(match: re.Match[str]) -> str:
            name = match[1]
            if name == FRAME:
                return BODY
            part = self._parts.get(name)
            if part is None:
                raise FaultError(
                    "placeholder", f"nothing fills the placeholder {name!r}", place=Place(page.file.src_uri)
                )
            page.toc.items[0].children += [
                AnchorLink(escape(title), anchor, 2) for anchor, title in self._headings.get(name, ())
            ]
            return part(root)

        return PLACEHOLDER.sub(fill, html)

    # After the search has written its index, before the offline plugin turns it into a script.
    @event_priority(-50)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Hand over: the frames and the index of hand-written pages stand in `config.site_dir`."""
        if self._finish is not None:
            self._finish(config)
