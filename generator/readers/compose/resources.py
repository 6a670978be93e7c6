"""Volumes, configs, secrets and networks of a compose model, as far as a service uses them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from generator.model.component import Aspect, Component, Role, component
from generator.readers.compose.files import from_plain
from generator.readers.compose.plain import mapping, several
from generator.readers.kubernetes.fields import FieldSheet
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.readers.compose.interpolation import Plain
    from generator.readers.compose.plain import Model
    from generator.readers.compose.surroundings import Surroundings

_PARTS = {
    "volumes": ("volume", Role.VOLUME, "ComposeVolume"),
    "configs": ("config", Role.CONFIG, "ComposeConfig"),
    "secrets": ("secret", Role.SECRET, "ComposeSecret"),
    "networks": ("network", Role.CONFIG, "ComposeNetwork"),
}


def read_resources(model: Model, services: Mapping[str, Model], around: Surroundings) -> list[Component]:
    """Return the resources that services use; a network that is nothing but a name says nothing and is left out."""
    used = {part: set(_used(part, services.values())) for part in _PARTS}
    found = []
    for part, (prefix, role, kind) in _PARTS.items():
        for name, definition in mapping(model.get(part)).items():
            entry = mapping(definition)
            if name not in used[part] or (part == "networks" and not entry):
                continue
            path, line = around.lines.resource(part, name)
            sheet = _sheet(part, entry, line, around)
            names = () if part == "networks" else (name,)
            identity = f"{prefix}/{name}"
            fields = [around.taint.cleaned(field) for field in sheet.fields]
            found.append(component(identity, role, kind, fields=fields, names=names, path=path, line=line))
    return found


def _used(part: str, services: Iterable[Model]) -> Iterable[str]:
    for service in services:
        mounts = service.get(part)
        if part == "networks":
            yield from mapping(mounts) or ("default",)
            continue
        yield from _sources(mounts)
        if part == "secrets":
            yield from _sources(mapping(service.get("build")).get("secrets"))


def _sources(mounts: Plain) -> Iterable[str]:
    for item in several(mounts):
        source = mapping(item).get("source")
        if isinstance(source, str):
            yield source


def _sheet(part: str, entry: Model, line: int, around: Surroundings) -> FieldSheet:
    sheet = FieldSheet(around.mask)
    for key, value in entry.items():
        if part == "secrets" and key == "content":
            sheet.secret("content", f"{value}", line)
        else:
            sheet.tree(Aspect.CONFIG, from_plain(value, line), key, key)
    file = entry.get("file")
    data = around.contents.get(around.locate(file)) if isinstance(file, str) else None
    if data is not None and part == "secrets":
        sheet.secret("content", data.decode("utf-8", "surrogateescape"), line)
    elif data is not None:
        sheet.put(Aspect.CONFIG, "content", _digest(data, around), line)
    return sheet


def _digest(data: bytes, around: Surroundings) -> str:
    """Return the digest of a file's content, secrets in it masked before: they could be guessed from it."""
    shown = mask_within(data.decode("utf-8", "surrogateescape"), around.mask)
    return f"sha256:{hashlib.sha256(shown.encode('utf-8', 'surrogateescape')).hexdigest()}"
