"""The mass pages of the audit: a page a month and a quarter, in parts where it is long."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.site.audit.period_parts import period_parts
from generator.site.frames import MassPage
from generator.site.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.audit.period_parts import PeriodLink, PeriodPart
    from generator.site.context import Context
    from generator.site.templating import Templates

ROOT = "../"


def audit_pages(context: Context, templates: Templates) -> Iterator[MassPage]:
    """Yield the page of each period."""
    for part in period_parts(context):
        yield MassPage(
            kind="audit",
            path=part.path,
            title=_("Audit of %(period)s", period=part.name),
            description=part.sentence,
            body="",
            key=part.drawn_from,
            draw=partial(_drawn, part, templates),
            previous=_file(part.around.previous),
            next=_file(part.around.next),
        )


def _drawn(part: PeriodPart, templates: Templates) -> str:
    return templates.render("audit-period", ROOT, part.view())


def _file(link: PeriodLink | None) -> str:
    return "" if link is None else link.page.rpartition("/")[2]
