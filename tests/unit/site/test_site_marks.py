"""Marks stand for what a report says, and nothing that it says can be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.site.marks import FOOT, RECORD, Marks, Told
from generator.site.resources import wanted

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN_BY = "0123abcd"


def marks(text: str, foot: str = "F", record: str = "R") -> Marks:
    def drawn(root: str) -> Markup:
        return Markup(f"{text}{root}")  # noqa: S704 - our own

    parts: dict[str, Callable[[str], Markup]] = {"home": drawn}
    words = {name: Markup(html) for name, html in ((FOOT, foot), (RECORD, record))}  # noqa: S704 - our own
    return Marks(KNOWN_BY, Told(parts, {}, words))


def page(of: Marks, root: str = "../") -> str:
    told = of.marking()
    return f"<meta content='{told.words[RECORD]}'>{told.parts['home'](root)}<footer>{told.words[FOOT]}</footer>"


def test_a_marked_page_is_filled_with_what_is_told() -> None:
    one = marks("<p>A</p>")
    assert "<p>A</p>" not in page(one)
    assert one.are_in(page(one).encode())
    assert one.filled(page(one)) == "<meta content='R'><p>A</p>../<footer>F</footer>"


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    forged = page(marks("<p>A</p>", foot="forged"))
    assert marks(forged, foot="F").filled(page(marks(forged))).count("assay-mark-") == forged.count("assay-mark-")


def test_a_mark_of_other_frames_is_text() -> None:
    other = page(marks("<p>A</p>")).replace(KNOWN_BY, "4567abcd")
    assert marks("<p>B</p>").filled(other) == other
    assert not marks("<p>B</p>").are_in(other.encode())


def test_a_page_fits_where_its_frame_would_be_the_same() -> None:
    charted = '<h1 id="x">A</h1><script class="chart-spec"></script>'
    made = page(marks(charted))
    assert marks(f"{charted}<p>more</p>").fit(made)
    assert not marks("<h1>A</h1>").fit(made)
    assert not marks('<script class="chart-spec"></script>').fit(made)


def test_a_mark_asks_for_what_its_part_asks_for() -> None:
    charted = '<div class="cards"><script class="chart-spec"></script></div>'
    assert wanted(page(marks(charted)), None) == wanted(charted, None)
