"""Acceptances of drift: who let what stand, why, and until when; those that run out soon are marked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from generator.site.exempt_view import exemption_line
from generator.site.texts import gettext as _
from generator.site.texts import ngettext

if TYPE_CHECKING:
    from generator.evidence.summary import ExemptionRecord
    from generator.site.context import Context
    from generator.site.exempt_view import ExemptionLine

DAY = timedelta(days=1)
SOON = 30 * DAY
"""Before its last day, an acceptance runs out soon."""
ORDER = ("expired", "soon", "unused", "in force", "withdrawn")
MOST = 100


class AcceptanceLine(NamedTuple):
    """An acceptance that was ever declared."""

    line: ExemptionLine
    state: str
    """Machine word: one of `ORDER`, or what the evidence says."""
    words: str
    left: str
    """How long it still holds, or how long ago it ran out, as seen from the report; empty where nobody has to care."""


class Acceptances(NamedTuple):
    """All of them, those to look at first."""

    rows: tuple[AcceptanceLine, ...]
    left: int
    sentence: str
    """What has to be looked at; empty where nothing has."""


def acceptances(context: Context) -> Acceptances:
    """Return every acceptance of drift that was ever declared."""
    lines = [_line(context, record) for record in context.summary.exemptions if record.kind == "acceptance"]
    lines.sort(key=lambda one: ORDER.index(one.state) if one.state in ORDER else len(ORDER))
    states = [one.state for one in lines]
    return Acceptances(tuple(lines[:MOST]), max(0, len(lines) - MOST), _sentence(states))


def _sentence(states: list[str]) -> str:
    expired, soon = states.count("expired"), states.count("soon")
    parts = []
    if expired:
        parts.append(ngettext("One acceptance has run out.", "%(number)s acceptances have run out.", expired))
    if soon:
        parts.append(
            ngettext("One acceptance runs out within 30 days.", "%(number)s acceptances run out within 30 days.", soon)
        )
    return " ".join(parts)


def _line(context: Context, record: ExemptionRecord) -> AcceptanceLine:
    words = {"expired": _("expired"), "unused": _("unused"), "in force": _("in force"), "withdrawn": _("withdrawn")}
    state, left = record.state, ""
    if state in {"in force", "expired", "unused"}:
        remaining = _remaining(context.summary.as_of, record.expires)
        if remaining is not None and remaining < timedelta():
            left = ngettext("%(number)s day ago", "%(number)s days ago", -remaining // DAY)
        elif remaining is not None and remaining < SOON:
            left = ngettext("%(number)s day left", "%(number)s days left", remaining // DAY)
            state = "soon" if state == "in force" else state
    line = exemption_line(context, record)
    return AcceptanceLine(line, state, _("expires soon") if state == "soon" else words.get(state, state), left)


def _remaining(as_of: str, expires: str) -> timedelta | None:
    """Return how long something still holds; `None` where one of the two is no time."""
    try:
        return datetime.fromisoformat(expires) - datetime.fromisoformat(as_of)
    except (ValueError, TypeError):
        return None
