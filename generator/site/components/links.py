"""The connections of a component as its page shows them: those of the environment nearest to production."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.names import topology_page
from generator.site.words import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.packs import TopologyEntry
    from generator.site.components.now import Ends, Now
    from generator.site.context import Context

MOST = 20
"""Connections of one direction that the page lists."""


class ConnectionRow(NamedTuple):
    """One connection."""

    other: str
    page: str
    """Page of the component at the other end; empty where it has none."""
    role: str
    """What is at the other end."""
    how: str
    port: str


class Connections(NamedTuple):
    """Those of one environment."""

    environment: str
    topology: str
    incoming: tuple[ConnectionRow, ...]
    incoming_left: int
    outgoing: tuple[ConnectionRow, ...]
    outgoing_left: int
    differ: str
    """Environments in which it has others; empty where none does."""


def connections(context: Context, now: Now) -> Connections | None:
    """Return the connections; `None` where it has none anywhere."""
    placed = {one.environment.name for one in now.placed}
    ends = [now.ends[env.name] for env in context.from_production if env.name in now.ends and env.name in placed]
    if not ends:
        return None
    first = ends[0]
    differ = [shown(other.environment) for other in ends[1:] if _names(other) != _names(first)]
    newest = context.index.newest_digest[first.environment]
    return Connections(
        environment=first.environment,
        topology=topology_page(context.index.topology(newest)),
        incoming=_rows(context, first, first.incoming, incoming=True),
        incoming_left=max(0, len(first.incoming) - MOST),
        outgoing=_rows(context, first, first.outgoing, incoming=False),
        outgoing_left=max(0, len(first.outgoing) - MOST),
        differ=listed(differ),
    )


def _names(ends: Ends) -> frozenset[tuple[str, str, str]]:
    return frozenset((one.source, one.target, one.port) for one in (*ends.incoming, *ends.outgoing))


def _rows(
    context: Context, ends: Ends, entries: Sequence[TopologyEntry], *, incoming: bool
) -> tuple[ConnectionRow, ...]:
    standing = context.index.newest[ends.environment]
    rows = []
    for entry in entries[:MOST]:
        other = entry.source if incoming else entry.target
        node = standing.nodes.get(other)
        record = standing.record(node) if node is not None else None
        role = record.role if record is not None else "external"
        rows.append(ConnectionRow(other, context.component_link(other), role, entry.how, entry.port))
    return tuple(rows)
