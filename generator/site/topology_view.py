"""The page of one environment version: the whole picture, and the same as tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from generator.site.atlas.data import NOW, findings_file
from generator.site.bring_back import bring_back
from generator.site.change_rows import Link
from generator.site.names import release_page, topology_page
from generator.site.pictures import Picture, picture
from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _
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
FOLDED = 150
"""Rows of a table above which it is folded away: the picture comes first, and what else the page has stays near."""
ROLES = {
    "component": N_("component"),
    "exposure": N_("exposure"),
    "config": N_("config"),
    "secret": N_("secret"),
    "volume": N_("volume"),
    "external": N_("external"),
    "unknown": N_("unknown"),
}
ASPECTS = {
    "config": N_("config"),
    "scale": N_("scale"),
    "exposure": N_("exposure"),
    "topology": N_("topology"),
    "secret": N_("secret"),
}
WAYS = {
    "declared": N_("declared"),
    "reference": N_("reference"),
    "inferred": N_("inferred"),
    "exposes": N_("exposes"),
}


class Atlas(NamedTuple):
    """What the scripts that let a reader explore the topology start from; paths lead from the root of the site."""

    environment: str
    deployment: str
    """Id of the newest deployment that led to the topology."""
    now: str
    findings: str


class NodeRow(NamedTuple):
    """One component or resource."""

    id: str
    role: str
    kind: str
    """Empty where it is not known."""
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
    atlas: Atlas | None
    """`None` where no deployment is known that led to it."""
    nodes: tuple[Markup, ...]
    """A table row each."""
    nodes_folded: str
    """What opens the table of components where it is long; empty where it stands open."""
    edges: Markup
    """The table of connections."""
    edges_folded: str
    left: str
    """How many rows the page leaves out, in words; empty where it has all."""
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
    total = _total(components, len(rows) - components, standing)
    positions = context.index.by_digest.get(name, [])
    ran = [context.index.releases[position] for position in positions[: -MOST_RAN - 1 : -1]]
    alt = _("Topology of %(environment)s: %(contents)s.", environment=shown(environment), contents=total)
    left = max(0, len(rows) - MOST_ROWS) + max(0, standing.connection_count - MOST_ROWS)
    return TopologyView(
        environment=environment,
        digest=digest(name),
        total=total,
        picture=picture(context, context.index.pictures[name], alt, expected=True),
        atlas=_atlas(context, environment, name),
        nodes=tuple(rows[:MOST_ROWS]),
        nodes_folded=_folded(min(len(rows), MOST_ROWS)),
        edges=fragments.get("edges", (environment, standing.edges_version), lambda: _edges(standing)),
        edges_folded=_folded(min(standing.connection_count, MOST_ROWS)),
        left=ngettext(
            "%(number)s more row stands in the evidence.", "%(number)s more rows stand in the evidence.", left
        )
        if left
        else "",
        ran=tuple(
            RanRow(Link(release_page(row.id), context.release_name(row)), context.dates.moment(row.at), row.kind)
            for row in ran
        ),
        ran_left=len(positions) - len(ran),
        newest=context.index.newest_digest[environment] == name,
        bring_back=bring_back(context, version, MOST_ARTIFACTS),
        shape_only=name not in context.index.versions,
    )


def _total(components: int, others: int, standing: Standing) -> str:
    """Return what a topology consists of, in words."""
    exposing = standing.exposing_count
    parts = [
        counted(components, "component"),
        counted(others, "other part"),
        counted(standing.connection_count - exposing, "connection"),
    ]
    return ", ".join([*parts, counted(exposing, "exposure")] if exposing else parts)


def _folded(rows: int) -> str:
    return ngettext("Show %(number)s row", "Show all %(number)s rows", rows) if rows > FOLDED else ""


def _atlas(context: Context, environment: str, name: str) -> Atlas | None:
    """Return where to begin to explore the topology `name`; its environment may share it with another."""
    releases = [context.index.releases[position] for position in context.index.by_digest.get(name, [])]
    ids = [release.id for release in releases if release.environment == environment]
    if not ids and context.index.newest_digest.get(environment) == name:
        ids = [context.environments[environment].newest]
    return Atlas(environment, ids[-1], NOW, findings_file(environment)) if ids and ids[-1] else None


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
    return tuple(
        EdgeRow(edge.source, edge.target, _(WAYS.get(edge.how, edge.how)), edge.port)
        for edge in standing.connections()[:MOST_ROWS]
    )


def _node(name: str, record: ComponentRecord | None) -> NodeRow:
    if record is None:
        return NodeRow(name, _(ROLES["unknown"]), "", "", "", "")
    artifacts = [value for aspect, _, value in record.fields if aspect == "artifact"]
    counts = {aspect: sum(field[0] == aspect for field in record.fields) for aspect in ASPECTS}
    settings = ", ".join(f"{number(count)} {_(ASPECTS[aspect])}" for aspect, count in counts.items() if count)
    versions = ", ".join(dict.fromkeys(shown(version_of(artifact)) for artifact in artifacts))
    return NodeRow(name, _(ROLES.get(record.role, record.role)), record.kind, versions, ", ".join(artifacts), settings)


class TopologyRow(NamedTuple):
    """A topology in the list of them."""

    page: str
    digest: Digest
    environment: str
    when: Moment
    text: str


class TopologiesView(NamedTuple):
    """The list of topologies: what stands now, then the newest of the past."""

    now: tuple[tuple[TopologyRow, Picture | None], ...]
    """What stands now, with its picture; an environment that was removed has none."""
    past: tuple[TopologyRow, ...]
    left: int


MOST_PAST = 100


def topologies_view(context: Context) -> TopologiesView:
    """Return the list of topology pages."""
    now: list[tuple[TopologyRow, Picture | None]] = []
    past: list[TopologyRow] = []
    for environment in context.summary.environments:
        name = context.index.newest_digest.get(environment.name)
        if name is None:
            continue
        counts = f"{counted(environment.components, 'component')}, {counted(environment.connections, 'connection')}"
        text = counts if environment.present else _("removed: nothing of it is left")
        moment = context.calendar.moment(environment.since)
        row = TopologyRow(topology_page(name), digest(name), environment.name, moment, text)
        alt = _("Topology of %(environment)s: %(contents)s.", environment=shown(environment.name), contents=counts)
        drawn = picture(context, context.index.pictures[name], alt, expected=True) if environment.present else None
        now.append((row, drawn))
    standing = {row.digest.full for row, _picture in now}
    seen = set(standing)
    for release in reversed(context.index.releases):
        if release.digest not in seen:
            seen.add(release.digest)
            if len(past) < MOST_PAST:
                name, moment = release.digest, context.calendar.moment(release.at)
                text = _("last set by %(release)s", release=context.release_name(release))
                past.append(TopologyRow(topology_page(name), digest(name), release.environment, moment, text))
    known = len(context.index.by_digest.keys() | standing)
    return TopologiesView(tuple(now), tuple(past), known - len(now) - len(past))
