"""The stages of one run, set up for every environment in the order of promotion."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.assurance.drift import DriftClass, DriftRegister
from generator.assurance.ledger import FindingsLedger
from generator.evidence.recorder import Recorder
from generator.evidence.summarising import EnvironmentSources
from generator.evidence.summary import DriftOverTime
from generator.metrics.delivery import DeliveryTally
from generator.metrics.periods import following, period, start
from generator.model.component import Aspect
from generator.readers.ignoring import Ignoring
from generator.timeline.bindings import order_of_promotion
from generator.timeline.changes import PROMOTED
from generator.timeline.deployments import Timeline
from generator.timeline.kinds import Kind, Stamp
from generator.timeline.state import EnvironmentState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.config.schema import Config
    from generator.evidence.store import EvidenceStore
    from generator.history.commits import Commit, FileChange
    from generator.timeline.deployments import Deployment
    from generator.timeline.readings import Readings
    from generator.timeline.sources import Binding
    from generator.timeline.state import Transition


_PROMOTED_KINDS = frozenset({Kind.INITIAL, Kind.FORWARD})
"""A version that comes back was promoted when it first came; its age by now is no lead."""


LONGEST_SILENCE = 100 * 365 * 86_400
"""Seconds without a commit after which no month is closed for itself: such a date is a slip."""


class Stage:
    """One environment's way from files to records."""

    def __init__(
        self,
        name: str,
        config: Config,
        readings: Readings,
        upstream: Stage | None,
        store: EvidenceStore,
        *,
        apart: bool = False,
    ) -> None:
        """Set up every room's part; `upstream` was set up before, and is `apart` where it has another history."""
        self.name, self.upstream = name, upstream
        self.production = config.environments[name].production
        ignore = Ignoring(config.ignore) if config.ignore else None
        self.state = EnvironmentState(readings, partial(ignore.apply, environment=name) if ignore else None)
        above: Timeline | None = upstream.timeline if upstream else None
        self.timeline: Timeline = Timeline(name, self.state, above, config.bulk, apart=apart)
        self.drift = DriftRegister(above, self.timeline) if above else None
        self.ledger = FindingsLedger(self.state, above)
        self.tally = DeliveryTally()
        self.sources = EnvironmentSources(self.timeline, above, self.ledger, self.drift, self.tally)
        self._recorder = Recorder(
            store,
            name,
            upstream.name if upstream else "",
            self.state,
            self.ledger,
            self.drift,
            authors=config.authors == "names",
        )

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

    def record(self, deployment: Deployment, time: int | None) -> None:
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
        self._recorder.record(deployment)

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


class Stages:
    """Every environment, in the order of promotion."""

    def __init__(
        self,
        config: Config,
        readings: Readings,
        store: EvidenceStore,
        as_of: int | None,
        histories: Mapping[str, int] | None = None,
    ) -> None:
        """Set up a stage for each environment of `config`; what is dated after `as_of` is in no period.

        `histories` numbers the history that each environment stands in; without it all stand in one.
        """
        self._as_of = as_of
        upstreams = {name: environment.upstream for name, environment in config.environments.items()}
        self._stages: dict[str, Stage] = {}
        for name in order_of_promotion(upstreams):
            above = self._stages.get(upstreams[name])
            apart = bool(histories and above and histories[name] != histories[above.name])
            self._stages[name] = Stage(name, config, readings, above, store, apart=apart)
        self.deployments = 0
        """Records written so far."""
        self._month: int | None = None
        self._month_end = 0

    def __iter__(self) -> Iterator[Stage]:
        """Yield the stages, each after its upstream."""
        return iter(self._stages.values())

    def take(self, commit: Commit, bound: Mapping[str, Sequence[tuple[FileChange, Binding]]]) -> dict[str, Transition]:
        """Take in one commit, whose changed files are bound to environments; return what each came to.

        All environments take their files before any is judged: what comes to two of them in one commit came at once.
        """
        if commit.time is not None and not self.is_future(commit.time):
            self.pass_months(commit.time)
        stages = self._stages
        names = [name for name in stages if name in bound] if len(bound) > 1 else list(bound)
        transitions = {name: stages[name].state.apply(bound[name], commit.id) for name in names}
        deployments = [stages[n].timeline.record(commit, t) for n, t in transitions.items()]
        for name, stage in stages.items():
            above = transitions.get(stage.upstream.name) if stage.upstream else None
            own = transitions.get(name)
            if own is not None or above is not None:
                stage.judge(own, above, commit)
        for deployment in deployments:
            if deployment is not None:
                dated = commit.time is not None and not self.is_future(commit.time)
                stages[deployment.environment].record(deployment, commit.time if dated else None)
                self.deployments += 1
        return transitions

    def is_future(self, time: int) -> bool:
        """Return whether a commit is dated after the report: it is kept, and its date counts for nothing."""
        return self._as_of is not None and time > self._as_of

    def pass_months(self, time: int) -> None:
        """Close every month that ended before `time` (seconds since 1970); a date that goes back closes none."""
        if self._month is None:
            self._month = time
            self._month_end = following(time, "month")
        if time - self._month_end > LONGEST_SILENCE:
            self._close()
            self._month, self._month_end = time, following(time, "month")
        while time >= self._month_end:
            self._close()
            self._month, self._month_end = self._month_end, following(self._month_end, "month")

    def finish(self, newest: Commit, as_of: int | None) -> None:
        """Close every month up to the report time, its own included, and see where findings stand at `newest`."""
        if as_of is not None:
            self.pass_months(as_of)
        if self._month is not None:
            self._close()
        for stage in self._stages.values():
            stage.ledger.refresh(newest.id, newest.time)

    def _close(self) -> None:
        name = period(int(start(self._month or 0, "month").timestamp()), "month")
        for stage in self._stages.values():
            stage.close_month(name)
