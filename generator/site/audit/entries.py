"""Every production deployment in one line, as an auditor reads it; gathered once for pages, tables and scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.audit.exceptions import exceptions_of
from generator.site.names import release_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.gates import GateRow
    from generator.evidence.packs import FindingEntry
    from generator.evidence.reading import Replay
    from generator.evidence.records import ApprovalRecord, DeploymentRecord
    from generator.site.context import Context

MONTH = 7
"""Characters of the month in an RFC 3339 time."""
PASSED = "passed"
UNKNOWN = "not assessed"


class Entry(NamedTuple):
    """A production change."""

    id: str
    page: str
    name: str
    environment: str
    at: str
    """Commit time; empty where the commit carries none."""
    kind: str
    verdict: str
    """What happened, as a sentence."""
    components: tuple[str, ...]
    changes: int
    commit: str
    author: str
    """Empty where the report shows no names."""
    committer: str
    """Where it is another than the author."""
    approvals: tuple[ApprovalRecord, ...]
    gates: tuple[tuple[str, str], ...]
    """(name, outcome) of each gate, in the order of the configuration."""
    short: tuple[GateRow, ...]
    """Gates that did not pass."""
    exceptions: tuple[str, ...]
    unreadable: int
    """Files of the environment that could not be read at it, those included that broke before."""

    @property
    def month(self) -> str:
        """Return its month, `2026-08`; empty where its commit carries no usable time."""
        return self.at[:MONTH]

    @property
    def silent(self) -> bool:
        """Return whether nothing is out of the ordinary as far as is known, and not all is.

        That is so where some gate could not be assessed, and where a file could not be read.
        """
        return not self.exceptions and (self.unreadable > 0 or any(said == UNKNOWN for _name, said in self.gates))


def audit_entries(context: Context) -> tuple[Entry, ...]:
    """Return every production deployment, oldest first."""
    gates, waivers = _Gates(context), _Waivers(context)
    names = {environment.name for environment in context.productions}
    found = []
    unread: dict[str, int] = {}
    for record in context.evidence.deployments():
        if record.environment in names:
            outcomes, short = gates.of(record)
            before = unread.get(record.environment, 0)
            unread[record.environment] = record.unreadable
            exceptions = exceptions_of(record, short, waived=waivers.began(record), unread_before=before)
            found.append(_entry(context, record, outcomes, short, exceptions))
    return tuple(found)


def _entry(
    context: Context,
    record: DeploymentRecord,
    gates: tuple[tuple[str, str], ...],
    short: tuple[GateRow, ...],
    exceptions: tuple[str, ...],
) -> Entry:
    row = context.index.releases[context.index.position[record.id]]
    return Entry(
        id=record.id,
        page=release_page(record.id),
        name=context.release_name(row),
        environment=record.environment,
        at=record.commit.committed_at,
        kind=record.kind,
        verdict=row.verdict,
        components=row.components,
        changes=len(record.changes),
        commit=record.commit.id,
        author=record.commit.author,
        committer=record.commit.committer,
        approvals=record.approvals,
        gates=gates,
        short=short,
        exceptions=exceptions,
        unreadable=record.unreadable,
    )


class _Gates:
    """What gates said; outcomes that are alike are held once."""

    def __init__(self, context: Context) -> None:
        self._objects = context.objects
        self._outcomes: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}

    def of(self, record: DeploymentRecord) -> tuple[tuple[tuple[str, str], ...], tuple[GateRow, ...]]:
        """Return (name, outcome) of each gate, and those gates that did not pass."""
        if not record.gates.object:
            return (), ()
        rows = self._objects.gates(record.environment, record.gates.object).rows
        outcomes = tuple((row.name, row.outcome) for row in rows)
        outcomes = self._outcomes.setdefault(outcomes, outcomes)
        return outcomes, tuple(row for row in rows if row.outcome != PASSED)


class _Waivers:
    """Tells at which deployments a waiver began to let a finding stand; reads lists only where one ever did."""

    def __init__(self, context: Context) -> None:
        used = any(one.kind == "waiver" and one.matched for one in context.summary.exemptions)
        names = [environment.name for environment in context.productions] if used else []
        self._lists: Mapping[str, Replay[FindingEntry]] = {name: context.evidence.findings(name) for name in names}

    def began(self, record: DeploymentRecord) -> bool:
        """Return whether one began with `record`, which comes after all that were asked about before."""
        findings = self._lists.get(record.environment)
        if findings is None:
            return False
        came, went = findings.advance(record.findings.object)
        return any(
            entry.exempt is not None and ((before := went.get(key)) is None or before.exempt is None)
            for key, entry in came.items()
        )
