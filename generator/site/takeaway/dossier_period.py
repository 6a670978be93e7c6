"""The dossier of a period: its sums, its measures, every release in a line, and what there is to say of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.errors import UsageError
from generator.site.audit.entries import audit_entries
from generator.site.audit.rows import audit_row
from generator.site.audit.totals import OUTCOMES, totals
from generator.site.change_rows import change_row
from generator.site.names import anchor
from generator.site.takeaway.dossier import Cover, Fact, dossier_html, joined, manifest_digest, report_facts
from generator.site.takeaway.figures import figures
from generator.site.takeaway.verifying import verifying
from generator.site.texts import gettext as _
from generator.site.texts import ngettext
from generator.site.words import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.evidence.records import DeploymentRecord
    from generator.site.audit.entries import Entry
    from generator.site.audit.rows import AuditRow
    from generator.site.audit.totals import Totals
    from generator.site.change_rows import ChangeRow
    from generator.site.context import Context
    from generator.site.takeaway.figures import EnvironmentFigures
    from generator.site.takeaway.spans import Span
    from generator.site.templating import Templates
    from generator.site.words import Digest

MOST_LISTED = 2000
"""Releases in the list; a longer history is read in shorter periods."""
MOST_TOLD = 150
"""Releases that are told one by one; of more, those with exceptions come first."""
MOST_CHANGES = 8


class ShortRelease(NamedTuple):
    """One release, in short."""

    anchor: str
    row: AuditRow
    digest: Digest
    changes: tuple[ChangeRow, ...]
    left: int
    triage: str
    """Whose failure it was, with the reason; empty where it did not fail."""


class PeriodView(NamedTuple):
    """What a dossier says of a period."""

    name: str
    first: str
    last: str
    totals: Totals
    outcomes: tuple[str, ...]
    figures: tuple[EnvironmentFigures, ...]
    rows: tuple[AuditRow, ...]
    rows_left: int
    releases: tuple[ShortRelease, ...]
    releases_left: int
    several: bool
    """Whether there is more than one production environment."""


def period_dossier(context: Context, templates: Templates, span: Span) -> str:
    """Return the dossier of `span` as HTML; raises `UsageError` where nothing was released in it."""
    entries = [entry for entry in context.once(audit_entries) if span.holds(entry.at)]
    if not entries:
        raise _nothing(context, span)
    told = _told(entries)
    records = _records(context, {entry.id for entry in told})
    added = totals(entries)
    view = PeriodView(
        name=span.name,
        first=span.first,
        last=span.last,
        totals=added,
        outcomes=OUTCOMES,
        figures=figures(context, span),
        rows=tuple(audit_row(context, entry) for entry in entries[:MOST_LISTED]),
        rows_left=max(0, len(entries) - MOST_LISTED),
        releases=tuple(_short(context, entry, records[entry.id]) for entry in told),
        releases_left=len(entries) - len(told),
        several=len(context.productions) > 1,
    )
    body = templates.render("dossier-period", "", view)
    return dossier_html(
        context, templates, _cover(context, span, added), joined([body, verifying(context, templates, "")])
    )


def _cover(context: Context, span: Span, added: Totals) -> Cover:
    told = ngettext(
        "%(number)s production change, %(excepted)s with something out of the ordinary.",
        "%(number)s production changes, %(excepted)s with something out of the ordinary.",
        added.changes,
        excepted=str(added.excepted),
    )
    names = ", ".join(environment.name for environment in context.productions)
    facts = (Fact(_("From"), span.first), Fact(_("To"), span.last), Fact(_("Environments"), names))
    return Cover(
        over=_("Period dossier"),
        heading=span.name,
        verdict=told,
        facts=(*facts, *report_facts(context)),
        digest=manifest_digest(context),
        digest_of=_("Evidence"),
    )


def _nothing(context: Context, span: Span) -> UsageError:
    times = [entry.at[:10] for entry in context.once(audit_entries) if entry.at]
    fix = f"its releases are from {min(times)} to {max(times)}" if times else "the report has no dated release"
    return UsageError("period", f"nothing was released in {span.key}", fix=fix)


def _told(entries: Sequence[Entry]) -> list[Entry]:
    """Return those that are told one by one, oldest first: of many, those with exceptions before the newest others."""
    if len(entries) <= MOST_TOLD:
        return list(entries)
    ranked = sorted(range(len(entries)), key=lambda place: (not entries[place].exceptions, -place))
    return [entries[place] for place in sorted(ranked[:MOST_TOLD])]


def _records(context: Context, wanted: set[str]) -> Mapping[str, DeploymentRecord]:
    return {record.id: record for record in context.evidence.deployments() if record.id in wanted}


def _short(context: Context, entry: Entry, record: DeploymentRecord) -> ShortRelease:
    triage = ""
    if record.triage is not None:
        found = context.objects.triage(record.environment, record.triage)
        triage = _("%(verdict)s: %(reason)s", verdict=found.verdict, reason=found.reason)
    return ShortRelease(
        anchor=anchor(entry.id),
        row=audit_row(context, entry),
        digest=digest(record.digest),
        changes=tuple(
            change_row(context, record.environment, change, None, None, whole=False)
            for change in record.changes[:MOST_CHANGES]
        ),
        left=max(0, len(record.changes) - MOST_CHANGES),
        triage=triage,
    )
