"""Rule: a change that is written down and does not take place."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.assurance.checks.pods import is_true
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_UPDATE = "spec.updateStrategy.type"
_PARTITION = "spec.updateStrategy.rollingUpdate.partition"
_BY_HAND = frozenset({"StatefulSet", "DaemonSet"})
_SWITCHES = MappingProxyType(
    {
        ("Deployment", "spec.paused"): "is paused, so what changes in it is not rolled out",
        ("Job", "spec.suspend"): "is suspended and does not run",
        ("CronJob", "spec.suspend"): "is suspended and does not run",
        ("HelmRelease", "spec.suspend"): "is suspended, so what changes in it is not rolled out",
        ("Kustomization", "spec.suspend"): "is suspended, so what changes in it is not rolled out",
    }
)
_KINDS = _BY_HAND | {kind for kind, _ in _SWITCHES}


def check(component: Component) -> Iterator[Finding]:
    """Find workloads and releases that are paused or suspended, and those whose pods are replaced by hand alone."""
    if component.kind not in _KINDS:
        return
    for field in component.fields:
        switched = _SWITCHES.get((component.kind, field.name))
        if switched is not None and is_true(field.value):
            yield RULE.about(component, f"{component.id} {switched}", field=field.name)
        elif component.kind in _BY_HAND and field.name == _UPDATE and field.value == "OnDelete":
            yield RULE.about(
                component,
                f"{component.id} goes on with its old pods until somebody deletes them",
                field=field.name,
                level=Level.NOTE,
            )
        elif component.kind == "StatefulSet" and field.name == _PARTITION and field.value not in {"", "0"}:
            yield RULE.about(
                component,
                f"{component.id} rolls changes out from its pod {field.value} on, and leaves those before as they are",
                field=field.name,
                level=Level.NOTE,
            )


RULE = ComponentRule(
    id="held-back",
    level=Level.WARNING,
    family=Family.CONFIGURATION,
    title="Rollout that is held back",
    why=(
        "What runs is not what stands in git, and every report made from git says otherwise. Such a switch is set for "
        "an hour, and then forgotten."
    ),
    fix="Let it go on, or waive this finding with owner, reason and a date.",
    example="kind: Deployment\nspec: {paused: true}",
    source="Kubernetes documentation, Deployments: pausing; StatefulSets: update strategies; CronJob: suspension",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
