"""Marks: what stands in the frame of a page in place of all that one report says and another may not.

MkDocs frames marks, so what it makes can serve many reports: it is filled afterwards. A mark names what MkDocs sees
the runs of which it belongs to, so no text that stands in them can be one by chance or on purpose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from generator.site.resources import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FOOT, RECORD = "foot", "record"
"""Words that stand on every page: of which report it is, and of which record."""
EPOCH_DAY = "1970-01-01"
"""Stands in place of the report's day."""
_TELLING = ("<h1", *dict.fromkeys(one.mark for one in RESOURCES.values()))
"""What of a part its page's frame depends on: a heading of its own, and what asks for styles and scripts."""


class Told(NamedTuple):
    """What a report says in its frames."""

    parts: Mapping[str, Callable[[str], Markup]]
    """For each placeholder a function from the way to the site's root to its HTML."""
    headings: Mapping[str, Sequence[tuple[str, str]]]
    """The (id, title) of headings that a part adds to its page's contents."""
    words: Mapping[str, Markup]


class Marks:
    """The marks of one build, and what they stand for."""

    def __init__(self, token: str, told: Told) -> None:
        """Let marks be known by `token`; they stand for what is `told`."""
        self.told = told
        self._drawn: dict[tuple[str, str], str] = {}
        self._start = f"assay-mark-{token}-"
        self._part = re.compile(rf"<!--{self._start}part ([a-z-]+) ((?:\.\./)*)[^>]*-->")
        self._any = re.compile(rf"{self._part.pattern}|{self._start}({'|'.join(told.words)})")

    def marking(self) -> Told:
        """Return marks in place of what they stand for."""

        def marked(name: str) -> Callable[[str], Markup]:
            # Comments and words of our own.
            return lambda root: Markup(self._mark(name, root))  # noqa: S704

        parts = {name: marked(name) for name in self.told.parts}
        words = {name: Markup(f"{self._start}{name}") for name in self.told.words}  # noqa: S704 - as above
        return self.told._replace(parts=parts, words=words)

    def are_in(self, data: bytes) -> bool:
        """Return whether the file `data` has any mark."""
        return self._start.encode() in data

    def fit(self, text: str) -> bool:
        """Return whether the parts in `text` are, in what a frame depends on, as when it was marked."""
        return all(self._mark(found[1], found[2]) == found[0] for found in self._part.finditer(text))

    def filled(self, text: str) -> str:
        """Return `text` with what its marks stand for."""
        return self._any.sub(self._filling, text)

    def _filling(self, found: re.Match[str]) -> str:
        return self.told.words[found[3]] if found[3] else self._draw(found[1], found[2])

    def _mark(self, name: str, root: str) -> str:
        part = self._draw(name, root)
        return " ".join([f"<!--{self._start}part {name} {root}", *self._told(part), "-->"])

    def _told(self, part: str) -> Iterator[str]:
        return (one for one in _TELLING if one in part)

    def _draw(self, name: str, root: str) -> str:
        if (name, root) not in self._drawn:
            self._drawn[name, root] = str(self.told.parts[name](root))
        return self._drawn[name, root]
