"""What a deployment was, in one sentence: from its record alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.words import counted, listed, shown, span, version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.evidence.records import ChangeRecord, DeploymentRecord

ORDER = ("forward", "rollback", "redo", "initial", "gap")
MANY = {
    "forward": "went forward",
    "rollback": "went back",
    "redo": "went forward again",
    "initial": "came for the first time",
    "gap": "lost or regained the values they had",
}


def verdict(record: DeploymentRecord, upstream: str) -> str:
    """Return the sentence; `upstream` is the name of the upstream environment, empty where there is none."""
    if record.kind == "redeploy" or not record.changes:
        return f"Nothing changed: the commit touched {shown(record.environment)} and left it as it was."
    artifacts = [change for change in record.changes if change.aspect == "artifact"]
    subjects = _subjects(record.changes)
    if record.kind == "initial" and not record.previous_digest:
        moved = counted(len(components(record)), "component")
        return _sentence(
            f"first version of {shown(record.environment)}, with {moved}", _validation(artifacts, upstream)
        )
    if len(subjects) == 1 and len(artifacts) == 1:
        words = _single(artifacts[0])
        more = len(record.changes) - 1
        if more:
            words += f", with {counted(more, 'more change')}"
        return _sentence(words, _validation(artifacts, upstream))
    words = _many(artifacts, [s for s in subjects if s not in {change.component for change in artifacts}], record)
    text = _sentence(words, _validation(artifacts, upstream))
    return f"Many at once: {text}" if record.bulk else text


def components(record: DeploymentRecord) -> tuple[str, ...]:
    """Return the components that a deployment changed, those whose artifact moved first, without connections."""
    found = dict.fromkeys(change.component for change in record.changes if change.aspect == "artifact")
    found.update(dict.fromkeys(change.component for change in record.changes if change.field != "connection"))
    return tuple(found)


def _subjects(changes: Iterable[ChangeRecord]) -> list[str]:
    return list(dict.fromkeys(change.component for change in changes))


def _sentence(words: str, validation: str) -> str:
    text = words[:1].upper() + words[1:] if words.startswith(("first ", "settings ", "the ")) else words
    return f"{text}{validation}."


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


def _many(artifacts: Sequence[ChangeRecord], others: Sequence[str], record: DeploymentRecord) -> str:
    parts = []
    for kind in ORDER:
        names = list(dict.fromkeys(shown(change.component) for change in artifacts if change.kind == kind))
        if len(names) == 1 and kind == "gap":
            parts.append(f"{names[0]} lost or regained the value it had")
        elif names:
            parts.append(f"{listed(names)} {MANY[kind]}")
    if others:
        parts.append(_other(others, record.changes))
    return "; ".join(parts)


def _other(others: Sequence[str], changes: Sequence[ChangeRecord]) -> str:
    of_others = [change for change in changes if change.component in set(others)]
    if len(of_others) == 1:
        return _one_other(of_others[0])
    whole = [change for change in of_others if change.field in {"component", "connection"}]
    settings = [change for change in of_others if change.field not in {"component", "connection"}]
    words = []
    if settings:
        names = _subjects(settings)
        words.append(f"settings of {listed([shown(n) for n in names])} changed")
    for noun in ("component", "connection"):
        came = sum(change.field == noun and change.old is None for change in whole)
        went = sum(change.field == noun and change.new is None for change in whole)
        other = sum(change.field == noun for change in whole) - came - went
        for count, verb in ((came, "added"), (went, "removed"), (other, "changed")):
            if count:
                words.append(f"{counted(count, noun)} {verb}")
    return "; ".join(words)


def _one_other(change: ChangeRecord) -> str:
    name, field = shown(change.component), shown(change.field)
    verb = "added" if change.old is None else "removed" if change.new is None else "changed"
    if change.field == "connection":
        return f"the connection {name} was {verb}"
    if change.field == "component":
        return f"{name} was {verb}"
    if change.aspect == "scale" and verb == "changed":
        return f"{name} was scaled: {field} from {shown(change.old or '')} to {shown(change.new or '')}"
    return f"{field} of {name} was {verb}"


def _validation(artifacts: Sequence[ChangeRecord], upstream: str) -> str:
    if not artifacts or not upstream:
        return ""
    by: Mapping[str, list[ChangeRecord]] = {
        state: [change for change in artifacts if change.validation == state]
        for state in ("promoted", "bypass", "simultaneous", "not assessed")
    }
    where = shown(upstream)
    parts = []
    if by["bypass"]:
        parts.append(f"{_those(by['bypass'], artifacts)} had never run in {where}")
    if by["simultaneous"]:
        parts.append(f"{where} got {_those(by['simultaneous'], artifacts)} in the same commit")
    if by["not assessed"]:
        parts.append(f"whether {_those(by['not assessed'], artifacts)} had run in {where} is not assessed")
    soaks = [change.origin.soak_seconds for change in by["promoted"] if change.origin]
    if by["promoted"]:
        time = f" for {'' if len(soaks) == 1 else 'at least '}{span(min(soaks))}" if soaks else ""
        if len(artifacts) == 1 and not parts:
            return f", validated in {where}{time}"
        parts.append(f"{_those(by['promoted'], artifacts)} had run in {where}{time}")
    return "; " + "; ".join(parts) if parts else ""


def _those(some: Sequence[ChangeRecord], whole: Sequence[ChangeRecord]) -> str:
    if len(some) == len(whole):
        return "it" if len(whole) == 1 else "all"
    return listed([shown(change.component) for change in some])
