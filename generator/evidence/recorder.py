"""Deployments as records: judged ones in, lines of the evidence folder out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.assurance.drift import DriftClass
from generator.evidence.packs import (
    ComponentRecord,
    DriftEntry,
    ExemptRecord,
    FindingEntry,
    FixedRecord,
    TopologyEntry,
)
from generator.evidence.records import (
    ChangeRecord,
    CommitRecord,
    DeploymentRecord,
    DriftCounts,
    FindingCounts,
    GateCounts,
    Origin,
)
from generator.history.commits import rfc3339

if TYPE_CHECKING:
    from generator.assurance.drift import DriftItem, DriftRegister
    from generator.assurance.exemptions import Exempt
    from generator.assurance.ledger import FindingsLedger, Standing
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


def deployment_id(environment: str, sequence: int) -> str:
    """Return the name of a deployment, unique in a bundle."""
    return f"{environment}-{sequence}"


def commit_record(commit: Commit, *, authors: bool) -> CommitRecord:
    """Return a commit as evidence keeps it; without `authors` the author is left out."""
    author = commit.author if authors else ""
    return CommitRecord(commit.id, rfc3339(commit.time), commit.subject, author, commit.tags, commit.tree)


class Recorder:
    """Writes the deployments of one environment to the store."""

    def __init__(
        self,
        store: EvidenceStore,
        environment: str,
        upstream: str,
        state: EnvironmentState,
        ledger: FindingsLedger,
        drift: DriftRegister | None,
        *,
        authors: bool,
    ) -> None:
        """Take findings from `ledger` and drift from `drift`, `None` where there is no upstream."""
        self._store, self._environment, self._upstream, self._state = store, environment, upstream, state
        self._ledger, self._drift, self._authors = ledger, drift, authors
        self._selected: dict[str, tuple[str, ...]] = {}
        self._found: FindingCounts | None = None
        self._standing: dict[tuple[str, str, str], FindingEntry] = {}
        self.totals: Counter[str] = Counter()
        """By rule: how many findings ever came with a deployment."""

    def record(self, deployment: Deployment) -> DeploymentRecord:
        """Write what one deployment refers to, after ledger and drift took in its commit; return its own record."""
        transition = deployment.transition
        for identity in transition.changed:
            self._component(transition.after.get(identity))
        if transition.changed or not transition.previous_digest:
            self._store.pack("topology", self._environment, self._topology(deployment), deployment.digest)
        verdict, commit = deployment.verdict, deployment.commit
        return DeploymentRecord(
            id=deployment_id(self._environment, deployment.sequence),
            environment=self._environment,
            sequence=deployment.sequence,
            commit=commit_record(commit, authors=self._authors),
            digest=deployment.digest,
            previous_digest=deployment.previous_digest,
            kind=verdict.kind.value,
            confidence="observed" if verdict.confidence == "observed" else "inferred",
            reasons=verdict.reasons,
            changes=tuple([self._change(c, commit) for c in deployment.changes]),
            findings=self._findings(deployment),
            drift=self._drift_counts(),
            gates=_NO_GATES,
            triage=None,
            bulk=verdict.bulk,
            bypass=deployment.bypass,
            unreadable=len(transition.problems),
        )

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

    def _change(self, change: Change, commit: Commit) -> ChangeRecord:
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
        if settled or self._found is None:
            changed: dict[str, FindingEntry | None] = {}
            for identity, standing in settled.items():
                key = " ".join(identity)
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
        entry = finding_entry(standing, release)
        self._standing[identity] = entry
        return entry

    def _fix(self, entry: FindingEntry, deployment: Deployment) -> None:
        """Write down a finding that holds no more."""
        name = deployment_id(self._environment, deployment.sequence)
        self._store.line("fixed", self._environment, FixedRecord(entry, name, rfc3339(deployment.commit.time)))

    def release_of(self, standing: Standing) -> str:
        """Return the first deployment that had a finding; empty where it came after the newest one."""
        entry = self._standing.get(standing.finding.identity)
        return entry.release if entry is not None else ""

    def _drift_counts(self) -> DriftCounts | None:
        if self._drift is None or not self._drift.assessed:
            # What moved meanwhile is written once the two can be compared again: a line belongs to a deployment.
            return None
        changed = {" ".join(path): _drift(item) for path, item in self._drift.settle().items()}
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
