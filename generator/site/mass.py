"""The mass pages of a report, one after the other: releases, months, topologies. The second pass."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from generator.evidence.bringing_back import source_commit
from generator.site.audit.pages import audit_pages
from generator.site.bring_back import Version
from generator.site.change_rows import release_link
from generator.site.components.pages import component_pages
from generator.site.environments.pages import environment_pages
from generator.site.fragments import Fragments
from generator.site.frames import MassPage
from generator.site.listing_views import month_views
from generator.site.names import release_page, topology_page
from generator.site.next_release.pages import next_pages
from generator.site.page_keys import release_key
from generator.site.page_records import page_records
from generator.site.release_lists import Lists
from generator.site.release_view import description, drawn_release, search_text, title
from generator.site.texts import gettext as _
from generator.site.topology_view import topology_view
from generator.site.trends_view import trend_pages
from generator.site.walk import moved, walk
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.packs import DriftEntry, FindingEntry
    from generator.evidence.reading import Replay
    from generator.site.context import Context
    from generator.site.templating import Templates
    from generator.site.walk import Step

ROOT = "../"
SEARCHED = 500
"""Newest releases that the theme's search knows, which loads its whole index: Find has all of them."""


def mass_pages(context: Context, templates: Templates) -> Iterator[MassPage]:
    """Yield every mass page; at any time only one is held."""
    fragments = Fragments(templates, ROOT)
    yield from _releases(context, templates, fragments)
    yield from next_pages(context, templates, fragments)
    yield from _months(context, templates)
    yield from environment_pages(context, templates)
    yield from component_pages(context, templates)
    yield from audit_pages(context, templates)
    yield from trend_pages(context, templates)
    for environment in context.summary.environments:
        name = context.index.newest_digest.get(environment.name)
        if name is not None and name not in context.index.by_digest:
            commit, standing = context.index.newest_commit[environment.name], context.index.newest[environment.name]
            yield _topology(context, templates, fragments, Version(environment.name, name, commit, standing))


class _Replays:
    """The findings and drift lists of one environment, walked beside its releases."""

    def __init__(self, context: Context, environment: str) -> None:
        self._findings: Replay[FindingEntry] = context.evidence.findings(environment)
        self._drift: Replay[DriftEntry] = context.evidence.drift(environment)

    def advance(self, step: Step) -> Lists:
        came, went = moved(self._findings, step.record.findings.object)
        drift = step.record.drift
        drift_came, drift_went = moved(self._drift, drift.object) if drift is not None else ({}, {})
        return Lists(self._findings.entries, came, went, drift_came, drift_went)


def _releases(context: Context, templates: Templates, fragments: Fragments) -> Iterator[MassPage]:
    names = [environment.name for environment in context.productions]
    replays = {name: _Replays(context, name) for name in names}
    drawn: set[str] = set()
    searched_from = len(context.index.releases) - SEARCHED
    for position, step in enumerate(walk(context.evidence, context.components, names)):
        record = step.record
        lists = replays[record.environment].advance(step)
        yield _release(context, templates, fragments, step, lists, searched=position >= searched_from)
        page = context.index.topology(record.digest)
        if page not in drawn:
            drawn.add(page)
            version = Version(record.environment, record.digest, source_commit(record.commit), step.standing)
            yield _topology(context, templates, fragments, version)


def _release(
    context: Context, templates: Templates, fragments: Fragments, step: Step, lists: Lists, *, searched: bool
) -> MassPage:
    position = context.index.position[step.record.id]
    row = context.index.releases[position]
    before, after = context.index.neighbours(context.index.by_environment[row.environment], position)
    return MassPage(
        kind="release",
        path=release_page(row.id),
        title=title(context, row),
        description=description(context, row),
        body="",
        previous=_file(release_link(context, before)),
        next=_file(release_link(context, after)),
        search=search_text(row) if searched else "",
        record=context.once(page_records).deployment(row.id),
        key=release_key(context, step.record, position),
        draw=lambda: drawn_release(context, templates, fragments, step, lists)[1],
    )


def _months(context: Context, templates: Templates) -> Iterator[MassPage]:
    for month, view in month_views(context):
        yield MassPage(
            kind="month",
            path=view.page,
            title=_("Releases of %(month)s", month=month.name),
            description=_("Releases of %(month)s, newest first.", month=month.name),
            body="",
            key=(repr(view).encode(),),
            draw=partial(templates.render, "month", ROOT, view),
            previous=_file(view.previous),
            next=_file(view.next),
        )


def _topology(context: Context, templates: Templates, fragments: Fragments, version: Version) -> MassPage:
    view = topology_view(context, fragments, version)
    return MassPage(
        kind="topology",
        path=topology_page(context.index.topology(version.digest)),
        title=f"Topology {view.digest.short}",
        description=f"Topology of {shown(version.environment)}: {view.total}.",
        body="",
        key=(repr(view).encode(),),
        draw=partial(templates.render, "topology", ROOT, view),
        record=context.once(page_records).topology(version.environment, version.digest),
    )


def _file(link: Any) -> str:  # noqa: ANN401 - anything with a page
    return "" if link is None else str(link.page).rpartition("/")[2]
