"""What a deployment was, in one sentence: from its record alone.

The sentence is made of whole clauses, each one text of the catalogue.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _
from generator.site.words import counted, listed, shown, span, version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.evidence.records import ChangeRecord, DeploymentRecord

RETURNS = frozenset({"rollback", "redo"})
SHORT_SETTING = 24
"""Characters of a setting's value up to which the sentence names it."""
LISTED = 3
"""Components that the sentence names; of more, it says how many made the commonest step."""
LONG_VERSION = 40
"""Characters of a version up to which the sentence names it."""
OPENED = {"hotfix": N_("Hotfix: %(text)s"), "roll-forward": N_("Rolled forward: %(text)s")}
KINDS = {
    "initial": N_("initial"),
    "forward": N_("forward"),
    "rollback": N_("rollback"),
    "redo": N_("redo"),
    "roll-forward": N_("roll-forward"),
    "hotfix": N_("hotfix"),
    "redeploy": N_("redeploy"),
    "gap": N_("gap"),
}
"""Kinds of deployments, as pages say them."""
ORDER = ("forward", "rollback", "roll-forward", "redo", "hotfix", "initial", "gap")
MANY = {
    "forward": N_("%(names)s went forward"),
    "rollback": N_("%(names)s went back"),
    "roll-forward": N_("%(names)s went forward to mend it"),
    "redo": N_("%(names)s went forward again"),
    "hotfix": N_("%(names)s got a hotfix"),
    "initial": N_("%(names)s came for the first time"),
}
TOGETHER = {
    "forward": N_("%(components)s went forward from %(old)s to %(new)s"),
    "rollback": N_("%(components)s went back from %(old)s to %(new)s"),
    "redo": N_("%(components)s went forward again from %(old)s to %(new)s"),
}
"""Many components that all made one step."""
MOSTLY = {
    "forward": N_("%(components)s went forward, %(number)s of them from %(old)s to %(new)s"),
    "rollback": N_("%(components)s went back, %(number)s of them from %(old)s to %(new)s"),
    "redo": N_("%(components)s went forward again, %(number)s of them from %(old)s to %(new)s"),
}
VALIDATED: Mapping[tuple[str, str], str] = {
    ("bypass", "it"): N_("it had never run in %(upstream)s"),
    ("bypass", "some"): N_("%(names)s had never run in %(upstream)s"),
    ("bypass", "all"): N_("none of them had ever run in %(upstream)s"),
    ("simultaneous", "it"): N_("%(upstream)s got it in the same commit"),
    ("simultaneous", "some"): N_("%(upstream)s got %(names)s in the same commit"),
    ("simultaneous", "all"): N_("%(upstream)s got all of them in the same commit"),
    ("not assessed", "it"): N_("whether it had run in %(upstream)s is not assessed"),
    ("not assessed", "some"): N_("whether %(names)s had run in %(upstream)s is not assessed"),
    ("not assessed", "all"): N_("whether they had run in %(upstream)s is not assessed"),
    ("promoted", "it"): N_("it had run in %(upstream)s"),
    ("promoted", "some"): N_("%(names)s had run in %(upstream)s"),
    ("promoted", "all"): N_("all had run in %(upstream)s"),
    ("timed", "it"): N_("it had run in %(upstream)s for %(time)s"),
    ("timed", "some"): N_("%(names)s had run in %(upstream)s for %(time)s"),
    ("timed", "all"): N_("all had run in %(upstream)s for %(time)s"),
}
"""What the upstream had of the artifacts that came: by validation, and of which of them it is said."""

CONNECTION = {
    "added": N_("the connection %(component)s was added"),
    "removed": N_("the connection %(component)s was removed"),
    "changed": N_("the connection %(component)s was changed"),
}
COMPONENT = {
    "added": N_("%(component)s was added"),
    "removed": N_("%(component)s was removed"),
    "changed": N_("%(component)s was changed"),
}
SETTING = {
    "added": N_("%(field)s of %(component)s was added"),
    "removed": N_("%(field)s of %(component)s was removed"),
    "changed": N_("%(field)s of %(component)s was changed"),
    "back": N_("%(field)s of %(component)s went back"),
}
SETTING_FROM = {
    "added": N_("%(field)s of %(component)s was added from %(old)s to %(new)s"),
    "removed": N_("%(field)s of %(component)s was removed from %(old)s to %(new)s"),
    "changed": N_("%(field)s of %(component)s was changed from %(old)s to %(new)s"),
    "back": N_("%(field)s of %(component)s went back from %(old)s to %(new)s"),
}


class Clause(NamedTuple):
    """A clause of the sentence."""

    text: str
    ours: bool = False
    """Whether it begins with a word of ours, which takes a capital; names keep their letters."""


def verdict(record: DeploymentRecord, upstream: str) -> str:
    """Return the sentence; `upstream` is the name of the upstream environment, empty where there is none."""
    if record.kind == "redeploy" or not record.changes:
        environment = shown(record.environment)
        return _("Nothing changed: the commit touched %(environment)s and left it as it was.", environment=environment)
    said = _what_happened(record, upstream)
    if record.kind in OPENED:
        return _(OPENED[record.kind], text=said.text)
    if record.kind == "rollback" and record.partial:
        return _("Taken back in part: %(text)s", text=said.text)
    if record.observed and record.observed != record.kind:
        return _("Declared as %(kind)s: %(text)s", kind=_(KINDS[record.kind]), text=said.text)
    return said.text[:1].upper() + said.text[1:] if said.ours else said.text


def _what_happened(record: DeploymentRecord, upstream: str) -> Clause:
    artifacts = [change for change in record.changes if change.aspect == "artifact"]
    came = [change for change in artifacts if change.new is not None]
    subjects = list(dict.fromkeys(change.component for change in record.changes if not _is(change, "connection")))
    if record.kind == "initial" and not record.previous_digest:
        first = _first(record, len({change.component for change in artifacts}), len(subjects))
        return Clause(f"{_validated(first, came, upstream, alone=False)}.")
    if len(subjects) == 1 and len(artifacts) == 1:
        change = artifacts[0]
        if change.kind in RETURNS and change.validation == "promoted" and upstream:
            return Clause(f"{_single(change)}; {_returned(change, upstream)}.")
        return Clause(f"{_validated(_single(change), came, upstream, alone=True)}.")
    many = _many(artifacts, record.changes)
    text = f"{_validated(many.text, came, upstream, alone=False)}."
    return Clause(_("Many at once: %(text)s", text=text)) if record.bulk else Clause(text, many.ours)


def _first(record: DeploymentRecord, runs: int, subjects: int) -> str:
    values = {"environment": shown(record.environment), "components": counted(runs, "component")}
    if subjects <= runs:
        return _("First version of %(environment)s, with %(components)s", **values)
    parts = counted(subjects - runs, "other part")
    return _("First version of %(environment)s, with %(components)s and %(parts)s", **values, parts=parts)


def components(record: DeploymentRecord) -> tuple[str, ...]:
    """Return the components that a deployment changed, those whose artifact moved first, without connections."""
    found = dict.fromkeys(change.component for change in record.changes if change.aspect == "artifact")
    found.update(dict.fromkeys(change.component for change in record.changes if not _is(change, "connection")))
    return tuple(found)


def _single(change: ChangeRecord) -> str:
    absent = _("absent")
    values = {
        "component": shown(change.component),
        "old": shown(version(change.old)) if change.old else absent,
        "new": shown(version(change.new)) if change.new else absent,
    }
    if change.kind == "rollback":
        return _("%(component)s went back from %(old)s to %(new)s", **values)
    if change.kind == "redo":
        return _("%(component)s went forward again from %(old)s to %(new)s, which had been here before", **values)
    if change.kind == "initial":
        return _("%(component)s %(new)s came for the first time", **values)
    if change.kind == "gap":
        gone, back = N_("%(component)s is gone"), N_("%(component)s is back with %(new)s")
        return _(gone if change.new is None else back, **values)
    if not change.new:
        return _removed([values["component"]])
    return _("%(component)s went forward from %(old)s to %(new)s", **values)


def _removed(names: Sequence[str]) -> str:
    return ngettext("%(names)s was removed", "%(names)s were removed", len(names), names=listed(list(names)))


def _many(artifacts: Sequence[ChangeRecord], changes: Sequence[ChangeRecord]) -> Clause:
    gone = _names(change for change in artifacts if change.new is None and change.kind != "gap")
    parts = []
    for kind in ORDER:
        names = _names(change for change in artifacts if change.kind == kind)
        names = [name for name in names if name not in gone]
        kept = set(names)
        moved = [change for change in artifacts if change.kind == kind and shown(change.component) in kept]
        if names and kind == "gap":
            parts.append(Clause(_gap(names, moved)))
        elif names:
            parts.append(Clause(_together(names, kind, moved) or _(MANY[kind], names=listed(names))))
    if gone:
        parts.append(Clause(_removed(gone)))
    runs = {change.component for change in artifacts}
    parts += _others([change for change in changes if change.component not in runs], alone=not parts)
    return Clause("; ".join(part.text for part in parts), parts[0].ours if parts else False)


def _gap(names: list[str], moved: Sequence[ChangeRecord]) -> str:
    said, many = listed(names), len(names)
    if all(change.new is None for change in moved):
        return ngettext("%(names)s lost the value it had", "%(names)s lost the values they had", many, names=said)
    if all(change.old is None for change in moved):
        return ngettext(
            "%(names)s regained the value it had", "%(names)s regained the values they had", many, names=said
        )
    return ngettext(
        "%(names)s lost or regained the value it had",
        "%(names)s lost or regained the values they had",
        many,
        names=said,
    )


def _together(names: Sequence[str], kind: str, moved: Iterable[ChangeRecord]) -> str:
    """Return one clause for many components of which most made the same step; empty where they didn't."""
    if len(names) <= LISTED or kind not in TOGETHER:
        return ""
    steps = {(c.component, version(c.old), version(c.new)) for c in moved if c.old and c.new}
    counts = Counter((old, new) for _name, old, new in steps)
    if not counts:
        return ""
    (old, new), most = min(counts.items(), key=lambda step: (-step[1], step[0]))
    if most * 2 <= len(names) or max(len(old), len(new)) > LONG_VERSION:
        return ""
    message = (TOGETHER if most == len(names) else MOSTLY)[kind]
    named = counted(len(names), "component")
    return _(message, components=named, number=number(most), old=shown(old), new=shown(new))


def _names(changes: Iterable[ChangeRecord]) -> list[str]:
    return list(dict.fromkeys(shown(change.component) for change in changes))


def _others(changes: Sequence[ChangeRecord], *, alone: bool) -> list[Clause]:
    """Return what is said of changes that are no artifact's; connections follow from parts, and are named alone."""
    if alone and len(changes) == 1:
        return [_one_other(changes[0])]
    words = []
    fields = [change for change in changes if not (_is(change, "component") or _is(change, "connection"))]
    back = _names(change for change in fields if change.kind == "rollback")
    settings = [name for name in _names(fields) if name not in back]
    if back:
        words.append(Clause(_("settings of %(names)s went back", names=listed(back)), ours=True))
    if settings:
        words.append(Clause(_("settings of %(names)s changed", names=listed(settings)), ours=True))
    parts = [change for change in changes if _is(change, "component")]
    came, went, other = _moves(parts)
    if alone and not fields:
        counts = (counted(came, "part"), counted(went, "part"), counted(other, "part"))
    else:
        counts = (counted(came, "other part"), counted(went, "other part"), counted(other, "other part"))
    words += _whole((came, went, other), counts)
    if words:
        return words
    came, went, other = _moves([change for change in changes if _is(change, "connection")])
    links = (counted(came, "connection"), counted(went, "connection"), counted(other, "connection"))
    return _whole((came, went, other), links)


def _moves(changes: Sequence[ChangeRecord]) -> tuple[int, int, int]:
    """Return how many came, went and changed otherwise."""
    came = sum(change.old is None for change in changes)
    went = sum(change.new is None for change in changes)
    return came, went, len(changes) - came - went


def _whole(moves: tuple[int, int, int], counts: tuple[str, str, str]) -> list[Clause]:
    verbs = (N_("%(parts)s added"), N_("%(parts)s removed"), N_("%(parts)s changed"))
    told = zip(moves, counts, verbs, strict=True)
    return [Clause(_(verb, parts=count)) for many, count, verb in told if many]


def _one_other(change: ChangeRecord) -> Clause:
    values = {
        "component": shown(change.component),
        "field": shown(change.field),
        "old": shown(change.old or ""),
        "new": shown(change.new or ""),
    }
    verb = "added" if change.old is None else "removed" if change.new is None else "changed"
    if _is(change, "connection"):
        return Clause(_(CONNECTION[verb], **values), ours=True)
    if _is(change, "component"):
        return Clause(_(COMPONENT[verb], **values))
    if change.aspect == "scale" and verb == "changed":
        return Clause(_("%(component)s was scaled: %(field)s from %(old)s to %(new)s", **values))
    said = "back" if change.kind == "rollback" and verb == "changed" else verb
    short = 0 < len(values["old"]) <= SHORT_SETTING and 0 < len(values["new"]) <= SHORT_SETTING
    if change.aspect == "config" and short:
        return Clause(_(SETTING_FROM[said], **values))
    return Clause(_(SETTING[said], **values))


def _validated(text: str, artifacts: Sequence[ChangeRecord], upstream: str, *, alone: bool) -> str:
    """Return `text` with what the upstream had of the artifacts that came."""
    if not artifacts or not upstream:
        return text
    by = {
        state: [change for change in artifacts if change.validation == state]
        for state in ("bypass", "simultaneous", "not assessed", "promoted")
    }
    times = [change.origin.soak_seconds for change in by["promoted"] if change.origin and change.kind not in RETURNS]
    soaks = [time for time in times if time is not None]
    time = span(min(soaks)) if soaks else ""
    if alone and len(artifacts) == len(by["promoted"]) == 1:
        if not time:
            return _("%(text)s, validated in %(upstream)s", text=text, upstream=shown(upstream))
        return _("%(text)s, validated in %(upstream)s for %(time)s", text=text, upstream=shown(upstream), time=time)
    if len(soaks) > 1:
        time = _("at least %(time)s", time=time)
    clauses = [text]
    for state, some in by.items():
        if some:
            which = ("it" if alone else "some") if len(some) < len(artifacts) or len(artifacts) == 1 else "all"
            message = VALIDATED["timed" if state == "promoted" and time else state, which]
            clauses.append(_(message, upstream=shown(upstream), names=listed(_names(some)), time=time))
    return "; ".join(clauses)


def _returned(change: ChangeRecord, upstream: str) -> str:
    """Return when the upstream had got a version that is back; it may have left it since, so no soak is claimed."""
    soak = change.origin.soak_seconds if change.origin else None
    if soak:
        return _("%(upstream)s had got it %(time)s before", upstream=shown(upstream), time=span(soak))
    return _("it had run in %(upstream)s", upstream=shown(upstream))


def _is(change: ChangeRecord, what: str) -> bool:
    """Return whether a change is the coming or going of a whole `what`, not of a setting of that name."""
    return change.aspect == "topology" and change.field == what
