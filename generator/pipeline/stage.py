"""One environment's way from files to records: its state, what is judged of it, and what is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.assurance.drift import DriftRegister
from generator.assurance.ended import EndedItems, snapshot
from generator.assurance.findings import Surroundings
from generator.assurance.ledger import FindingsLedger
from generator.assurance.rule_set import rule_set
from generator.assurance.sites import site_register
from generator.config.expected import expected_of
from generator.evidence.recorder import Recorder
from generator.evidence.summarising import EnvironmentSources
from generator.evidence.summary import DriftOverTime
from generator.readers.ignoring import Ignoring
from generator.timeline.bindings import Bindings, places
from generator.timeline.deployments import Timeline
from generator.timeline.kinds import Kind, Stamp
from generator.timeline.state import EnvironmentState
from generator.timeline.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.assurance.exemptions import Exemptions
    from generator.assurance.findings import Rule
    from generator.config.schema import Config
    from generator.evidence.judged import Judged
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.store import EvidenceStore
    from generator.history.commits import Commit
    from generator.timeline.declared import Declared
    from generator.timeline.deployments import Deployment
    from generator.timeline.readings import Readings
    from generator.timeline.state import Transition


@dataclass(frozen=True)
class RunParts:
    """What the stages of one run share."""

    config: Config
    readings: Readings
    store: EvidenceStore
    exemptions: Exemptions
    declared: Declared
    policies: Mapping[str, Sequence[Rule]]
    """Rules of the repository's own policies, by environment."""


def surroundings(config: Config, name: str) -> Surroundings:
    """Return where the rules of an environment stand."""
    environment = config.environments[name]
    return Surroundings(
        environment=name,
        production=environment.production,
        upstream=environment.upstream,
        others=tuple(sorted(set(config.environments) - {name})),
        kubernetes=environment.kubernetes,
    )


class Stage:
    """One environment's way from files to records."""

    def __init__(
        self,
        name: str,
        run: RunParts,
        upstream: Stage | None,
        reference: Stage | None,
        *,
        apart: bool = False,
    ) -> None:
        """Set up every room's part; `upstream` was set up before, and is `apart` where it has another history.

        `reference` is the production site that this one is compared with, `None` where it is the first or only one.
        """
        config = run.config
        self.name, self.upstream, self.reference = name, upstream, reference
        self.production = config.environments[name].production
        ignore = Ignoring(config.ignore) if config.ignore else None
        self.ignore = partial(ignore.apply, environment=name) if ignore else None
        self.state = EnvironmentState(run.readings, self.ignore, expected_of(name, config.expected))
        exempting = run.exemptions.of(name)
        above: Timeline | None = upstream.timeline if upstream else None
        self.timeline: Timeline = Timeline(
            name, self.state, above, config.bulk, apart=apart, declared=run.declared, production=self.production
        )
        self.ended = EndedItems()
        self.drift = DriftRegister(above, self.timeline, exempting, self.ended) if above else None
        self.site = site_register(reference.timeline, self.timeline, exempting) if reference else None
        self.rules = rule_set(
            config, surroundings(config, name), run.policies.get(name, ()), expected=lambda: self.state.expected
        )
        self.ledger = FindingsLedger(self.state, above, self.rules, exempting)
        self.trail: Trail = Trail(name, upstream.trail if upstream else None)
        self.recorder = Recorder(
            run.store,
            name,
            upstream.name if upstream else "",
            self.state,
            self.ledger,
            self.drift,
            authors=config.authors != "none",
            ages=any(gate.drift and gate.guards(name, production=self.production) for gate in config.gates),
        )
        self.sources = EnvironmentSources(self.timeline, above, self.ledger, self.drift, self.recorder)
        self.sources.site, self.sources.reference = self.site, reference.name if reference else ""
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
            self.ledger.compare(transitions, moved, commit.id, commit.time, own=own)

    def compare(self, own: Transition | None, beside: Transition | None, commit: Commit) -> None:
        """Take the commit into what differs from the first production site."""
        if self.site is None or self.reference is None:
            return
        transitions = [t for t in (own, beside) if t is not None]
        moved = _moved(transitions)
        if (self.state.exists and self.reference.state.exists) is not self.site.assessed:
            moved = sorted({*self.state.components, *self.reference.state.components, *moved})
        if moved or self.site.outdated:
            self.site.update(moved, commit.id, commit.time)

    def exempt(self, time: int | None) -> None:
        """See anew what waivers and acceptances let stand."""
        self.ledger.exempt(time)
        for register in (self.drift, self.site):
            if register is not None:
                register.exempt(time)

    def open(self, deployment: Deployment) -> None:
        """Write what a deployment refers to."""
        self.recorder.open(deployment)
        for item in self.ended.drain():
            self.recorder.end(item)

    def record(self, deployment: Deployment, judged: Judged) -> DeploymentRecord:
        """Return the record of the deployment that was opened last."""
        stamp = Stamp(deployment.sequence, deployment.commit.id, deployment.commit.time)
        kind = deployment.verdict.kind
        if kind is not Kind.REDEPLOY:
            self.sources.last = stamp
        if kind is Kind.ROLLBACK:
            self.sources.last_rollback = stamp
        return self.recorder.record(deployment, judged)

    def count(self, deployment: Deployment, *, bulk: bool) -> None:
        """Count a deployment."""
        sources = self.sources
        sources.kinds[deployment.verdict.kind] += 1
        sources.changes += len(deployment.changes)
        sources.bulks += bulk
        sources.bypasses += deployment.bypass
        sources.simultaneous += deployment.simultaneous
        sources.partials += deployment.verdict.partial

    def close_month(self, month: str, end: int) -> None:
        """Keep how much drift stood at the `end` of `month`, from the first month that has any comparison."""
        if self.drift is not None and (self.drift.assessed or self.sources.drift_over_time):
            stands = snapshot(self.drift, end)
            self.sources.drift_over_time.append(
                DriftOverTime(
                    month,
                    stands.pending,
                    stands.ahead,
                    stands.config,
                    stands.structure,
                    stands.accepted,
                    stands.oldest or 0,
                    stands.median or 0,
                )
            )


def _moved(transitions: Sequence[Transition]) -> list[str]:
    """Return the components that changed or were linked anew, sorted."""
    if len(transitions) == 1:
        return sorted(transitions[0].moved)
    return sorted({i for t in transitions for i in t.moved})
