"""Go or no-go, in a sentence: from what the gates would say of the release that nobody made yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number
from generator.site.words import counted, listed, shown, span, version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.next_release import NextGate, NextRecord, Says
    from generator.evidence.records import ChangeRecord
    from generator.site.words import Calendar

MOST_NAMED = 4
LONG_VERSION = 40
"""Characters of a version up to which the sentence names it."""


class Verdict(NamedTuple):
    """The verdict on a release that nobody made yet."""

    tone: str
    """`go`, `no-go`, `early`, `open`, `nothing` or `unknown`: a class name."""
    text: str


def next_verdict(record: NextRecord, calendar: Calendar) -> Verdict:
    """Return the verdict on what waits; gates that don't look at such a release are left out."""
    names = {"environment": shown(record.environment), "upstream": shown(record.upstream)}
    if record.state == "not assessed":
        return Verdict("unknown", _("Not assessed: %(reason)s", reason=shown(record.reason)))
    if record.state == "nothing":
        text = _("Nothing waits: no value of %(environment)s is an older one of %(upstream)s.", **names)
        return Verdict("nothing", text)
    asked = [gate for gate in record.gates if gate.asked]
    if not asked:
        return Verdict("open", _("Nothing stands against it, since no gate looks at it."))
    return _ruling(record.says, asked, calendar)


def _ruling(says: Says, asked: Sequence[NextGate], calendar: Calendar) -> Verdict:
    passed = sum(gate.outcome == "passed" for gate in asked)
    reasons = "; ".join(_reasons(asked, calendar))
    match says:
        case "go":
            text = ngettext("Go: the only gate would pass.", "Go: %(number)s of %(number)s gates would pass.", passed)
            return Verdict("go", text)
        case "no-go":
            return Verdict("no-go", _("No-go: %(reasons)s.", reasons=reasons))
        case "too early":
            return Verdict("early", _("Not yet: %(reasons)s.", reasons=reasons))
        case _:
            values = {"passed": number(passed), "all": number(len(asked)), "reasons": reasons}
            return Verdict("open", _("Open: %(passed)s of %(all)s gates would pass; %(reasons)s.", **values))


def _reasons(gates: Sequence[NextGate], calendar: Calendar) -> list[str]:
    """Return what stands in the way, what can't pass by itself first."""
    kinds = ("failed", "missing", "not assessed")
    by = {outcome: [gate for gate in gates if gate.outcome == outcome] for outcome in kinds}
    words = []
    if failed := [gate for gate in by["failed"] if gate.so_far_seconds is None]:
        named = listed([shown(gate.name) for gate in failed], MOST_NAMED)
        words.append(ngettext("gate %(names)s would fail", "gates %(names)s would fail", len(failed), names=named))
    if by["missing"]:
        named, many = listed([shown(gate.name) for gate in by["missing"]], MOST_NAMED), len(by["missing"])
        words.append(ngettext("gate %(names)s is missing", "gates %(names)s are missing", many, names=named))
    words += [_soaked(gate) for gate in by["failed"] if gate.so_far_seconds is not None]
    words += [_early(gate, calendar) for gate in gates if gate.outcome == "too early"]
    if by["not assessed"]:
        named, many = listed([shown(gate.name) for gate in by["not assessed"]], MOST_NAMED), len(by["not assessed"])
        words.append(ngettext("gate %(names)s can't be told", "gates %(names)s can't be told", many, names=named))
    return words


def _soaked(gate: NextGate) -> str:
    return _(
        "%(gate)s %(so_far)s of %(needed)s so far",
        gate=shown(gate.name),
        so_far=span(gate.so_far_seconds or 0),
        needed=span(gate.needed_seconds or 0),
    )


def _early(gate: NextGate, calendar: Calendar) -> str:
    when = calendar.moment(gate.passes_at).text
    if gate.so_far_seconds is None:
        return _("gate %(gate)s passes from %(time)s", gate=shown(gate.name), time=when)
    return _("%(soak)s, passes from %(time)s", soak=_soaked(gate), time=when)


def would_come(record: NextRecord) -> str:
    """Return what would change, in one sentence; empty where nothing would."""
    changes = [change for change in record.changes if not _is_edge(change)]
    names = list(dict.fromkeys(shown(change.component) for change in changes))
    if not names:
        return ""
    artifacts = [change for change in changes if change.aspect == "artifact" and change.old and change.new]
    if len(names) == len(artifacts) == len(changes) == 1:
        old, new = (shown(version(side or "")) for side in (artifacts[0].old, artifacts[0].new))
        if max(len(old), len(new)) <= LONG_VERSION:
            return _("%(component)s would go from %(old)s to %(new)s.", component=names[0], old=old, new=new)
    return _(
        "%(names)s would change, in %(values)s.",
        names=listed(names) if len(names) <= MOST_NAMED else counted(len(names), "component"),
        values=counted(len(changes), "value"),
    )


def _is_edge(change: ChangeRecord) -> bool:
    return change.aspect == "topology" and change.field == "connection"
