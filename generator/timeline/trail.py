"""The newest steps of every component of one environment, so that what a failed range did can still be told.

A step keeps what one deployment changed in one component: its judged changes, and the values of its fields before and
after, from which the former states are told by going back from the newest one. So taking a deployment in costs next to
nothing, and the work is done where something failed.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec
from rpds import HashTrieMap

from generator.model.component import Aspect
from generator.timeline.kinds import Kind, Stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.model.component import Component
    from generator.model.difference import Difference
    from generator.timeline.changes import Change
    from generator.timeline.deployments import Deployment

KEPT = 32
"""Steps that are kept of a component; older ones are forgotten."""
ARROW = " -> "
"""What stands between the two ends of a connection that is the subject of a change."""

Fields = dict[tuple[Aspect, str], str]
"""Values of a component by aspect and field."""


class Landmark(msgspec.Struct, frozen=True, array_like=True):
    """A deployment that brought an environment version, and that version."""

    stamp: Stamp
    digest: str


class TrailStep(msgspec.Struct, frozen=True, array_like=True):
    """What one deployment changed in one component."""

    stamp: Stamp
    changes: Sequence[Change]
    """Its changes, those of the connections that start at the component included."""
    differences: Sequence[Difference]
    """Every field whose value differs, also of a component that came or went as a whole."""
    upstream: int
    """Number of the upstream's newest deployment then; 0 where there was none."""
    good: Landmark | None
    """The last deployment before this one that nothing is known against; `None` where there was none."""


class Trail:
    """The steps of one environment's components, the newest `KEPT` of each."""

    def __init__(self, environment: str, upstream: Trail | None = None) -> None:
        """Start with an environment that had no deployment; `upstream` is the trail of the environment before it."""
        self.environment, self.upstream = environment, upstream
        self.sequence = 0
        """Number of the newest deployment taken in."""
        self.good: Landmark | None = None
        """The newest deployment that nothing is known against."""
        self._steps: dict[str, deque[TrailStep]] = {}
        self._forgotten: set[str] = set()
        self._components: Mapping[str, Component] = HashTrieMap()
        self._arrivals: dict[tuple[str, str], tuple[tuple[Change, Stamp], ...]] = {}
        """The two newest versions of each artifact that came, the newest first."""

    def take(self, deployment: Deployment, *, good: bool = True) -> None:
        """Take in the next deployment, after what the upstream had in the same commit.

        `good` says that nothing is known against it: it is linked to no incident and no gate failed.
        """
        transition, commit = deployment.transition, deployment.commit
        self.sequence = deployment.sequence
        self._components = transition.after
        if not deployment.changes:
            return
        stamp = Stamp(deployment.sequence, commit.id, commit.time)
        upstream = self.upstream.sequence if self.upstream is not None else 0
        changed = deployment.changes
        # Most deployments change one field of one component.
        one = len(changed) == 1 and not changed[0].edge
        for subject, changes in ((changed[0].subject, changed),) if one else _by_component(changed).items():
            differences = transition.differences.get(subject, ())
            step = TrailStep(stamp, changes, differences, upstream, self.good)
            steps = self._steps.get(subject)
            if steps is None:
                steps = self._steps[subject] = deque(maxlen=KEPT)
            elif len(steps) == KEPT:
                self._forgotten.add(subject)
            steps.append(step)
            for change in changes:
                if _arrives(change):
                    key = (subject, change.field)
                    self._arrivals[key] = ((change, stamp), *self._arrivals.get(key, ())[:1])
        if good:
            self.good = Landmark(stamp, deployment.digest)

    def steps(self, component: str, first: int, last: int) -> tuple[TrailStep, ...]:
        """Return the kept steps of a component in the deployments `first` to `last`, oldest first."""
        return tuple([s for s in self._steps.get(component, ()) if first <= s.stamp.sequence <= last])

    def reaches(self, component: str, sequence: int) -> bool:
        """Return whether every step of a component since the deployment `sequence` is kept."""
        if component not in self._forgotten:
            return True
        return self._steps[component][0].stamp.sequence <= sequence

    def states(self, component: str, sequence: int) -> Iterator[tuple[Stamp | None, Fields]]:
        """Yield what a component was after the deployment `sequence`, and each state before it, newest first.

        Beside each stands the deployment that brought it, `None` for one whose step is forgotten: it is the last that
        is known. States in which the component was not there are left out.
        """
        now = self._components.get(component)
        fields: Fields = {(f.aspect, f.name): f.value for f in now.fields} if now is not None else {}
        for step in reversed(self._steps.get(component, ())):
            if step.stamp.sequence <= sequence and fields:
                yield step.stamp, fields
            fields = _undone(fields, step.differences)
        if fields:
            yield None, fields

    def arrival(self, component: str, field: str, sequence: int) -> tuple[Change, Stamp] | None:
        """Return the change that brought the artifact that `field` had at `sequence`; `None` where it is forgotten."""
        for step in reversed(self.steps(component, 0, sequence)):
            for change in step.changes:
                if change.field == field and _arrives(change):
                    return change, step.stamp
        found = self._arrivals.get((component, field), ())
        return next((arrival for arrival in found if arrival[1].sequence <= sequence), None)


def _arrives(change: Change) -> bool:
    """Return whether a change brought a version of an artifact."""
    return change.aspect is Aspect.ARTIFACT and bool(change.new) and change.kind is not Kind.GAP


def _by_component(changes: Iterable[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        subject = change.subject.partition(ARROW)[0] if change.edge else change.subject
        found.setdefault(subject, []).append(change)
    return found


def _undone(fields: Fields, differences: Iterable[Difference]) -> Fields:
    """Return `fields` as they were before `differences`."""
    before = dict(fields)
    for aspect, name, old, _ in differences:
        if old is None:
            before.pop((aspect, name), None)
        else:
            before[aspect, name] = old
    return before
