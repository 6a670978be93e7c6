"""Rule: a pod that shares its node's network or processes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.assurance.checks.pods import is_true, pod_fields
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_COMPOSE = "ComposeService"
_OF_POD = MappingProxyType({"hostNetwork": "network", "hostPID": "processes", "hostIPC": "shared memory"})
_OF_SERVICE = MappingProxyType({"network_mode": "network", "pid": "processes", "ipc": "shared memory"})


def check(component: Component) -> Iterator[Finding]:
    """Find pods and services of a compose file that share a namespace with their host.

    For what runs on each node (a DaemonSet) it is mostly the purpose, and told as a note.
    """
    shared = [
        (field, of) for name, of in _OF_POD.items() for field in pod_fields(component, name) if is_true(field.value)
    ]
    if component.kind == _COMPOSE:
        shared += [(f, _OF_SERVICE[f.name]) for f in component.fields if f.name in _OF_SERVICE and f.value == "host"]
    for field, of in shared:
        yield RULE.about(
            component,
            f"{component.id} shares the {of} of its host",
            field=field.name,
            level=Level.NOTE if component.kind == "DaemonSet" else None,
        )


RULE = ComponentRule(
    id="host-namespace",
    level=Level.WARNING,
    family=Family.CONFIGURATION,
    title="Part of the host is shared",
    why=(
        "In the host's network all its ports are open wherever the host can be reached, past every network policy, and "
        "services that listen for the host alone can be called. With the host's processes, their settings can be read."
    ),
    fix="Leave the setting out. Open single ports by a service, or by `ports` of the compose file.",
    example="spec:\n  hostNetwork: true",
    source="Kubernetes documentation, Pod Security Standards, baseline: host namespaces",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
