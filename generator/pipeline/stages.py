"""The stages of one run, a stage an environment, in the order of promotion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.exemptions import Exemptions
from generator.metrics.periods import following, period, start
from generator.pipeline.stage import Stage
from generator.timeline.bindings import order_of_promotion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.config.schema import Config
    from generator.declarations.entries import Declarations
    from generator.evidence.store import EvidenceStore
    from generator.history.commits import Commit, FileChange
    from generator.timeline.readings import Readings
    from generator.timeline.sources import Binding
    from generator.timeline.state import Transition


LONGEST_SILENCE = 100 * 365 * 86_400
"""Seconds without a commit after which no month is closed for itself: such a date is a slip."""


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
        self._as_of, self._store = as_of, store
        upstreams = {name: environment.upstream for name, environment in config.environments.items()}
        self.exemptions = Exemptions()
        self._stages: dict[str, Stage] = {}
        for name in order_of_promotion(upstreams):
            above = self._stages.get(upstreams[name])
            apart = bool(histories and above and histories[name] != histories[above.name])
            self._stages[name] = Stage(name, config, readings, above, store, self.exemptions, apart=apart)
        self.deployments = 0
        """Records written so far."""
        self._month: int | None = None
        self._month_end = 0

    def __iter__(self) -> Iterator[Stage]:
        """Yield the stages, each after its upstream."""
        return iter(self._stages.values())

    def declare(self, declarations: Declarations, commit: Commit) -> None:
        """Let `declarations` be what people say from `commit` on."""
        self.exemptions.set(declarations, commit.id, commit.time)
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
            own = transitions.get(name)
            if own is not None or above is not None:
                stage.judge(own, above, commit)
        for deployment in deployments:
            if deployment is not None:
                dated = commit.time is not None and not self.is_future(commit.time)
                record = stages[deployment.environment].record(deployment, commit.time if dated else None)
                self._store.deployment(record)
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
