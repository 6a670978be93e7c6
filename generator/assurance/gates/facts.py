"""What gates look at and what they say: the facts of one deployment, and a verdict for each gate."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - msgspec reads the annotation as the program runs
from enum import StrEnum
from typing import Literal

import msgspec

from generator.assurance.gates.people import NOBODY, Person
from generator.config.gates import Way  # noqa: TC001 - msgspec reads the annotation as the program runs
from generator.history.signing.signers import Signature  # noqa: TC001 - msgspec reads the annotation as the program runs

Validation = Literal["promoted", "bypass", "simultaneous", "not assessed"]
"""Whether the upstream environment had an artifact before."""


class Outcome(StrEnum):
    """What a gate says."""

    PASSED = "passed"
    FAILED = "failed"
    MISSING = "missing"
    """Nothing says that it holds."""
    NOT_ASSESSED = "not assessed"
    """It can't be told, or the gate does not look at this; the detail says why."""


class GateVerdict(msgspec.Struct, frozen=True):
    """What one gate says of one deployment."""

    name: str
    condition: str
    """What the gate asks for: `approval`, `result`, `soak`, `freeze`, `drift`, `findings` or `signed`."""
    outcome: Outcome
    detail: str
    """A sentence that can be checked against the history."""
    owner: str = ""
    says: str = ""


class Yes(msgspec.Struct, frozen=True):
    """Somebody's yes to a deployment, before it is judged whether it counts."""

    way: Way
    person: Person
    source: str
    """Where it stands, for a sentence: `trailer Approved-by`, `signature of tag v1`, `approvals.yaml:3`."""
    gate: str = ""
    """Gate that it is meant for; empty for any."""
    at: int | None = None
    """When it was given, seconds since 1970 UTC; only of an entry in a file, the others are part of the release."""
    also: tuple[Person, ...] = ()
    """By what else the same person is known."""
    doubt: str = ""
    """Why it can't be told whether it is genuine; empty where it is."""


class Soak(msgspec.Struct, frozen=True):
    """An artifact that came here with a deployment, and how long it ran upstream before."""

    component: str
    artifact: str
    validation: Validation
    seconds: int | None = None
    """From commit times; `None` where one of the two commits carries none."""
    reason: str = ""
    """Why it is not known."""


class Found(msgspec.Struct, frozen=True):
    """Findings of one level that stand at a deployment, waived ones left out."""

    level: str
    count: int
    new: int = 0
    """Those of them that begin with this deployment."""


class Came(msgspec.Struct, frozen=True):
    """An imported result that belongs to a deployment, or that should."""

    name: str
    outcome: str
    """`passed`, `failed`, `missing` or `unreadable`; anything else counts as unreadable."""
    reason: str = ""


class DriftAge(msgspec.Struct, frozen=True):
    """Differences of one class that began at one time; accepted and expected ones are left out."""

    drift: str
    since: int | None
    """Seconds since 1970 UTC; `None` where the commit carries no usable time."""
    count: int = 1


class GateFacts(msgspec.Struct, frozen=True):
    """Everything that gates may look at in one deployment."""

    environment: str
    production: bool
    kind: str
    """Kind of the deployment, such as `rollback`."""
    time: int | None
    """Commit time, seconds since 1970 UTC."""
    commit: str = ""
    """Full id of the commit."""
    author: Person = NOBODY
    """Its author."""
    parents: int = 1
    """How many parents it has; more than one is a merge."""
    merged: tuple[Person, ...] | None = ()
    """Authors of the commits that a merge brought in, nobody where it is no merge; `None` where they are not known."""
    approvals: tuple[Yes, ...] = ()
    signature: Signature | None = None
    """That of the commit; `None` where it was not looked at."""
    tags: tuple[tuple[str, Signature], ...] | None = None
    """Tags that name the commit, each with its signature; `None` where they were not looked at."""
    changed: bool = True
    """False where the deployment changed nothing."""
    upstream: str = ""
    """Name of the upstream environment; empty where there is none."""
    soaks: tuple[Soak, ...] = ()
    findings: tuple[Found, ...] | None = None
    """`None` where findings were not assessed."""
    drift: tuple[DriftAge, ...] | None = None
    """`None` where there is no upstream to differ from."""
    results: tuple[Came, ...] = ()
    """Imported results that belong to the deployment."""
    called: Mapping[Person, str] = {}
    """What the report calls people who approved, where that is not their names."""
    names: bool = True
    """Whether sentences may name people."""
    begun: int | None = None
    """When the pipeline began to deploy it, as far as a record tells; `None` where none does."""

    @property
    def deployed(self) -> int | None:
        """Return when it was deployed: as a record tells, else by its commit."""
        return self.begun if self.begun is not None else self.time
