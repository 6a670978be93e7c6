"""The verdict on one failure, as evidence keeps it: `objects/triage/ENVIRONMENT.jsonl`, a line a distinct verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from generator.history.commits import rfc3339
from generator.timeline.declared import deployment_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.assurance.triage.failed_range import NetChange
    from generator.assurance.triage.verdict import ComponentVerdict, SettingDiffers, TriageVerdict
    from generator.timeline.kinds import Stamp

MOST = 50
"""Rows of one kind that are kept; beside them stands how many there are of all."""

Verdict = Literal[
    "application",
    "application, unvalidated",
    "deployment suspected",
    "deployment",
    "mixed",
    "environment",
    "not assessed",
]
"""Whose the failure was, see DEFINITIONS; `not assessed` where the upstream's settings are not kept any more."""


class TriageOrigin(msgspec.Struct, frozen=True):
    """The upstream deployment that an artifact came from."""

    deployment: str
    commit: str
    at: str
    """Its commit time, RFC 3339 in UTC; empty where it carries none."""


class TriageGood(msgspec.Struct, frozen=True):
    """The last version before the failed range that nothing is known against."""

    deployment: str
    commit: str
    digest: str
    at: str


class TriageField(msgspec.Struct, frozen=True):
    """What the failed range changed in one field, on balance."""

    component: str
    """Id of the component; `source -> target` for a connection."""
    aspect: str
    field: str
    old: str | None
    new: str | None


class TriageSetting(msgspec.Struct, frozen=True):
    """A setting that the upstream had with another value while it ran the same artifact."""

    component: str
    aspect: str
    field: str
    here: str | None
    upstream: str | None


class TriageComponent(msgspec.Struct, frozen=True, omit_defaults=True):
    """One component of the failed range."""

    component: str
    verdict: Verdict
    reason: str
    artifact: str
    """What it ran when it failed; empty where it has no artifact or was gone."""
    upstream_artifact: str = ""
    """What the upstream ran then; empty where it had no such component."""
    artifacts: int = 0
    """Artifacts that the range changed."""
    settings: int = 0
    """Other fields that the range changed."""
    differing: int = 0
    """Settings that the upstream had otherwise while it ran the same artifact."""
    exempt: int = 0
    """Settings that it had otherwise and that are expected or accepted; not in `differing`."""
    origin: TriageOrigin | None = None
    never_in: str = ""
    """Upstream environment that never had the artifact before."""


class TriageRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """The verdict on one failure: whether the application or the deployment was its cause."""

    trigger: str
    """`rollback`, `incident ID` or `gate NAME`."""
    verdict: Verdict
    reason: str
    """One sentence with names."""
    failed_from: str
    """Id of the first deployment of the failed range."""
    failed_to: str
    """Id of its last one."""
    commit: str
    """Full id of the commit that the range began with."""
    upstream: str = ""
    """Name of the upstream environment; empty where there is none."""
    components: tuple[TriageComponent, ...] = ()
    """Components that the range changed, sorted by id."""
    components_of: int = 0
    """How many there are of all."""
    fields: tuple[TriageField, ...] = ()
    fields_of: int = 0
    settings_differing: tuple[TriageSetting, ...] = ()
    settings_differing_of: int = 0
    origin: TriageOrigin | None = None
    """The newest upstream deployment that an artifact of the range came from."""
    never_in: str = ""
    """Upstream environment that never had an artifact of the range before."""
    last_good: TriageGood | None = None
    truncated: bool = False
    """True where the range began before what is kept, so that what it changed may be told in part only."""


def triage_record(verdict: TriageVerdict, environment: str, upstream: str) -> TriageRecord:
    """Return a verdict as evidence keeps it; `upstream` is empty for an environment without one."""
    fields: list[NetChange] = [change for row in verdict.components for change in row.changes]
    differing: list[SettingDiffers] = [setting for row in verdict.components for setting in row.differing]
    good = verdict.last_good
    return TriageRecord(
        trigger=verdict.trigger,
        verdict=verdict.outcome.value,
        reason=verdict.reason,
        failed_from=deployment_id(environment, verdict.first.sequence),
        failed_to=deployment_id(environment, verdict.last),
        commit=verdict.first.commit,
        upstream=upstream,
        components=tuple([_component(row, upstream) for row in verdict.components[:MOST]]),
        components_of=len(verdict.components),
        fields=tuple([TriageField(c.subject, c.aspect.value, c.field, c.old, c.new) for c in _kept(fields)]),
        fields_of=len(fields),
        settings_differing=tuple(
            [TriageSetting(d.component, d.aspect.value, d.field, d.here, d.upstream) for d in differing[:MOST]]
        ),
        settings_differing_of=len(differing),
        origin=_origin(verdict.origin, upstream),
        never_in=upstream if verdict.never else "",
        last_good=TriageGood(
            deployment_id(environment, good.stamp.sequence), good.stamp.commit, good.digest, rfc3339(good.stamp.time)
        )
        if good is not None
        else None,
        truncated=verdict.truncated,
    )


def _kept(fields: Sequence[NetChange]) -> list[NetChange]:
    """Return the fields to list, in their order; artifacts are kept before any others."""
    if len(fields) <= MOST:
        return list(fields)
    kept = sorted(range(len(fields)), key=lambda place: (not fields[place].version, place))[:MOST]
    return [fields[place] for place in sorted(kept)]


def _component(row: ComponentVerdict, upstream: str) -> TriageComponent:
    artifacts = sum(change.version for change in row.changes)
    return TriageComponent(
        component=row.component,
        verdict=row.outcome.value,
        reason=f"{row.reason}.",
        artifact=row.artifact,
        upstream_artifact=row.upstream_artifact,
        artifacts=artifacts,
        settings=len(row.changes) - artifacts,
        differing=len(row.differing),
        exempt=row.exempt,
        origin=_origin(row.origin, upstream),
        never_in=upstream if row.never else "",
    )


def _origin(stamp: Stamp | None, upstream: str) -> TriageOrigin | None:
    if stamp is None:
        return None
    return TriageOrigin(deployment_id(upstream, stamp.sequence), stamp.commit, rfc3339(stamp.time))
