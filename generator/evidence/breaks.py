"""`breaks.jsonl` and `vanished.jsonl`: where git history was rewritten between two bundles, and what it took away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from generator.evidence.reading import lines_of
from generator.evidence.records import DeploymentRecord  # noqa: TC001 - lines are decoded by their annotations

if TYPE_CHECKING:
    from pathlib import Path

BREAKS = "breaks.jsonl"
VANISHED = "vanished.jsonl"


class Break(msgspec.Struct, frozen=True):
    """One thing that an earlier bundle holds and that git no longer has, or has otherwise: a line of `breaks.jsonl`."""

    rule: Literal["tag-moved", "tag-deleted", "branch-rewritten", "release-vanished"]
    subject: str
    """Full name of the ref, or id of the deployment in the bundle that had it."""
    environment: str
    """Environment of the deployment; empty for a ref."""
    old: str
    """Full id of the object or commit that it was."""
    new: str
    """Full id of the object or commit that it is now; empty where it is gone."""
    bundle: int
    """Number, in the chain, of the bundle that had the old."""
    found_at: str
    """Report time of the bundle that found it, RFC 3339 in UTC."""
    found_by: str
    """Full id of the commit that the bundle which found it was made from."""


class Vanished(msgspec.Struct, frozen=True):
    """A deployment of an earlier bundle whose commit the history has no more: a line of `vanished.jsonl`."""

    bundle: int
    """Number, in the chain, of the last bundle that had it."""
    record: DeploymentRecord


def read_breaks(folder: Path) -> tuple[Break, ...]:
    """Return every break of an evidence folder, in the order in which they were found."""
    return tuple(lines_of(folder / BREAKS, Break))


def read_vanished(folder: Path) -> tuple[Vanished, ...]:
    """Return every deployment that earlier bundles of an evidence folder had and that the history has no more."""
    return tuple(lines_of(folder / VANISHED, Vanished))
