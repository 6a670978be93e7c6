"""Configs, secrets, volume claims and everything that has no reader of its own, as components without pods."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, find, leaves, text
from generator.model.component import Aspect, Component, Role, component
from generator.readers.secrets import is_secret_name

if TYPE_CHECKING:
    from generator.readers.kubernetes.fields import FieldSheet
    from generator.readers.kubernetes.manifests import Manifest

_SECRET_PLAIN = frozenset({"type", "immutable"})
"""What a Secret says of itself beside its data."""
_MAKERS: dict[str, tuple[str, ...]] = {
    "SealedSecret": ("spec", "template", "metadata", "name"),
    "ExternalSecret": ("spec", "target", "name"),
    "Certificate": ("spec", "secretName"),
    "VaultStaticSecret": ("spec", "destination", "name"),
    "VaultDynamicSecret": ("spec", "destination", "name"),
    "OnePasswordItem": ("metadata", "name"),
}
"""Custom resources that a controller turns into a Secret, and where its name stands; else it is their own."""


def read_resource(manifest: Manifest) -> Component:
    """Return the component of an object that neither runs pods nor leads to any."""
    sheet = manifest.sheet()
    role, read = _KINDS.get((manifest.api, manifest.kind), (Role.CONFIG, _read_other))
    names: tuple[str, ...] = ()
    if manifest.kind == "Secret":
        role, read = Role.SECRET, _read_secret
    elif manifest.kind in _MAKERS:
        role, read = Role.SECRET, _read_maker
        names = (text(manifest.root, *_MAKERS[manifest.kind]) or manifest.name,)
    elif manifest.kind == "CustomResourceDefinition":
        read = _read_definition
    read(manifest, sheet)
    return component(
        manifest.resource_id,
        role,
        manifest.kind,
        fields=sheet.fields,
        names=names,
        namespace=manifest.namespace,
        path=manifest.path,
        line=manifest.root.line,
    )


def _read_config_map(manifest: Manifest, sheet: FieldSheet) -> None:
    binary = find(manifest.root, "binaryData")
    if isinstance(binary, Mapping):
        for key, node in binary.entries.items():
            _binary(sheet, f"data.{key}", key, node)
    for key, node in manifest.rest("binaryData"):
        sheet.tree(Aspect.CONFIG, node, key, key)


def _binary(sheet: FieldSheet, name: str, key: str, node: Node) -> None:
    raw = node.text if isinstance(node, Scalar) else ""
    if is_secret_name(key):
        sheet.secret(name, raw, node.line)
    else:
        sheet.put(Aspect.CONFIG, name, f"sha256:{hashlib.sha256(raw.encode()).hexdigest()}", node.line)


def _read_secret(manifest: Manifest, sheet: FieldSheet) -> None:
    """Add the keys of a Secret; `data` is decoded, so that it and `stringData` give the same fingerprint."""
    for part, read in (("data", _decoded), ("stringData", str)):
        node = find(manifest.root, part)
        if node is not None:
            sheet.secret_tree(node, "data", read)
    for key, node in manifest.rest("data", "stringData"):
        if key in _SECRET_PLAIN:
            sheet.tree(Aspect.CONFIG, node, key, key)
        else:
            # A slip such as `stringdata:` holds just what the right key would hold.
            sheet.secret_tree(node, key)


def _decoded(raw: str) -> str:
    """Return the text that base64 stands for; the raw text where it is no base64 or no text."""
    try:
        return base64.b64decode("".join(raw.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return raw


def _read_claim(manifest: Manifest, sheet: FieldSheet) -> None:
    resources = find(manifest.root, "spec", "resources")
    if resources is not None:
        sheet.tree(Aspect.SCALE, resources, "spec.resources")
    for key, node in manifest.rest():
        sheet.tree(Aspect.CONFIG, node, key, key, {"spec.resources"})


def _read_maker(manifest: Manifest, sheet: FieldSheet) -> None:
    encrypted = find(manifest.root, "spec", "encryptedData")
    if encrypted is not None:
        sheet.secret_tree(encrypted, "data")
    for key, node in manifest.rest():
        sheet.tree(Aspect.CONFIG, node, key, key, {"spec.encryptedData"})


def _read_other(manifest: Manifest, sheet: FieldSheet) -> None:
    for key, node in manifest.rest():
        sheet.tree(Aspect.CONFIG, node, key, key)


def _read_definition(manifest: Manifest, sheet: FieldSheet) -> None:
    """Add a custom resource definition without the thousands of leaves of its schemas, which stay as digests."""
    schemas = hashlib.sha256()
    for key, node in manifest.rest():
        for name, leaf in leaves(node, key):
            if "openAPIV3Schema" in name:
                schemas.update(f"{name}\0{leaf.text}\0".encode())
            else:
                sheet.setting(Aspect.CONFIG, name, leaf, "")
    sheet.put(Aspect.CONFIG, "schemas", f"sha256:{schemas.hexdigest()}", manifest.root.line)


_KINDS = {
    ("v1", "ConfigMap"): (Role.CONFIG, _read_config_map),
    ("v1", "PersistentVolumeClaim"): (Role.VOLUME, _read_claim),
}
