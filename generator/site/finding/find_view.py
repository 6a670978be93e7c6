"""The page Find: what there is to find, and where the lists are for a reader without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.finding.write import DIRECTORY, FOLDER
from generator.site.listing_views import month_years
from generator.site.names import component_page
from generator.site.words import shown

if TYPE_CHECKING:
    from generator.site.context import Context
    from generator.site.listing_views import MonthRow

MOST_LISTED = 200
"""Components that the page lists itself; of more, the page of all components has the rest."""


class FindView(NamedTuple):
    """The page Find."""

    releases: int
    deployments: int
    """Of all environments."""
    components: tuple[tuple[str, str], ...]
    """Name and page of those listed here."""
    components_total: int
    years: tuple[tuple[str, tuple[MonthRow, ...]], ...]
    """Months with releases by year, newest first; a year without a name holds what carries no usable date."""
    folder: str
    directory: str


def find_view(context: Context) -> FindView:
    """Return the page Find."""
    components = sorted(context.component_pages)
    return FindView(
        releases=len(context.index.releases),
        deployments=sum(environment.deployments for environment in context.summary.environments),
        components=tuple((shown(name), component_page(name)) for name in components[:MOST_LISTED]),
        components_total=len(components),
        years=month_years(context),
        folder=FOLDER,
        directory=DIRECTORY,
    )
