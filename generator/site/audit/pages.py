"""The mass pages of the audit: a page a month and a quarter, in parts where it is long."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.site.audit.views import period_views
from generator.site.frames import MassPage
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.audit.views import PeriodRow
    from generator.site.context import Context
    from generator.site.templating import Templates

ROOT = "../"


def audit_pages(context: Context, templates: Templates) -> Iterator[MassPage]:
    """Yield the page of each period."""
    for path, view in period_views(context):
        yield MassPage(
            kind="audit",
            path=path,
            title=_("Audit of %(period)s", period=view.name),
            description=view.sentence,
            body="",
            key=(repr(view).encode(),),
            draw=partial(templates.render, "audit-period", ROOT, view),
            previous=_file(view.previous),
            next=_file(view.next),
        )


def _file(row: PeriodRow | None) -> str:
    return "" if row is None else row.page.rpartition("/")[2]
