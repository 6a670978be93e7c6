"""Rule: data that stays behind on one node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.pods import pod_fields
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_PATH = "].hostPath.path"
_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "podman.sock")


def check(component: Component) -> Iterator[Finding]:
    """Find volumes of a Kubernetes workload, and persistent volumes, that are a folder of the node.

    What runs on each node (a DaemonSet) looks at its node on purpose. The socket of the container engine is for
    another rule.
    """
    if component.kind == "PersistentVolume":
        for field in component.fields:
            if field.name == "spec.hostPath.path":
                yield RULE.about(
                    component, f"{component.id} is the folder {field.value} of whichever node", field=field.name
                )
    elif component.kind != "DaemonSet":
        for field in pod_fields(component, "volumes["):
            if field.name.endswith(_PATH) and not field.value.endswith(_SOCKETS):
                yield RULE.about(
                    component, f"{component.id} keeps data in {field.value} of the node it runs on", field=field.name
                )


RULE = ComponentRule(
    id="host-path",
    level=Level.WARNING,
    family=Family.RESILIENCE,
    title="Data in a folder of the node",
    why=(
        "When the pod starts on another node its data is not there, and when the node is replaced the data is gone. "
        "A folder of the node is also a way out of the container."
    ),
    fix="Use a volume claim, or `emptyDir` for what may be lost.",
    example="volumes:\n  - name: data\n    hostPath: {path: /var/lib/orders}",
    source="Kubernetes documentation, Volumes: hostPath; Pod Security Standards, host path volumes",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
