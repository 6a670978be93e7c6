"""Rule: a way in under the name of another environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.outside import ROUTES, hosts
from generator.assurance.checks.stage_names import names_environment
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component


def rule(surroundings: Surroundings) -> ComponentRule:
    """Return the rule for an environment; where it is the only one, it finds nothing."""

    def check(component: Component) -> Iterator[Finding]:
        """Find hosts of an Ingress or a route that name another environment, and not this one."""
        if component.kind not in ROUTES:
            return
        for host, field in hosts(component):
            if surroundings.environment and names_environment(host, surroundings.environment):
                continue
            other = next((name for name in surroundings.others if names_environment(host, name)), "")
            if other:
                yield found.about(
                    component,
                    f"{component.id} answers to {host} in {surroundings.environment}, and the name says {other}",
                    field=field,
                )

    found = ComponentRule(
        id="foreign-host",
        level=Level.WARNING,
        family=Family.EXPOSURE,
        title="Host of another environment",
        why=(
            "Two environments that answer to one name take each other's calls: a test runs against production, or "
            "users end up in a test. Usually the host came along with a copied file."
        ),
        fix="Name the host that belongs to this environment.",
        example="production:\n  kind: Ingress\n  spec: {rules: [{host: shop.staging.example.org}]}",
        source="",
        values=frozenset({Aspect.EXPOSURE}),
        check=check,
    )
    return found
