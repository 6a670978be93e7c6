"""A production change as a row of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.audit.exceptions import EXCEPTIONS
from generator.site.audit.totals import OUTCOMES
from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number
from generator.site.words import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.gates import GateRow
    from generator.evidence.records import ApprovalRecord
    from generator.site.audit.entries import Entry
    from generator.site.context import Context
    from generator.site.words import Digest, Moment

MOST_COMPONENTS = 8
"""Components that a row names; all stand on the page of the release, in the table to take away and in the data."""


class Yes(NamedTuple):
    """Somebody's yes."""

    by: str
    """Name, or where there is none that it was one person."""
    source: str
    doubt: str
    """Why it does not count as that of somebody else, in words; empty where it does."""


class Short(NamedTuple):
    """Gates that did not pass, for one reason."""

    names: tuple[str, ...]
    outcome: str
    detail: str


class AuditRow(NamedTuple):
    """A change in a table."""

    page: str
    name: str
    environment: str
    when: Moment
    kind: str
    verdict: str
    components: tuple[str, ...]
    components_left: int
    commit: Digest
    author: str
    committer: str
    approvals: tuple[Yes, ...]
    gates: str
    """`4 of 6 passed`; empty where no gate guards it."""
    short: tuple[Short, ...]
    exceptions: tuple[tuple[str, str, str], ...]
    """(machine name, words, meaning)."""


def audit_row(context: Context, entry: Entry) -> AuditRow:
    """Return a change as a table shows it."""
    # What failed is what somebody looks for; a gate that says nothing comes after it.
    short = sorted(entry.short, key=lambda row: OUTCOMES.index(row.outcome) if row.outcome in OUTCOMES else 0)
    return AuditRow(
        page=entry.page,
        name=entry.name,
        environment=entry.environment,
        when=context.dates.moment(entry.at),
        kind=entry.kind,
        verdict=entry.verdict,
        components=entry.components[:MOST_COMPONENTS],
        components_left=max(0, len(entry.components) - MOST_COMPONENTS),
        commit=digest(entry.commit),
        author=entry.author,
        committer=entry.committer,
        approvals=yeses(entry.approvals),
        gates=gates_words(entry),
        short=_together(short),
        exceptions=tuple((name, _(EXCEPTIONS[name][0]), _(EXCEPTIONS[name][1])) for name in entry.exceptions),
    )


def _together(short: Sequence[GateRow]) -> tuple[Short, ...]:
    """Return gates with those of one outcome and one reason as one: nobody reads the same four times."""
    names: dict[tuple[str, str], list[str]] = {}
    for row in short:
        names.setdefault((row.outcome, row.detail), []).append(row.name)
    return tuple(Short(tuple(found), outcome, detail) for (outcome, detail), found in names.items())


def yeses(approvals: Sequence[ApprovalRecord]) -> tuple[Yes, ...]:
    """Return who approved, in words."""
    return tuple(Yes(one.by or _("one person"), one.source, doubt_words(one.doubt)) for one in approvals)


def doubt_words(doubt: str) -> str:
    """Return why a yes does not count as that of somebody else."""
    known = {
        "by an author": _("an author of it"),
        "afterwards": _("only afterwards"),
        "by a machine": _("a machine"),
        "can't be told": _("whether an author of it can't be told"),
    }
    return known.get(doubt, doubt)


def gates_words(entry: Entry) -> str:
    """Return how many gates passed; empty where none guards it."""
    if not entry.gates:
        return ""
    passed, every = len(entry.gates) - len(entry.short), len(entry.gates)
    if passed == every:
        return ngettext("%(number)s passed", "all %(number)s passed", every)
    return _("%(passed)s of %(number)s passed", passed=number(passed), number=number(every))
