"""Text of a repository in charts: it is shown, and it is nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from unit.site.charted import charts, parsed, words

from generator.site.chart_colours import SENTINELS
from generator.site.chart_specs import spec_of
from generator.site.chart_svg import LONGEST_TEXT, named_spec, render_chart

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror=alert(1)>" onload="alert(1)',
    "{{7*7}} {% include 'x' %} ${7*7}",
    "datum.name + 'x' || alert(1)",
    "a.b[0]['c']\\.d",
    "javascript:alert(1)",
    "\u0007\x00\x1b[31m\x7f\ufffe\ud800",
    "\u202egnirts\u2066\u200b",
    "line\nbreak\ttab",
    "]]><!-- --><![CDATA[ &lt;b&gt; &#7;",
    'fill="#0a5a00" id="x" url(#x)',
    "#0a5a01",
    "x" * 500,
    "\N{COMBINING ACUTE ACCENT}" * 500,
    "漢字 שלום العربية 👩‍👩‍👧",
    "null",
    "__proto__",
    " ",
)
UNCOMMON = [text for text in HOSTILE if text.strip() and text not in {"null", "#0a5a01"}]
"""Those that no specification has anyway."""
ELEMENTS = {
    "svg",
    "title",
    "desc",
    "defs",
    "pattern",
    "g",
    "path",
    "rect",
    "line",
    "text",
    "tspan",
    "circle",
    "clipPath",
}


@pytest.mark.parametrize("name", ["velocity", "fail-rate", "recovery"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_is_drawn_as_text(name: str, text: str) -> None:
    chart = charts()[name](text)
    assert chart.svg
    root = parsed(chart.svg)
    assert {str(element.tag).partition("}")[2] for element in root.iter()} <= ELEMENTS
    for element in root.iter():
        assert not [key for key in element.attrib if key.lower().startswith(("on", "href", "style", "xlink"))]
    assert re.fullmatch(r"[a-z0-9-]+", chart.id)
    assert "49 " not in "".join(words(chart))
    assert "NaN" not in chart.svg


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable() and len(text) < 30 and text.strip()])
def test_text_says_what_it_said(text: str) -> None:
    drawn = parsed(charts()["fail-rate"](text).svg)
    shown = ["".join(element.itertext()) for element in drawn.iter() if "text" in str(element.tag)]
    assert text in shown


def test_what_can_not_be_seen_is_shown_as_an_escape() -> None:
    told = words(charts()["fail-rate"]("\u202eabc"))
    assert any("\\u202e" in text or "\\x" in text or "\\u" in text for text in told)


def test_long_texts_are_cut() -> None:
    spec = text_spec("y" * 5_000)
    svg = render_chart(spec, chart_id="x", title="t", description="d")
    assert "y" * (LONGEST_TEXT - 1) + "…" in svg
    assert "y" * LONGEST_TEXT not in svg


@pytest.mark.parametrize("text", UNCOMMON, ids=range(len(UNCOMMON)))
def test_text_stands_in_data_alone(text: str) -> None:
    spec = json.loads(charts()["fail-rate"](text).spec)
    for part in walk(spec):
        part.pop("data", None)
    assert text not in json.dumps(spec, ensure_ascii=False)


def walk(part: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any part of a specification
    found = [part] if isinstance(part, dict) else []
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        found += walk(inner)
    return found


def text_spec(text: str, **encoding: Any) -> dict[str, Any]:  # noqa: ANN401 - any channel
    mark = {"mark": {"type": "text", "color": SENTINELS["text"]}, "encoding": {"text": {"field": "text"}, **encoding}}
    return spec_of([{"text": text}], [mark], height=20)


def test_a_link_is_refused() -> None:
    spec = text_spec("https://example.org", href={"field": "text"})
    with pytest.raises(ValueError, match="holds an"):
        render_chart(spec, chart_id="x", title="", description="")


def test_a_picture_is_refused() -> None:
    spec = spec_of(
        [{"url": "data:image/png;base64,AAAA"}], [{"mark": "image", "encoding": {"url": {"field": "url"}}}], height=20
    )
    with pytest.raises(ValueError, match=r"holds an|failed"):
        render_chart(spec, chart_id="x", title="", description="")


@pytest.mark.parametrize("url", ["https://example.org/data.json", "file:///etc/passwd", "data.csv"])
def test_nothing_is_fetched(url: str) -> None:
    spec = {**text_spec("x"), "data": {"url": url}}
    with pytest.raises(ValueError, match="stands in its specification"):
        render_chart(spec, chart_id="x", title="", description="")


def test_colours_in_the_data_are_left_as_they_are() -> None:
    spec = text_spec(SENTINELS["forward"])
    assert SENTINELS["forward"] in render_chart(spec, chart_id="x", title="", description="")
    assert json.loads(named_spec(spec))["data"]["values"] == [{"text": SENTINELS["forward"]}]


@pytest.mark.parametrize("name", sorted(charts()))
def test_the_specification_names_its_colours(name: str) -> None:
    spec = charts()[name]("production").spec
    assert not any(sentinel in spec for sentinel in SENTINELS.values())
    assert "var(--assay-chart-text)" in spec
