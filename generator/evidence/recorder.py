"""Deployments as records: judged ones in, lines of the evidence folder out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from generator.assurance.drift import DriftClass
from generator.assurance.gates.approval import Weight
from generator.evidence.gates import gate_table, outcome_counts
from generator.evidence.judged import NOTHING_JUDGED, JudgedTotals
from generator.evidence.packs import (
    ComponentRecord,
    DriftEntry,
    EndedRecord,
    ExemptRecord,
    FindingEntry,
    FixedRecord,
    TopologyEntry,
)
from generator.evidence.records import (
    ApprovalRecord,
    ChangeRecord,
    CommitRecord,
    DeclaredRecord,
    DeploymentRecord,
    DriftCounts,
    FindingCounts,
    GateCounts,
    Origin,
)
from generator.evidence.result_records import result_detail, result_record
from generator.evidence.triage import triage_record
from generator.history.commits import rfc3339
from generator.timeline.declared import deployment_id

if TYPE_CHECKING:
    from generator.assurance.drift import DriftItem, DriftRegister, Path
    from generator.assurance.ended import Ended
    from generator.assurance.exemptions import Exempt
    from generator.assurance.ledger import FindingsLedger, Standing
    from generator.assurance.results.index import Bound
    from generator.evidence.judged import Approved, Judged
    from generator.evidence.results import ResultRecord
    from generator.evidence.store import EvidenceStore
    from generator.history.commits import Commit
    from generator.model.component import Component
    from generator.model.topology import Connection
    from generator.timeline.changes import Change
    from generator.timeline.deployments import Deployment
    from generator.timeline.kinds import Stamp
    from generator.timeline.state import EnvironmentState

_NO_GATES = GateCounts()
EXPOSES = "exposes"
"""How of the edge from an exposure to what it leads to."""


def commit_record(commit: Commit, *, authors: bool) -> CommitRecord:
    """Return a commit as evidence keeps it; without `authors` the author is left out."""
    author, committer = (commit.author, commit.committer[0]) if authors else ("", "")
    return CommitRecord(
        id=commit.id,
        committed_at=rfc3339(commit.time),
        subject=commit.subject,
        author=author,
        tags=commit.tags,
        deployed=commit.tree,
        committer=committer if committer != author else "",
    )


def approval_record(approved: Approved) -> ApprovalRecord:
    """Return a yes as evidence keeps it."""
    yes, weight, named = approved
    doubt = weight.value if weight is not Weight.COUNTS else ""
    return ApprovalRecord(yes.way, yes.source, yes.person.words if named else "", yes.gate, doubt)


class Recorder:
    """Writes the deployments of one environment to the store."""

    def __init__(  # noqa: PLR0913 - one parameter a room that it writes down
        self,
        store: EvidenceStore,
        environment: str,
        upstream: str,
        state: EnvironmentState,
        ledger: FindingsLedger,
        drift: DriftRegister | None,
        *,
        authors: bool,
        ages: bool = False,
    ) -> None:
        """Take findings from `ledger` and drift from `drift`, `None` where there is no upstream.

        `ages` says that somebody wants to know how old the drift is at each deployment.
        """
        self._ages = ages
        self._store, self._environment, self._upstream, self._state = store, environment, upstream, state
        self._ledger, self._drift, self._authors = ledger, drift, authors
        self._selected: dict[str, tuple[str, ...]] = {}
        self._found: FindingCounts | None = None
        self._standing: dict[tuple[str, str, str], FindingEntry] = {}
        self.totals: Counter[str] = Counter()
        """By rule: how many findings ever came with a deployment."""
        self.judged = JudgedTotals()
        self.new: Counter[str] = Counter()
        """Findings that began with the deployment that was opened last, by level, without those that are waived."""
        self.drift_ages: Counter[tuple[str, int | None]] = Counter()
        """Drift items that count, by class and start (seconds since 1970 UTC), at the deployment opened last; empty
        where nobody wants to know."""
        self._aged: dict[Path, tuple[str, int | None]] = {}
        self._opened: tuple[FindingCounts, DriftCounts | None] | None = None

    def open(self, deployment: Deployment) -> None:
        """Write what one deployment refers to, after ledger and drift took in its commit."""
        transition = deployment.transition
        for identity in transition.changed:
            self._component(transition.after.get(identity))
        if transition.changed or not transition.previous_digest:
            self._store.pack("topology", self._environment, self._topology(deployment), deployment.digest)
        self._opened = self._findings(deployment), self._drift_counts()

    def record(self, deployment: Deployment, judged: Judged = NOTHING_JUDGED) -> DeploymentRecord:
        """Return the record of the deployment that was opened last, with what was judged of it."""
        verdict, commit = deployment.verdict, deployment.commit
        if self._opened is None:
            self.open(deployment)
        findings, drift = cast("tuple[FindingCounts, DriftCounts | None]", self._opened)
        self._opened = None
        self.judged.add(judged)
        return DeploymentRecord(
            id=deployment_id(self._environment, deployment.sequence),
            environment=self._environment,
            sequence=deployment.sequence,
            commit=commit_record(commit, authors=self._authors),
            digest=deployment.digest,
            previous_digest=deployment.previous_digest,
            kind=verdict.kind.value,
            confidence=verdict.confidence,  # type: ignore[arg-type]  # one of three constants of timeline
            reasons=verdict.reasons,
            changes=tuple([self.change(c, commit) for c in deployment.changes]),
            findings=findings,
            drift=drift,
            gates=self._gates(judged),
            triage=self._triage(judged),
            bulk=verdict.bulk,
            bypass=deployment.bypass,
            unreadable=deployment.transition.stale,
            observed=verdict.observed.value if verdict.observed is not None else "",
            partial=verdict.partial,
            declared=tuple([DeclaredRecord(c.source, c.key, c.value, c.effect) for c in verdict.declared]),
            incidents=verdict.incidents,
            mends=tuple([deployment_id(self._environment, stamp.sequence) for stamp in verdict.mends]),
            results=tuple([self._result(bound) for bound in judged.results]),
            approvals=tuple([approval_record(one) for one in judged.approvals]),
        )

    def _gates(self, judged: Judged) -> GateCounts:
        if not judged.gates:
            return _NO_GATES
        table = gate_table(judged.gates)
        return GateCounts(**outcome_counts(table), object=self._store.object("gates", self._environment, table))

    def _triage(self, judged: Judged) -> str | None:
        if judged.triage is None:
            return None
        record = triage_record(judged.triage, self._environment, self._upstream)
        return self._store.object("triage", self._environment, record)

    def _result(self, bound: Bound) -> ResultRecord:
        detail = result_detail(bound)
        digest = self._store.object("results", self._environment, detail) if detail is not None else ""
        return result_record(bound, digest)

    def _component(self, component: Component | None) -> None:
        if component is None or self._store.has_component(component.digest):
            return
        fields = tuple([(f.aspect, f.name, f.value) for f in component.fields])
        record = ComponentRecord(component.digest, component.id, component.role.value, component.kind, fields)
        self._store.component(component.digest, record)

    def _topology(self, deployment: Deployment) -> dict[str, TopologyEntry | None]:
        transition = deployment.transition
        found: dict[str, TopologyEntry | None] = {}
        for identity in transition.changed:
            component = transition.after.get(identity)
            found[f"c {identity}"] = TopologyEntry(component=component.digest) if component else None
        for identity, edges in transition.relinked.items():
            found |= {_edge_key(edge): None for edge in edges}
            now = self._state.links.connections.get(identity, ())
            found |= {_edge_key(e): TopologyEntry("", e.source, e.target, e.how.value, e.port) for e in now}
        selected = self._state.links.selected
        if selected is not self._selected:
            before = {(e, t) for e, targets in self._selected.items() for t in targets}
            after = {(e, t) for e, targets in selected.items() for t in targets}
            found |= {f"x {e} -> {t}": None for e, t in before - after}
            found |= {f"x {e} -> {t}": TopologyEntry("", e, t, EXPOSES) for e, t in after - before}
            self._selected = selected
        return found

    def change(self, change: Change, commit: Commit) -> ChangeRecord:
        """Return a change as evidence keeps it; `commit` is the one that made it."""
        culprit, returns_to = change.culprit, change.returns_to
        return ChangeRecord(
            change.subject,
            change.aspect.value,
            change.field,
            change.old,
            change.new,
            change.kind.value,
            self._origin(change.origin, commit) if change.origin is not None else None,
            change.validation,  # type: ignore[arg-type]  # one of four constants of timeline
            deployment_id(self._environment, culprit.sequence) if culprit is not None else "",
            deployment_id(self._environment, returns_to.sequence) if returns_to is not None else "",
        )

    def _origin(self, stamp: Stamp, commit: Commit) -> Origin:
        known = commit.time is not None and stamp.time is not None and stamp.commit != commit.id
        soak = (commit.time or 0) - (stamp.time or 0) if known else None
        return Origin(stamp.commit, rfc3339(stamp.time), soak, deployment_id(self._upstream, stamp.sequence))

    def _findings(self, deployment: Deployment) -> FindingCounts:
        settled = self._ledger.settle()
        self.new.clear()
        if settled or self._found is None:
            changed: dict[str, FindingEntry | None] = {}
            for identity in sorted(settled):
                standing, key = settled[identity], " ".join(identity)
                changed[key] = None
                if standing is not None:
                    changed[key] = self._stand(identity, standing, deployment)
                elif identity in self._standing:
                    self._fix(self._standing.pop(identity), deployment)
            digest = self._store.pack("findings", self._environment, changed)
            self._found = FindingCounts(digest, **self._ledger.counts, waived=self._ledger.waived)
        return self._found

    def _stand(self, identity: tuple[str, str, str], standing: Standing, deployment: Deployment) -> FindingEntry:
        """Return a finding that came or changed, with the first deployment that had it."""
        before = self._standing.get(identity)
        release = before.release if before is not None else deployment_id(self._environment, deployment.sequence)
        if before is None:
            self.totals[identity[0]] += 1
            self.new[standing.finding.level.value] += standing.exempt is None
        entry = finding_entry(standing, release)
        self._standing[identity] = entry
        return entry

    def _fix(self, entry: FindingEntry, deployment: Deployment) -> None:
        """Write down a finding that holds no more."""
        name = deployment_id(self._environment, deployment.sequence)
        self._store.line("fixed", self._environment, FixedRecord(entry, name, rfc3339(deployment.commit.time)))

    def end(self, item: Ended) -> None:
        """Write down a difference to the upstream that stands no more."""
        self._store.line(
            "ended",
            self._environment,
            EndedRecord(
                component=item.component,
                aspect=item.aspect,
                field=item.field,
                drift=item.drift.value,
                upstream=item.upstream,
                value=item.value,
                since=item.since,
                since_at=rfc3339(item.since_time),
                until=item.until,
                until_at=rfc3339(item.until_time),
                accepted=item.accepted,
                expected=item.expected,
                absent=item.absent,
            ),
        )

    def release_of(self, standing: Standing) -> str:
        """Return the first deployment that had a finding; empty where it came after the newest one."""
        entry = self._standing.get(standing.finding.identity)
        return entry.release if entry is not None else ""

    def _drift_counts(self) -> DriftCounts | None:
        if self._drift is None or not self._drift.assessed:
            # What moved meanwhile is written once the two can be compared again: a line belongs to a deployment.
            return None
        settled = self._drift.settle()
        if self._ages:
            for path, item in settled.items():
                self._age(path, item)
        changed = {" ".join(path): _drift(item) for path, item in settled.items()}
        digest = self._store.pack("drift", self._environment, changed)
        counts = self._drift.counts
        return DriftCounts(
            pending=counts[DriftClass.PENDING],
            ahead=counts[DriftClass.AHEAD],
            config=counts[DriftClass.CONFIG],
            structure=counts[DriftClass.STRUCTURE],
            expected=self._drift.expected,
            accepted=self._drift.accepted,
            object=digest,
        )

    def _age(self, path: Path, item: DriftItem | None) -> None:
        """Follow how many items of each class and start count."""
        before = self._aged.pop(path, None)
        if before is not None:
            self.drift_ages[before] -= 1
            if not self.drift_ages[before]:
                del self.drift_ages[before]
        if item is not None and item.counted:
            self._aged[path] = key = (item.drift.value, item.since_time)
            self.drift_ages[key] += 1


def _edge_key(edge: Connection) -> str:
    return f"e {edge.source} -> {edge.target}{f' :{edge.port}' if edge.port else ''}"


def finding_entry(standing: Standing, release: str) -> FindingEntry:
    """Return a finding that holds, as lists and summary keep it; `release` is the first deployment that had it."""
    finding = standing.finding
    return FindingEntry(
        rule=finding.rule,
        level=finding.level.value,
        message=finding.message,
        subject=finding.subject,
        field=finding.field,
        path=finding.path,
        line=finding.line,
        since=standing.since,
        since_at=rfc3339(standing.since_time),
        release=release,
        exempt=exempt_record(standing.exempt),
    )


def exempt_record(exempt: Exempt | None) -> ExemptRecord | None:
    """Return why something may stand, as evidence keeps it."""
    if exempt is None:
        return None
    return ExemptRecord(exempt.owner, exempt.reason, rfc3339(exempt.expires), exempt.source)


def _drift(item: DriftItem | None) -> DriftEntry | None:
    if item is None:
        return None
    return DriftEntry(
        component=item.component,
        aspect=item.aspect,
        field=item.field,
        drift=item.drift.value,
        upstream=item.upstream,
        value=item.value,
        since=item.since,
        since_at=rfc3339(item.since_time),
        expected=item.expected,
        exempt=exempt_record(item.exempt),
    )
