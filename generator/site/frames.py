"""Frames: pages that MkDocs rendered once, cut at their slots, into which mass pages are set.

A frame page is Markdown as any other; its front matter and its placeholder hold the marks below. What is set into a
slot is text (escaped here) but for `body` and `head`, which are HTML from our own templates.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import FaultError, Place
from generator.evidence.site_json import PAGE_RECORD

if TYPE_CHECKING:
    from collections.abc import Callable

TITLE = "assay-slot-title"
DESCRIPTION = "assay-slot-description"
HEAD = "<!--assay-slot-head-->"
# The theme gives a page a heading of its own unless its content holds the opening of one.
BODY = "<!--assay-slot-body with its <h1-->"
SLOTS = {TITLE: "title", DESCRIPTION: "description", HEAD: "head", BODY: "body"}
FRAME_FILE = "frame.html"
BETWEEN_TAGS = re.compile(r">\s+<")
"""The theme's indentation: a fifth of a frame, times the number of pages."""


class MassPage(NamedTuple):
    """A page of which there are many, before it is set into its frame."""

    kind: str
    """`release`, `month` or `topology`."""
    path: str
    """Path in the site; its folder is that of its frame."""
    title: str
    description: str
    body: str
    """HTML from a template."""
    previous: str = ""
    """File name of the page before it, in the same folder; empty for the first."""
    next: str = ""
    search: str = ""
    """Text that the search finds it by; empty keeps it out of the search."""
    head: str = ""
    """HTML for the head of the page, such as what others show where somebody shares it."""
    key: tuple[bytes, ...] = ()
    """All that the body is drawn from; a page of the former site that had the same is carried over. Empty for none."""
    draw: Callable[[], str] | None = None
    """Draws the body where it is asked for, before the next page is; `None` where it stands in `body`."""

    record: str = ""
    """The record that the page shows, see `generator.site.page_records`; empty where it is no single one."""
    settled: bool = False
    """Whether nothing can have reached the page since the former report: it comes over as it is, without a key."""

    placed: bool = False
    """Whether it stands in the site already, as it was in the former one; then only path, title and search are told."""

    def drawn(self) -> str:
        """Return the body."""
        return self.body if self.draw is None else self.draw()

    def about(self) -> bytes:
        """Return all that a whole page shows beside its body, for a key."""
        return repr((self.title, self.description, self.previous, self.next, self.head, self.record)).encode()


class Frame:
    """One rendered frame page, cut into parts."""

    def __init__(self, html: str, path: str) -> None:
        """Cut `html`, rendered at `path` in the site; raises `FaultError` where a slot is missing."""
        self.html = html
        pattern = "|".join(re.escape(mark) for mark in (*SLOTS, path))
        html = BETWEEN_TAGS.sub("> <", html)
        self._parts = [part.encode("utf-8") for part in re.split(pattern, html)]
        self._slots = [SLOTS.get(mark, "path") for mark in re.findall(pattern, html)]
        missing = {"title", "head", "body"} - set(self._slots)
        if missing:
            reason = f"the frame has no slot for {', '.join(sorted(missing))}"
            raise FaultError("frame", reason, place=Place(path), fix="keep the marks of site_src's frame pages")

    def fill(self, page: MassPage) -> bytes:
        """Return the whole page as UTF-8."""
        values = {
            "title": escape(page.title).encode("utf-8"),
            "description": escape(page.description).encode("utf-8"),
            "path": escape(page.path).encode("utf-8"),
            "head": _relations(page).encode("utf-8"),
            "body": page.body.encode("utf-8"),
        }
        pieces = [self._parts[0]]
        for slot, part in zip(self._slots, self._parts[1:], strict=True):
            pieces += (values[slot], part)
        return b"".join(pieces)


def _relations(page: MassPage) -> str:
    links = (("prev", page.previous), ("next", page.next))
    relations = "".join(f'<link rel="{relation}" href="{escape(target)}">' for relation, target in links if target)
    record = f'<meta name="{PAGE_RECORD}" content="{escape(page.record)}">' if page.record else ""
    return record + relations + page.head
