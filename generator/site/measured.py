"""Measures of the evidence by what they are of, as charts and pages take them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.evidence.metrics import PeriodMetrics

_WHOLE = "all"


class EnvironmentMeasures(NamedTuple):
    """Measures of one environment."""

    environment: str
    small: int
    """Number of cases below which a figure comes from a small sample."""
    whole: PeriodMetrics | None = None
    """All of the history; `None` where nothing was measured."""
    months: tuple[PeriodMetrics, ...] = ()
    """Oldest first, empty ones included."""
    days: tuple[PeriodMetrics, ...] = ()
    """The newest days with deployments or incidents, oldest first."""
    components: tuple[PeriodMetrics, ...] = ()
    """All of the history of each component, by name."""


class Measured(NamedTuple):
    """Measures of all environments."""

    small: int
    environments: Mapping[str, EnvironmentMeasures]

    def of(self, environment: str) -> EnvironmentMeasures:
        """Return the measures of an environment, which has none where nothing was measured of it."""
        return self.environments.get(environment) or EnvironmentMeasures(environment, self.small)


def measured(lines: Iterable[PeriodMetrics], small: int) -> Measured:
    """Return the measures in `lines`; `small` is the number of cases below which a sample is small."""
    found: defaultdict[str, defaultdict[tuple[str, str], list[PeriodMetrics]]]
    found = defaultdict(lambda: defaultdict(list))
    for line in lines:
        found[line.environment][line.by, line.unit].append(line)
    return Measured(small, {name: _environment(name, small, groups) for name, groups in found.items()})


def _environment(name: str, small: int, groups: Mapping[tuple[str, str], list[PeriodMetrics]]) -> EnvironmentMeasures:
    def group(by: str, unit: str) -> tuple[PeriodMetrics, ...]:
        return tuple(sorted(groups.get((by, unit), ()), key=lambda line: (line.subject, line.period)))

    whole = group("environment", _WHOLE)
    return EnvironmentMeasures(
        environment=name,
        small=small,
        whole=whole[0] if whole else None,
        months=group("environment", "month"),
        days=group("environment", "day"),
        components=group("component", _WHOLE),
    )
