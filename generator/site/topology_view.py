"""The page of one environment version: the whole picture, and the same as tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from generator.site.bring_back import bring_back
from generator.site.change_rows import Link
from generator.site.names import release_page, topology_page
from generator.site.pictures import Picture, picture
from generator.site.words import counted, digest, shown
from generator.site.words import version as version_of

if TYPE_CHECKING:
    from markupsafe import Markup

    from generator.evidence.packs import ComponentRecord
    from generator.site.bring_back import BringBack, Version
    from generator.site.context import Context
    from generator.site.fragments import Fragments
    from generator.site.walk import Standing
    from generator.site.words import Digest, Moment

MOST_RAN = 20
MOST_ROWS = 2000
MOST_ARTIFACTS = 500


class NodeRow(NamedTuple):
    """One component or resource."""

    id: str
    role: str
    kind: str
    version: str
    artifact: str
    settings: str
    """Counts of its fields, in words; empty where it has none."""


class EdgeRow(NamedTuple):
    """One connection."""

    source: str
    target: str
    how: str
    port: str


class RanRow(NamedTuple):
    """A release that led to this topology."""

    link: Link
    when: Moment
    kind: str


class TopologyView(NamedTuple):
    """Everything that a topology page shows."""

    environment: str
    digest: Digest
    total: str
    picture: Picture
    nodes: tuple[Markup, ...]
    """A table row each."""
    edges: Markup
    """The table of connections."""
    left: int
    """Rows that the page leaves out."""
    ran: tuple[RanRow, ...]
    ran_left: int
    newest: bool
    bring_back: BringBack
    shape_only: bool
    """The page stands for every topology of the same shape; versions are those of the first of them."""


def topology_view(context: Context, fragments: Fragments, version: Version) -> TopologyView:
    """Return the page of an environment version."""
    environment, name, standing = version.environment, version.digest, version.standing
    rows, components = _nodes(fragments, standing)
    total = (
        f"{counted(components, 'component')}, {counted(len(rows) - components, 'other node')}, "
        f"{counted(standing.connection_count - standing.exposing_count, 'connection')}"
    )
    if standing.exposing_count:
        total += f", {counted(standing.exposing_count, 'exposure')}"
    positions = context.index.by_digest.get(name, [])
    ran = [context.index.releases[position] for position in positions[: -MOST_RAN - 1 : -1]]
    alt = f"Topology of {shown(environment)}: {total}."
    return TopologyView(
        environment=environment,
        digest=digest(name),
        total=total,
        picture=picture(context, context.index.pictures[name], alt, expected=True),
        nodes=tuple(rows[:MOST_ROWS]),
        edges=fragments.get("edges", (environment, standing.edges_version), lambda: _edges(standing)),
        left=max(0, len(rows) - MOST_ROWS) + max(0, standing.connection_count - MOST_ROWS),
        ran=tuple(
            RanRow(Link(release_page(row.id), context.release_name(row)), context.calendar.moment(row.at), row.kind)
            for row in ran
        ),
        ran_left=len(positions) - len(ran),
        newest=context.index.newest_digest[environment] == name,
        bring_back=bring_back(context, version, MOST_ARTIFACTS),
        shape_only=name not in context.index.versions,
    )


def _nodes(fragments: Fragments, standing: Standing) -> tuple[list[Markup], int]:
    """Return a table row for each node, components first, and the number of components."""
    found = []
    for node, entry in standing.nodes.items():
        record = standing.record(entry)
        found.append((record.role if record else "unknown", node, entry.component, record))
    found.sort(key=lambda row: (row[0] != "component", row[0], row[1]))
    rows = [fragments.get("node-row", (node, name), partial(_node, node, record)) for _, node, name, record in found]
    return rows, sum(role == "component" for role, *_ in found)


def _edges(standing: Standing) -> tuple[EdgeRow, ...]:
    return tuple(EdgeRow(edge.source, edge.target, edge.how, edge.port) for edge in standing.connections()[:MOST_ROWS])


def _node(name: str, record: ComponentRecord | None) -> NodeRow:
    if record is None:
        return NodeRow(name, "unknown", "unknown", "", "", "")
    artifacts = [value for aspect, _, value in record.fields if aspect == "artifact"]
    counts = {
        aspect: sum(field[0] == aspect for field in record.fields)
        for aspect in ("config", "scale", "exposure", "topology", "secret")
    }
    settings = ", ".join(f"{count} {aspect}" for aspect, count in counts.items() if count)
    versions = ", ".join(dict.fromkeys(shown(version_of(artifact)) for artifact in artifacts))
    return NodeRow(name, record.role, record.kind, versions, ", ".join(artifacts), settings)


class TopologyRow(NamedTuple):
    """A topology in the list of them."""

    page: str
    digest: Digest
    environment: str
    when: Moment
    text: str


class TopologiesView(NamedTuple):
    """The list of topologies: what stands now, then the newest of the past."""

    now: tuple[TopologyRow, ...]
    pictures: tuple[tuple[str, str, Picture], ...]
    """(environment, page, picture) of what stands now."""
    past: tuple[TopologyRow, ...]
    left: int


MOST_PAST = 100


def topologies_view(context: Context) -> TopologiesView:
    """Return the list of topology pages."""
    now, pictures = [], []
    past: list[TopologyRow] = []
    for environment in context.summary.environments:
        name = context.index.newest_digest.get(environment.name)
        if name is None:
            continue
        counts = f"{counted(environment.components, 'component')}, {counted(environment.connections, 'connection')}"
        text = counts if environment.present else "removed: nothing of it is left"
        moment = context.calendar.moment(environment.since)
        now.append(TopologyRow(topology_page(name), digest(name), environment.name, moment, text))
        if not environment.present:
            continue
        alt = f"Topology of {shown(environment.name)}: {counts}."
        drawn = picture(context, context.index.pictures[name], alt, expected=True)
        pictures.append((environment.name, topology_page(name), drawn))
    seen = {row.digest.full for row in now}
    for row in reversed(context.index.releases):
        if row.digest not in seen:
            seen.add(row.digest)
            if len(past) < MOST_PAST:
                moment = context.calendar.moment(row.at)
                text = f"last set by {context.release_name(row)}"
                past.append(TopologyRow(topology_page(row.digest), digest(row.digest), row.environment, moment, text))
    known = len(context.index.by_digest.keys() | {row.digest.full for row in now})
    return TopologiesView(tuple(now), tuple(pictures), tuple(past), known - len(now) - len(past))
