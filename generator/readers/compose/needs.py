"""What a service of a compose model refers to: other services, volumes, configs and secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.tree import Scalar
from generator.model.component import Aspect, How, Reference, Role
from generator.readers.compose.plain import mapping, several

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.readers.compose.plain import Model
    from generator.readers.kubernetes.fields import FieldSheet

_SHARED = ("network_mode", "ipc", "pid")
"""Settings by which a service lives in another one: `service:NAME`."""


def read_needs(service: Model, line: Callable[..., int], sheet: FieldSheet) -> list[Reference]:
    """Return what has to run first, and what the service shares a network, volumes or processes with."""
    found: list[Reference] = []
    for name, how in mapping(service.get("depends_on")).items():
        field, entry, place = f"depends_on.{name}", mapping(how), line("depends_on", name)
        more = [key for key in ("required", "restart") if key in entry]
        shown = " ".join([f"{entry.get('condition')}", *(f"{key}={entry[key]}" for key in more)])
        sheet.put(Aspect.CONFIG, field, shown, place)
        found.append(_need(name, field, place, optional=entry.get("required") == "false"))
    for key in ("links", "volumes_from"):
        named = [f"{item}".partition(":")[0] for item in several(service.get(key))]
        # `container:NAME` is a container of somewhere else.
        found += [_need(name, key, line(key)) for name in named if name != "container"]
    for key in _SHARED:
        kind, _, name = f"{service.get(key)}".partition(":")
        if kind == "service":
            found.append(_need(name, key, line(key)))
    return found


def _need(name: str, field: str, line: int, *, optional: bool = False) -> Reference:
    return Reference(Role.COMPONENT, name, How.REFERENCE, field, optional=optional, line=line)


def read_mounts(service: Model, line: Callable[..., int], sheet: FieldSheet) -> list[Reference]:
    """Return the named volumes, configs and secrets that the service mounts."""
    found: list[Reference] = []
    for item in several(service.get("volumes")):
        volume, place = dict(mapping(item)), line("volumes")
        source, kind = volume.pop("source", None), volume.pop("type", "volume")
        field = f"volumes.{volume.pop('target', '')}"
        shown = source if isinstance(source, str) else f"{kind}"
        scalar = Scalar(":".join([shown, *_options(volume)]), place, plain=False)
        sheet.setting(Aspect.CONFIG, field, scalar, "")
        if kind == "volume" and isinstance(source, str):
            found.append(Reference(Role.VOLUME, source, How.REFERENCE, field, line=place))
    for part, role in (("configs", Role.CONFIG), ("secrets", Role.SECRET)):
        for item in several(service.get(part)):
            mount, place = dict(mapping(item)), line(part)
            source, target = mount.pop("source", None), mount.pop("target", None)
            if isinstance(source, str):
                shown = ":".join([target if isinstance(target, str) else f"/{source}", *_options(mount)])
                sheet.put(Aspect.CONFIG, f"{part}.{source}", shown, place)
                found.append(Reference(role, source, How.REFERENCE, f"{part}.{source}", line=place))
    return found


def _options(entry: Model, before: str = "") -> list[str]:
    """Return what else a mount says, as `ro` and `KEY=VALUE`, sorted."""
    found = []
    for key, value in entry.items():
        if isinstance(value, dict):
            found += _options(value, f"{before}{key}.")
        else:
            found.append("ro" if (key, value) == ("read_only", "true") else f"{before}{key}={value}")
    return sorted(found)
