"""Workloads as components: what their pods run, with which settings, and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Scalar, Sequence, find, items, text
from generator.model.component import Aspect, Component, Port, Reference, Role, component
from generator.readers.kubernetes.fields import item_labels
from generator.readers.kubernetes.references import read_env, read_env_from, read_volumes

if TYPE_CHECKING:
    from generator.readers.kubernetes.fields import FieldSheet
    from generator.readers.kubernetes.manifests import Manifest

_LONG_RUNNING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")
_TEMPLATE: dict[str, tuple[str, ...]] = dict.fromkeys((*_LONG_RUNNING, "Job"), ("spec", "template"))
_TEMPLATE |= {"CronJob": ("spec", "jobTemplate", "spec", "template"), "Pod": ()}
_PREFIX = {"Job": "job/", "CronJob": "cronjob/"}
_GROUPS = frozenset({"apps", "batch", "extensions", "v1"})
_SCALE = ("parallelism", "completions")
_OWN_WAY = frozenset({"name", "image", "env", "envFrom", "ports", "resources", "command", "args"})


def is_workload(manifest: Manifest) -> bool:
    """Return whether the object runs pods."""
    return manifest.kind in _TEMPLATE and manifest.api.split("/")[0] in _GROUPS


def read_workload(manifest: Manifest) -> Component:
    """Return the component of a workload; a long-running one keeps its id whatever its kind."""
    sheet = manifest.sheet()
    references: list[Reference] = []
    ports: list[Port] = []
    way = _TEMPLATE[manifest.kind]
    pod_way = (*way, "spec")
    path = ".".join(pod_way)
    pod = find(manifest.root, *pod_way)
    skip = {f"{path}.containers", f"{path}.initContainers", "spec.replicas"}
    if isinstance(pod, Mapping):
        references += read_volumes(pod, path)
        for list_name, prefix in (("containers", ""), ("initContainers", "init.")):
            containers = items(pod, list_name)
            for label, node in zip(item_labels(containers), containers, strict=True):
                if isinstance(node, Mapping):
                    references += _read_container(node, f"{prefix}{label}", sheet)
                    ports += _ports(node)
        _read_order(pod, path, sheet)
    _read_spec(manifest, sheet, skip)
    return component(
        f"{_PREFIX.get(manifest.kind, '')}{manifest.name}",
        Role.COMPONENT,
        manifest.kind,
        fields=sheet.fields,
        references=references,
        ports=ports,
        labels=manifest.labels(*way, "metadata", "labels"),
        namespace=manifest.namespace,
        path=manifest.path,
        line=manifest.root.line,
    )


def _read_spec(manifest: Manifest, sheet: FieldSheet, skip: set[str]) -> None:
    """Add everything that is neither the containers nor the object's own metadata."""
    replicas = find(manifest.root, "spec", "replicas")
    if isinstance(replicas, Scalar):
        sheet.setting(Aspect.SCALE, "replicas", replicas, "replicas")
    way = ("spec", "jobTemplate", "spec") if manifest.kind == "CronJob" else ("spec",)
    for name in _SCALE:
        node = find(manifest.root, *way, name)
        if isinstance(node, Scalar):
            path = ".".join((*way, name))
            skip.add(path)
            sheet.setting(Aspect.SCALE, path, node, name)
    for key, node in manifest.rest():
        sheet.tree(Aspect.CONFIG, node, key, key, skip)


def _read_order(pod: Mapping, path: str, sheet: FieldSheet) -> None:
    """Add the order of several init containers: each starts when the one before has ended."""
    containers = items(pod, "initContainers")
    if len(containers) > 1:
        order = ", ".join(item_labels(containers))
        sheet.put(Aspect.CONFIG, f"{path}.initContainers", order, containers[0].line)


def _read_container(container: Mapping, label: str, sheet: FieldSheet) -> list[Reference]:
    image = container.entries.get("image")
    if isinstance(image, Scalar):
        sheet.artifact(f"{label}.image", image)
    ports = container.entries.get("ports")
    if isinstance(ports, Sequence):
        sheet.tree(Aspect.EXPOSURE, ports, f"{label}.ports")
    resources = container.entries.get("resources")
    if resources is not None:
        sheet.tree(Aspect.SCALE, resources, f"{label}.resources")
    for key in ("command", "args"):
        node = container.entries.get(key)
        if node is not None:
            sheet.arguments(node, f"{label}.{key}")
    for key, node in container.entries.items():
        if key not in _OWN_WAY:
            sheet.tree(Aspect.CONFIG, node, f"{label}.{key}", key)
    return [*read_env(container, label, sheet), *read_env_from(container, label, sheet)]


def _ports(container: Mapping) -> list[Port]:
    found = []
    for item in items(container, "ports"):
        number = text(item, "containerPort")
        if number:
            found.append(Port(text(item, "name"), number))
    return found
