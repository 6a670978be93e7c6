"""The Trends page: charts of each environment, whether its months rise or fall, and other bodies' definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.site.components.histories import NOTHING
from generator.site.components.swimlane import swimlane
from generator.site.frames import MassPage
from generator.site.names import component_page
from generator.site.profiles_view import profile_tables
from generator.site.texts import gettext as _
from generator.site.texts import ngettext
from generator.site.trend_sections import CHARTED, report_time, trend_sections
from generator.site.words import listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.components.swimlane import Swimlane
    from generator.site.context import Context
    from generator.site.profiles_view import ProfileTable
    from generator.site.templating import Templates
    from generator.site.trend_sections import TrendSection

SWIMLANES = 3
"""Components, those with most deployments, whose versions the page draws."""


class TrendsView(NamedTuple):
    """The page."""

    sections: tuple[TrendSection, ...]
    left: str
    """Environments that are not charted; empty where all are."""
    swimlanes: tuple[tuple[str, str, Swimlane], ...]
    """(component, its page, its versions over time)."""
    swimlanes_say: str
    profiles: tuple[ProfileTable, ...]


def trends_view(context: Context) -> TrendsView:
    """Return the page, production first."""
    every = context.from_production
    names = [shown(env.name) for env in every[CHARTED:]]
    busiest = _busiest(context)
    return TrendsView(
        sections=context.once(trend_sections),
        left=ngettext(
            "%(number)s more environment without charts here: %(names)s.",
            "%(number)s more environments without charts here: %(names)s.",
            len(names),
            names=listed(names, 5),
        )
        if names
        else "",
        swimlanes=_swimlanes(context, busiest),
        swimlanes_say=ngettext(
            "The %(number)s component with most deployments.",
            "The %(number)s components with most deployments.",
            len(busiest),
        )
        if busiest
        else "",
        profiles=profile_tables(context.summary.metrics, [env.name for env in every]),
    )


def trend_pages(context: Context, templates: Templates) -> Iterator[MassPage]:
    """Yield the pages of the environments whose charts have one of their own."""
    for section in context.once(trend_sections):
        if section.page:
            title = _("Trends of %(environment)s", environment=shown(section.environment))
            yield MassPage(
                kind="trends",
                path=section.page,
                title=title,
                description=title,
                body=templates.render("trends-environment", "../", section),
            )


def _busiest(context: Context) -> list[str]:
    """Return the components with most deployments to production."""
    totals: dict[str, int] = {}
    for env in context.productions:
        for line in context.measured.of(env.name).components:
            total = sum(msgspec.structs.astuple(line.kinds))
            totals[line.subject] = totals.get(line.subject, 0) + total
    return sorted(totals, key=lambda name: (-totals[name], name))[:SWIMLANES]


def _swimlanes(context: Context, components: list[str]) -> tuple[tuple[str, str, Swimlane], ...]:
    found = []
    for name in components:
        lanes = context.histories.get(name, NOTHING).lanes
        drawn = swimlane(lanes, report_time(context), lambda identity: context.deployment_link(identity)[0])
        found.append((name, component_page(name), drawn))
    return tuple(found)
