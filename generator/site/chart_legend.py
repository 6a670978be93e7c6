"""The legend of a chart outside of its picture: a narrow screen shows a part of the picture, and not that one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.site.chart_colours import SENTINELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SQUARE = "M1 1H11V11H1Z"
_PATHS = {
    "circle": "M6 1A5 5 0 1 1 5.99 1Z",
    "diamond": "M6 0L12 6L6 12L0 6Z",
    "triangle-down": "M1 1H11L6 11Z",
    "triangle-up": "M6 1L11 11H1Z",
}


class LegendEntry(msgspec.Struct, frozen=True):
    """One kind of mark of a chart."""

    label: str
    colour: str
    """Name of its colour among those of charts."""
    path: str
    """Its shape, as an SVG path in a box of 12 units."""


def legend_of(spec: Mapping[str, Any]) -> tuple[LegendEntry, ...]:
    """Return the legend that the picture of `spec` has, in its order; empty where it has none."""
    names = {sentinel: name for name, sentinel in SENTINELS.items()}
    encodings = tuple(_encodings(spec))
    shapes = {label: shape for encoding in encodings for label, shape in _pairs(encoding.get("shape"))}
    found = {
        label: LegendEntry(label, names[colour], _PATHS.get(shapes.get(label, ""), _SQUARE))
        for encoding in encodings
        for label, colour in _pairs(encoding.get("color"))
        if encoding["color"].get("legend") and colour in names
    }
    return tuple(found.values())


def _encodings(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the encodings of a specification, and of its layers and views."""
    if "encoding" in part:
        yield part["encoding"]
    for name in ("layer", "vconcat", "hconcat"):
        for inner in part.get(name, ()):
            yield from _encodings(inner)


def _pairs(channel: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """Yield each value of a channel with what stands for it."""
    scale = (channel or {}).get("scale") or {}
    yield from zip(scale.get("domain", ()), scale.get("range", ()), strict=False)
