"""The failed range: which deployments failed, and what they changed on balance in each component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.component import Aspect
from generator.timeline.kinds import Kind, Stamp
from generator.timeline.trail import ARROW, Landmark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.timeline.changes import Change
    from generator.timeline.deployments import Deployment
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

    first: Stamp
    last: int
    """Number of the last one."""
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
    began = _began(deployment, trail, culprit)
    if not began:
        return _alone(deployment, trail)
    last = deployment.sequence - 1
    first = min(began.values(), key=lambda stamp: stamp.sequence)
    components, good = [], None
    for name, start in sorted(began.items()):
        steps = trail.steps(name, start.sequence, last)
        truncated = not trail.reaches(name, start.sequence)
        before = deployment.transition.before.get(name)
        net = _net(steps, gaps=False)
        if truncated:
            net |= _since_before(net, _taken_back(deployment, name))
        changes = _told(net)
        fields = {(f.aspect, f.name): f.value for f in before.fields} if before is not None else {}
        # What failed is the last version, also where it was gone for a while by the end.
        fields |= {(c.aspect, c.field): c.new for c in changes if c.version and c.new and before is not None}
        components.append(
            Ranged(
                name=name,
                last=steps[-1].stamp.sequence if steps else last,
                changes=changes,
                fields=fields,
                upstream=_failing(steps).upstream if steps else 0,
                truncated=truncated,
            )
        )
        if steps and start == first and not truncated:
            good = steps[0].good
    return FailedRange(first, last, tuple(components), good)


def _began(deployment: Deployment, trail: Trail, culprit: Stamp | None) -> dict[str, Stamp]:
    """Return where the range of each component that goes back began: as declared, else as the values tell.

    Where nothing tells, as of a rollback that is only said to be one, it is the last version that stood before it.
    """
    names = {_subject(change) for change in deployment.changes}
    if culprit is not None:
        last = deployment.sequence - 1
        said = {name: culprit for name in names if trail.steps(name, culprit.sequence, last)}
        if said:
            return said
    began: dict[str, Stamp] = {}
    for change in deployment.changes:
        if change.kind is Kind.ROLLBACK and change.culprit is not None:
            known = began.get(change.subject, change.culprit)
            began[change.subject] = min(known, change.culprit, key=lambda stamp: stamp.sequence)
    if began:
        return began | _undone(deployment, trail, began)
    before = {name: trail.steps(name, 0, deployment.sequence - 1) for name in names}
    return {name: steps[-1].stamp for name, steps in before.items() if steps}


def _undone(deployment: Deployment, trail: Trail, began: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """Return the components of which the rollback takes back what is no version, by where the range changed it.

    That one came or went with what failed, or ran in another number, is part of what failed, too.
    """
    first = min(stamp.sequence for stamp in began.values())
    back: dict[str, dict[_Key, Change]] = {}
    for change in deployment.changes:
        if (name := _subject(change)) not in began:
            back.setdefault(name, {})[change.subject, change.aspect, change.field] = change
    found: dict[str, Stamp] = {}
    for name, changes in sorted(back.items()):
        for step in trail.steps(name, first, deployment.sequence - 1):
            keys = [(c, changes.get((c.subject, c.aspect, c.field))) for c in step.changes]
            if any(was is not None and was.new == c.old != c.new for c, was in keys):
                found[name] = step.stamp
                break
    return found


def _alone(deployment: Deployment, trail: Trail) -> FailedRange:
    sequence = deployment.sequence
    components = []
    good = trail.good
    for name in sorted({_subject(change) for change in deployment.changes}):
        after = deployment.transition.after.get(name)
        for step in trail.steps(name, sequence, sequence):
            fields = {(f.aspect, f.name): f.value for f in after.fields} if after is not None else {}
            components.append(
                Ranged(name, sequence, _told(_net([step], gaps=True)), fields, step.upstream, truncated=False)
            )
            good = step.good
    first = Stamp(sequence, deployment.commit.id, deployment.commit.time)
    return FailedRange(first, sequence, tuple(components), good)


def _subject(change: Change) -> str:
    return change.subject.partition(ARROW)[0] if change.edge else change.subject


def _failing(steps: Sequence[TrailStep]) -> TrailStep:
    """Return the step that brought the artifact that failed, else the last one."""
    for step in reversed(steps):
        if any(c.aspect is Aspect.ARTIFACT and c.new for c in step.changes):
            return step
    return steps[-1]


def _net(steps: Iterable[TrailStep], *, gaps: bool) -> dict[_Key, tuple[str | None, Change]]:
    """Return, by field, the value before the steps, and its last change in them; `gaps` says that gaps are changes.

    Over a range they are none: what came back, or came instead, is told as a change from the last value.
    """
    found: dict[_Key, tuple[str | None, Change]] = {}
    for step in steps:
        for change in step.changes:
            if change.kind is Kind.GAP and not gaps:
                continue
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


def _since_before(
    net: Mapping[_Key, tuple[str | None, Change]], back: Mapping[_Key, tuple[str | None, Change]]
) -> dict[_Key, tuple[str | None, Change]]:
    """Return what is taken `back` with its value from before the range, which the kept steps of `net` do not reach."""
    return {key: (old, net[key][1] if key in net else change) for key, (old, change) in back.items()}


def _told(net: Mapping[_Key, tuple[str | None, Change]]) -> tuple[NetChange, ...]:
    return tuple(sorted(_differing(net), key=lambda c: (c.subject, c.aspect, c.field)))


def _differing(net: Mapping[_Key, tuple[str | None, Change]]) -> Iterator[NetChange]:
    for (subject, aspect, field), (old, change) in net.items():
        if old != change.new:
            version = aspect is Aspect.ARTIFACT and bool(change.new) and change.kind is not Kind.GAP
            yield NetChange(subject, aspect, field, old, change.new, version)
