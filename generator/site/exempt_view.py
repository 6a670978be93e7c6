"""What people let stand: why a finding or a difference does not count, and what became of every such declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import N_, number
from generator.site.texts import gettext as _
from generator.site.words import counted, digest, last_day

if TYPE_CHECKING:
    from generator.evidence.packs import ExemptRecord
    from generator.evidence.summary import ExemptionRecord
    from generator.site.context import Context
    from generator.site.words import Digest, Moment

LOOK_AT = ("expired", "unknown rule", "unused")
"""States that somebody has to look at, in the order in which they are shown."""
STATES = (*LOOK_AT, "in force", "withdrawn")
MOST = 500
"""Declarations that the page lists; the rest is counted."""
_MEANINGS = {
    "expired": N_("its last day is over"),
    "unknown rule": N_("no check has this name"),
    "unused": N_("nothing fits it"),
}
_WORDS = {
    "expired": N_("expired"),
    "unknown rule": N_("unknown rule"),
    "unused": N_("unused"),
    "in force": N_("in force"),
    "withdrawn": N_("withdrawn"),
}
_KINDS = {"waiver": N_("waiver"), "acceptance": N_("acceptance")}


class Exempt(NamedTuple):
    """Why something may stand."""

    owner: str
    reason: str
    until: str
    """Last day on which it may, `2026-12-31`."""
    source: str


class ExemptionLine(NamedTuple):
    """A waiver or an acceptance, and what became of it."""

    kind: str
    """`waiver` or `acceptance`, in words."""
    subject: str
    owner: str
    reason: str
    until: str
    state: str
    """Machine word."""
    words: str
    """The state in words."""
    meaning: str
    """Why somebody has to look at it; empty where nobody has to."""
    effect: str
    """What it let stand, in counts."""
    source: str
    since: Moment
    commit: Digest
    withdrawn: Digest | None


class ExemptionsView(NamedTuple):
    """All of them, those to look at first."""

    rows: tuple[ExemptionLine, ...]
    left: int
    counts: str
    """`2 in force, 1 expired`; empty where there are none."""


def exempt(record: ExemptRecord | None) -> Exempt | None:
    """Return why something may stand; `None` where it counts."""
    if record is None:
        return None
    return Exempt(record.owner, record.reason, last_day(record.expires), record.source)


def exemptions_view(context: Context) -> ExemptionsView:
    """Return every waiver and acceptance that was ever declared."""
    records = context.summary.exemptions
    ranked = sorted(records, key=_rank)
    states = [record.state for record in records]
    counts = ", ".join(
        f"{number(states.count(state))} {_state(state)}"
        for state in dict.fromkeys([*STATES, *states])
        if state in states
    )
    rows = tuple(exemption_line(context, row) for row in ranked[:MOST])
    return ExemptionsView(rows, max(0, len(ranked) - MOST), counts)


def _state(state: str) -> str:
    return _(_WORDS[state]) if state in _WORDS else state


def _rank(record: ExemptionRecord) -> int:
    """Return where a declaration stands: an expired one that still has something to let stand comes first."""
    rank = STATES.index(record.state) if record.state in STATES else len(STATES)
    return rank * 2 + (not record.standing)


def exemption_line(context: Context, row: ExemptionRecord) -> ExemptionLine:
    """Return a waiver or an acceptance, and what became of it."""
    count = row.matched or row.standing
    items = counted(count, "finding") if row.kind == "waiver" else counted(count, "difference")
    if row.matched:
        effect = _("%(items)s so far, %(number)s now", items=items, number=number(row.standing))
    elif row.standing:
        effect = _("would fit %(items)s now", items=items)
    else:
        effect = _("no finding yet") if row.kind == "waiver" else _("no difference yet")
    return ExemptionLine(
        kind=_(_KINDS[row.kind]) if row.kind in _KINDS else row.kind,
        subject=row.subject,
        owner=row.owner,
        reason=row.reason,
        until=last_day(row.expires),
        state=row.state,
        words=_state(row.state),
        meaning=_(_MEANINGS[row.state]) if row.state in _MEANINGS else "",
        effect=effect,
        source=row.source,
        since=context.calendar.moment(row.since_at),
        commit=digest(row.since),
        withdrawn=digest(row.until) if row.until else None,
    )
