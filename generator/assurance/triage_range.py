"""The failed range: which deployments failed, and what they changed on balance in each component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.component import Aspect
from generator.timeline.kinds import Kind
from generator.timeline.trail import ARROW, Landmark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.timeline.changes import Change
    from generator.timeline.deployments import Deployment
    from generator.timeline.kinds import Stamp
    from generator.timeline.trail import Fields, Trail, TrailStep

_Key = tuple[str, Aspect, str]


class NetChange(msgspec.Struct, frozen=True):
    """What a range changed in one field, from before its first deployment to after its last one."""

    subject: str
    """The component, or `source -> target` for a connection."""
    aspect: Aspect
    field: str
    old: str | None
    new: str | None
    version: bool
    """Whether it is another version of an artifact; one that went, or came back as it was, is none."""


class Ranged(msgspec.Struct, frozen=True):
    """One component in the failed range."""

    name: str
    last: int
    """Number of the last deployment of the range that changed it."""
    changes: tuple[NetChange, ...]
    """Sorted by subject, aspect and field."""
    fields: Fields
    """What it was when it failed; empty where it was gone."""
    upstream: int
    """Number of the upstream's newest deployment then; 0 where there was none."""
    truncated: bool
    """Whether the range began before what is kept."""

    @property
    def artifacts(self) -> tuple[NetChange, ...]:
        """Return the artifacts of which another version came."""
        return tuple([c for c in self.changes if c.version])

    @property
    def settings(self) -> tuple[NetChange, ...]:
        """Return everything else that changed."""
        return tuple([c for c in self.changes if not c.version])


class FailedRange(msgspec.Struct, frozen=True):
    """The deployments that failed."""

    first: int
    last: int
    components: tuple[Ranged, ...]
    """Sorted by name."""
    good: Landmark | None
    """The last version before that nothing is known against."""


def failed_range(deployment: Deployment, trail: Trail, culprit: Stamp | None, *, back: bool) -> FailedRange:
    """Return the range that failed: the deployment alone, or, where it goes `back`, what it takes back.

    `culprit` is the first failed deployment as declared; without it the values tell the one of each component.
    """
    if not back:
        return _alone(deployment, trail)
    began = _began(deployment, culprit)
    last = deployment.sequence - 1
    if not began:
        return FailedRange(culprit.sequence if culprit is not None else last, last, (), None)
    first = min(began.values())
    components, good = [], None
    for name, start in sorted(began.items()):
        steps = trail.steps(name, start, last)
        truncated = not trail.reaches(name, start)
        before = deployment.transition.before.get(name)
        net = _net(steps)
        if truncated:
            net = _taken_back(deployment, name) | net
        components.append(
            Ranged(
                name=name,
                last=steps[-1].stamp.sequence if steps else last,
                changes=_told(net),
                fields={(f.aspect, f.name): f.value for f in before.fields} if before is not None else {},
                upstream=_failing(steps).upstream if steps else 0,
                truncated=truncated,
            )
        )
        if steps and start == first and not truncated:
            good = steps[0].good
    return FailedRange(first, last, tuple(components), good)


def _began(deployment: Deployment, culprit: Stamp | None) -> dict[str, int]:
    """Return where the range of each component that goes back began."""
    if culprit is not None:
        return {_subject(c): culprit.sequence for c in deployment.changes}
    began: dict[str, int] = {}
    for change in deployment.changes:
        if change.kind is Kind.ROLLBACK and change.culprit is not None:
            start = change.culprit.sequence
            began[change.subject] = min(start, began.get(change.subject, start))
    return began


def _alone(deployment: Deployment, trail: Trail) -> FailedRange:
    sequence = deployment.sequence
    components = []
    good = trail.good
    for name in sorted({_subject(change) for change in deployment.changes}):
        after = deployment.transition.after.get(name)
        for step in trail.steps(name, sequence, sequence):
            fields = {(f.aspect, f.name): f.value for f in after.fields} if after is not None else {}
            components.append(Ranged(name, sequence, _told(_net([step])), fields, step.upstream, truncated=False))
            good = step.good
    return FailedRange(sequence, sequence, tuple(components), good)


def _subject(change: Change) -> str:
    return change.subject.partition(ARROW)[0] if change.edge else change.subject


def _failing(steps: Sequence[TrailStep]) -> TrailStep:
    """Return the step that brought the artifact that failed, else the last one."""
    for step in reversed(steps):
        if any(c.aspect is Aspect.ARTIFACT and c.new for c in step.changes):
            return step
    return steps[-1]


def _net(steps: Iterable[TrailStep]) -> dict[_Key, tuple[str | None, Change]]:
    """Return, by field, the value before the steps, and its last change in them."""
    found: dict[_Key, tuple[str | None, Change]] = {}
    for step in steps:
        for change in step.changes:
            key = (change.subject, change.aspect, change.field)
            found[key] = (found[key][0] if key in found else change.old, change)
    return found


def _taken_back(deployment: Deployment, name: str) -> dict[_Key, tuple[str | None, Change]]:
    """Return what the rollback itself tells of a range whose beginning is forgotten, the other way round."""
    return {
        (c.subject, c.aspect, c.field): (c.new, msgspec.structs.replace(c, old=c.new, new=c.old, kind=Kind.FORWARD))
        for c in deployment.changes
        if _subject(c) == name and c.kind is Kind.ROLLBACK
    }


def _told(net: Mapping[_Key, tuple[str | None, Change]]) -> tuple[NetChange, ...]:
    return tuple(sorted(_differing(net), key=lambda c: (c.subject, c.aspect, c.field)))


def _differing(net: Mapping[_Key, tuple[str | None, Change]]) -> Iterator[NetChange]:
    for (subject, aspect, field), (old, change) in net.items():
        if old != change.new:
            version = aspect is Aspect.ARTIFACT and bool(change.new) and change.kind is not Kind.GAP
            yield NetChange(subject, aspect, field, old, change.new, version)
