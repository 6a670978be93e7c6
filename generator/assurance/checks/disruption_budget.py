"""Rule: a disruption budget that blocks everything, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.assurance.checks.autoscalers import is_autoscaler, scaled
from generator.assurance.checks.containers import LONG_RUNNING
from generator.assurance.findings import Family, GraphRule, Level, listed
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology

_KIND = "PodDisruptionBudget"
_AVAILABLE, _UNAVAILABLE = "spec.minAvailable", "spec.maxUnavailable"
_LABEL = "spec.selector.matchLabels."
_EXPRESSION = "spec.selector.matchExpressions"
_AMOUNT = re.compile(r"(?P<number>[0-9]{1,9})(?P<percent>%?)")
_ALL = 100


class _Amount(NamedTuple):
    number: int
    percent: bool

    def of(self, replicas: int) -> int:
        """Return how many of `replicas` it is; parts are rounded up, as the cluster does."""
        return -(-self.number * replicas // _ALL) if self.percent else self.number


def check(topology: Topology) -> Iterator[Finding]:
    """Find budgets under which no pod may ever be moved, and those that never hold anything back.

    How many pods there are is known where every workload that the budget selects says so and no autoscaler sets it.
    """
    budgets = [c for _, c in sorted(topology.components.items()) if c.kind == _KIND and c.role is Role.CONFIG]
    if not budgets:
        return
    changing = scaled(topology)
    for budget in budgets:
        values = {field.name: field.value for field in budget.fields}
        available, unavailable = _amount(values.get(_AVAILABLE, "")), _amount(values.get(_UNAVAILABLE, ""))
        if unavailable is not None:
            yield from _unavailable(budget, unavailable)
        elif available is not None:
            yield from _available(budget, available, _selected(budget, topology), changing)


def _unavailable(budget: Component, amount: _Amount) -> Iterator[Finding]:
    if amount.number == 0:
        yield _blocking(budget, _UNAVAILABLE, "allows no pod to be away")
    elif amount.percent and amount.number >= _ALL:
        yield _pointless(budget, _UNAVAILABLE, "allows all pods to be away at once")


def _available(
    budget: Component, amount: _Amount, behind: Sequence[Component], changing: dict[str, str]
) -> Iterator[Finding]:
    if amount.percent and amount.number >= _ALL:
        yield _blocking(budget, _AVAILABLE, "wants all pods to be there at any time")
    elif amount.number == 0:
        yield _pointless(budget, _AVAILABLE, "is content with no pod at all")
    elif behind and not any(component.id in changing for component in behind):
        replicas = _replicas(behind)
        if replicas and amount.of(replicas) >= replicas:
            names = listed([component.id for component in behind])
            wanted = f"{amount.number}{'%' if amount.percent else ''}"
            has = "has" if len(behind) == 1 else "have together"
            yield _blocking(budget, _AVAILABLE, f"wants {wanted} to be there at any time, and {names} {has} {replicas}")


def _blocking(budget: Component, field: str, says: str) -> Finding:
    return RULE.about(budget, f"{budget.id} {says}, so no node they run on can be emptied", field=field)


def _pointless(budget: Component, field: str, says: str) -> Finding:
    return RULE.about(budget, f"{budget.id} {says}, so it protects nothing", field=field, level=Level.NOTE)


def _amount(text: str) -> _Amount | None:
    found = _AMOUNT.fullmatch(text.strip())
    return _Amount(int(found["number"]), bool(found["percent"])) if found else None


def _selected(budget: Component, topology: Topology) -> list[Component]:
    """Return the workloads that a budget selects by labels; none where it selects by expressions too."""
    wanted = {(f.name.removeprefix(_LABEL), f.value) for f in budget.fields if f.name.startswith(_LABEL)}
    if not wanted or any(field.name.startswith(_EXPRESSION) for field in budget.fields):
        return []
    return [
        component
        for _, component in sorted(topology.components.items())
        if component.kind in LONG_RUNNING
        and wanted <= set(component.labels)
        and (component.namespace == budget.namespace or not component.namespace or not budget.namespace)
    ]


def _replicas(behind: Sequence[Component]) -> int:
    """Return how many pods there are; 0 where that is not known."""
    total = 0
    for component in behind:
        given = next((f.value for f in component.fields if f.name == "replicas" and f.aspect is Aspect.SCALE), "1")
        if component.kind == "DaemonSet" or not given.isdecimal():
            return 0
        total += int(given)
    return total


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component."""
    return component.kind == _KIND or component.kind in LONG_RUNNING or is_autoscaler(component)


RULE = GraphRule(
    id="disruption-budget",
    level=Level.WARNING,
    family=Family.RESILIENCE,
    title="Disruption budget that can't do its work",
    why=(
        "A budget that allows no pod to be away stops every node from being emptied, and with it the update of the "
        "cluster. One that allows all of them to be away gives a safety that is not there."
    ),
    fix="Run at least one replica more than the budget keeps, or say `maxUnavailable: 1`.",
    example="kind: PodDisruptionBudget\nspec: {minAvailable: 1}   # for a Deployment with one replica",
    source="Kubernetes documentation, Specifying a Disruption Budget for your Application",
    values=frozenset({Aspect.CONFIG, Aspect.SCALE}),
    concerns=_concerned,
    check=check,
)
