"""Rule: an object of a version that the cluster no longer serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.api_versions import is_removed, retirement
from generator.assurance.findings import ComponentRule, Family, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component

FIELD = "apiVersion"


def rule(surroundings: Surroundings) -> ComponentRule:
    """Return the rule for an environment: an error where its version of Kubernetes is known, else a warning."""
    target = surroundings.kubernetes

    def check(component: Component) -> Iterator[Finding]:
        """Find objects whose apiVersion was removed in the version that runs there, or in any where none is named."""
        found = retirement(component.api, component.kind)
        if found is None or not is_removed(component.api, component.kind, target):
            return
        message = f"{component.id}: {component.kind} of {component.api} was removed in Kubernetes {found.removed}"
        if target:
            message += f", and {surroundings.environment or 'this environment'} runs {target}"
        yield made.about(component, f"{message}; in its place stands {found.instead}", field=FIELD)

    made = ComponentRule(
        id="removed-api",
        level=Level.ERROR if target else Level.WARNING,
        family=Family.SCHEMA,
        title="Version of an object that Kubernetes no longer serves",
        why=(
            "A cluster refuses an object of a version that it does not serve, so a deployment that worked before an "
            "upgrade of the cluster stops halfway after it. Where `kubernetes:` of the environment names its version "
            "this is an error; else it is a warning, since the cluster may still be older."
        ),
        fix="Write the newer `apiVersion`, with what else its kind changed; `kubectl convert` does most of it.",
        example="apiVersion: networking.k8s.io/v1beta1\nkind: Ingress     # not served from Kubernetes 1.22 on",
        source="Kubernetes documentation, Deprecated API Migration Guide",
        values=frozenset(),
        check=check,
    )
    return made
