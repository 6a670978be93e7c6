"""Environments beside each other: the matrix of versions as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.environment_views import production_word
from generator.site.names import release_page

if TYPE_CHECKING:
    from generator.evidence.summary import Cell
    from generator.site.context import Context
    from generator.site.words import Moment

STANDINGS = {
    "equal": "as upstream",
    "behind": "waits",
    "ahead": "ahead",
    "differs": "differs",
    "alone": "only here",
    "": "",
}


class MatrixCell(NamedTuple):
    """What one component is in one environment."""

    version: str
    """Empty where the component is absent there."""
    artifact: str
    standing: str
    words: str
    since: Moment
    age: str
    """How long before the report the version came."""
    page: str
    """Page of the release that set it; empty where it has no page."""
    deployment: str


class MatrixRow(NamedTuple):
    """One component across the environments."""

    component: str
    kind: str
    """Empty where all components are of one kind."""
    cells: tuple[MatrixCell | None, ...]


class MatrixView(NamedTuple):
    """The matrix."""

    columns: tuple[tuple[str, str], ...]
    """(environment, `production` where it is one and its name does not say so), in the order of promotion."""
    rows: tuple[MatrixRow, ...]
    others: tuple[MatrixRow, ...]
    """What is no component: exposures and resources."""
    removed: tuple[str, ...]
    compared: bool
    """Whether any environment stands beside its upstream."""


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
            cell.kind if mixed else "",
            tuple(_cell(context, cells.get((env.name, name)), compared=env.name in compared) for env in present),
        )
        for name, cell in sorted(names.items())
    ]
    is_component = {name: cell.role == "component" for name, cell in names.items()}
    return MatrixView(
        columns=tuple((env.name, production_word(env)) for env in present),
        rows=tuple(row for row in rows if is_component[row.component]),
        others=tuple(row for row in rows if not is_component[row.component]),
        removed=tuple(env.name for env in context.summary.environments if not env.present),
        compared=bool(compared),
    )


def _cell(context: Context, cell: Cell | None, *, compared: bool) -> MatrixCell | None:
    if cell is None:
        return None
    page = release_page(cell.deployment) if cell.deployment in context.index.position else ""
    since = context.calendar.moment(cell.since)
    # What has no version has no deployment that set one, and so no time of its own.
    age = since.age.removesuffix(" before this report") or ("time unknown" if cell.version else "")
    standing = cell.standing if compared else ""
    words = STANDINGS.get(standing, standing)
    return MatrixCell(cell.version, cell.artifact, standing, words, since, age, page, cell.deployment)
