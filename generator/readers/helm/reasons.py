"""Why a chart is not rendered, or could not be: one sentence each, with nothing secret in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.errors import Place, Unreadable, one_line
from generator.readers.helm.charts import CHART_FILE, below
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers.helm.charts import Chart, Closure
    from generator.readers.reader import Mask
    from generator.rendering.jobs import Rendered

_AS_VALUES = "is not rendered, so its values are read as they are"
_CODE = "not-rendered"


def why_not(chart: Chart, closure: Closure, templates: Sequence[Unreadable], folder: str) -> list[Unreadable]:
    """Return why a sound chart is not rendered; nothing where it can be. `templates` are values not yet rendered."""
    if chart.library:
        reason = f"{_shown(chart)} is a library chart, which is rendered only as a part of others"
        return [Unreadable(_CODE, reason, _place(folder))]
    return [*([_missing(chart, closure)] if closure.missing else []), *templates]


def encrypted(path: str) -> Unreadable:
    """Return the note on values of which nothing can be read."""
    reason = "values that are encrypted as a whole, so the chart is rendered without them"
    return Unreadable("encrypted", reason, Place(path))


def unstable(note: str, folder: str, mask: Mask) -> Unreadable:
    """Return the note on values that differ at each rendering."""
    return Unreadable("unstable", mask_within(note, mask), _place(folder))


def not_rendered(rendered: Rendered, chart: Chart, folder: str, mask: Mask) -> Unreadable:
    """Return the note on a chart whose values are read in place of its objects."""
    reason = f"{_shown(chart)} {_AS_VALUES}: {_words(rendered, chart, folder, mask)}"
    return Unreadable(_CODE, reason, _place(folder), rendered.fix)


def failure(rendered: Rendered, chart: Chart, folder: str, mask: Mask) -> Unreadable:
    """Return a failed rendering as a problem."""
    return Unreadable(rendered.code, _words(rendered, chart, folder, mask), _place(folder), rendered.fix)


def _missing(chart: Chart, closure: Closure) -> Unreadable:
    names = ", ".join(f"{dependency}{f' ({why})' if why else ''}" for dependency, why in closure.missing)
    those = "which is" if len(closure.missing) == 1 else "which are"
    reason = f"{_shown(chart)} {_AS_VALUES}: it depends on {names}, {those} not in its charts folder"
    fix = "run `helm dependency update` and commit the charts folder"
    return Unreadable(_CODE, reason, closure.missing[0][0].place, fix)


def _words(rendered: Rendered, chart: Chart, folder: str, mask: Mask) -> str:
    """Return the engine's words with the chart's folder where Helm names the chart."""
    named = re.compile(rf"(?<![\w./-]){re.escape(chart.name)}/(?=(?:templates|charts|crds)/)")
    words = named.sub(lambda _: below(folder, ""), rendered.failure)
    return one_line(mask_within(words, mask))


def _shown(chart: Chart) -> str:
    return one_line(f"chart {chart.name} {chart.version}".strip(), 150)


def _place(folder: str) -> Place:
    return Place(below(folder, CHART_FILE))
