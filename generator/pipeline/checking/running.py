"""A check from beginning to end: one gathering, judged by the policy."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.assurance.rule_set import built_in_ids
from generator.config.check import Check
from generator.config.loading import load_config
from generator.errors import AssayError, ExitCode, UsageError
from generator.evidence.manifest import read_manifest
from generator.evidence.reading import Evidence
from generator.history.repository import open_repository
from generator.pipeline.checking.cases import Judge, drift_cases, fingerprint, gate_cases, rule_cases, unreadable_case
from generator.pipeline.checking.found import begun, found_in
from generator.pipeline.checking.report import FORMAT, Ahead, Case, Item, Policy, Report
from generator.pipeline.checking.scope import sight_of
from generator.pipeline.gathering import gather
from generator.pipeline.layout import CONFIG_FILE
from generator.readers.registry import reader_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.packs import FindingEntry
    from generator.evidence.summary import Summary, UnreadableRecord
    from generator.pipeline.checking.found import Found
    from generator.pipeline.checking.scope import Asked, Sight
    from generator.pipeline.request import Outcome, Progress, Request


HISTORY = "history"
OF_NO_COMPONENT = ("records", HISTORY)
"""Families of rules whose findings are of no component."""


def check(request: Request, asked: Asked, environments: Sequence[str], fail_on: str, progress: Progress) -> Report:
    """Return what a check of `asked` finds; `environments` and `fail_on` win over the configuration unless empty.

    Raises `UsageError` for an environment that is not configured or a scope that names nothing, and what `gather`
    raises.
    """
    sight = sight_of(asked, request)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        outcome = gather(sight.request, Path(folder) / "evidence", progress)
        evidence = Evidence(Path(folder) / "evidence")
        policy, notes = _policy(outcome, sight)
        if fail_on:
            policy = policy.model_copy(update={"fail_on": fail_on})
        return _report(evidence, outcome, sight, _Terms(policy, tuple(environments), notes))


class _Terms(msgspec.Struct, frozen=True):
    """By what a run is judged."""

    policy: Check
    environments: tuple[str, ...]
    notes: tuple[str, ...]


def _policy(outcome: Outcome, sight: Sight) -> tuple[Check, tuple[str, ...]]:
    """Return the policy, with notes; that of a change is the one of the branch that it is meant for.

    Else whoever changes the repository could change what stops them.
    """
    if sight.scope.kind != "change" or sight.request.config is not None:
        return outcome.check, ()
    changed = CONFIG_FILE in sight.paths
    repository = open_repository(sight.request.repository, allow_shallow=sight.request.allow_shallow)
    files = repository.files(sight.base)
    if CONFIG_FILE not in files:
        return Check(), (f"There is no {CONFIG_FILE} at the base: the defaults say what fails.",)
    with repository.blobs() as blobs:
        data = blobs.get(files[CONFIG_FILE], CONFIG_FILE)
    try:
        if not isinstance(data, bytes):
            return Check(), (f"{CONFIG_FILE} can't be read at the base: the defaults say what fails.",)
        policy = load_config(data, CONFIG_FILE, reader_names(), built_in_ids()).check
    except AssayError:
        return Check(), (f"{CONFIG_FILE} is broken at the base: the defaults say what fails.",)
    note = (
        f"The change touches {CONFIG_FILE}: environments, rules and gates are as it has them, what fails is decided by "
        "`check:` of the base."
    )
    return policy, (note,) if changed else ()


def _report(evidence: Evidence, outcome: Outcome, sight: Sight, terms: _Terms) -> Report:
    summary = evidence.summary
    names = _chosen(summary, sight, terms)
    kind = sight.scope.kind
    judge = Judge(terms.policy, sight.compares or kind == "next", merged=kind != "change")
    found = found_in(evidence, names, sight)
    cases = [case for one in found for case in _cases(evidence, one, judge)]
    cases += _record_cases(summary, names, terms, sight, judge)
    if sight.request.previous is not None:
        cases += _history_cases(evidence, judge)
    lost = _lost(summary, sight, judge)
    cases.append(unreadable_case(lost, judge))
    failed = any(case.verdict == "failed" and case.kind != "unreadable" for case in cases)
    unread = bool(lost) and terms.policy.unreadable == "fail"
    code = ExitCode.CHECK_FAILED if failed else ExitCode.UNREADABLE if unread else ExitCode.OK
    stood = sum(not new for one in found for _, new in one.findings) if judge.new_only else 0
    check = terms.policy
    return Report(
        format=FORMAT,
        version=version("assay"),
        title=summary.title,
        as_of=summary.as_of,
        commit=summary.commit.id,
        scope=sight.scope,
        policy=Policy(check.fail_on, check.gates, check.new_only, check.unreadable, outcome.source),
        environments=tuple(names),
        failed=failed or unread,
        cases=tuple(_distinct(cases)),
        brought=tuple(change for one in found for change in one.brought),
        began=tuple(begun(found)),
        ended=tuple(gone for one in found for gone in one.ended),
        ahead=tuple(_ahead(evidence, names)) if kind == "change" else (),
        standing=stood,
        notes=(*terms.notes, *_notes(found, sight, summary)),
        unreadable=tuple(lost),
        unmatched=tuple(r for r in summary.unreadable if r.level == "note" and r.code.startswith("declaration")),
        exemptions=summary.exemptions,
        rules=tuple(rule for rule in summary.rules if rule.setting != "off"),
        source=outcome.source,
        exit_code=int(code),
    )


def _chosen(summary: Summary, sight: Sight, terms: _Terms) -> list[str]:
    """Return the environments to look at, in the order of promotion."""
    names = {e.name for e in summary.environments}
    for name in terms.environments:
        if name not in names:
            known = ", ".join(sorted(names))
            raise UsageError("environment", f"there is no environment {name!r}", fix=f"use one of: {known}")
    wanted = set(terms.environments or terms.policy.environments) & names
    every = sight.compares
    return [e.name for e in summary.environments if (e.name in wanted if wanted else every or e.production)]


def _cases(evidence: Evidence, found: Found, judge: Judge) -> Iterator[Case]:
    name = found.environment.name
    rules = [rule for rule in evidence.summary.rules if rule.family not in OF_NO_COMPONENT]
    yield from rule_cases(name, found.findings, rules, judge)
    for number, reason in enumerate(found.environment.not_assessed, 1):
        yield Case(name, "rule", f"not-assessed-{number}", "A check that could not be made", "skipped", reason=reason)
    yield from gate_cases(evidence, found, judge)
    yield from drift_cases(found, judge)


def _record_cases(summary: Summary, names: Sequence[str], terms: _Terms, sight: Sight, judge: Judge) -> Iterator[Case]:
    """Yield the cases of findings that are of no component, by environment; those of an unknown one have it too."""
    explicit = terms.environments or terms.policy.environments
    passed_over = {e.name for e in summary.environments} - set(names)
    found: dict[str, list[tuple[FindingEntry, bool]]] = {}
    for told in summary.record_findings:
        if told.environment in names if explicit else told.environment not in passed_over:
            new = told.finding.path in sight.paths
            found.setdefault(told.environment, []).append((told.finding, new))
    for name in sorted(found, key=lambda one: (one not in names, one)):
        rules = [rule for rule in summary.rules if rule.id in {finding.rule for finding, _ in found[name]}]
        yield from rule_cases(name, found[name], rules, judge)


def _history_cases(evidence: Evidence, judge: Judge) -> Iterator[Case]:
    """Yield the cases of what an earlier bundle holds and git has no more; they are of no environment alone.

    New is what this run found; the others stood in the earlier bundle.
    """
    summary, commit = evidence.summary, read_manifest(evidence.folder).inputs.commit
    found = [(told.finding, told.finding.since == commit) for told in summary.history_findings]
    yield from rule_cases("", found, [rule for rule in summary.rules if rule.family == HISTORY], judge)


def _lost(summary: Summary, sight: Sight, judge: Judge) -> list[UnreadableRecord]:
    """Return what could not be read, and counts here."""
    lost = [record for record in summary.unreadable if record.level == "unreadable"]
    if not (sight.compares and judge.new_only):
        return lost
    return [record for record in lost if {record.commit, *record.also} & sight.commits]


def _ahead(evidence: Evidence, names: Sequence[str]) -> Iterator[Ahead]:
    """Yield what the next release would be, of each environment in which something waits."""
    for name in names:
        record = evidence.next_release(name)
        if record is not None and record.state == "waits":
            gates = tuple((g.name, g.outcome, g.detail) for g in record.gates if g.asked and g.outcome != "passed")
            yield Ahead(name, record.says, len(record.changes), len(record.came), gates)


def _notes(found: Sequence[Found], sight: Sight, summary: Summary) -> Iterator[str]:
    if sight.compares and not sight.commits:
        yield "There is nothing to look at: the base has all of it already."
    for one in found:
        record = one.next
        if record is not None and record.state != "waits":
            reason = "nothing waits" if record.state == "nothing" else f"not assessed: {record.reason}"
            yield f"{one.environment.name}: {reason}."
    if sight.scope.kind == "next" and not found:
        yield "No production environment has an upstream, so nothing can wait."
    own = sorted(
        {
            finding.exempt.source.rpartition(":")[0]
            for one in found
            for finding, new in one.findings
            if new and finding.exempt is not None and finding.exempt.source.rpartition(":")[0] in sight.paths
        }
    )
    if own:
        yield f"What it brings is waived by what it changes itself: {', '.join(own)}."
    if summary.coverage.limited:
        yield summary.coverage.limited


def _distinct(cases: Sequence[Case]) -> Iterator[Case]:
    """Yield cases in which no fingerprint stands twice."""
    seen: dict[str, int] = {}
    for case in cases:
        items = []
        for item in case.items:
            seen[item.fingerprint] = number = seen.get(item.fingerprint, 0) + 1
            items.append(item if number == 1 else _numbered(item, number))
        yield msgspec.structs.replace(case, items=tuple(items))


def _numbered(item: Item, number: int) -> Item:
    return msgspec.structs.replace(item, fingerprint=fingerprint(item.fingerprint, str(number)))
