"""Whose a failure was, and what tells so: the verdict on one failure, and on each component of its range."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from generator.assurance.triage.failed_range import NetChange
    from generator.model.component import Aspect
    from generator.timeline.kinds import Stamp
    from generator.timeline.trail import Landmark


class Outcome(StrEnum):
    """Whose a failure was."""

    APPLICATION = "application"
    """The upstream ran the same artifact with the same settings, and missed it."""
    UNVALIDATED = "application, unvalidated"
    """The artifact never ran upstream before."""
    SUSPECTED = "deployment suspected"
    """The same artifact ran upstream with other settings."""
    DEPLOYMENT = "deployment"
    """Only settings, capacity or topology changed."""
    MIXED = "mixed"
    """Artifact and settings changed, or components disagree."""
    ENVIRONMENT = "environment"
    """Nothing in the model changed."""
    NOT_ASSESSED = "not assessed"
    """The artifact ran upstream, with settings that are not kept any more."""


class SettingDiffers(msgspec.Struct, frozen=True):
    """A setting that the upstream had with another value while it ran the same artifact."""

    component: str
    aspect: Aspect
    field: str
    here: str | None
    upstream: str | None


class ComponentVerdict(msgspec.Struct, frozen=True):
    """One component of the failed range."""

    component: str
    outcome: Outcome
    reason: str
    artifact: str
    """What it ran when it failed, its artifacts joined by a comma; empty where it has none."""
    changes: tuple[NetChange, ...]
    upstream_artifact: str
    """What the upstream ran then; empty where it had no such component."""
    differing: tuple[SettingDiffers, ...]
    """Settings that differ from those that the upstream ran the same artifact with."""
    exempt: int
    """Settings that differ and are expected or accepted; not in `differing`."""
    origin: Stamp | None
    """Upstream deployment that the artifact came from, or came with in the same commit."""
    never: bool
    """Whether the upstream never had the artifact before."""


class TriageVerdict(msgspec.Struct, frozen=True):
    """The verdict on one failure."""

    trigger: str
    """`rollback`, `incident ID` or `gate NAME`."""
    outcome: Outcome
    reason: str
    first: Stamp
    """The first deployment of the failed range."""
    last: int
    """Number of its last one."""
    components: tuple[ComponentVerdict, ...]
    """Each component that the range changed, sorted by name."""
    origin: Stamp | None
    """The newest upstream deployment that an artifact of the range came from."""
    never: bool
    """Whether an artifact of the range never ran upstream before."""
    last_good: Landmark | None
    """The last version before the range that nothing is known against; `None` where there was none."""
    truncated: bool
    """Whether the range began before what is kept of a component: what it changed may be told in part only."""
