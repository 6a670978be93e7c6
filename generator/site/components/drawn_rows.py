"""Rows of versions, drawn: what is over says the same in every report, so it is drawn once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup

from generator.evidence.facts import seconds
from generator.site.components.rows import version_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.site.components.page import ComponentView
    from generator.site.components.stays import Stay
    from generator.site.context import Context
    from generator.site.templating import Templates

ROOT = "../"
NAME = "versions"
"""What the memo of the rows is called."""


def with_rows(context: Context, templates: Templates, view: ComponentView) -> ComponentView:
    """Return `view` with the rows of its versions drawn."""
    return view._replace(
        versions=tuple(
            part._replace(
                newest_rows=_rows(context, templates, part.newest, part.upstream),
                older_rows=_rows(context, templates, part.older, part.upstream),
            )
            for part in view.versions
        )
    )


def _rows(context: Context, templates: Templates, stays: Sequence[Stay], upstream: str) -> Markup:
    """Return the rows of `stays`, newest first, of which only the first can go on."""
    standing = stays[:1] if stays and stays[0].end is None else ()
    over = stays[len(standing) :]

    def draw(some: Sequence[Stay]) -> Markup:
        rows = version_rows(context, some, upstream, seconds(context.summary.as_of) or 0)
        return templates.render("version-rows", ROOT, (rows, upstream))

    found = draw(standing) if standing else Markup()
    if over:
        links = [(context.deployment_link(stay.deployment), context.deployment_link(stay.origin)) for stay in over]
        key = msgspec.msgpack.encode((over, upstream, links))
        kept = context.folds.memo(NAME).get(key, lambda: draw(over).encode("utf-8"))
        found += Markup(kept.decode("utf-8"))  # noqa: S704 - what a template gave, of this or of the former report
    return found
