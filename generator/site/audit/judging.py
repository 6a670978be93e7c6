"""What gates said of each production deployment, and what is out of the ordinary about it, told one after the other."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.folding import NotKept
from generator.evidence.redaction import REDACTIONS
from generator.site.audit.exceptions import exceptions_of
from generator.site.audit.waivers import Waivers, WaiversAt

if TYPE_CHECKING:
    from generator.evidence.gates import GateRow
    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context

PASSED = "passed"


class Judged(NamedTuple):
    """What is told of a deployment."""

    rows: tuple[GateRow, ...]
    """Every gate, in the order of the configuration."""
    exceptions: tuple[str, ...]
    """Of a production environment; empty for another."""

    @property
    def gates(self) -> tuple[tuple[str, str], ...]:
        """Return (name, outcome) of each gate."""
        return tuple((row.name, row.outcome) for row in self.rows)

    @property
    def short(self) -> tuple[GateRow, ...]:
        """Return those gates that did not pass."""
        return tuple(row for row in self.rows if row.outcome != PASSED)


class JudgingAt(msgspec.Struct, array_like=True):
    """How far all was told."""

    unreadable: dict[str, int]
    """Files that could not be read at the newest deployment, by environment."""
    waivers: WaiversAt
    erased: bytes
    """SHA-256 of what is told of erasures: one reaches into what was told of gates before."""


class Judging:
    """Tells it of deployments, oldest first."""

    def __init__(self, context: Context, at: JudgingAt | None) -> None:
        """Go on from `at`; raises `NotKept` where something else was told before."""
        path = context.evidence.folder / REDACTIONS
        self._erased = hashlib.sha256(path.read_bytes() if path.exists() else b"").digest()
        if at is not None and at.erased != self._erased:
            raise NotKept(REDACTIONS)
        self._objects = context.objects
        self._production = {environment.name for environment in context.productions}
        self._waivers = Waivers(context, at.waivers if at is not None else None)
        self._unreadable = dict(at.unreadable) if at is not None else {}

    def of(self, record: DeploymentRecord) -> Judged:
        """Return what is told of `record`, which comes after all that were asked about before."""
        rows: tuple[GateRow, ...] = ()
        if record.gates.object:
            rows = self._objects.gates(record.environment, record.gates.object).rows
        if record.environment not in self._production:
            return Judged(rows, ())
        before = self._unreadable.get(record.environment, 0)
        self._unreadable[record.environment] = record.unreadable
        waived = self._waivers.began(record)
        return Judged(rows, exceptions_of(record, rows, waived=waived, unread_before=before))

    def at(self) -> JudgingAt:
        """Return how far all was told."""
        return JudgingAt(dict(self._unreadable), self._waivers.at(), self._erased)
