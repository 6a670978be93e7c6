"""Rule: a workload that would not find its own pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_KINDS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
_WANTED = "spec.selector.matchLabels."
_GIVEN = "spec.template.metadata.labels."


def check(component: Component) -> Iterator[Finding]:
    """Find workloads whose selector wants a label with another value than their pods get.

    A label that the pods seem to lack is not judged: those that tools add are not kept.
    """
    if component.kind not in _KINDS:
        return
    given = {f.name.removeprefix(_GIVEN): f.value for f in component.fields if f.name.startswith(_GIVEN)}
    wrong = [
        field
        for field in component.fields
        if field.name.startswith(_WANTED) and given.get(field.name.removeprefix(_WANTED), field.value) != field.value
    ]
    if wrong:
        keys = [field.name.removeprefix(_WANTED) for field in wrong]
        wanted = listed([f"{key}={field.value}" for key, field in zip(keys, wrong, strict=True)])
        has = listed([f"{key}={given[key]}" for key in keys])
        yield RULE.about(component, f"{component.id} selects {wanted}, and its pods have {has}", field=wrong[0].name)


RULE = ComponentRule(
    id="selector-mismatch",
    level=Level.ERROR,
    family=Family.CONFIGURATION,
    title="Selector that misses its own pods",
    why="The cluster refuses such a workload, so the release stops there and the old version goes on.",
    fix="Make the selector and the labels of the template agree; of a workload that runs, only the labels can change.",
    example="spec:\n  selector: {matchLabels: {app: shop}}\n  template: {metadata: {labels: {app: store}}}",
    source="Kubernetes documentation, Deployments: selector",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
