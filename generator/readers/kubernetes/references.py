"""What the pods of a workload need: configs, secrets, volumes, and the addresses in their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, items, text
from generator.model.component import Aspect, How, Reference, Role
from generator.readers.addresses import find_addresses
from generator.readers.kubernetes.fields import item_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.kubernetes.fields import FieldSheet

_SOURCES = (("configMapKeyRef", Role.CONFIG), ("secretKeyRef", Role.SECRET))
_BULK_SOURCES = (("configMapRef", Role.CONFIG), ("secretRef", Role.SECRET))
_VOLUMES = (
    ("configMap", "name", Role.CONFIG),
    ("secret", "secretName", Role.SECRET),
    ("secret", "name", Role.SECRET),  # inside `projected`
    ("persistentVolumeClaim", "claimName", Role.VOLUME),
)
_ONE = frozenset({"0", "1"})
"""Divisors by which a resource is given in whole units."""
_SECRET_REFS = ("secretRef", "nodePublishSecretRef")


def read_env(container: Mapping, label: str, sheet: FieldSheet) -> Iterator[Reference]:
    """Add the environment of a container to `sheet` and yield what it refers to."""
    for item in items(container, "env"):
        name = text(item, "name")
        if not isinstance(item, Mapping) or not name:
            continue
        field = f"{label}.env.{name}"
        source = item.entries.get("valueFrom")
        value = item.entries.get("value")
        if isinstance(source, Mapping):
            sheet.put(Aspect.CONFIG, field, _source_text(source), source.line)
            yield from _key_references(source, field)
        elif isinstance(value, Scalar):
            sheet.setting(Aspect.CONFIG, field, value, name, text_stays=False)
            for found in find_addresses(name, value.text):
                yield Reference(found.role, found.host, How.INFERRED, field, found.port, line=value.line)
        else:
            sheet.tree(Aspect.CONFIG, value or Scalar("", item.line), field, name)


def read_env_from(container: Mapping, label: str, sheet: FieldSheet) -> Iterator[Reference]:
    """Add the configs and secrets that a container takes whole into its environment, and yield them."""
    for item in items(container, "envFrom"):
        for key, role in _BULK_SOURCES:
            target = text(item, key, "name")
            if target:
                field = f"{label}.envFrom[{key}:{target}]"
                line = item.line
                sheet.put(Aspect.CONFIG, field, text(item, "prefix"), line)
                optional = text(item, key, "optional") == "true"
                yield Reference(role, target, How.REFERENCE, field, optional=optional, line=line)


def read_volumes(pod: Mapping, path: str) -> Iterator[Reference]:
    """Yield what the volumes and the image pulls of a pod refer to; their fields are those of the tree."""
    volumes = items(pod, "volumes")
    for label, volume in zip(item_labels(volumes), volumes, strict=True):
        field = f"{path}.volumes[{label}]"
        for source in (volume, *items(volume, "projected", "sources")):
            yield from _volume_references(source, field)
    secrets = items(pod, "imagePullSecrets")
    for label, secret in zip(item_labels(secrets), secrets, strict=True):
        target = text(secret, "name")
        if target:
            field = f"{path}.imagePullSecrets[{label}]"
            yield Reference(Role.SECRET, target, How.REFERENCE, field, line=secret.line)


def _key_references(source: Mapping, field: str) -> Iterator[Reference]:
    for kind, role in _SOURCES:
        target = text(source, kind, "name")
        if target:
            optional = text(source, kind, "optional") == "true"
            key = text(source, kind, "key")
            yield Reference(role, target, How.REFERENCE, field, key=key, optional=optional, line=source.line)


def _source_text(source: Mapping) -> str:
    """Return where a value comes from, in one line: `secretKeyRef database/password`."""
    parts = []
    for kind, node in source.entries.items():
        words = [text(node, "name"), text(node, "containerName"), text(node, "key")]
        divisor = text(node, "divisor")
        words += [text(node, "fieldPath"), text(node, "resource"), "" if divisor in _ONE else divisor]
        parts.append(f"{kind} {'/'.join(word for word in words if word)}")
    return ", ".join(parts)


def _volume_references(source: Node, field: str) -> Iterator[Reference]:
    if not isinstance(source, Mapping):
        return
    for kind, name, role in _VOLUMES:
        target = text(source, kind, name)
        if target:
            optional = text(source, kind, "optional") == "true"
            keys = [key for key in (text(item, "key") for item in items(source, kind, "items")) if key]
            for key in keys or [""]:
                yield Reference(role, target, How.REFERENCE, field, key=key, optional=optional, line=source.line)
    for driver in source.entries.values():
        for ref in _SECRET_REFS:
            target = text(driver, ref, "name")
            if target:
                yield Reference(Role.SECRET, target, How.REFERENCE, field, line=source.line)
