"""The mass pages of environments: one for each, and the parts of its list of deployments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.deployment_lines import DeploymentLines
from generator.site.change_rows import Link
from generator.site.environments.listing import Listing, ListingState
from generator.site.environments.page import description, environment_view
from generator.site.frames import MassPage
from generator.site.names import environment_page
from generator.site.texts import gettext as _
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context
    from generator.site.environments.listing import Part
    from generator.site.templating import Templates

ROOT = "../"


class _State(msgspec.Struct, array_like=True, gc=False):
    """Where the lists of all environments stand."""

    lines: int
    """Deployments in all."""
    lists: dict[str, ListingState]


class _Lists:
    """The lists of all environments, as a fold."""

    def __init__(self, context: Context, state: _State | None) -> None:
        kept = state if state is not None else _State(0, {})
        self.lines = kept.lines
        self.lists = {env.name: Listing(context, env, kept.lists.get(env.name)) for env in context.summary.environments}

    def take(self, line: int, record: DeploymentRecord) -> None:
        listing = self.lists.get(record.environment)
        if listing is not None:
            listing.add(line, record)
        self.lines = line

    def state(self) -> _State:
        return _State(self.lines, {name: listing.state() for name, listing in self.lists.items()})


def environment_pages(context: Context, templates: Templates) -> Iterator[MassPage]:
    """Yield the pages of every environment; of the deployments, those are read whose part is drawn."""
    found = context.folds.bring("lists", _State, partial(_Lists, context))
    lines = DeploymentLines(context.evidence.folder, found.lines)
    for listing in found.lists.values():
        for part in listing.pages(lines):
            yield _part(templates, part)
    for position, env in enumerate(context.summary.environments):
        yield _page(context, templates, position, found.lists[env.name], lines)


def _part(templates: Templates, part: Part) -> MassPage:
    head = part.head
    return MassPage(
        kind="deployments",
        path=part.path,
        title=head.heading,
        description=head.period or head.heading,
        body="",
        key=(part.key, repr(head).encode()),
        draw=lambda: templates.render("environment-part", ROOT, part.view()),
        previous=_file(head.earlier),
        next=_file(head.later),
    )


def _page(context: Context, templates: Templates, position: int, listing: Listing, lines: DeploymentLines) -> MassPage:
    environments = context.summary.environments
    env = environments[position]
    before = _link(environments[position - 1]) if position else None
    after = _link(environments[position + 1]) if position + 1 < len(environments) else None
    view = environment_view(context, env, listing.parts, listing.newest(lines), (before, after))
    return MassPage(
        kind="environment",
        path=environment_page(env.name),
        title=_("Environment %(environment)s", environment=shown(env.name)),
        description=description(env),
        body=templates.render("environment", ROOT, view),
        previous=_file(before),
        next=_file(after),
        search=description(env),
    )


def _link(env: EnvironmentSummary) -> Link:
    return Link(environment_page(env.name), shown(env.name))


def _file(link: Link | None) -> str:
    return "" if link is None else link.page.rpartition("/")[2]
