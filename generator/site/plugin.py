"""The MkDocs plugin of our own site: fills placeholders of hand-written pages, and tells which the search knows.

It decides nothing: what a placeholder shows is given to it by `generator.site.engine`.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin
from mkdocs.structure.toc import AnchorLink

from generator.errors import FaultError, Place
from generator.site.frames import BODY
from generator.site.search_entries import Indexed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

PLACEHOLDER = re.compile(r'<div data-assay="([a-z-]+)"></div>')
FRAME = "frame"
ASSAY = '<div class="assay">'
"""Opens the element that holds what the report says, in whichever site it stands."""
CONTENT = "content"
"""Id of the main heading in templates that bring their own."""


class Filler(NamedTuple):
    """What stands in the places that hand-written pages leave."""

    parts: Mapping[str, Callable[[str], Markup]]
    """For each placeholder a function from the way to the report's root to its HTML."""
    headings: Mapping[str, Sequence[tuple[str, str]]]
    """The (id, title) of headings that a part adds to its page's contents."""
    opening: str = ASSAY
    """Opens the element around what the report says."""

    def fill(self, html: str, page: Page, root: str, *, ours: bool = True) -> str:
        """Return the content `html` of `page` with its placeholders filled; `root` leads to the report's root.

        What the report says stands in an element to which its styles are bound: the whole of a page of `ours`,
        and the parts alone in a page of somebody else's. Raises `FaultError` for a placeholder that nothing fills.
        """
        if not page.toc.items:
            # Without headings of its own a page would have no link to skip the navigation.
            page.toc.items.append(AnchorLink(escape(str(page.title or "Content")), CONTENT, 1))

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name == FRAME:
                return BODY
            part = self.parts.get(name)
            if part is None:
                raise FaultError(
                    "placeholder", f"nothing fills the placeholder {name!r}", place=Place(page.file.src_uri)
                )
            page.toc.items[0].children += [
                AnchorLink(escape(title), anchor, 2) for anchor, title in self.headings.get(name, ())
            ]
            return part(root) if ours else self._enclosed(part(root))

        content = PLACEHOLDER.sub(filled, html)
        return self._enclosed(content) if ours else content

    def _enclosed(self, html: str) -> str:
        return f"{self.opening}\n{html}\n</div>"


class ReportOptions(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves its hook for subclasses without types
    """The plugin takes no options in mkdocs.yml."""


def _place(page: Page, files: Files) -> None:
    """Put a page that is not in the navigation into the section of the page that its front matter names."""
    beside = files.get_file_from_path(str(page.meta["section"])) if "section" in page.meta else None
    if beside is not None and beside.page is not None and page.parent is None:
        page.parent = beside.page.parent


def _indexed(page: Page, content: str) -> Indexed | None:
    """Return what the search is told of a page of this content; `None` where it is told nothing."""
    told = page.meta.get("search") or {}
    if told.get("exclude"):
        return None
    tags = page.meta.get("tags")
    beside: dict[str, Any] = {}
    if isinstance(tags, list):
        beside["tags"] = [str(tag) for tag in tags if tag and isinstance(tag, (str, int, float))]
    if "boost" in told:
        beside["boost"] = told["boost"]
    return Indexed(page.url, str(page.meta.get("title", page.title)), content, beside)


class ReportPlugin(BasePlugin[ReportOptions]):  # type: ignore[no-untyped-call]  # as above
    """Fills placeholders."""

    def __init__(self) -> None:
        self._filler = Filler({}, {})
        self.indexed: list[Indexed] = []
        """Pages with placeholders that the search knows, in the order of the site."""

    def attach(
        self, parts: Mapping[str, Callable[[str], Markup]], headings: Mapping[str, Sequence[tuple[str, str]]]
    ) -> None:
        """Take what to fill in, see `Filler`."""
        self._filler = Filler(parts, headings)

    def on_page_content(self, html: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Fill the placeholders of a page."""
        del config
        _place(page, files)
        content = self._filler.fill(html, page, "../" * page.url.count("/"))
        if PLACEHOLDER.search(html) and (indexed := _indexed(page, content)):
            self.indexed.append(indexed)
        return content
