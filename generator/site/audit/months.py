"""The months of an audit, gathered from deployments one by one: what each adds up to, and its changes."""

from __future__ import annotations

from functools import lru_cache, partial
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from generator.site.audit.coverage import Seen
from generator.site.audit.entries import Entry, entry_of
from generator.site.audit.judging import Judging, JudgingAt
from generator.site.audit.totals import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context

HELD = 4
"""Months whose changes are held at a time: those of a quarter, and one more."""
_SIZE = 16
_LIST = b"\xdd"
"""How a list begins in MessagePack whose length stands in the four bytes that follow."""


class MonthAt(msgspec.Struct, array_like=True):
    """A month as it stands."""

    key: str
    """`2026-08`; empty for what carries no usable date."""
    digest: bytes
    """Digest of all of its changes."""
    tally: Tally
    entries: bytes
    """Its changes, oldest first, each written in MessagePack: read only where something is made of them."""


class AuditAt(msgspec.Struct, array_like=True):
    """An audit as it stands."""

    judging: JudgingAt
    whole: Tally
    seen: Seen
    months: list[MonthAt]


class Month:
    """A month with changes."""

    def __init__(self, at: MonthAt, read: Callable[[bytes], tuple[Entry, ...]]) -> None:
        """Go on from `at`; `read` reads changes that are written."""
        self.key, self.digest, self.tally = at.key, at.digest, at.tally
        self._parts, self._read = [at.entries], read

    def add(self, entry: Entry) -> None:
        """Take in the next change."""
        data = msgspec.msgpack.encode(entry)
        self._parts.append(data)
        self.digest = blake2b(self.digest + data, digest_size=_SIZE).digest()
        self.tally.add(entry)

    def entries(self) -> tuple[Entry, ...]:
        """Return its changes, oldest first."""
        return self._read(_LIST + self.tally.changes.to_bytes(4, "big") + b"".join(self._parts))

    def at(self) -> MonthAt:
        """Return how it stands."""
        self._parts = [b"".join(self._parts)]
        return MonthAt(self.key, self.digest, self.tally, self._parts[0])


class Months:
    """Gathers the months of an audit."""

    def __init__(self, context: Context, at: AuditAt | None) -> None:
        """Go on from `at`; raises `NotKept` where something else was told before."""
        self._context = context
        self._judging = Judging(context, at.judging if at is not None else None)
        self._names = {environment.name for environment in context.productions}
        self._read = lru_cache(maxsize=HELD)(msgspec.msgpack.Decoder(tuple[Entry, ...]).decode)
        self.whole = at.whole if at is not None else Tally()
        """What all changes add up to."""
        self.seen = at.seen if at is not None else Seen()
        months = at.months if at is not None else []
        self._months = {month.key: Month(month, self._read) for month in months}

    def take(self, line: int, record: DeploymentRecord) -> None:
        """Take in the next deployment."""
        del line
        if record.environment not in self._names:
            return
        entry = entry_of(self._context, record, self._judging.of(record))
        if entry.month not in self._months:
            self._months[entry.month] = Month(MonthAt(entry.month, b"", Tally(), b""), self._read)
        self._months[entry.month].add(entry)
        self.whole.add(entry)
        self.seen.add(entry)

    def state(self) -> AuditAt:
        """Return how all of it stands."""
        return AuditAt(self._judging.at(), self.whole, self.seen, [month.at() for month in self._months.values()])

    def newest_first(self) -> Iterator[Month]:
        """Yield the months, newest first; what carries no date comes last."""
        return (self._months[key] for key in sorted(self._months, reverse=True))


def audit_months(context: Context) -> Months:
    """Return the months of a report."""
    return context.folds.bring("audit", AuditAt, partial(Months, context))
