"""Environments beside each other: which version of each component runs where, as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import N_
from generator.site.texts import gettext as _
from generator.site.words import span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from generator.evidence.packs import ComponentRecord
    from generator.evidence.summary import Cell, EnvironmentSummary
    from generator.site.context import Context
    from generator.site.words import Moment

STANDINGS = {
    "equal": N_("as upstream"),
    "behind": N_("waits"),
    "ahead": N_("ahead"),
    "differs": N_("differs"),
    "alone": N_("only here"),
}
MEANINGS = {
    "behind": N_("waits for promotion"),
    "ahead": N_("upstream never had it"),
    "differs": N_("both sides have it, with other values"),
    "alone": N_("on one side only"),
}
"""What a standing means; one that says it by itself has none."""


class MatrixCell(NamedTuple):
    """What one component is in one environment."""

    version: str
    """Empty where it runs nothing that has a version."""
    artifact: str
    standing: str
    words: str
    since: Moment
    age: str
    """How long before the report the version came."""
    page: str
    """Where the deployment stands that set it; empty where none did."""
    deployment: str


class MatrixRow(NamedTuple):
    """One component across the environments."""

    component: str
    page: str
    """Its page; empty where it has none."""
    kind: str
    """Empty where all components are of one kind."""
    cells: tuple[MatrixCell | None, ...]


class ResourceRow(NamedTuple):
    """An exposure or a resource across the environments."""

    name: str
    standings: tuple[tuple[str, str] | None, ...]
    """(standing, its word) where it is there; both are empty where nothing stands upstream."""


class MatrixColumn(NamedTuple):
    """One environment."""

    name: str
    production: str
    """`production` where it is one and its name does not say so."""
    newest: str
    """Its newest deployment."""
    page: str


class MatrixView(NamedTuple):
    """The matrix."""

    as_of: str
    """Time of the report, RFC 3339 in UTC."""
    columns: tuple[MatrixColumn, ...]
    """In the order of promotion."""
    rows: tuple[MatrixRow, ...]
    others: tuple[ResourceRow, ...]
    """What is no component: exposures and resources."""
    legend: tuple[tuple[str, str, str], ...]
    """(standing, its word, what it means if the word does not say it); none where nothing has an upstream."""
    removed: tuple[str, ...]


def matrix_view(context: Context) -> MatrixView:
    """Return the matrix of the environments that are present."""
    present = [env for env in context.summary.environments if env.present]
    cells = {(env.name, cell.component): cell for env in present for cell in env.cells}
    compared = {env.name for env in present if env.upstream and not env.drift_not_assessed}
    names = {cell.component: cell for env in present for cell in env.cells}
    mixed = len({cell.kind for cell in names.values()}) > 1
    rows = [
        MatrixRow(
            name,
            context.component_link(name),
            cell.kind if mixed else "",
            tuple(_cell(context, cells.get((env.name, name)), compared=env.name in compared) for env in present),
        )
        for name, cell in sorted(names.items())
    ]
    return MatrixView(
        as_of=context.summary.as_of,
        columns=tuple(_column(context, env) for env in present),
        rows=tuple(rows),
        others=tuple(_others(context, present, compared)),
        legend=legend(STANDINGS) if compared else (),
        removed=tuple(env.name for env in context.summary.environments if not env.present),
    )


def legend(standings: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Return each of `standings` with its word and what it means."""
    return tuple((name, _(STANDINGS[name]), _(MEANINGS[name]) if name in MEANINGS else "") for name in standings)


def _column(context: Context, env: EnvironmentSummary) -> MatrixColumn:
    word = _("production") if env.production and "prod" not in env.name.lower() else ""
    page = context.deployment_link(env.newest)[0] if env.newest else ""
    return MatrixColumn(env.name, word, env.newest, page)


def _cell(context: Context, cell: Cell | None, *, compared: bool) -> MatrixCell | None:
    if cell is None:
        return None
    page = context.deployment_link(cell.deployment)[0] if cell.deployment else ""
    since = context.calendar.moment(cell.since)
    # What has no version has no deployment that set one, and so no time of its own.
    seconds = context.calendar.between(cell.since, context.summary.as_of)
    age = (_("time unknown") if cell.version else "") if seconds is None else span(max(0, seconds))
    standing = cell.standing if compared else ""
    words = _(STANDINGS[standing]) if standing else ""
    return MatrixCell(cell.version, cell.artifact, standing, words, since, age, page, cell.deployment)


def _others(context: Context, present: Sequence[EnvironmentSummary], compared: Collection[str]) -> list[ResourceRow]:
    found = {env.name: _resources(context, env.name) for env in present}
    beside = {env.name: found.get(env.upstream) if env.name in compared else None for env in present}
    rows = []
    for name in sorted({name for resources in found.values() for name in resources}):
        marks = [_standing(found[env.name].get(name), beside[env.name], name) for env in present]
        rows.append(ResourceRow(name, tuple(marks)))
    return rows


def _resources(context: Context, environment: str) -> dict[str, ComponentRecord]:
    standing = context.index.newest.get(environment)
    records = {name: standing.record(entry) for name, entry in standing.nodes.items()} if standing else {}
    return {name: record for name, record in records.items() if record is not None and record.role != "component"}


def _standing(
    here: ComponentRecord | None, upstream: Mapping[str, ComponentRecord] | None, name: str
) -> tuple[str, str] | None:
    if here is None:
        return None
    if upstream is None:
        return "", ""
    there = upstream.get(name)
    standing = "alone" if there is None else "equal" if there.digest == here.digest else "differs"
    return standing, _(STANDINGS[standing])
