"""Rule: something outward that is taken down before the next version starts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.autoscalers import is_autoscaler, scaled
from generator.assurance.checks.outside import opens_outside, outward
from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology

_STRATEGY = "spec.strategy.type"
_UNAVAILABLE = "spec.strategy.rollingUpdate.maxUnavailable"
_AMOUNT = re.compile(r"(?P<number>[0-9]{1,9})(?P<percent>%?)")
_ALL = 100


def check(topology: Topology) -> Iterator[Finding]:
    """Find Deployments that calls from outside are let in to and whose update may take all pods away at once.

    That is the strategy Recreate, or a rolling update under which as many pods may be away as there are. How many
    there are is not known where an autoscaler sets it.
    """
    ways = outward(topology)
    deployments = [topology.components[id_] for id_ in sorted(ways) if topology.components[id_].kind == "Deployment"]
    changing = scaled(topology) if deployments else {}
    for component in deployments:
        says = _says(component, known=component.id not in changing)
        if says is not None:
            field, words = says
            told = f"{component.id} {words}, and {ways[component.id]} leads to it from outside"
            yield RULE.about(component, told, field=field)


def _says(component: Component, *, known: bool) -> tuple[str, str] | None:
    """Return the field by which a release takes all pods away, with what it does; `None` where none does."""
    values = {field.name: field.value for field in component.fields}
    if values.get(_STRATEGY) == "Recreate":
        return _STRATEGY, "is down during each of its releases"
    away, replicas = _AMOUNT.fullmatch(values.get(_UNAVAILABLE, "")), values.get("replicas", "1")
    if away is None:
        return None
    known = known and replicas.isdecimal()
    number, most = int(away["number"]), int(replicas) if known else 0
    if number < _ALL if away["percent"] else not 0 < most <= number:
        return None
    of = f" of {most}" if known else ""
    return _UNAVAILABLE, f"may have {away.group()}{of} pods away during each of its releases"


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component."""
    return component.kind == "Deployment" or opens_outside(component) or is_autoscaler(component)


RULE = GraphRule(
    id="outage-at-release",
    level=Level.WARNING,
    family=Family.RESILIENCE,
    title="Outage at each release",
    why=(
        "With the strategy Recreate, or where as many pods may be away as there are, the old pods are stopped before "
        "a new one is ready. Users meet errors for as long as the start takes, and for good where the new version does "
        "not start."
    ),
    fix=(
        "Use a rolling update with `maxUnavailable: 0`. Where two versions can't run side by side (one volume, one "
        "lock), plan the outage and waive this finding with the reason."
    ),
    example="kind: Deployment   # behind an Ingress\nspec:\n  strategy: {type: Recreate}",
    source="Kubernetes documentation, Deployments: strategy",
    values=frozenset({Aspect.CONFIG, Aspect.EXPOSURE, Aspect.SCALE}),
    concerns=_concerned,
    check=check,
)
