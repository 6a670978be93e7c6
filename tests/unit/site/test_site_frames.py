import pytest

from generator.errors import FaultError
from generator.site.frames import BODY, DESCRIPTION, HEAD, TITLE, Frame, MassPage

HTML = f"""<head><title>{TITLE} - Shop</title>
   <meta name="description" content="{DESCRIPTION}"><link rel="canonical" href="https://x/releases/frame.html">
   {HEAD}</head><body>{BODY}</body>"""


def page(title: str = "T", description: str = "D", body: str = "<p>B</p>", **turn: str) -> MassPage:
    before, after = turn.get("previous", ""), turn.get("next", "")
    return MassPage("release", "releases/p-1.html", title, description, body, before, after)


def test_each_slot_is_filled() -> None:
    html = Frame(HTML, "releases/frame.html").fill(page(previous="p-0.html", next="p-2.html")).decode()
    assert "<title>T - Shop</title>" in html
    assert 'content="D"' in html
    assert 'href="https://x/releases/p-1.html"' in html
    assert '<link rel="prev" href="p-0.html"><link rel="next" href="p-2.html">' in html
    assert "<body><p>B</p></body>" in html
    assert "assay-slot" not in html


def test_titles_and_descriptions_are_escaped() -> None:
    html = Frame(HTML, "releases/frame.html").fill(page(title="</title><script>", description='"><script>')).decode()
    assert "<script>" not in html


def test_the_marks_of_a_frame_in_a_page_stay_text() -> None:
    html = Frame(HTML, "releases/frame.html").fill(page(title=TITLE, body=DESCRIPTION)).decode()
    assert html.count(TITLE) == 1
    assert html.count(DESCRIPTION) == 1


def test_a_frame_without_its_slots_is_refused() -> None:
    with pytest.raises(FaultError, match="no slot for body"):
        Frame(HTML.replace(BODY, ""), "releases/frame.html")
