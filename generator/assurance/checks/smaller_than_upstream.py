"""Rule: less room here than where it was tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.quantities import quantity
from generator.assurance.findings import Family, Level, UpstreamRule
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, UpstreamView
    from generator.model.component import Component

_SIZES = re.compile(
    r"(?:.*\.)?(?:replicas|replicaCount|minReplicas|maxReplicas|limits\.(?:cpu|memory|ephemeral-storage))", re.DOTALL
)
"""Fields of which more is more: how many run, and how much each may take."""
_JUDGED = (Aspect.SCALE, Aspect.CONFIG)


def check(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
    """Find numbers of replicas and limits that are smaller here than upstream now."""
    above = upstream.component(component.id) if upstream.exists else None
    if above is None:
        return
    theirs = {field.name: field.value for field in above.fields if field.aspect in _JUDGED}
    for field in component.fields:
        if field.aspect not in _JUDGED or field.name not in theirs or not _SIZES.fullmatch(field.name):
            continue
        here, there = quantity(field.value), quantity(theirs[field.name])
        if here is not None and there is not None and here < there:
            yield RULE.about(
                component,
                f"{component.id} has {field.value} as `{field.name}` here, and {theirs[field.name]} in {upstream.name}",
                field=field.name,
            )


RULE = UpstreamRule(
    id="smaller-than-upstream",
    level=Level.NOTE,
    family=Family.PROMOTION,
    title="Smaller here than upstream",
    why=(
        "It was tried with more replicas or more room than it gets here, so what was seen there of its speed and its "
        "stability does not hold here."
    ),
    fix="Give it what it was tried with, or try it upstream with what it has here.",
    example="staging:    limits: {memory: 1Gi}\nproduction: limits: {memory: 512Mi}",
    source="The Twelve-Factor App, Dev/prod parity",
    values=frozenset(_JUDGED),
    check=check,
)
