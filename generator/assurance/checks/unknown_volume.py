"""Rule: a mount of a volume that its pod does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.pods import container_fields, pod_fields
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_CLAIM = re.compile(r"spec\.volumeClaimTemplates\[.*\]\.metadata\.name")


def check(component: Component) -> Iterator[Finding]:
    """Find mounts of a container that name neither a volume of the pod nor a claim that a StatefulSet makes."""
    mounts = [
        (container, field)
        for container, field in container_fields(component, "volumeMounts[")
        if field.name.endswith("].name")
    ]
    if not mounts:
        return
    known = {field.value for field in pod_fields(component, "volumes[") if field.name.endswith("].name")}
    known |= {field.value for field in component.fields if _CLAIM.fullmatch(field.name)}
    for container, field in mounts:
        if field.value not in known:
            yield RULE.about(
                component,
                f"Container {container} of {component.id} mounts the volume {field.value}, which the pod does not have",
                field=field.name,
            )


RULE = ComponentRule(
    id="unknown-volume",
    level=Level.ERROR,
    family=Family.CONFIGURATION,
    title="Mount of a volume that is not there",
    why="The cluster refuses such a workload, so the release stops there and the old version goes on.",
    fix="Add the volume to the pod's `volumes`, or correct the name of the mount.",
    example="volumeMounts: [{name: data, mountPath: /data}]\nvolumes: [{name: date, emptyDir: {}}]",
    source="Kubernetes documentation, Volumes",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
