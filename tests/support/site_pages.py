"""Every kind of page that a site has, and where one of each stands in the demo's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {
    "home": "index.html",
    "releases": "releases/index.html",
    "find": "find.html",
    "month": "releases/month-2026-02.html",
    "release": "releases/production-46.html",
    "next release": "releases/next-production.html",
    "matrix": "matrix.html",
    "compare": "compare.html",
    "components": "components/index.html",
    "component": "components/catalogue.html",
    "environments": "environments.html",
    "environment": "environments/staging.html",
    "stays of an environment": "environments/part-1-production.html",
    "drift": "drift.html",
    "triage": "triage.html",
    "audit": "audit/index.html",
    "audit of a period": "audit/2026-*.html",
    "trends": "trends.html",
    "topologies": "topologies/index.html",
    "topology": "topologies/*.html",
    "checks": "checks.html",
    "glossary": "glossary.html",
    "methods": "methods.html",
    "downloads": "downloads.html",
}
FRAMED = ("audit", "components", "environments", "releases", "topologies")
"""Folders whose pages are of a kind that is looked at above."""


def place(site: Path, kind: str) -> str:
    """Return the path in `site` of a page of a kind: the first that fits, and no list of others."""
    pattern = PAGES[kind]
    found = sorted(path for path in site.glob(pattern) if path.name != "index.html" or "*" not in pattern)
    assert found, f"no page of the kind {kind}: {pattern}"
    return found[0].relative_to(site).as_posix()
