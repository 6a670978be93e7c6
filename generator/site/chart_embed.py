"""From a chart's specification to what a browser draws it with when a reader asks to explore it.

The picture is drawn at build time and needs no script. The specification stands beside it as data that no browser
runs: it has what a pointer can tell of each mark, and where an axis is continuous, a way to zoom into it.
"""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from generator.site.chart_svg import locales
from generator.site.frames import FRAME_FILE
from generator.site.texts import N_, translated
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LOADER = "assets/javascripts/charts.js"
"""The script that a page with charts names."""
LIBRARIES = "assets/vendor/vega"
"""Folder of a site with what the loader loads on demand."""
_POINTED = frozenset({"arc", "bar", "circle", "point", "rect", "square", "tick"})
"""Marks that stand for one row of the data each; a line or a label is not asked for what it says."""
_CHANNELS = ("x", "x2", "y", "y2", "color", "fill", "shape", "size", "opacity", "detail", "column", "row")
_ZOOM = {
    "name": "zoom",
    # A wheel alone goes on scrolling the page.
    "select": {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.ctrlKey || event.metaKey]"},
    "bind": "scales",
}
_LIMITS = {"axis": 180, "legend": 160}
"""The engine's own limits of labels, written out so that they grow with the drawing."""
_DURATION = (
    "datum['{0}'] < 60 ? datum['{0}'] + ' s'"
    " : datum['{0}'] < 3600 ? floor(datum['{0}'] / 60) + ' min ' + (datum['{0}'] % 60) + ' s'"
    " : datum['{0}'] < 86400 ? floor(datum['{0}'] / 3600) + ' h ' + floor(datum['{0}'] % 3600 / 60) + ' min'"
    " : format(floor(datum['{0}'] / 86400), ',') + ' {1} ' + floor(datum['{0}'] % 86400 / 3600) + ' h'"
)
_MOMENT = "utcFormat(toDate(datum['{0}']), '%Y-%m-%d %H:%M UTC')"
_TOLD = "told_"
_FIELDS = (N_("Component"), N_("Count"), N_("Duration"), N_("Month"), N_("Share"), N_("What"))
"""What fields are called that have no title of their own: their names."""
_UNSAFE = re.compile(r"[<>&]")


def embedded(spec: str) -> Markup:
    """Return `spec`, JSON of a Vega-Lite specification, as JSON to stand within a script element of no type to run.

    It is ASCII, and holds no character that could end the element or begin a comment. Options that a specification can
    carry for its embedding are left out. Raises `ValueError` where `spec` is no JSON object.
    """
    made = json.loads(spec)
    if not isinstance(made, dict):
        message = "a specification is an object"
        raise ValueError(message)  # noqa: TRY004 - as for any other text that is none
    for key in ("usermeta", "$schema"):
        made.pop(key, None)
    for unit, _encoding in list(_units(made, {})):
        _part_points(unit)
    units = list(_units(made, {}))
    if not any("tooltip" in encoding or "tooltip" in _mark(unit) for unit, encoding in units):
        for unit, encoding in units:
            _tell(unit, encoding)
    if "layer" in made or "mark" in made:
        _let_zoom(made)
    config = made.setdefault("config", {})
    for guide, limit in _LIMITS.items():
        config[guide] = {"labelLimit": limit, **config.get(guide, {})}
    if told := locales():
        config["locale"] = {"number": told["format_locale"], "time": told["time_format_locale"]}
    text = json.dumps(made, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return Markup(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: S704 - nothing is left to escape


def rendered_pages(site: Path) -> list[Path]:
    """Return the pages of a site that holds only what MkDocs rendered, without frames.

    A frame may wait for pages that don't come: where one has a chart, so has the page that leads to it.
    """
    return [page for page in sorted(site.rglob("*.html")) if page.name != FRAME_FILE]


def leave_out_unused(site: Path, pages: Sequence[Path]) -> None:
    """Remove the libraries from a site of which none of the `pages` that MkDocs rendered has a chart."""
    if not any(LOADER.encode() in page.read_bytes() for page in pages):
        if (site / LIBRARIES).is_dir():
            shutil.rmtree(site / LIBRARIES)
        for unused in (LOADER, "assets/stylesheets/charts.css"):
            (site / unused).unlink(missing_ok=True)


def _units(spec: dict[str, Any], inherited: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every part of `spec` with a mark of its own, and the encoding that holds for it."""
    encoding = {**inherited, **spec.get("encoding", {})}
    if "mark" in spec:
        yield spec, encoding
    parts = [part for key in ("layer", "concat", "hconcat", "vconcat") for part in spec.get(key, ())]
    if "spec" in spec:
        parts.append(spec["spec"])
    for part in parts:
        yield from _units(part, encoding)


def _mark(unit: dict[str, Any]) -> dict[str, Any]:
    mark = unit["mark"]
    return mark if isinstance(mark, dict) else {"type": mark}


def _part_points(unit: dict[str, Any]) -> None:
    """Make the points on a line a layer of their own: they can be asked, and the line can't."""
    mark = _mark(unit)
    if mark["type"] == "line" and isinstance(mark.get("point"), dict):
        points = mark.pop("point")
        del unit["mark"]
        unit["layer"] = [{"mark": mark}, {"mark": {"type": "point", **points}}]


def _tell(unit: dict[str, Any], encoding: dict[str, Any]) -> None:
    """Let the marks of `unit` say what they were drawn from."""
    if _mark(unit)["type"] not in _POINTED:
        return
    told: dict[str, dict[str, Any]] = {}
    numbers = set()
    for channel in _CHANNELS:
        definition = encoding.get(channel, {})
        field = definition.get("field")
        if isinstance(field, str) and field not in told and "aggregate" not in definition:
            told[field] = {"field": field, "type": "nominal", "title": _title(definition, field)}
            kind = definition.get("type")
            if kind == "quantitative":
                numbers.add(field)
            if kind in {"quantitative", "temporal"} and re.fullmatch(r"\w+", field):
                told[field] = _worded(unit, definition, told[field])
    if told:
        # Numbers come last: first what they are of.
        in_order = sorted(told, key=lambda field: field in numbers)
        unit["encoding"] = {**unit.get("encoding", {}), "tooltip": [told[field] for field in in_order]}


def _title(definition: dict[str, Any], field: str) -> str:
    for owner in (definition, definition.get("axis") or {}, definition.get("legend") or {}):
        if isinstance(owner.get("title"), str) and owner["title"]:
            return str(owner["title"])
    return translated(field.replace("_", " ").capitalize())


def _worded(unit: dict[str, Any], definition: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """Return how a number or a time is told: as a duration in two units, without the sign of bars that point down."""
    field, title = told["field"], told["title"]
    if definition["type"] == "temporal":
        formula = _MOMENT.format(field)
    elif field == "seconds" or field.endswith("_seconds"):
        formula = _DURATION.format(field, _("d"))
        title = title.removesuffix(" seconds") if field != "seconds" else _("Duration")
    else:
        share = str((definition.get("axis") or {}).get("format", "")).endswith("%")
        formula = f"format(abs(datum['{field}']), '{'.1%' if share else ','}')"
    unit["transform"] = [*unit.get("transform", []), {"calculate": formula, "as": f"{_TOLD}{field}"}]
    return {**told, "field": f"{_TOLD}{field}", "title": title}


def _let_zoom(spec: dict[str, Any]) -> None:
    """Let a horizontal axis of time be moved and zoomed."""
    units = list(_units(spec, {}))
    holder = next((unit for unit, encoding in units if _is_time(encoding.get("x", {}))), None)
    if holder is None:
        return
    for unit, encoding in units:
        # What doesn't move with the axis may stand beside the plot, where the engine would cut it off.
        unit["mark"] = {**_mark(unit), "clip": _is_time(encoding.get("x", {}))}
    holder["params"] = [*holder.get("params", []), _ZOOM]


def _is_time(channel: dict[str, Any]) -> bool:
    return channel.get("type") == "temporal" and "field" in channel
