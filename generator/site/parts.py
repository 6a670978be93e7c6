"""Which template fills which placeholder of the hand-written pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.site.audit.views import audit_view
from generator.site.chain_view import chain_view
from generator.site.chart_keeping import NAME as CHARTS
from generator.site.chart_keeping import keeping
from generator.site.checks_view import checks_view
from generator.site.components.index_view import components_view
from generator.site.drift.page import drift_view
from generator.site.environment_views import environments_view
from generator.site.finding.find_view import find_view
from generator.site.home_view import home_view
from generator.site.listing_views import releases_view
from generator.site.methods_view import methods_view
from generator.site.past.compare_view import compare_view
from generator.site.past.matrix_view import matrix_view
from generator.site.takeaway.downloads import downloads_view
from generator.site.texts import gettext as _
from generator.site.topology_view import topologies_view
from generator.site.trends_view import trends_view
from generator.site.triage_page import triage_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup

    from generator.site.context import Context
    from generator.site.templating import Templates


def page_parts(context: Context, templates: Templates) -> Mapping[str, Callable[[str], Markup]]:
    """Return for each placeholder a function from the way to the site's root to its HTML."""
    views: dict[str, Callable[[Context], object]] = {
        "home": home_view,
        "releases": releases_view,
        "find": find_view,
        "matrix": matrix_view,
        "compare": compare_view,
        "components": components_view,
        "environments": environments_view,
        "audit": audit_view,
        "drift": drift_view,
        "trends": trends_view,
        "triage": triage_page,
        "topologies": topologies_view,
        "checks": checks_view,
        "downloads": downloads_view,
        "methods": methods_view,
        "chain": chain_view,
        "definitions": methods_view,
        "unreadable": methods_view,
        "passed-over": methods_view,
    }

    def draw(name: str, root: str) -> Markup:
        with keeping(context.folds.memo(CHARTS)):
            return templates.render(name, root, views[name](context))

    return {name: partial(draw, name) for name in views}


def part_headings(context: Context) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the headings that parts add to the contents of their pages."""
    families = [(family.anchor, family.title.partition(":")[0]) for family in checks_view(context).families]
    first = [
        ("standing", _("What stands now")),
        ("let-stand", _("What is let stand")),
        ("counts", _("What each check found")),
        ("help", _("Help of each check")),
    ]
    return {"checks": [*first, *families]}
