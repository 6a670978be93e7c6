"""The containers of a Kubernetes workload, as the names of its fields tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.component import Aspect

if TYPE_CHECKING:
    from generator.model.component import Component

LONG_RUNNING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"})
"""Kinds whose containers are meant to run until they are replaced."""

WORKLOADS = LONG_RUNNING | {"Job", "CronJob", "Pod"}
"""Kinds that run containers."""


def container_names(component: Component) -> tuple[str, ...]:
    """Return the containers (`NAME.image`), sorted, without those that only run first (`init.NAME.image`)."""
    return tuple(
        sorted(
            field.name.removesuffix(".image")
            for field in component.fields
            if field.aspect is Aspect.ARTIFACT and field.name.endswith(".image") and field.name.count(".") == 1
        )
    )


def has_field(component: Component, prefix: str) -> bool:
    """Return whether the component has a field of this name or below it."""
    return any(field.name == prefix or field.name.startswith(f"{prefix}.") for field in component.fields)
