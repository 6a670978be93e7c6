"""Styles and scripts that only some pages need: which mark in a page's content asks for which."""

from __future__ import annotations

from typing import NamedTuple


class Resource(NamedTuple):
    """What a page loads beside what every page does."""

    mark: str
    """Text in the page's content that asks for it. A mass page says so in its frame: `loads: [NAME]`."""
    style: str
    """Path from the root of the report; empty for none."""
    script: str


RESOURCES = {
    "home": Resource('class="cards"', "assets/stylesheets/home.css", ""),
    "history": Resource('data-history=""', "assets/stylesheets/past.css", "assets/javascripts/history.js"),
    "past": Resource('data-history=""', "", "assets/javascripts/past.js"),
    "matrix": Resource('class="matrix-page"', "", "assets/javascripts/matrix.js"),
    "compare": Resource('class="compare-page"', "", "assets/javascripts/compare.js"),
    "atlas": Resource('class="atlas"', "assets/stylesheets/atlas.css", "assets/javascripts/atlas.js"),
    "checks": Resource('class="checks-page"', "assets/stylesheets/checks.css", "assets/javascripts/checks.js"),
    "drift": Resource('class="drift-page"', "assets/stylesheets/drift.css", "assets/javascripts/drift.js"),
    "audit": Resource('class="audit"', "assets/stylesheets/audit.css", "assets/javascripts/audit.js"),
    "components": Resource('class="ledger components"', "assets/stylesheets/components.css", ""),
    "swimlane": Resource('class="swimlane"', "assets/stylesheets/components.css", ""),
    "charts": Resource('class="chart-spec"', "assets/stylesheets/charts.css", "assets/javascripts/charts.js"),
    "find": Resource('class="find-page"', "assets/stylesheets/find.css", "assets/javascripts/find.js"),
    "finder": Resource('class="finder"', "assets/stylesheets/find.css", "assets/javascripts/finder.js"),
    "release": Resource("data-release-actions", "assets/stylesheets/release.css", "assets/javascripts/release.js"),
}
"""By the name that the front matter of a page (`loads:`) calls it by, where its content comes later."""


def wanted(content: str, loads: object) -> list[Resource]:
    """Return what a page of this content loads, in the order of the table; `loads` is what its front matter says."""
    named = loads if isinstance(loads, list) else []
    return [one for name, one in RESOURCES.items() if name in named or one.mark in content]
