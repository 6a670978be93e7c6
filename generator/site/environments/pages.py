"""The mass pages of environments: one for each, and the parts of its list of deployments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.site.change_rows import Link
from generator.site.environments.listing import Listing
from generator.site.environments.page import description, environment_view
from generator.site.frames import MassPage
from generator.site.names import environment_page
from generator.site.texts import gettext as _
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context
    from generator.site.environments.listing import Part
    from generator.site.templating import Templates

ROOT = "../"


def environment_pages(context: Context, templates: Templates) -> Iterator[MassPage]:
    """Yield the pages of every environment; of the deployments, one part an environment is held."""
    environments = context.summary.environments
    lists = {env.name: Listing(context, env) for env in environments}
    for record in context.evidence.deployments():
        listing = lists.get(record.environment)
        part = listing.add(record) if listing is not None else None
        if part is not None:
            yield _part(templates, part)
    for position, env in enumerate(environments):
        listing = lists[env.name]
        last = listing.close()
        if last is not None:
            yield _part(templates, last)
        yield _page(context, templates, position, listing)


def _part(templates: Templates, part: Part) -> MassPage:
    view = part.view
    return MassPage(
        kind="deployments",
        path=part.path,
        title=view.heading,
        description=view.period or view.heading,
        body="",
        key=(repr(view).encode(),),
        draw=partial(templates.render, "environment-part", ROOT, view),
        previous=_file(view.earlier),
        next=_file(view.later),
    )


def _page(context: Context, templates: Templates, position: int, listing: Listing) -> MassPage:
    environments = context.summary.environments
    env = environments[position]
    before = _link(environments[position - 1]) if position else None
    after = _link(environments[position + 1]) if position + 1 < len(environments) else None
    view = environment_view(context, env, listing, (before, after))
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
