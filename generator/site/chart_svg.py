"""From a Vega-Lite specification to an inline SVG that follows the page's colours, and holds shapes and words alone.

Specifications may hold text of a repository, as values of their data and nowhere else. What the engine draws is parsed
and written anew from elements and attributes that are known: text stays text, whatever it says.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from defusedxml.ElementTree import fromstring

from generator.site.chart_colours import PATTERNS, SENTINEL, colour_name, definitions, variable
from generator.site.texts import ENGLISH, spoken
from generator.site.texts import gettext as _
from generator.site.words import DAYS, MONTHS, WEEKDAYS, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

FONTS = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', system-ui, sans-serif"
"""Fonts of a page's charts."""
DRAWN_IN = "Liberation Sans"
"""Font that text is measured in: the engine brings it, so that no machine's fonts move a label."""
VEGA_LITE = "6.4"
"""Version of Vega-Lite that draws: another would move pixels."""
LONGEST_TEXT = 120
"""Characters of a text within a drawing; tables have more of it."""
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan", "circle", "defs", "clipPath"})
_WORDS = frozenset({"text", "tspan"})
_ATTRIBUTES = frozenset(
    {"clip-path", "d", "dx", "dy", "cx", "cy", "r", "x", "x1", "x2", "y", "y1", "y2", "width", "height", "rx", "ry"}
    | {"id", "transform", "fill", "fill-opacity", "opacity", "stroke", "stroke-dasharray", "stroke-dashoffset"}
    | {"stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width"}
    | {"font-size", "font-style", "font-weight", "text-anchor"}
)
_LEFT_OUT = frozenset(
    {"aria-hidden", "aria-label", "aria-roledescription", "class", "display", "pointer-events", "role", "version"}
    | {"font-family"}
)
"""Attributes that a picture does without: it is one image, named as a whole, in one family of fonts."""
_INHERITED = frozenset(
    {"fill", "fill-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin"}
    | {"stroke-miterlimit", "stroke-opacity", "stroke-width", "font-size", "font-style", "font-weight", "text-anchor"}
)
"""Attributes that hold for all that an element holds, unless it says otherwise."""
_LONG_NUMBER = re.compile(r"-?[0-9]+\.[0-9]{3,}(?:e-?[0-9]+)?")


def render_chart(spec: dict[str, Any], *, chart_id: str, title: str, description: str) -> str:
    """Return the SVG of `spec`, named by `title` and `description`, which may be any text.

    `chart_id` must be fit for an HTML id and unique on its page. Strings of the data may be any text too: control and
    direction characters are shown as escapes, and what is too long is cut. Nothing is fetched. Raises `ValueError`
    where the drawing holds more than shapes and words, which no specification of this package makes it do.
    """
    import vl_convert  # noqa: PLC0415 - starts a JavaScript engine: only a build with charts should pay for it

    drawn: str = vl_convert.vegalite_to_svg(clean_spec(spec), vl_version=VEGA_LITE, allowed_base_urls=[], **locales())
    root = fromstring(drawn)
    box = root.get("viewBox")
    if root.tag != f"{_SVG}svg" or not box:
        message = f"the drawing of the chart {chart_id} is no SVG"
        raise ValueError(message)
    used: set[str] = set()
    body = "".join(shape.written() for child in root for shape in _shapes(child, chart_id, used))
    names = f"{chart_id}-title {chart_id}-desc"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="assay-chart" role="img" aria-labelledby="{names}"'
        f' width="100%" font-family="{FONTS}" viewBox={quoteattr(box)}>'
        f'<title id="{chart_id}-title">{_text(title)}</title><desc id="{chart_id}-desc">{_text(description)}</desc>'
        f"{definitions(chart_id, used)}{body}</svg>\n"
    )


def locales() -> dict[str, Any]:
    """Return how numbers and times are named on axes; nothing for English, which the engine speaks."""
    language = spoken()
    if language.code == ENGLISH:
        return {}
    months, days = [_(name) for name in MONTHS], [_(name) for name in DAYS]
    short = [_(name) for name in WEEKDAYS]
    return {
        "format_locale": {
            "decimal": language.decimal,
            "thousands": language.thousands,
            "grouping": [3],
            "currency": ["", ""],
        },
        "time_format_locale": {
            "dateTime": "%A, %e %B %Y, %X",
            "date": "%Y-%m-%d",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [*days[-1:], *days[:-1]],
            "shortDays": [*short[-1:], *short[:-1]],
            "months": months,
            "shortMonths": [name[:3] for name in months],
        },
    }


def named_spec(spec: dict[str, Any]) -> str:
    """Return `spec` as JSON with keys in order, and colours as CSS: `var(--assay-chart-forward)`."""

    def named(value: object) -> object:
        if isinstance(value, str):
            return (
                f"var(--assay-chart-{name})" if (name := colour_name(value)) else FONTS if value == DRAWN_IN else value
            )
        if isinstance(value, dict):
            return {key: inner if key == "data" else named(inner) for key, inner in value.items()}
        return [named(inner) for inner in value] if isinstance(value, list) else value

    return json.dumps(named(clean_spec(spec)), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def clean_spec(spec: Any) -> Any:  # noqa: ANN401 - any part of a specification
    """Return `spec` with every text of its data printable, and no longer than is drawn.

    The engine ends the whole process at a character that XML has no place for. Raises `ValueError` where data is to
    come from elsewhere: the engine would look for it.
    """
    if isinstance(spec, dict):
        if "url" in spec.get("data", ()):
            message = "the data of a chart stands in its specification"
            raise ValueError(message)
        return {key: _clean(value) if key == "data" else clean_spec(value) for key, value in spec.items()}
    return [clean_spec(value) for value in spec] if isinstance(spec, list) else spec


def _clean(value: Any) -> Any:  # noqa: ANN401 - any part of data
    if isinstance(value, str):
        return value if value.isprintable() and len(value) <= LONGEST_TEXT else _cut(value)
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list) else value


def _cut(text: str) -> str:
    text = shown(text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


class _Shape(NamedTuple):
    """An element of a picture: its name, its attributes as they are written, and what it holds."""

    name: str
    attributes: dict[str, str]
    text: str
    inner: list[_Shape]

    def written(self) -> str:
        attributes = "".join(f" {key}={quoteattr(value)}" for key, value in self.attributes.items())
        inner = self.text + "".join(shape.written() for shape in self.inner)
        return f"<{self.name}{attributes}>{inner}</{self.name}>" if inner else f"<{self.name}{attributes}/>"


def _shapes(element: Element, chart_id: str, used: set[str]) -> Iterator[_Shape]:
    """Yield an element that draws something, with what it holds; raise where it is none that a picture has."""
    name = str(element.tag).removeprefix(_SVG)
    if name not in _ELEMENTS:
        message = f"the drawing of the chart {chart_id} holds an element {name!r}"
        raise ValueError(message)
    if element.get("display") == "none":
        return
    attributes = {
        key: _painted(key, value, chart_id, used) for key, value in element.items() if _is_drawn(key, value, chart_id)
    }
    inner: list[_Shape] = []
    for shape in (shape for child in element for shape in _shapes(child, chart_id, used)):
        # Layers with an axis in common draw its lines once each, one on the other.
        if shape not in inner[-1:]:
            inner.append(shape)
    text = _text(element.text) if name in _WORDS and element.text else ""
    if name == "g":
        _said_once(attributes, inner)
    if text or inner or name not in _WORDS | {"g"}:
        yield _Shape(name, attributes, text, inner)


def _said_once(attributes: dict[str, str], inner: list[_Shape]) -> None:
    """Let a group say what all shapes in it say alike: a calendar has a colour for each of its days."""
    for key in sorted(_INHERITED):
        values = {shape.attributes.get(key) for shape in inner}
        if len(values) == 1 and None not in values:
            attributes[key] = str(values.pop())
            for shape in inner:
                del shape.attributes[key]


def _is_drawn(key: str, value: str, chart_id: str) -> bool:
    if key in _LEFT_OUT or (key == "opacity" and value == "1"):
        return False
    if key not in _ATTRIBUTES or ("url(" in value and (key != "clip-path" or not value.startswith("url(#"))):
        message = f"the drawing of the chart {chart_id} holds an attribute {key}={value!r}"
        raise ValueError(message)
    return True


def _painted(key: str, value: str, chart_id: str, used: set[str]) -> str:
    """Return the value of an attribute as the page has it: its colours, ids of its own."""
    if key == "id":
        return f"{chart_id}-{value}"
    if key == "clip-path":
        return f"url(#{chart_id}-{value.removeprefix('url(#')}"
    if key in {"fill", "stroke"} and SENTINEL.fullmatch(value):
        name = colour_name(value)
        if key == "fill" and name in PATTERNS:
            used.add(name)
            return f"url(#{chart_id}-{name})"
        return variable(name)
    # A hundredth of a unit is less than anybody sees.
    return _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)


def _text(text: str) -> str:
    return escape(shown(text))
