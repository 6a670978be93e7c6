"""What the search finds a page by: the sections of its content, as the theme's own index has them.

A page of ours is filled after MkDocs ran, so what it says is indexed here. The rules are those of the theme, down to
the byte; `tests/unit/site/test_search_entries.py` holds the two against each other.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TOKEN = re.compile(
    r"""<!--.*?-->|<(/?)([a-zA-Z][^\s/>]*)([^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
_TELLING = re.compile("data-search-exclude|linenodiv|headerlink", re.IGNORECASE)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_KEPT = frozenset({"p", "code", "pre", "li", "ol", "ul", "sub", "sup"})
"""Elements that an entry shows."""
_UNREAD = frozenset({"object", "script", "style"})
_RAW = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in ("script", "style")}
"""What holds no elements, whatever stands in it: up to its end."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CLOSED = 1 << 30
"""Depth of a section that nothing more belongs to."""


class Indexed(msgspec.Struct, frozen=True, array_like=True):
    """A page that the search knows, before its places are filled."""

    location: str
    title: str
    """Of what stands before the first heading."""
    content: str
    """HTML within the page's frame."""
    beside: dict[str, Any]
    """What else its front matter says to the search: tags, and how much it counts."""


class _Section:
    """A heading with what follows it."""

    def __init__(self, tag: str, depth: int, identity: str = "", *, excluded: bool = False) -> None:
        self.tag, self.depth, self.identity, self.excluded = tag, depth, identity, excluded
        self.title: list[str] = []
        self.text: list[str] = []


def search_entries(page: Indexed, content: str) -> Iterator[dict[str, Any]]:
    """Yield the entries of `page`, a section each, with its places filled as in `content`."""
    for section in _sections(content):
        if section.excluded:
            continue
        location = f"{page.location}#{section.identity}" if section.identity else page.location
        title, text = "".join(section.title or [page.title]).strip(), "".join(section.text).strip()
        yield {"location": location, "title": title, "text": text, **page.beside}


def _sections(content: str) -> list[_Section]:
    reader, at = _Reader(), 0
    end = len(content)
    while at < end:
        token = _TOKEN.search(content, at)
        start = token.start() if token else end
        if start > at:
            reader.text(content[at:start])
        if token is None:
            break
        at = token.end()
        closing, name, attributes = token.groups()
        if name is None:
            continue
        tag = name.lower()
        if closing:
            reader.close(tag)
            continue
        reader.open(tag, attributes)
        if attributes.endswith("/"):
            reader.close(tag)
        elif tag in _RAW:
            found = _RAW[tag].search(content, at)
            at = found.start() if found else end
    return reader.sections


class _Reader:
    """Goes through the elements of a page, and keeps what an index shows of them."""

    def __init__(self) -> None:
        self.sections: list[_Section] = []
        self._section: _Section | None = None
        self._open: list[str] = []
        self._links: list[bool] = []
        """Of each open element, whether it is a link to its own heading."""
        self._skipped = set(_UNREAD)
        """Elements whose text is left out. The theme knows them by their names alone."""

    def open(self, tag: str, told: str) -> None:
        """Take in the begin of an element with the attributes `told`."""
        if tag in _VOID:
            return
        attributes = _attributes(told) if tag in _HEADINGS or _TELLING.search(told) else {}
        self._open.append(tag)
        self._links.append(tag == "a" and attributes.get("class") == "headerlink")
        excluded = "data-search-exclude" in attributes
        if tag in _HEADINGS and "id" in attributes:
            if tag != "h1" and not self.sections:
                self._begin(_Section("", 0))
            # The first heading is the page's own.
            identity = attributes["id"] if self.sections else ""
            self._begin(_Section(tag, len(self._open), identity, excluded=excluded))
        section = self._current()
        if excluded or attributes.get("class") == "linenodiv":
            self._skipped.add(tag)
        elif tag in _KEPT and self._skipped.isdisjoint(self._open):
            self._told(section).append(f"<{tag}>")

    def close(self, tag: str) -> None:
        """Take in the end of an element."""
        if not self._open or self._open[-1] != tag:
            return
        section = self._current()
        depth = len(self._open)
        if section.depth > depth:
            outer = next((one for one in reversed(self.sections) if one.depth <= depth), None)
            if outer is not None:
                section.depth = _CLOSED
                self._section = section = outer
        self._open.pop()
        self._links.pop()
        if tag in self._skipped:
            if tag not in _UNREAD:
                self._skipped.remove(tag)
        elif tag in _KEPT and self._skipped.isdisjoint(self._open):
            _finish(self._told(section), tag)

    def text(self, raw: str) -> None:
        """Take in what stands between two elements."""
        if not self._skipped.isdisjoint(self._open):
            return
        text = unescape(raw) if "&" in raw else raw
        blank = text.isspace()
        if "pre" not in self._open:
            text = " " if blank else text.replace("\n", " ")
        section = self._current()
        if section.tag in self._open:
            if not any(self._links):
                section.title.append(escape(text, quote=False))
        elif not blank:
            section.text.append(escape(text, quote=False))
        elif not section.text or not section.text[-1].isspace() or "pre" in self._open:
            section.text.append(text)

    def _begin(self, section: _Section) -> None:
        self._section = section
        self.sections.append(section)

    def _current(self) -> _Section:
        if self._section is None:
            self._begin(_Section("", 0))
            return self.sections[-1]
        return self._section

    def _told(self, section: _Section) -> list[str]:
        return section.title if section.tag in self._open else section.text


def _finish(told: list[str], tag: str) -> None:
    """End an element, or take it back where nothing but white space stands in it."""
    begin = told.index(f"<{tag}>") if f"<{tag}>" in told else 0
    if all(one.isspace() for one in told[begin + 1 :]):
        del told[begin:]
    else:
        told.append(f"</{tag}>")


def _attributes(told: str) -> Mapping[str, str]:
    return {name.lower(): unescape(one or other or bare) for name, one, other, bare in _ATTRIBUTE.findall(told)}
