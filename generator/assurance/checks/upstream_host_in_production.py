"""Rule: production that leads to the environment before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.stage_names import names_environment
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect, Role
from generator.readers.addresses import find_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component


def rule(surroundings: Surroundings) -> ComponentRule:
    """Return the rule for an environment; outside of production, and without an upstream, it finds nothing."""
    upstream, environment = surroundings.upstream, surroundings.environment

    def check(component: Component) -> Iterator[Finding]:
        """Find settings with the address of a host that is named after the upstream environment."""
        if not surroundings.production or not upstream or component.role not in {Role.COMPONENT, Role.CONFIG}:
            return
        for field in component.fields:
            value = field.value
            if (":" not in value and "=" not in value) or field.aspect is not Aspect.CONFIG:
                continue  # no address, which is cheaper to tell than anything else
            if upstream.lower() not in value.lower():
                continue
            for address in find_addresses(field.name, value):
                if names_environment(address.host, upstream) and not names_environment(address.host, environment):
                    yield found.about(
                        component,
                        f"{component.id} names the host {address.host} of {upstream}, in `{field.name}`",
                        field=field.name,
                    )
                    break

    found = ComponentRule(
        id="upstream-host-in-production",
        level=Level.WARNING,
        family=Family.CONFIGURATION,
        title="Production names a host of the environment before it",
        why=(
            "Data of users goes where tests are run and more people have access, and production fails whenever the "
            "other one is taken down. Usually a setting came along with a promotion that should have been replaced."
        ),
        fix="Name production's own host.",
        example="production:\n  env: {ORDERS_URL: https://orders.staging.example.org}",
        source="The Twelve-Factor App, on configuration",
        values=frozenset({Aspect.CONFIG}),
        production_only=True,
        check=check,
    )
    return found
