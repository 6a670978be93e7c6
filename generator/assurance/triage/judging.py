"""Is it the application or the deployment? What a failure's range changed, against what its upstream ran then.

The table is that of DEFINITIONS ("triage"), for each component of the failed range by itself. For a rollback the range
of a component runs from the culprit to the deployment before the rollback, for an incident or a failed gate it is that
deployment alone. What counts is the net change over the range, since that is what ran when it failed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from generator.assurance.triage.failed_range import failed_range
from generator.assurance.triage.verdict import ComponentVerdict, Outcome, SettingDiffers, TriageVerdict
from generator.model.component import Aspect
from generator.model.difference import is_edge, is_whole
from generator.timeline.changes import BYPASS, PROMOTED, SIMULTANEOUS
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.assurance.triage.failed_range import NetChange, Ranged
    from generator.timeline.changes import Change
    from generator.timeline.deployments import Deployment
    from generator.timeline.kinds import Stamp
    from generator.timeline.trail import Fields, Trail

ROLLBACK, INCIDENT, GATE = "rollback", "incident", "gate"
_SETTINGS = frozenset({Aspect.CONFIG, Aspect.SECRET, Aspect.EXPOSURE, Aspect.TOPOLOGY, Aspect.ARTIFACT})
"""What must be equal for "the same settings", artifacts beside the one that moved included; capacity is left out."""
_NAMED = 3
_DIGEST = len("sha256:") + 12
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Cause(msgspec.Struct, frozen=True):
    """Why a deployment is looked at."""

    trigger: str
    """`rollback`, `incident` or `gate`."""
    name: str = ""
    """Id of the incident, or name of the gate."""
    culprit: Stamp | None = None
    """For a rollback: the first failed deployment as declared; `None` to take the one that the values tell. That is
    also taken where the declared one changed nothing of what goes back."""

    def __str__(self) -> str:
        """Return `rollback`, `incident ID` or `gate NAME`."""
        return f"{self.trigger} {self.name}" if self.name else self.trigger


def counts_all(_component: str, _aspect: str, _field: str, /) -> bool:
    """Let no difference stand."""
    return False


def cause_of(deployment: Deployment, failed_gates: Sequence[str] = ()) -> Cause | None:
    """Return why a deployment is to be looked at; `None` where nothing is known against it or what it took back.

    A rollback comes before an incident that began with it, and that before a gate; of several names the first counts.
    """
    verdict = deployment.verdict
    if verdict.kind is Kind.ROLLBACK:
        # What stands again now can't be what failed, whoever says so.
        stands = [
            c.returns_to.sequence for c in deployment.changes if c.culprit is not None and c.returns_to is not None
        ]
        said = [stamp for stamp in verdict.mends if stamp.sequence > min(stands, default=0)]
        return Cause(ROLLBACK, culprit=min(said, key=lambda stamp: stamp.sequence, default=None))
    if verdict.incidents:
        return Cause(INCIDENT, verdict.incidents[0])
    return Cause(GATE, failed_gates[0]) if failed_gates else None


def triage(
    cause: Cause, deployment: Deployment, trail: Trail, exempt: Callable[[str, str, str], bool] = counts_all
) -> TriageVerdict:
    """Return whose the failure was that `cause` tells of `deployment`, which `trail` has taken in already.

    `exempt` is asked by component, aspect and field whether a difference to the upstream is expected or accepted.
    """
    found = failed_range(deployment, trail, cause.culprit, back=cause.trigger == ROLLBACK)
    rows = tuple([_component(one, trail, exempt) for one in found.components if one.changes])
    outcomes = {row.outcome for row in rows}
    outcome = next(iter(outcomes)) if len(outcomes) == 1 else Outcome.MIXED if outcomes else Outcome.ENVIRONMENT
    # Where versions came, theirs is the origin that counts; what only changed its settings ran all along.
    moved = [row for row in rows if any(change.version for change in row.changes)] or rows
    return TriageVerdict(
        trigger=str(cause),
        outcome=outcome,
        reason=_reason(outcome, rows),
        first=found.first,
        last=found.last,
        components=rows,
        origin=_newest([row.origin for row in moved]),
        never=any(row.never for row in moved),
        last_good=found.good,
        truncated=any(one.truncated for one in found.components),
    )


def _component(one: Ranged, trail: Trail, exempt: Callable[[str, str, str], bool]) -> ComponentVerdict:
    """Return the row of the table that one component is in."""
    arrivals = _arrivals(one, trail)
    told = f"its artifact ({_fields(one.artifacts)}) and its settings ({_fields(one.settings)})"
    outcome, reason = Outcome.MIXED, f"{one.name} changed {told}"
    upstream = trail.upstream
    same = _same_artifact(one, trail)
    differing, exempted = _differing(one, same, exempt) if same is not None else ((), 0)
    if one.artifacts and not one.settings:
        outcome, reason = _application(one, arrivals, trail, known=same is not None, differing=differing)
    elif not one.artifacts:
        outcome, reason = Outcome.DEPLOYMENT, f"{one.name} changed in its settings alone: {_fields(one.settings)}"
    newest = next((f for _, f in upstream.states(one.name, one.upstream)), {}) if upstream is not None else {}
    origins = [_origin(one, change, trail) for change in arrivals]
    return ComponentVerdict(
        component=one.name,
        outcome=outcome,
        reason=reason,
        artifact=_artifact(one.fields),
        changes=one.changes,
        upstream_artifact=_artifact(newest),
        differing=differing,
        exempt=exempted,
        origin=_newest(origins),
        never=upstream is not None and None in origins,
    )


def _application(
    one: Ranged, arrivals: Sequence[Change], trail: Trail, *, known: bool, differing: Sequence[SettingDiffers]
) -> tuple[Outcome, str]:
    """Tell the rows of the table in which only the artifact changed apart."""
    what = f"{one.name} {', '.join(dict.fromkeys(_version(c.new or '') for c in one.artifacts))}"
    if trail.upstream is None:
        return Outcome.UNVALIDATED, f"{what}: there is no environment before {trail.environment} to validate it"
    above = trail.upstream.environment
    validations = {change.validation for change in arrivals}
    if SIMULTANEOUS in validations:
        return Outcome.UNVALIDATED, f"{what} came to {above} in the very same commit"
    if validations - {PROMOTED}:
        return Outcome.UNVALIDATED, f"{what} never ran in {above}"
    if not known or not validations:
        return Outcome.NOT_ASSESSED, f"{what} ran in {above} too long ago to tell with what settings"
    if differing:
        fields = _named([d.field for d in differing])
        return Outcome.SUSPECTED, f"{what} ran in {above} with other settings: {fields}"
    return Outcome.APPLICATION, f"{above} ran {what} with the same settings and missed it"


def _arrivals(one: Ranged, trail: Trail) -> list[Change]:
    """Return the changes that brought what failed: the artifacts that the range changed, else those it ran."""
    fields = [c.field for c in one.artifacts] or [name for aspect, name in one.fields if aspect is Aspect.ARTIFACT]
    found = [trail.arrival(one.name, field, one.last) for field in fields]
    return [arrived[0] for arrived in found if arrived is not None]


def _origin(one: Ranged, change: Change, trail: Trail) -> Stamp | None:
    """Return the upstream deployment that an artifact came from, or came with in the same commit."""
    if change.origin is not None or change.validation == BYPASS or trail.upstream is None:
        return change.origin
    found = trail.upstream.arrival(one.name, change.field, one.upstream)
    return found[1] if found is not None and found[0].new == change.new else None


def _newest(stamps: Iterable[Stamp | None]) -> Stamp | None:
    return max((s for s in stamps if s is not None), key=lambda stamp: stamp.sequence, default=None)


def _same_artifact(one: Ranged, trail: Trail) -> Fields | None:
    """Return the upstream's newest state at that time in which it ran what failed; `None` where none is known."""
    if trail.upstream is None or not one.upstream:
        return None
    changed = {c.field for c in one.artifacts}
    wanted = {k: v for k, v in one.fields.items() if k[0] is Aspect.ARTIFACT and (not changed or k[1] in changed)}
    for _, fields in trail.upstream.states(one.name, one.upstream):
        if all(fields.get(key) == value for key, value in wanted.items()):
            return fields
    return None


def _differing(
    one: Ranged, upstream: Fields, exempt: Callable[[str, str, str], bool]
) -> tuple[tuple[SettingDiffers, ...], int]:
    """Return the settings that differ, sorted, and how many more differ that are expected or accepted."""
    found, exempted = [], 0
    for key in sorted(one.fields.keys() | upstream.keys()):
        here, there = one.fields.get(key), upstream.get(key)
        aspect, field = key
        if here == there or aspect not in _SETTINGS:
            continue
        if exempt(one.name, aspect, field):
            exempted += 1
        else:
            found.append(SettingDiffers(one.name, aspect, field, here, there))
    return tuple(found), exempted


def _reason(outcome: Outcome, rows: Sequence[ComponentVerdict]) -> str:
    """Return one sentence for all components."""
    if not rows:
        return "Nothing in the model changed."
    if len(rows) == 1:
        return _sentence(rows[0].reason)
    if len({row.outcome for row in rows}) == 1:
        names = _named([row.component for row in rows])
        return _sentence(f"{names}: {outcome.value} each; {rows[0].reason}")
    parts = []
    for each in Outcome:
        members = [row.component for row in rows if row.outcome is each]
        if members:
            parts.append(f"{_named(members)}: {each.value}")
    return _sentence("Components disagree: " + "; ".join(parts))


def _sentence(text: str) -> str:
    return f"{text}."


def _artifact(fields: Fields) -> str:
    values = [value for (aspect, _), value in sorted(fields.items()) if aspect is Aspect.ARTIFACT and value]
    return ", ".join(dict.fromkeys(values))


def _version(artifact: str) -> str:
    """Return the tag of an image where it has one, else the beginning of its digest; other artifacts as they are.

    A commit id as a tag is shortened.
    """
    name, _, digest = artifact.rpartition("/")[2].partition("@")
    _, colon, tag = name.partition(":")
    version = tag if colon else digest[:_DIGEST] or name
    return version[:12] if _COMMIT.fullmatch(version) else version


def _fields(changes: Sequence[NetChange]) -> str:
    return _named([_field(c) for c in changes])


def _field(change: NetChange) -> str:
    if is_edge(change.aspect, change.field):
        return f"connection {change.subject}"
    return "the component itself" if is_whole(change.aspect, change.field) else change.field


def _named(names: Sequence[str]) -> str:
    """Return a few names as they are, and of more how many there are beside."""
    distinct = list(dict.fromkeys(names))
    shown = ", ".join(distinct[:_NAMED])
    return shown if len(distinct) <= _NAMED else f"{shown} and {len(distinct) - _NAMED} more"
