"""What would come to a production environment if all that waits came at the report time.

That is `objects/next/ENVIRONMENT.json`. Nothing in it happened. Each part is told by what tells it of deployments: the
same kinds, gates, checks and drift.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from generator.evidence.packs import FindingEntry, TopologyEntry  # noqa: TC001 - decoded by their annotations
from generator.evidence.records import ChangeRecord  # noqa: TC001 - as above
from generator.evidence.results import ResultRecord  # noqa: TC001 - as above
from generator.evidence.summary import DriftRow  # noqa: TC001 - as above

State = Literal["waits", "nothing", "not assessed"]
Says = Literal["go", "no-go", "open", "too early"]
"""`go`: every gate would pass. `no-go`: one would fail, or nothing says that it holds. `open`: one can't be told.
`too early`: all that would fail passes by itself later."""


class NextGate(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one gate would say."""

    name: str
    condition: str
    outcome: str
    """`passed`, `failed`, `missing`, `not assessed` or `too early`: it fails now, and passes by itself later."""
    detail: str
    """A sentence that can be checked against the history."""
    owner: str = ""
    says: str = ""
    passes_at: str = ""
    """First moment at which it would pass if nothing else changed; empty where there is none to tell."""
    so_far_seconds: int | None = None
    """Of a soak: the shortest time that what would come has run upstream."""
    needed_seconds: int | None = None
    asked: bool = True
    """False where it does not look at such a release, so that it stands in nobody's way."""
    later: str = ""
    """Why it can't be known before the release is made; empty where it can."""


class NextResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """An imported result of an upstream deployment that something would come from."""

    deployment: str
    result: ResultRecord


class NextRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """What would come to one production environment."""

    environment: str
    upstream: str
    at: str
    """Report time: the release is thought to be made then."""
    commit: str
    """Newest commit that was read."""
    state: State
    reason: str = ""
    """Why it is not assessed."""
    says: Says = "go"
    """What the gates add up to, where something waits."""
    kind: str = ""
    bulk: bool = False
    digest: str = ""
    """Environment version now."""
    next_digest: str = ""
    """Environment version then."""
    changes: tuple[ChangeRecord, ...] = ()
    gates: tuple[NextGate, ...] = ()
    """In the order of the configuration."""
    results: tuple[NextResult, ...] = ()
    """Of the upstream deployments that values would come from, newest first."""
    own_results: tuple[ResultRecord, ...] = ()
    """Results that the release would have already, by its version or its artifacts, or that are expected of it."""
    came: tuple[FindingEntry, ...] = ()
    """Findings that would begin; they have no commit yet."""
    fixed: tuple[FindingEntry, ...] = ()
    """Findings of production that would end."""
    upstream_findings: tuple[FindingEntry, ...] = ()
    """Findings that stand upstream on what would come."""
    ends: tuple[DriftRow, ...] = ()
    """Drift that would end."""
    begins: tuple[DriftRow, ...] = ()
    stays: tuple[DriftRow, ...] = ()
    """Drift that would stay, what is accepted or expected included."""
    edges_came: tuple[TopologyEntry, ...] = ()
    edges_went: tuple[TopologyEntry, ...] = ()


def next_path(environment: str) -> str:
    """Return where the record of one environment stands in the evidence folder."""
    return f"objects/next/{environment}.json"
