"""Rule: an object of a version that Kubernetes will stop serving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.api_versions import NEWEST, at_least, is_removed, retirement
from generator.assurance.findings import ComponentRule, Family, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component

FIELD = "apiVersion"


def rule(surroundings: Surroundings) -> ComponentRule:
    """Return the rule for an environment and its version of Kubernetes, where that is known."""
    target = surroundings.kubernetes

    def check(component: Component) -> Iterator[Finding]:
        """Find objects whose apiVersion is deprecated, and still served by the version that runs there."""
        found = retirement(component.api, component.kind)
        if found is None or is_removed(component.api, component.kind, target):
            return
        if not at_least(target or NEWEST, found.deprecated):
            return
        until = f", and removed in {found.removed}" if found.removed else ""
        message = f"{component.id}: {component.kind} of {component.api} is deprecated since Kubernetes"
        told = f"{message} {found.deprecated}{until}; in its place stands {found.instead}"
        yield made.about(component, told, field=FIELD)

    made = ComponentRule(
        id="deprecated-api",
        level=Level.NOTE,
        family=Family.SCHEMA,
        title="Version of an object that is deprecated",
        why=(
            "It works today, and each upgrade of the cluster brings nearer the one after which it does not. Changing "
            "it before is a small step; changing it while an upgrade waits is not."
        ),
        fix="Write the newer `apiVersion` as soon as every cluster that gets this serves it.",
        example="apiVersion: v1\nkind: Endpoints     # deprecated since Kubernetes 1.33",
        source="Kubernetes documentation, Deprecated API Migration Guide",
        values=frozenset(),
        check=check,
    )
    return made
