"""The home page: whether production is all right, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.site.charts import velocity_chart
from generator.site.home.attention import attention
from generator.site.home.cards import card
from generator.site.home.coming import coming
from generator.site.home.rollback import rollback_stories
from generator.site.integrity import integrity
from generator.site.listing_views import newest_rows
from generator.site.names import next_page
from generator.site.texts import gettext as _
from generator.site.tile_groups import delivery, tile_groups
from generator.site.words import digest, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.summary import EnvironmentSummary
    from generator.site.chart import Chart
    from generator.site.context import Context
    from generator.site.home.attention import Notice
    from generator.site.home.cards import ProductionCard
    from generator.site.home.coming import Coming
    from generator.site.home.rollback import RollbackStory
    from generator.site.listing_views import ReleaseRow
    from generator.site.tile_groups import Delivery
    from generator.site.words import Digest, Moment

LAST = 10
MOST_CARDS = 2
"""Productions whose figures stand on their cards; of more, a table tells the figures."""
MONTHS = 18
"""Newest months that the chart has here."""


class HomeView(NamedTuple):
    """Everything on the home page."""

    title: str
    as_of: Moment
    commit: Digest
    integrity: str
    cards: tuple[ProductionCard, ...]
    delivery: Delivery | None
    """The figures of all productions as a table, where there are too many for cards."""
    charts: tuple[Chart, ...]
    more_charts: bool
    """Whether further productions have theirs on the page Trends alone."""
    coming: tuple[Coming, ...]
    rollbacks: tuple[RollbackStory, ...]
    last: tuple[ReleaseRow, ...]
    notices: tuple[Notice, ...]
    notices_left: int
    several: bool
    empty: bool
    """The repository has no commits at all."""


def home_view(context: Context) -> HomeView:
    """Return the home page."""
    summary, productions = context.summary, context.productions
    figures = tile_groups(context.evidence, [env.name for env in productions])
    many = len(productions) > MOST_CARDS
    pages = {env.name: next_page(env.name) if env.upstream and env.present else "" for env in productions}
    notices, left = attention(context)
    return HomeView(
        title=summary.title,
        as_of=context.calendar.moment(summary.as_of),
        commit=digest(summary.commit.id),
        integrity=integrity(summary.integrity),
        cards=tuple(
            card(context, env, None if many else figures.get(env.name), pages[env.name]) for env in productions
        ),
        delivery=delivery(list(figures.values())) if many else None,
        charts=_charts(context, productions),
        more_charts=len(productions) > 1,
        coming=tuple(
            coming(context, env, pages[env.name], several=len(productions) > 1) for env in productions if env.upstream
        ),
        rollbacks=rollback_stories(context, productions),
        last=newest_rows(context, LAST),
        notices=notices,
        notices_left=left,
        several=len(productions) > 1,
        empty=not summary.coverage.commits,
    )


def _charts(context: Context, productions: Sequence[EnvironmentSummary]) -> tuple[Chart, ...]:
    """Return the title chart of the first production; where there are several, it says whose it is.

    Here it is a picture: the page Trends has the same one to explore, and the others', which is more than home should
    load.
    """
    if not productions:
        return ()
    first = productions[0]
    chart = msgspec.structs.replace(velocity_chart(context.measured.of(first.name), MONTHS), spec="")
    if len(productions) > 1:
        title = _("%(chart)s: %(name)s", chart=chart.title, name=shown(first.name))
        chart = msgspec.structs.replace(chart, title=title)
    return (chart,)
