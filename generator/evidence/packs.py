"""Lists named by their digest, kept as differences: `objects/KIND/ENVIRONMENT.jsonl`.

A topology, a findings list or a drift list at one deployment is mostly the one before. Written whole at each of
30,000 deployments they would take gigabytes; so a line holds what was set and unset against the line before it
(`base`), and every `SNAPSHOT_EVERY` lines a whole list, which bounds what a reader must go through. A line is written
whenever the list changed from one deployment of its environment to the next, also where it returns to an earlier
digest: read beside `deployments.jsonl`, the lines come in the same order.

A topology list is named by the environment version's digest. Any other list is named by the first 32 hexadecimal
digits of the sum, modulo 2^256, of the SHA-256 of each entry (`KEY NUL JSON`, read as a big-endian number): it depends
on the entries and not on their order, and following one more entry costs one more hash.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

SNAPSHOT_EVERY = 256
"""Differences in a row before a whole list is written again."""


class PackLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One list, as its difference to the list `base`; the whole list where `base` is empty."""

    digest: str
    base: str = ""
    set: dict[str, Any] = {}
    """Entries that are new or other than in `base`, by key."""
    unset: tuple[str, ...] = ()
    """Keys of `base` that are gone."""


class ComponentRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of `objects/components.jsonl`: what a component is, by its digest."""

    digest: str
    id: str
    role: str
    kind: str
    fields: tuple[tuple[str, str, str], ...]
    """(aspect, name, value), sorted; secret values are fingerprints."""


class TopologyEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of a topology list, by key: a component (`c ID`) or a connection (`e SOURCE -> TARGET PORT`)."""

    component: str = ""
    """Digest of the component record; empty for a connection."""
    source: str = ""
    target: str = ""
    how: str = ""
    """`declared`, `reference` or `inferred`; `exposes` from an exposure to what it leads to."""
    port: str = ""


class ExemptRecord(msgspec.Struct, frozen=True):
    """Why a finding or a difference may stand for now."""

    owner: str
    reason: str
    expires: str
    """First moment at which it counts again, RFC 3339 in UTC."""
    source: str
    """Declaration file and line."""

    @property
    def through(self) -> str:
        """Return the last day on which it holds, such as `2026-12-31`."""
        return (datetime.fromisoformat(self.expires) - timedelta(seconds=1)).date().isoformat()


class FindingEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of a findings list; its key is the finding's identity: `RULE SUBJECT FIELD`."""

    rule: str
    level: str
    message: str
    subject: str
    field: str
    path: str
    line: int
    since: str
    """Commit at which the finding's current unbroken run began."""
    since_at: str
    release: str = ""
    """Id of the first deployment of its environment that had it in this run."""
    exempt: ExemptRecord | None = None
    """The waiver that lets it stand; `None` where it counts."""


class DriftEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of a drift list: a difference to the upstream environment; its key is `COMPONENT ASPECT FIELD`."""

    component: str
    aspect: str
    field: str
    drift: str
    """Class: `pending`, `ahead`, `config` or `structure`."""
    upstream: str | None
    value: str | None
    since: str
    """Commit at which the current unbroken inequality began."""
    since_at: str
    expected: str = ""
    """Why the model says that this environment alone should have it; empty where it does not."""
    exempt: ExemptRecord | None = None
    """The acceptance that lets it stand; `None` where it counts."""


class FixedRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of `objects/fixed/ENVIRONMENT.jsonl`: a finding that held once and holds no more."""

    finding: FindingEntry
    fixed_by: str
    """Id of the first deployment of its environment that had it no more."""
    fixed_at: str
    """Its commit time."""


class EndedRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of `objects/ended/ENVIRONMENT.jsonl`: a difference to the upstream that stood once and stands no more."""

    component: str
    aspect: str
    field: str
    drift: str
    upstream: str | None
    """Its last values."""
    value: str | None
    since: str
    """Commit at which it began."""
    since_at: str
    until: str
    """Commit that ended it."""
    until_at: str
    accepted: bool = False
    """Whether an acceptance let it stand when it ended."""
    expected: str = ""
    """Why the model said that this environment alone should have it."""
    absent: bool = False
    """Whether the component or a whole side went away, so that no equality ended it."""
