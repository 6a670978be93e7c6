"""What a deployment was, in one sentence: from its record alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.site.texts import number
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
OPENINGS = ("settings of ", "the connection ")
"""Our own words at the start of a sentence, which take a capital; names keep their letters."""
OPENED = {"hotfix": "Hotfix: ", "roll-forward": "Rolled forward: "}
ORDER = ("forward", "rollback", "roll-forward", "redo", "hotfix", "initial", "gap")
MANY = {
    "forward": "went forward",
    "rollback": "went back",
    "roll-forward": "went forward to mend it",
    "redo": "went forward again",
    "hotfix": "got a hotfix",
    "initial": "came for the first time",
}


def verdict(record: DeploymentRecord, upstream: str) -> str:
    """Return the sentence; `upstream` is the name of the upstream environment, empty where there is none."""
    return f"{_opening(record)}{_what_happened(record, upstream)}"


def _opening(record: DeploymentRecord) -> str:
    """Return what stands before the sentence where the values alone don't tell what the deployment was."""
    if record.kind == "redeploy" or not record.changes:
        return ""
    if record.kind in OPENED:
        return OPENED[record.kind]
    if record.kind == "rollback" and record.partial:
        return "Taken back in part: "
    if record.observed and record.observed != record.kind:
        return f"Declared as {record.kind}: "
    return ""


def _what_happened(record: DeploymentRecord, upstream: str) -> str:
    if record.kind == "redeploy" or not record.changes:
        return f"Nothing changed: the commit touched {shown(record.environment)} and left it as it was."
    artifacts = [change for change in record.changes if change.aspect == "artifact"]
    came = [change for change in artifacts if change.new is not None]
    subjects = list(dict.fromkeys(change.component for change in record.changes if not _is(change, "connection")))
    if record.kind == "initial" and not record.previous_digest:
        runs = len({change.component for change in artifacts})
        words = f"First version of {shown(record.environment)}, with {counted(runs, 'component')}"
        if len(subjects) > runs:
            words += f" and {counted(len(subjects) - runs, 'other part')}"
        return f"{words}{_validation(came, upstream, alone=False)}."
    if len(subjects) == 1 and len(artifacts) == 1:
        change = artifacts[0]
        if change.kind in RETURNS and change.validation == "promoted" and upstream:
            return f"{_single(change)}{_returned(change, upstream)}."
        return f"{_single(change)}{_validation(came, upstream, alone=True)}."
    many = _many(artifacts, record.changes)
    if many.startswith(OPENINGS) and not record.bulk and not _opening(record):
        many = many[0].upper() + many[1:]
    text = f"{many}{_validation(came, upstream, alone=False)}."
    return f"Many at once: {text}" if record.bulk else text


def components(record: DeploymentRecord) -> tuple[str, ...]:
    """Return the components that a deployment changed, those whose artifact moved first, without connections."""
    found = dict.fromkeys(change.component for change in record.changes if change.aspect == "artifact")
    found.update(dict.fromkeys(change.component for change in record.changes if not _is(change, "connection")))
    return tuple(found)


def _single(change: ChangeRecord) -> str:
    name = shown(change.component)
    old = shown(version(change.old)) if change.old else "absent"
    new = shown(version(change.new)) if change.new else "absent"
    match change.kind:
        case "rollback":
            return f"{name} went back from {old} to {new}"
        case "redo":
            return f"{name} went forward again from {old} to {new}, which had been here before"
        case "initial":
            return f"{name} {new} came for the first time"
        case "gap":
            return f"{name} is gone" if change.new is None else f"{name} is back with {new}"
        case _:
            return f"{name} went forward from {old} to {new}" if change.new else f"{name} was removed"


def _many(artifacts: Sequence[ChangeRecord], changes: Sequence[ChangeRecord]) -> str:
    gone = _names(change for change in artifacts if change.new is None and change.kind != "gap")
    parts = []
    for kind in ORDER:
        names = _names(change for change in artifacts if change.kind == kind)
        names = [name for name in names if name not in gone]
        kept = set(names)
        moved = [change for change in artifacts if change.kind == kind and shown(change.component) in kept]
        if names and kind == "gap":
            parts.append(f"{listed(names)} {_gap(moved)} the {'value it' if len(names) == 1 else 'values they'} had")
        elif names:
            parts.append(_together(names, kind, moved) or f"{listed(names)} {MANY[kind]}")
    if gone:
        parts.append(f"{listed(gone)} {'was' if len(gone) == 1 else 'were'} removed")
    runs = {change.component for change in artifacts}
    parts += _others([change for change in changes if change.component not in runs], alone=not parts)
    return "; ".join(parts)


def _gap(moved: Sequence[ChangeRecord]) -> str:
    if all(change.new is None for change in moved):
        return "lost"
    return "regained" if all(change.old is None for change in moved) else "lost or regained"


def _together(names: Sequence[str], kind: str, moved: Iterable[ChangeRecord]) -> str:
    """Return one clause for many components of which most made the same step; empty where they didn't."""
    if len(names) <= LISTED or kind not in {"forward", *RETURNS}:
        return ""
    steps = {(c.component, version(c.old), version(c.new)) for c in moved if c.old and c.new}
    counts = Counter((old, new) for _, old, new in steps)
    if not counts:
        return ""
    (old, new), most = min(counts.items(), key=lambda step: (-step[1], step[0]))
    if most * 2 <= len(names) or max(len(old), len(new)) > LONG_VERSION:
        return ""
    which = "" if most == len(names) else f", {number(most)} of them"
    return f"{counted(len(names), 'component')} {MANY[kind]}{which} from {shown(old)} to {shown(new)}"


def _names(changes: Iterable[ChangeRecord]) -> list[str]:
    return list(dict.fromkeys(shown(change.component) for change in changes))


def _others(changes: Sequence[ChangeRecord], *, alone: bool) -> list[str]:
    """Return what is said of changes that are no artifact's; connections follow from parts, and are named alone."""
    if alone and len(changes) == 1:
        return [_one_other(changes[0])]
    words = []
    fields = [change for change in changes if not (_is(change, "component") or _is(change, "connection"))]
    back = _names(change for change in fields if change.kind == "rollback")
    settings = [name for name in _names(fields) if name not in back]
    if back:
        words.append(f"settings of {listed(back)} went back")
    if settings:
        words.append(f"settings of {listed(settings)} changed")
    parts = [change for change in changes if _is(change, "component")]
    words += _whole(parts, "part" if alone and not fields else "other part")
    return words or _whole([change for change in changes if _is(change, "connection")], "connection")


def _whole(changes: Sequence[ChangeRecord], noun: str) -> list[str]:
    came = sum(change.old is None for change in changes)
    went = sum(change.new is None for change in changes)
    counts = (came, "added"), (went, "removed"), (len(changes) - came - went, "changed")
    return [f"{counted(count, noun)} {verb}" for count, verb in counts if count]


def _one_other(change: ChangeRecord) -> str:
    name, field = shown(change.component), shown(change.field)
    verb = "added" if change.old is None else "removed" if change.new is None else "changed"
    if _is(change, "connection"):
        return f"the connection {name} was {verb}"
    if _is(change, "component"):
        return f"{name} was {verb}"
    if change.aspect == "scale" and verb == "changed":
        return f"{name} was scaled: {field} from {shown(change.old or '')} to {shown(change.new or '')}"
    said = "went back" if change.kind == "rollback" and verb == "changed" else f"was {verb}"
    old, new = shown(change.old or ""), shown(change.new or "")
    if change.aspect == "config" and 0 < len(old) <= SHORT_SETTING and 0 < len(new) <= SHORT_SETTING:
        return f"{field} of {name} {said} from {old} to {new}"
    return f"{field} of {name} {said}"


def _validation(artifacts: Sequence[ChangeRecord], upstream: str, *, alone: bool) -> str:
    if not artifacts or not upstream:
        return ""
    by: Mapping[str, list[ChangeRecord]] = {
        state: [change for change in artifacts if change.validation == state]
        for state in ("promoted", "bypass", "simultaneous", "not assessed")
    }
    where = shown(upstream)
    parts = []
    if len(by["bypass"]) == len(artifacts) > 1:
        parts.append(f"none of them had ever run in {where}")
    elif by["bypass"]:
        parts.append(f"{_those(by['bypass'], artifacts, alone=alone)} had never run in {where}")
    if by["simultaneous"]:
        those = _those(by["simultaneous"], artifacts, alone=alone, every="all of them")
        parts.append(f"{where} got {those} in the same commit")
    if by["not assessed"]:
        those = _those(by["not assessed"], artifacts, alone=alone, every="they")
        parts.append(f"whether {those} had run in {where} is not assessed")
    times = [change.origin.soak_seconds for change in by["promoted"] if change.origin and change.kind not in RETURNS]
    soaks = [time for time in times if time is not None]
    if by["promoted"]:
        time = f" for {'' if len(soaks) == 1 else 'at least '}{span(min(soaks))}" if soaks else ""
        if alone and len(artifacts) == 1:
            return f", validated in {where}{time}"
        parts.append(f"{_those(by['promoted'], artifacts, alone=alone)} had run in {where}{time}")
    return "; " + "; ".join(parts) if parts else ""


def _returned(change: ChangeRecord, upstream: str) -> str:
    """Return when the upstream had got a version that is back; it may have left it since, so no soak is claimed."""
    soak = change.origin.soak_seconds if change.origin else None
    return f"; {shown(upstream)} had got it {span(soak)} before" if soak else f"; it had run in {shown(upstream)}"


def _those(some: Sequence[ChangeRecord], whole: Sequence[ChangeRecord], *, alone: bool, every: str = "all") -> str:
    if len(some) < len(whole) or len(whole) == 1:
        return "it" if alone else listed(_names(some))
    return every


def _is(change: ChangeRecord, what: str) -> bool:
    """Return whether a change is the coming or going of a whole `what`, not of a setting of that name."""
    return change.aspect == "topology" and change.field == what
