"""The stages of one run, a stage an environment, in the order of promotion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.assurance.sites import references
from generator.metrics.periods import following, period, start
from generator.pipeline.stage import Stage
from generator.timeline.bindings import order_of_promotion
from generator.timeline.verdicts import movers
from generator.timeline.windows import BulkWindows, in_window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.assurance.gates.yes import ApprovalIndex
    from generator.declarations.entries import Declarations
    from generator.evidence.records import DeploymentRecord
    from generator.history.commits import Commit, FileChange
    from generator.pipeline.applications import Applications
    from generator.pipeline.judging import Judging
    from generator.pipeline.stage import RunParts
    from generator.timeline.deployments import Deployment
    from generator.timeline.sources import Binding
    from generator.timeline.state import Transition


LONGEST_SILENCE = 100 * 365 * 86_400
"""Seconds without a commit after which no month is closed for itself: such a date is a slip."""


class _Held(NamedTuple):
    """A record that is not written yet."""

    stage: Stage
    deployment: Deployment
    record: DeploymentRecord
    time: int | None


class Stages:
    """Every environment, in the order of promotion."""

    def __init__(
        self,
        run: RunParts,
        judging: Judging,
        as_of: int | None,
        histories: Mapping[str, int],
        applications: Applications | None = None,
    ) -> None:
        """Set up a stage for each environment; what is dated after `as_of` is in no period.

        `histories` numbers the history that each environment stands in; `applications` hear what comes to production.
        """
        config = run.config
        self._as_of, self._store, self._judging, self._exemptions = as_of, run.store, judging, run.exemptions
        self._windows: BulkWindows[_Held] = BulkWindows(config.bulk, config.bulk_window)
        self._bulk, self._bulk_window = config.bulk, config.bulk_window
        upstreams = {name: environment.upstream for name, environment in config.environments.items()}
        sites = references(config.environments)
        self._stages: dict[str, Stage] = {}
        for name in order_of_promotion(upstreams):
            above = self._stages.get(upstreams[name])
            apart = bool(above and histories[name] != histories[above.name])
            self._stages[name] = Stage(name, run, above, self._stages.get(sites.get(name, "")), apart=apart)
        self._applications = applications
        self.deployments = 0
        """Records written so far."""
        self.stale = 0
        """Those of them with files that could not be read."""
        self._month: int | None = None
        self._month_end = 0

    def __iter__(self) -> Iterator[Stage]:
        """Yield the stages, each after its upstream."""
        return iter(self._stages.values())

    @property
    def approvals(self) -> ApprovalIndex:
        """Return the approvals that hold now."""
        return self._judging.approvals

    def declare(self, declarations: Declarations, commit: Commit) -> None:
        """Let `declarations` be what people say from `commit` on."""
        self._exemptions.set(declarations, commit.id, commit.time)
        self._judging.declare(declarations, commit)
        for stage in self._stages.values():
            stage.exempt(commit.time)

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
            beside = transitions.get(stage.reference.name) if stage.reference else None
            own = transitions.get(name)
            if own is not None or above is not None:
                stage.judge(own, above, commit)
            if own is not None or beside is not None:
                stage.compare(own, beside, commit)
        # Everything that the commit did is looked at before any of it is judged.
        made = [deployment for deployment in deployments if deployment is not None]
        for deployment in made:
            stages[deployment.environment].open(deployment)
        dated = commit.time is not None and not self.is_future(commit.time)
        for deployment in made:
            stage = stages[deployment.environment]
            record = stage.record(deployment, self._judging.judge(stage, deployment))
            self._hold(_Held(stage, deployment, record, commit.time if dated else None))
        return transitions

    def _hold(self, held: _Held) -> None:
        """Keep a record back until it is known whether it is part of a bulk window, and write those that are known."""
        deployment = held.deployment
        kind = deployment.verdict.kind
        moved = movers(deployment.changes, kind) if deployment.changes else ()
        self._write(self._windows.take(held.stage.name, held.time, kind, moved, held))

    def _write(self, settled: Iterator[tuple[_Held, bool]]) -> None:
        for held, window in settled:
            record, verdict = held.record, held.deployment.verdict
            if window and not record.bulk:
                reasons = in_window(verdict, self._bulk, self._bulk_window).reasons
                record = msgspec.structs.replace(record, bulk=True, reasons=reasons)
            held.stage.count(held.deployment, bulk=record.bulk)
            self._store.deployment(record)
            if self._applications is not None and held.stage.production:
                self._applications.take(record)
            self.deployments += 1
            self.stale += record.unreadable > 0

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
            self._close(as_of)
        self._write(self._windows.finish())
        for stage in self._stages.values():
            stage.ledger.refresh(newest.id, newest.time)

    def _close(self, until: int | None = None) -> None:
        """Close the month, which is told as it stood at its end, or `until` then where that comes first."""
        name = period(int(start(self._month or 0, "month").timestamp()), "month")
        end = self._month_end - 1
        for stage in self._stages.values():
            stage.close_month(name, end if until is None else min(end, until))
