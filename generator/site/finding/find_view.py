"""The page Find: what there is to find, and where the lists are for a reader without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.finding.indexing import DIRECTORY, FOLDER
from generator.site.listing_views import month_years
from generator.site.names import component_page
from generator.site.texts import gettext as _
from generator.site.words import counted, shown

if TYPE_CHECKING:
    from generator.site.context import Context
    from generator.site.listing_views import MonthRow

MOST_LISTED = 200
"""Components that the page lists itself; of more, the page of all components has the rest."""


class FindView(NamedTuple):
    """The page Find."""

    told: str
    """How much there is, as a sentence."""
    components: tuple[tuple[str, str], ...]
    """Name and page of those listed here."""
    left: str
    """How many more components there are, as words; empty where all are listed."""
    years: tuple[tuple[str, tuple[MonthRow, ...]], ...]
    """Months with releases by year, newest first; a year without a name holds what carries no usable date."""
    folder: str
    directory: str


def find_view(context: Context) -> FindView:
    """Return the page Find."""
    components = sorted(context.component_pages)
    left = len(components) - MOST_LISTED
    told = _(
        "%(releases)s and %(components)s, in %(deployments)s to all environments.",
        releases=counted(len(context.index.releases), "release"),
        components=counted(len(components), "component"),
        deployments=counted(sum(environment.deployments for environment in context.summary.environments), "deployment"),
    )
    return FindView(
        told=told,
        components=tuple((shown(name), component_page(name)) for name in components[:MOST_LISTED]),
        left=_("%(components)s more", components=counted(left, "component")) if left > 0 else "",
        years=month_years(context),
        folder=FOLDER,
        directory=DIRECTORY,
    )
