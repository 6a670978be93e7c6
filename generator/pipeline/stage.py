"""One environment's way from files to records: its state, what is judged of it, and what is written."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.assurance.drift import DriftClass, DriftRegister
from generator.assurance.ledger import FindingsLedger
from generator.evidence.recorder import Recorder
from generator.evidence.summarising import EnvironmentSources
from generator.evidence.summary import DriftOverTime
from generator.metrics.delivery import DeliveryTally
from generator.model.component import Aspect
from generator.readers.ignoring import Ignoring
from generator.timeline.bindings import Bindings, places
from generator.timeline.changes import PROMOTED
from generator.timeline.deployments import Timeline
from generator.timeline.kinds import Kind, Stamp
from generator.timeline.state import EnvironmentState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.assurance.exemptions import Exemptions
    from generator.config.schema import Config
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.store import EvidenceStore
    from generator.history.commits import Commit
    from generator.timeline.deployments import Deployment
    from generator.timeline.readings import Readings
    from generator.timeline.state import Transition


_PROMOTED_KINDS = frozenset({Kind.INITIAL, Kind.FORWARD})
"""A version that comes back was promoted when it first came; its age by now is no lead."""


class Stage:
    """One environment's way from files to records."""

    def __init__(
        self,
        name: str,
        config: Config,
        readings: Readings,
        upstream: Stage | None,
        store: EvidenceStore,
        exemptions: Exemptions,
        *,
        apart: bool = False,
    ) -> None:
        """Set up every room's part; `upstream` was set up before, and is `apart` where it has another history."""
        self.name, self.upstream = name, upstream
        self.production = config.environments[name].production
        ignore = Ignoring(config.ignore) if config.ignore else None
        self.state = EnvironmentState(readings, partial(ignore.apply, environment=name) if ignore else None)
        exempting = exemptions.of(name)
        above: Timeline | None = upstream.timeline if upstream else None
        self.timeline: Timeline = Timeline(name, self.state, above, config.bulk, apart=apart)
        self.drift = DriftRegister(above, self.timeline, exempting) if above else None
        self.ledger = FindingsLedger(self.state, above, exempting=exempting)
        self.tally = DeliveryTally()
        self._recorder = Recorder(
            store,
            name,
            upstream.name if upstream else "",
            self.state,
            self.ledger,
            self.drift,
            authors=config.authors == "names",
        )
        self.sources = EnvironmentSources(self.timeline, above, self.ledger, self.drift, self.tally, self._recorder)
        self.sources.paths = places(config, name)
        self.sources.readers = Bindings(config, [name]).readers

    def judge(self, own: Transition | None, above: Transition | None, commit: Commit) -> None:
        """Take the commit into findings and drift: what it did here, and what it did upstream."""
        if own is not None:
            self.ledger.update(own, commit.id, commit.time)
        if self.drift is None or self.upstream is None:
            return
        transitions = [t for t in (own, above) if t is not None]
        if (self.state.exists and self.upstream.state.exists) is not self.drift.assessed:
            everything = sorted({*self.state.components, *self.upstream.state.components, *_moved(transitions)})
            self.drift.update(everything, commit.id, commit.time)
            self.ledger.compare_all(everything, commit.id, commit.time)
        elif (moved := _moved(transitions)) or self.drift.outdated:
            self.drift.update(moved, commit.id, commit.time)
            self.ledger.compare(transitions, moved, commit.id, commit.time)

    def exempt(self, time: int | None) -> None:
        """See anew what waivers and acceptances let stand."""
        self.ledger.exempt(time)
        if self.drift is not None:
            self.drift.exempt(time)

    def record(self, deployment: Deployment, time: int | None) -> DeploymentRecord:
        """Count the deployment at `time` (since 1970; `None` where its date counts for nothing), and write it."""
        commit, kind = deployment.commit, deployment.verdict.kind
        self.tally.add(
            time,
            kind,
            changes=len(deployment.changes),
            bulk=deployment.verdict.bulk,
            bypass=deployment.bypass,
            simultaneous=deployment.simultaneous,
        )
        for change in deployment.changes:
            promoted = change.validation == PROMOTED and change.kind in _PROMOTED_KINDS
            origin = change.origin if change.aspect is Aspect.ARTIFACT and promoted else None
            # When a branch was moved on to a commit that another one had, git does not tell.
            if origin is not None and origin.commit != commit.id:
                self.tally.add_promotion(time, origin.time)
        stamp = Stamp(deployment.sequence, commit.id, commit.time)
        if kind is not Kind.REDEPLOY:
            self.sources.last = stamp
        if kind is Kind.ROLLBACK:
            self.sources.last_rollback = stamp
        return self._recorder.record(deployment)

    def close_month(self, month: str) -> None:
        """Keep how much drift stood at the end of `month`, from the first month that has any comparison."""
        if self.drift is not None and (self.drift.assessed or self.sources.drift_over_time):
            counts = [self.drift.counts[c] for c in DriftClass]
            self.sources.drift_over_time.append(DriftOverTime(month, *counts))


def _moved(transitions: Sequence[Transition]) -> list[str]:
    """Return the components that changed or were linked anew, sorted."""
    if len(transitions) == 1:
        return sorted(transitions[0].moved)
    return sorted({i for t in transitions for i in t.moved})
