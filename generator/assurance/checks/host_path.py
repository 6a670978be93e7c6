"""Rule: data that stays behind on one node."""

from __future__ import annotations

import re
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
_ALIKE = re.compile(
    r"/etc/(?:localtime|timezone|ssl(?:/.*)?|pki(?:/.*)?|ca-certificates(?:/.*)?)"
    r"|/usr/share/(?:zoneinfo|ca-certificates)(?:/.*)?"
)
"""Time zones and certificates of authorities, which each node has for everybody to read."""
_OF_SYSTEM = re.compile(r"/(?:dev|proc|sys|run|var/run|lib/modules|usr/lib/modules|usr/src)(?:/.*)?")
"""Devices, and what the system tells of itself: no data, and yet a way out of the container."""


def check(component: Component) -> Iterator[Finding]:
    """Find volumes of a Kubernetes workload, and persistent volumes, that are a folder of the node.

    What runs on each node (a DaemonSet) looks at its node on purpose. The socket of the container engine is for
    another rule. Where it is no data that stays behind, but the system itself, it is a note.
    """
    if component.kind == "PersistentVolume":
        for field in component.fields:
            if field.name == "spec.hostPath.path":
                yield RULE.about(
                    component, f"{component.id} is the folder {field.value} of whichever node", field=field.name
                )
    elif component.kind != "DaemonSet":
        for field in pod_fields(component, "volumes["):
            if not field.name.endswith(_PATH) or field.value.endswith(_SOCKETS) or _ALIKE.fullmatch(field.value):
                continue
            system = _OF_SYSTEM.fullmatch(field.value) is not None
            does = "reaches for" if system else "keeps data in"
            yield RULE.about(
                component,
                f"{component.id} {does} {field.value} of the node it runs on",
                field=field.name,
                level=Level.NOTE if system else None,
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
