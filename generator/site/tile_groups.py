"""The tiles of each production environment, from the evidence: those of the home page and of badges."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.badges import badge_files
from generator.site.names import anchor
from generator.site.texts import gettext as _
from generator.site.texts import number
from generator.site.tiles import Tile, profile_tiles, tiles, told
from generator.site.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.metrics import PeriodMetrics
    from generator.evidence.reading import Evidence
    from generator.evidence.summary import EnvironmentSummary

OURS = "assay"
_BY_ENVIRONMENT = "environment"
_UNITS = ("all", "rolling")


class TileGroup(NamedTuple):
    """The figures of one environment."""

    environment: str
    anchor: str
    """Anchor of the environment on the page Trends."""
    tiles: tuple[Tile, ...]
    """Those that have a figure."""
    missing: tuple[tuple[str, str], ...]
    """(measures, why they can't be told)."""
    cuts: tuple[str, ...]
    """Why windows are not whole, each once; and that most deployments are in no figure, where they are."""
    profile: str
    """Which of them go by whose definitions, as a sentence; empty where all are Assay's own."""


def tiles_of(evidence: Evidence, names: Sequence[str], profile: str = "") -> dict[str, tuple[Tile, ...]]:
    """Return the tiles of the named environments, by `profile` or by the configured one; none without a date."""
    lines: dict[str, dict[str, PeriodMetrics]] = {name: {} for name in names}
    for line in evidence.metrics():
        if line.by == _BY_ENVIRONMENT and line.unit in _UNITS and line.environment in lines:
            lines[line.environment][line.period] = line
    measured = evidence.summary.metrics
    found = {name: tiles(held, measured.small) for name, held in lines.items()}
    wanted = profile or measured.profile
    if wanted == OURS:
        return found
    figures = {name: [f for f in measured.profiles if f.profile == wanted and f.environment == name] for name in names}
    title = next((text.title for text in measured.profile_texts if text.profile == wanted), wanted)
    return {name: profile_tiles(own, figures[name], measured.small, title) for name, own in found.items() if own}


def tile_groups(evidence: Evidence, names: Sequence[str]) -> dict[str, TileGroup]:
    """Return the tiles of the named environments as their pages show them; none for those without any figure."""
    groups = {}
    environments = {environment.name: environment for environment in evidence.summary.environments}
    for name, found in tiles_of(evidence, names).items():
        if found:
            groups[name] = TileGroup(
                environment=name,
                anchor=anchor(f"trends-{name}"),
                tiles=tuple(tile for tile in found if tile.value),
                missing=tuple(told(found)),
                cuts=(
                    *dict.fromkeys(tile.cut for tile in found if tile.value and tile.cut),
                    *_mostly_bulk(environments[name]),
                ),
                profile=_whose(found),
            )
    return groups


class Delivery(NamedTuple):
    """The figures of many environments, a row each."""

    labels: tuple[tuple[str, str], ...]
    """(measure with its window, entry of the glossary)."""
    rows: tuple[tuple[str, str, tuple[Tile | None, ...]], ...]
    """(environment, anchor on the page Trends, its figures in the order of the labels)."""


def delivery(groups: Sequence[TileGroup]) -> Delivery | None:
    """Return the figures of `groups` as a table; `None` where there are none."""
    labels: dict[tuple[str, str], str] = {}
    for group in groups:
        for tile in group.tiles:
            labels.setdefault((tile.label, tile.over), tile.term)
    if not labels:
        return None
    rows = []
    for group in groups:
        held = {(tile.label, tile.over): tile for tile in group.tiles}
        rows.append((group.environment, group.anchor, tuple(held.get(label) for label in labels)))
    heads = tuple(
        (_("%(measure)s, %(window)s", measure=label, window=over), term) for (label, over), term in labels.items()
    )
    return Delivery(heads, tuple(rows))


def badges_of(evidence: Evidence, names: Sequence[str], profile: str = "") -> dict[str, str]:
    """Return the badges of the named environments as SVG, by their paths."""
    found = tiles_of(evidence, names, profile)
    environments = [environment for environment in evidence.summary.environments if environment.name in names]
    return badge_files([(environment, found.get(environment.name, ())) for environment in environments])


def _mostly_bulk(environment: EnvironmentSummary) -> Iterator[str]:
    """Yield that most deployments are in no figure, where they are bulk ones: a reader would take the rest for all."""
    if 2 * environment.bulks > environment.deployments:
        yield _(
            "%(bulks)s of %(deployments)s in all moved many components at once: such bulk ones are in no ratio and no"
            " median.",
            bulks=number(environment.bulks),
            deployments=counted(environment.deployments, "deployment"),
        )


def _whose(tiles: Sequence[Tile]) -> str:
    theirs = [tile for tile in tiles if tile.by]
    if not theirs:
        return ""
    told = {"body": theirs[0].by, "measures": listed([tile.label for tile in theirs], len(theirs))}
    if len(theirs) == len(tiles):
        return _("As %(body)s counts: %(measures)s.", **told)
    return _("As %(body)s counts: %(measures)s; the others as Assay does.", **told)
