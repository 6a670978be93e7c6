"""Rules, gates and limits as cases, each asked of one environment by the policy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from generator.evidence.gates import GateTable
from generator.pipeline.checking.found import difference
from generator.pipeline.checking.report import Case, Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.config.check import Check
    from generator.config.gates import DriftTerms
    from generator.evidence.next_release import NextGate
    from generator.evidence.packs import FindingEntry
    from generator.evidence.reading import Evidence
    from generator.evidence.summary import DriftRow, RuleRecord, UnreadableRecord
    from generator.pipeline.checking.found import Found
    from generator.pipeline.checking.report import Level, Verdict

RANK: Final = {"error": 0, "warning": 1, "note": 2, "never": -1}
"""Levels by how bad they are; `never` is worse than any."""
_DAY = 86_400
_CLASSES = 4
_GATE_FIX: Final = {
    "approval": "Have somebody approve it in a way that the gate takes: a trailer, a merge, a signature, a file.",
    "result": "Run what makes the result, and hand its report to Assay with --results or in the repository.",
    "soak": "Let it run upstream for as long as the gate asks, then release it.",
    "freeze": "Wait until the window is over, or release it as a kind that the gate excepts.",
    "drift": "Promote what waits, or accept with owner, reason and last day what is meant to differ.",
    "findings": "Mend what was found, or waive it with owner, reason and last day.",
    "signed": "Sign the commit or its tag by a key of --keys.",
}
_DRIFT_FIX = "Promote what waits, take back what was changed by hand, or accept it with owner, reason and last day."
_UNREADABLE_FIX = "Mend the file, or leave it out of the paths that are read."
_NO_FIX = "See what the rule is for, and mend it or waive it with owner, reason and last day."


@dataclass(frozen=True, slots=True)
class Judge:
    """The policy, and how it is to be taken here."""

    check: Check
    compares: bool
    """Whether there is something before that need not be answered for."""
    merged: bool = True
    """False where what is looked at may still be approved, signed and tested before it counts."""

    @property
    def new_only(self) -> bool:
        """Return whether only what is new is judged."""
        return self.compares and self.check.new_only

    def fails(self, finding: FindingEntry) -> bool:
        """Return whether a finding that is judged fails the check."""
        return finding.exempt is None and RANK[finding.level] <= RANK[self.check.fail_on]


def fingerprint(*parts: str) -> str:
    """Return a name for what `parts` say, the same for the same parts."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def rule_cases(
    environment: str, found: Iterable[tuple[FindingEntry, bool]], rules: Sequence[RuleRecord], judge: Judge
) -> Iterator[Case]:
    """Yield a case for each rule that is on; findings of a rule that is not listed come after them."""
    by_rule: dict[str, list[Item]] = {rule.id: [] for rule in rules if rule.setting != "off"}
    for finding, new in found:
        if new or not judge.new_only:
            by_rule.setdefault(finding.rule, []).append(_finding_item(environment, finding, judge, new=new))
    known = {rule.id: rule for rule in rules}
    for name, items in by_rule.items():
        rule = known.get(name)
        title, fix = (rule.title, " ".join(rule.fix.split())) if rule is not None else (name, "")
        yield Case(environment, "rule", name, title, _verdict(items), tuple(items), fix=fix or _NO_FIX)


def _finding_item(environment: str, finding: FindingEntry, judge: Judge, *, new: bool) -> Item:
    return Item(
        level=_level(finding.level),
        message=finding.message,
        fingerprint=fingerprint("rule", environment, finding.rule, finding.subject, finding.field),
        subject=finding.subject,
        path=finding.path,
        line=finding.line,
        commit=finding.since,
        new=new,
        fails=judge.fails(finding),
        finding=finding,
    )


def _level(level: str) -> Level:
    return "error" if level == "error" else "warning" if level == "warning" else "note"


def _verdict(items: Sequence[Item]) -> Verdict:
    if any(item.fails for item in items):
        return "failed"
    if not items:
        return "passed"
    return "waived" if all(item.exempt is not None for item in items) else "told"


def gate_cases(evidence: Evidence, found: Found, judge: Judge) -> Iterator[Case]:
    """Yield a case for each gate of each deployment, or of the release that waits."""
    name = found.environment.name
    if found.next is not None:
        yield from (_next_case(name, gate, judge) for gate in found.next.gates)
        return
    asked = [record for record in found.deployments if record.gates.object]
    tables = evidence.objects("gates", name, GateTable) if asked else {}
    for record in asked:
        for row in tables[record.gates.object].rows:
            several = f" of {record.id}" if len(asked) > 1 else ""
            later = row.outcome == "missing" and not judge.merged
            yield _gate_case(
                _Gate(name, row.name, several, record.id, record.commit.id),
                _Said(row.condition, row.outcome, row.detail, row.owner, "It can still come." if later else ""),
                judge,
            )


@dataclass(frozen=True, slots=True)
class _Gate:
    """A gate, and what it was asked of."""

    environment: str
    name: str
    several: str
    deployment: str
    commit: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What a gate said."""

    condition: str
    outcome: str
    detail: str
    owner: str
    later: str
    """Why it is not asked yet; empty where it is."""


def _gate_case(gate: _Gate, said: _Said, judge: Judge) -> Case:
    bad = said.outcome in {"failed", "missing", "too early"} and not said.later
    items: tuple[Item, ...] = ()
    if bad:
        of = f"{gate.deployment}: " if gate.deployment else ""
        item = Item(
            level="error" if judge.check.gates else "warning",
            message=f"gate {gate.name}: {of}{said.outcome}. {said.detail}",
            fingerprint=fingerprint("gate", gate.environment, gate.name + gate.several),
            subject=gate.deployment,
            commit=gate.commit,
            new=judge.compares,
            fails=judge.check.gates,
        )
        items = (item,)
    verdict: Verdict = "passed" if said.outcome == "passed" else _verdict(items) if bad else "skipped"
    reason = said.detail if not bad else ""
    return Case(
        gate.environment,
        "gate",
        gate.name + gate.several,
        f"gate {gate.name}",
        verdict,
        items,
        " ".join(filter(None, (reason, said.later))),
        _GATE_FIX.get(said.condition, "See what the gate asks for."),
        said.owner,
    )


def _next_case(environment: str, gate: NextGate, judge: Judge) -> Case:
    later = ""
    if not gate.asked:
        later = "It does not look at such a release."
    elif gate.outcome == "missing" and gate.condition == "signed":
        later = gate.later
    detail = gate.detail + (f" It passes by itself at {gate.passes_at}." if gate.passes_at else "")
    said = _Said(gate.condition, gate.outcome, detail, gate.owner, later)
    return _gate_case(_Gate(environment, gate.name, "", "", ""), said, judge)


def drift_cases(found: Found, judge: Judge) -> Iterator[Case]:
    """Yield a case for each limit of drift; none for an environment that has no upstream."""
    environment = found.environment
    for limit in judge.check.drift if environment.upstream else ():
        name = limit_in_words(limit)
        reason = environment.drift_not_assessed or (found.next.reason if found.next is not None else "")
        if reason:
            yield Case(environment.name, "drift", name, f"drift: {name}", "skipped", reason=reason)
            continue
        rows = [(row, new) for row, new in found.drift if _counts(row, limit) and (new or not judge.new_only)]
        over = len(rows) > limit.most
        items = tuple(_drift_item(environment.name, row, new=new) for row, new in rows) if over else ()
        reason = "" if over else f"{len(rows)} of at most {limit.most}"
        yield Case(environment.name, "drift", name, f"drift: {name}", _verdict(items), items, reason, _DRIFT_FIX)


def limit_in_words(limit: DriftTerms) -> str:
    """Return a limit of drift as words that tell it from another."""
    of = " or ".join(limit.classes) if len(limit.classes) < _CLASSES else "any"
    older = f", older than {_span(limit.older_than)}" if limit.older_than else ""
    return f"at most {limit.most} {of}{older}"


def _span(seconds: int) -> str:
    for unit, size in (("d", _DAY), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _counts(row: DriftRow, limit: DriftTerms) -> bool:
    old = not limit.older_than or row.age_seconds > limit.older_than
    return row.exempt is None and not row.expected and row.drift in limit.classes and old


def _drift_item(environment: str, row: DriftRow, *, new: bool) -> Item:
    age = f" ({row.drift}, for {row.age_seconds // _DAY} days)" if row.age_seconds >= _DAY else f" ({row.drift})"
    return Item(
        level="error",
        message=difference(row) + age,
        fingerprint=fingerprint("drift", environment, row.component, row.aspect, row.field),
        subject=row.component,
        commit=row.since,
        new=new,
        fails=True,
    )


def unreadable_case(lost: Iterable[UnreadableRecord], judge: Judge) -> Case:
    """Return the case of what could not be read, each item once."""
    items: dict[str, Item] = {}
    for record in lost:
        name = fingerprint("unreadable", record.code, record.path, str(record.line), record.reason)
        fails = judge.check.unreadable == "fail"
        of = f"{record.reason} ({record.fix})" if record.fix else record.reason
        message = f"{record.code}: {of}"
        level: Level = "error" if fails else "warning"
        item = Item(level, message, name, record.environment, record.path, record.line, record.commit, fails=fails)
        items.setdefault(name, item)
    found = tuple(items.values())
    return Case("", "unreadable", "unreadable", "Everything can be read", _verdict(found), found, fix=_UNREADABLE_FIX)
