"""What is said of each component at the report time, by component: looked up for a thousand pages, gathered once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from generator.site.components.histories import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.metrics import PeriodMetrics
    from generator.evidence.packs import FindingEntry, TopologyEntry
    from generator.evidence.summary import Cell, DriftRow, EnvironmentSummary
    from generator.site.components.histories import History
    from generator.site.context import Context

ARROW = " -> "
"""What stands between the two ends of a connection in its name."""


class Placed(NamedTuple):
    """A component in one environment, now."""

    environment: EnvironmentSummary
    cell: Cell


class Ends(NamedTuple):
    """Connections of a component in one environment."""

    environment: str
    incoming: list[TopologyEntry]
    outgoing: list[TopologyEntry]


@dataclass(slots=True)
class Now:
    """One component at the report time. Environments stand in the order of promotion."""

    id: str
    history: History = NOTHING
    placed: list[Placed] = field(default_factory=list)
    drift: list[tuple[str, DriftRow]] = field(default_factory=list)
    """(environment, difference to its upstream), acceptances and expectations among them."""
    findings: list[tuple[str, FindingEntry]] = field(default_factory=list)
    ends: dict[str, Ends] = field(default_factory=dict)
    measures: list[PeriodMetrics] = field(default_factory=list)
    """Of the whole history, an environment each."""

    def standing_drift(self) -> int | None:
        """Return how many differences count; `None` where no environment that has it is compared with its upstream."""
        compared = any(one.environment.upstream and not one.environment.drift_not_assessed for one in self.placed)
        if not compared and not self.drift:
            return None
        return sum(row.exempt is None and not row.expected for _, row in self.drift)

    def standing_findings(self) -> int:
        """Return how many findings count."""
        return sum(row.exempt is None for _, row in self.findings)

    def rollbacks(self, environments: frozenset[str]) -> int:
        """Return how many versions came to one of `environments` by a rollback."""
        return sum(lane.rollbacks for lane in self.history.lanes if lane.environment in environments)

    def releases(self, environments: frozenset[str]) -> int:
        """Return how many deployments of `environments` changed it."""
        return sum(one.deployments for one in self.history.touched if one.environment in environments)

    @property
    def owner(self) -> str:
        """Who looks after it; where environments differ, the one nearest to production; empty where nobody is named."""
        named = [(one.environment.production, place, one.cell.team) for place, one in enumerate(self.placed)]
        return max((row for row in named if row[2]), default=(False, 0, ""))[2]


def gather(context: Context) -> Mapping[str, Now]:
    """Return every component that was ever seen, by its id, sorted."""
    found = {name: Now(name, context.histories.get(name, NOTHING)) for name in sorted(context.component_kinds)}
    for env in context.summary.environments:
        _place(env, found)
        for line in context.measured.of(env.name).components:
            if line.subject in found:
                found[line.subject].measures.append(line)
        if env.present:
            _connect(context, env.name, found)
    return found


def _place(env: EnvironmentSummary, found: Mapping[str, Now]) -> None:
    for cell in env.cells:
        if cell.component in found:
            found[cell.component].placed.append(Placed(env, cell))
    for row in env.drift:
        for name in _subjects(row.component) & found.keys():
            found[name].drift.append((env.name, row))
    for finding in env.findings:
        for name in _subjects(finding.subject) & found.keys():
            found[name].findings.append((env.name, finding))


def _subjects(name: str) -> frozenset[str]:
    """Return the components that a subject is of: for a connection both of its ends."""
    return frozenset(name.split(ARROW))


def _connect(context: Context, environment: str, found: Mapping[str, Now]) -> None:
    standing = context.index.newest.get(environment)
    for entry in standing.connections() if standing is not None else ():
        if entry.source in found:
            _ends(found[entry.source], environment).outgoing.append(entry)
        if entry.target in found:
            _ends(found[entry.target], environment).incoming.append(entry)


def _ends(now: Now, environment: str) -> Ends:
    if environment not in now.ends:
        now.ends[environment] = Ends(environment, [], [])
    return now.ends[environment]
