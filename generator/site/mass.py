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
from generator.site.listing_views import month_pages, month_views, months
from generator.site.names import release_page, topology_page
from generator.site.next_release.pages import next_pages
from generator.site.page_keys import release_key
from generator.site.page_records import page_records
from generator.site.reached import first_places, reached
from generator.site.release_view import description, drawn_release, search_text, title
from generator.site.steps import Steps
from generator.site.texts import gettext as _
from generator.site.topology_view import topology_view
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.site.carrying import Grounds
    from generator.site.context import Context
    from generator.site.reached import Reached
    from generator.site.release_lists import Lists
    from generator.site.templating import Templates
    from generator.site.walk import Step

ROOT = "../"
SEARCHED = 500
"""Newest releases that the theme's search knows, which loads its whole index: Find has all of them."""


def _none(path: str) -> bool:
    del path
    return False


def mass_pages(
    context: Context, templates: Templates, known: Reached | None = None, keep: Callable[[str], bool] = _none
) -> Iterator[MassPage]:
    """Yield every mass page but the last, see `Draft.last_pages`; at any time only one is held.

    `known` is what can differ from the former report, `None` where all can; of all else, `keep` puts the page of the
    former site at its place, by its path, and tells whether it could.
    """
    fragments = Fragments(templates, ROOT)
    yield from _releases(context, templates, fragments, known, keep)
    yield from next_pages(context, templates, fragments)
    yield from _months(context, templates, known, keep)
    yield from environment_pages(context, templates)
    yield from component_pages(context, templates)
    yield from audit_pages(context, templates)
    for environment in context.summary.environments:
        name = context.index.newest_digest.get(environment.name)
        if name is not None and name not in context.index.by_digest:
            commit, standing = context.index.newest_commit[environment.name], context.index.newest[environment.name]
            yield _topology(context, templates, fragments, Version(environment.name, name, commit, standing))


def reached_since(context: Context, former: Grounds | None) -> Reached | None:
    """Return what can differ from the `former` report; `None` where all can."""
    if former is None or not context.component_pages >= set(former.components):
        return None
    if any(former.drawn.get(name, result) != result for name, result in context.drawn.items()):
        return None
    return reached(context.index, former.lines, context.component_pages - set(former.components))


def _releases(
    context: Context, templates: Templates, fragments: Fragments, known: Reached | None, keep: Callable[[str], bool]
) -> Iterator[MassPage]:
    index, steps = context.index, Steps(context)
    searched_from = len(index.releases) - SEARCHED
    first = first_places(index, index.versions, len(index.releases))
    topologies = {position: page for page, position in first.items()}
    for position, row in enumerate(index.releases):
        path, search = release_page(row.id), search_text(row) if position >= searched_from else ""
        if known is not None and position not in known.releases and keep(path):
            yield MassPage("release", path, title(context, row) if search else "", "", "", search=search, placed=True)
        else:
            step, lists = steps.at(position)
            yield _release(context, templates, fragments, step, lists, search)
        page = topologies.get(position)
        if page is None:
            continue
        if known is not None and page not in known.topologies and keep(topology_page(page)):
            yield MassPage("topology", topology_page(page), "", "", "", placed=True)
            continue
        step, _lists = steps.at(position)
        version = Version(row.environment, row.digest, source_commit(step.record.commit), step.standing)
        yield _topology(context, templates, fragments, version)


def _release(
    context: Context, templates: Templates, fragments: Fragments, step: Step, lists: Lists, search: str
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
        search=search,
        record=context.once(page_records).deployment(row.id),
        key=release_key(context, step.record, position),
        draw=lambda: drawn_release(context, templates, fragments, step, lists)[1],
    )


def _months(
    context: Context, templates: Templates, known: Reached | None, keep: Callable[[str], bool]
) -> Iterator[MassPage]:
    placed: set[str] = set()
    every = months(context)
    other = [known is None or month.month in known.months for month in every]
    for at, month in enumerate(every):
        # A page names how many releases the months beside it have.
        if not any(other[max(0, at - 1) : at + 2]):
            placed.update(page for page in month_pages(context, month) if keep(page))
    yield from (MassPage("month", page, "", "", "", placed=True) for page in sorted(placed))
    for month, view in month_views(context, placed):
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
