"""Pictures of charts that were drawn for the report before: a drawing engine takes a third of a second to start alone.

A picture is known by all of what it is drawn from: its specification, its names, the language and the engine.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from generator.site.chart_svg import locales, render_chart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.memo import Memo

NAME = "charts"
"""What the memo of the pictures is called."""
ENGINE = "vl-convert-python"
_KEPT: ContextVar[Memo | None] = ContextVar("pictures", default=None)


@contextmanager
def keeping(pictures: Memo) -> Iterator[None]:
    """Until the block ends, draw only what `pictures` don't have yet, and keep it there.

    A context variable, as for the language: handing it to every function that makes a chart would hand it through the
    whole room.
    """
    kept = _KEPT.set(pictures)
    try:
        yield
    finally:
        _KEPT.reset(kept)


def picture(spec: dict[str, Any], *, chart_id: str, title: str, description: str) -> str:
    """Return the SVG of `spec`, see `render_chart`."""
    draw = partial(render_chart, spec, chart_id=chart_id, title=title, description=description)
    pictures = _KEPT.get()
    if pictures is None:
        return draw()
    told = (version(ENGINE), locales(), spec, chart_id, title, description)
    key = json.dumps(told, sort_keys=True).encode("ascii")
    return pictures.get(key, lambda: draw().encode("utf-8")).decode("utf-8")
