"""What charts are explored with, in a file beside each page that has some: all readers load pages, few explore."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "assets/charts"
_CHART = re.compile(
    r'(?P<figure><figure class="chart" id="(?P<id>[^"]+)"(?:(?!</figure>).)*?)'
    r'<script class="chart-spec" type="application/json">(?P<spec>.*?)</script>',
    re.DOTALL,
)


def set_apart(site: Path, pages: str) -> None:
    """Move the specifications of the charts on the `pages` (a glob) of a report into files that are loaded on demand.

    `site` is the root of the report. A page keeps, for each chart, an empty element that names the file.
    """
    for path in sorted(site.glob(pages)):
        html = path.read_text("utf-8")
        if 'class="chart-spec"' not in html:
            continue
        page = path.relative_to(site).with_suffix("")
        name = f"{FOLDER}/{'-'.join(page.parts)}.js"
        way = "../" * (len(page.parts) - 1) + name
        told: dict[str, str] = {}

        def emptied(found: re.Match[str], told: dict[str, str] = told, way: str = way) -> str:
            told[found["id"]] = found["spec"]
            return f'{found["figure"]}<script class="chart-spec" type="application/json" data-from="{way}"></script>'

        html = _CHART.sub(emptied, html)
        if told:
            (site / FOLDER).mkdir(parents=True, exist_ok=True)
            # What stood in a page as JSON is ASCII, and so is an id.
            body = ",\n".join(f'"{chart}":{spec}' for chart, spec in told.items())
            script = f"globalThis.assayCharts = {{...globalThis.assayCharts,\n{body}}};\n"
            (site / name).write_text(script, "utf-8")
            path.write_text(html, "utf-8")
