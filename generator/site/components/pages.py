"""The mass pages of components, one for each that was ever seen, in the order of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.components.drawn_rows import ROOT, with_rows
from generator.site.components.now import gather
from generator.site.components.page import component_view, kind_of
from generator.site.frames import MassPage
from generator.site.names import component_page
from generator.site.texts import gettext as _
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.components.now import Now
    from generator.site.components.page import ComponentView
    from generator.site.context import Context
    from generator.site.templating import Templates

SEARCHED = 2_000
"""Components up to which the search knows them all; of more it knows those that stand now."""


def component_pages(context: Context, templates: Templates) -> Iterator[MassPage]:
    """Yield the page of every component; at any time only one is held."""
    every = context.once(gather)
    names = list(every)
    for place, name in enumerate(names):
        before = names[place - 1] if place else ""
        after = names[place + 1] if place + 1 < len(names) else ""
        view = component_view(context, every[name], before, after)
        searched = len(names) <= SEARCHED or bool(every[name].placed)
        yield _page(context, templates, every[name], view, searched=searched)


def _page(context: Context, templates: Templates, now: Now, view: ComponentView, *, searched: bool) -> MassPage:
    return MassPage(
        kind="component",
        path=component_page(now.id),
        title=_("Component %(name)s", name=shown(now.id)),
        description=" ".join(view.sentences),
        body=templates.render("component", ROOT, with_rows(context, templates, view)),
        previous="" if view.previous is None else view.previous.page.rpartition("/")[2],
        next="" if view.next is None else view.next.page.rpartition("/")[2],
        search=_search_text(context, now) if searched else "",
    )


def _search_text(context: Context, now: Now) -> str:
    """Return what the search finds a component by: its name, its kind, its owner and its versions now."""
    versions = dict.fromkeys(one.cell.version for one in now.placed if one.cell.version)
    return " ".join(filter(None, (now.id, kind_of(context, now), now.owner, *versions)))
