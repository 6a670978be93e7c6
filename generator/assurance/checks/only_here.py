"""Rule: a component that runs here and was never tried upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, Level, UpstreamRule
from generator.model.component import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, UpstreamView
    from generator.model.component import Component

_ONCE = frozenset({"Job", "Pod"})
"""Kinds that run once, often for this environment alone."""


def check(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
    """Find components proper that the upstream, where it is there at all, does not have."""
    if component.role is not Role.COMPONENT or component.kind in _ONCE:
        return
    if upstream.exists and upstream.component(component.id) is None:
        yield RULE.about(component, f"{component.id} runs here, and {upstream.name} has nothing of this name")


RULE = UpstreamRule(
    id="only-here",
    level=Level.NOTE,
    family=Family.PROMOTION,
    title="Component that upstream does not have",
    why=(
        "Nothing that happens upstream tells anything of this component: each of its versions and each change of "
        "its settings is tried here first, by its users."
    ),
    fix="Deploy it upstream too, or declare it under `expected` where it belongs to this environment alone.",
    example="staging:    frontend, cart\nproduction: frontend, cart, recommendations",
    source="The Twelve-Factor App, Dev/prod parity",
    values=frozenset(),
    check=check,
)
