"""One form for everything that compose files write in several: short and long, list and mapping, sizes, durations.

Two files that mean the same give the same model here, whether Compose put them into its own form before (it does so
only where it fills in the variables) or they are read as they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers.compose.forms import FORMS, resource
from generator.readers.compose.plain import MAPS, Model, mapping, pairs, pruned, several

if TYPE_CHECKING:
    from generator.readers.compose.interpolation import Plain

_LISTS = ("dns", "dns_search", "dns_opt", "tmpfs", "env_file", "label_file")
_SETS = (
    "cap_add",
    "cap_drop",
    "profiles",
    "security_opt",
    "group_add",
    "links",
    "external_links",
    "device_cgroup_rules",
    "volumes_from",
    "expose",
)
"""Lists whose order says nothing."""
_OF_SERVICE = frozenset({"image", "build", "extends", "command", "ports", "volumes", "environment", "container_name"})


def shaped(model: Model) -> Model:
    """Return the services and resources of a model in one form."""
    services = {n: service(s) for n, s in mapping(model.get("services")).items() if isinstance(s, dict) or s is None}
    found: Model = {"services": dict(services)}
    for part in ("volumes", "networks", "configs", "secrets"):
        found[part] = {n: pruned(resource(d), frozenset()) or {} for n, d in mapping(model.get(part)).items()}
    return found


def is_old_model(model: Model) -> bool:
    """Return whether this is a file of the first format: every key at the top is a service."""
    return bool(model) and all(isinstance(s, dict) and not _OF_SERVICE.isdisjoint(s) for s in model.values())


def service(node: Plain) -> Model:
    """Return one service in one form."""
    found = {key: value for key, value in mapping(node).items() if not key.startswith("x-")}
    for key in MAPS:
        if key in found:
            found[key] = pairs(found[key], missing=None if key == "environment" else "")
    for key in _LISTS:
        if key in found:
            found[key] = several(found[key])
    for key in _SETS:
        if key in found:
            found[key] = [*sorted({t for t in several(found[key]) if isinstance(t, str)})]
    for key, change in FORMS.items():
        if key in found:
            found[key] = change(found[key])
    kept = {key: found.pop(key) for key in ("command", "entrypoint") if found.get(key) is not None}
    return {**mapping(pruned(found, frozenset({"networks", "depends_on"}))), **kept}
