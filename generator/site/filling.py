"""What a report says in its navigation, filled in while mass pages are written: by a copy of the process, see `Beside`.

The copy writes into the site itself; what the build goes on with comes back as plain data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.folding import Learned  # noqa: TC001 - msgspec asks for it when it decodes
from generator.site.frames import MassPage
from generator.site.skeleton import UnfitError

if TYPE_CHECKING:
    from typing import Self

    from generator.site.draft import Draft
    from generator.site.skeleton import Skeleton


class Page(msgspec.Struct, frozen=True, array_like=True):
    """A mass page as it was drawn, see `MassPage`."""

    kind: str
    path: str
    title: str
    description: str
    body: str


class Filled(msgspec.Struct, frozen=True, array_like=True):
    """What came of filling."""

    fits: bool
    """Whether the frames are those that MkDocs would make now; else nothing is filled in."""
    pages: tuple[Page, ...]
    """The last pages of the report, see `Draft.last_pages`."""
    learned: Learned

    def encoded(self) -> bytes:
        """Return it as bytes."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decoded(cls, data: bytes) -> Self:
        """Return what was encoded as `data`."""
        return msgspec.msgpack.decode(data, type=cls)

    def mass_pages(self) -> list[MassPage]:
        """Return the pages, to be set into their frames."""
        return [MassPage(*msgspec.structs.astuple(page)) for page in self.pages]


def filled(report: Draft, skeleton: Skeleton) -> Filled:
    """Fill in what the frames of `skeleton` wait for, and draw the last pages of the report."""
    try:
        skeleton.fill()
    except UnfitError:
        return Filled(fits=False, pages=(), learned=report.context.folds.learned())
    pages = report.last_pages()
    # Without the type of a text that is HTML, which is not to be encoded.
    drawn = tuple(Page(str(p.kind), str(p.path), str(p.title), str(p.description), str(p.body)) for p in pages)
    return Filled(fits=True, pages=drawn, learned=report.context.folds.learned())
