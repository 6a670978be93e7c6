"""Every production deployment in one line, as an auditor reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.gates import GateRow  # noqa: TC001 - entries are decoded by their annotations
from generator.evidence.records import ApprovalRecord  # noqa: TC001 - as above
from generator.site.audit.judging import Judging
from generator.site.names import release_page
from generator.site.verdicts import components, verdict

if TYPE_CHECKING:
    from generator.evidence.records import DeploymentRecord
    from generator.site.audit.judging import Judged
    from generator.site.context import Context

MONTH = 7
"""Characters of the month in an RFC 3339 time."""
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
    """Return every production deployment, oldest first: for what is made of one report alone, such as a dossier."""
    judging, names = Judging(context, None), {environment.name for environment in context.productions}
    return tuple(
        entry_of(context, record, judging.of(record))
        for record in context.evidence.deployments()
        if record.environment in names
    )


def entry_of(context: Context, record: DeploymentRecord, judged: Judged) -> Entry:
    """Return a deployment, of which `judged` is told, as an auditor reads it."""
    return Entry(
        id=record.id,
        page=release_page(record.id),
        name=context.called(record.environment, record.sequence, record.commit.tags),
        environment=record.environment,
        at=record.commit.committed_at,
        kind=record.kind,
        verdict=verdict(record, context.upstreams[record.environment]),
        components=components(record),
        changes=len(record.changes),
        commit=record.commit.id,
        author=record.commit.author,
        committer=record.commit.committer,
        approvals=record.approvals,
        gates=judged.gates,
        short=judged.short,
        exceptions=judged.exceptions,
        unreadable=record.unreadable,
    )
