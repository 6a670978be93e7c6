"""What a Kubernetes workload says of its pods and of each container, as the names of its fields tell it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.assurance.checks.containers import LONG_RUNNING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.component import Component, Field

_TEMPLATE = "spec.template.spec."
_POD = MappingProxyType(
    {
        **dict.fromkeys(LONG_RUNNING | {"Job"}, _TEMPLATE),
        "CronJob": f"spec.jobTemplate.{_TEMPLATE}",
        "Pod": "spec.",
    }
)
"""Kind → what the names of the fields of a whole pod start with."""

_FIRST = "init."
_TRUE = frozenset({"true", "yes", "on", "1"})


def is_true(value: str) -> bool:
    """Return whether a setting is switched on, in the words that YAML and programs know for it."""
    return value.strip().lower() in _TRUE


def is_workload(component: Component) -> bool:
    """Return whether the component is a Kubernetes object that runs pods."""
    return component.kind in _POD


def pod_fields(component: Component, name: str) -> Iterator[Field]:
    """Yield the field `name` of the whole pod, or those that start with it where it ends with a dot or a bracket."""
    start = _POD.get(component.kind)
    if start is None:
        return
    wanted, several = f"{start}{name}", name.endswith((".", "["))
    for field in component.fields:
        if field.name == wanted or (several and field.name.startswith(wanted)):
            yield field


def container_fields(component: Component, name: str) -> Iterator[tuple[str, Field]]:
    """Yield the field `CONTAINER.name` of each container with the container's name, also of those that run first.

    Where `name` ends with a dot or a bracket, every field that starts so; where it is empty, every field.
    """
    if not is_workload(component):
        return
    several = not name or name.endswith((".", "["))
    for field in component.fields:
        container, _, below = field.name.removeprefix(_FIRST).partition(".")
        if below == name or (several and below.startswith(name)):
            yield container, field
