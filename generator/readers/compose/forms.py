"""The parts of a service that compose files write in a short and a long form, in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers.compose.plain import Model, mapping, pairs, pruned, several
from generator.readers.compose.texts import mode, ports, volume_parts
from generator.readers.compose.words import split_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.readers.compose.interpolation import Plain

_PATHS = (".", "/", "~")
_ALL = ("count", "all")
_PORT_DEFAULT = {"mode": "ingress"}
_BUILD_MAPS = ("args", "labels")


def words(node: Plain) -> Plain:
    """Return a command line as its words; an empty one stays, since it takes that of the image away."""
    if not isinstance(node, str):
        return node
    return [*split_words(node)]


def _build(node: Plain) -> Plain:
    found: Model = {"context": ".", **node} if isinstance(node, dict) else {"context": node}
    if isinstance(found.get("ssh"), dict):
        found["ssh"] = [key if value is None else f"{key}={value}" for key, value in mapping(found["ssh"]).items()]
    for key in _BUILD_MAPS:
        if key in found:
            found[key] = pairs(found[key], missing=None if key == "args" else "")
    for key in ("secrets", "tags", "cache_from"):
        if key in found:
            found[key] = _mounts(found[key]) if key == "secrets" else several(found[key])
    if "extra_hosts" in found:
        found["extra_hosts"] = _hosts(found["extra_hosts"])
    return found


def _depends_on(node: Plain) -> Plain:
    if not isinstance(node, dict):
        node = {name: {} for name in several(node) if isinstance(name, str)}
    found: Model = {}
    for name, how in node.items():
        entry = dict(mapping(how))
        entry.setdefault("condition", "service_started")
        if entry.get("required") == "true":
            del entry["required"]
        if entry.get("restart") == "false":
            del entry["restart"]
        found[name] = entry
    return found


def _networks(node: Plain) -> Plain:
    if not isinstance(node, dict):
        return {name: {} for name in several(node) if isinstance(name, str)}
    found: Model = {}
    for name, how in node.items():
        entry = dict(mapping(how))
        if "aliases" in entry:
            entry["aliases"] = [*sorted({a for a in several(entry["aliases"]) if isinstance(a, str)})]
        found[name] = pruned(entry, frozenset()) or {}
    return found


def _ports(node: Plain) -> Plain:
    found: list[Plain] = []
    for item in several(node):
        if isinstance(item, str):
            found += ports(item)
        elif isinstance(item, dict):
            entry = {k: v for k, v in item.items() if _PORT_DEFAULT.get(k) != v and v is not None}
            entry.setdefault("protocol", "tcp")
            found.append(entry)
    return found


def _volumes(node: Plain) -> Plain:
    found: list[Plain] = []
    for item in several(node):
        if isinstance(item, str):
            found.append(_volume(item))
        elif isinstance(item, dict):
            entry = dict(mapping(pruned(item, frozenset())))
            source = entry.get("source")
            if isinstance(source, str) and source.startswith(_PATHS):
                # Where a variable stands for the path, its kind shows only now.
                entry["type"] = "bind" if entry.get("type") == "volume" else entry.get("type")
            found.append(entry)
    return found


def _volume(short: str) -> Plain:
    parts = volume_parts(short)
    if len(parts) == 1:
        return {"type": "volume", "target": parts[0]}
    source, target, *more = parts
    options = more[0].split(",") if more else []
    kind = "bind" if source.startswith((*_PATHS, "$")) else "volume"
    entry: Model = {"type": kind, "source": source, "target": target.rstrip("/") or "/"}
    for option in options:
        if option == "ro":
            entry["read_only"] = "true"
        elif option in {"z", "Z"}:
            entry["bind"] = {"selinux": option}
        elif option == "nocopy":
            entry["volume"] = {"nocopy": "true"}
        elif option.endswith(("private", "shared", "slave")):
            entry["bind"] = {"propagation": option}
    return entry


def _mounts(node: Plain) -> Plain:
    """Return the configs or secrets that a service mounts."""
    found: list[Plain] = []
    for item in several(node):
        entry: Model = {"source": item} if isinstance(item, str) else dict(mapping(item))
        if isinstance(entry.get("mode"), str):
            entry["mode"] = mode(str(entry["mode"]))
        found.append(entry)
    return found


def _secret_mounts(node: Plain) -> Plain:
    found: list[Plain] = []
    for item in several(_mounts(node)):
        entry = dict(mapping(item))
        target = entry.get("target") or entry.get("source") or ""
        if isinstance(target, str):
            entry["target"] = target if target.startswith("/") else f"/run/secrets/{target}"
        found.append(entry)
    return found


def _hosts(node: Plain) -> Plain:
    found: set[str] = set()
    if isinstance(node, dict):
        found = {f"{h}={ip}" for h, ips in node.items() for ip in several(ips) if isinstance(ip, str)}
    for item in several(node) if not isinstance(node, dict) else []:
        if isinstance(item, str):
            host, sign, ip = item.partition("=") if "=" in item else item.partition(":")
            found.add(f"{host}={ip.strip('[]')}" if sign else host)
    return [*sorted(found)]


def _healthcheck(node: Plain) -> Plain:
    found = dict(mapping(node))
    test = found.get("test")
    if isinstance(test, str):
        found["test"] = ["CMD-SHELL", test]
    if isinstance(test, list) and test[:1] == ["NONE"]:
        return {"disable": "true"}
    return found


def _gpus(node: Plain) -> Plain:
    if node == "all":
        return [{"count": "-1"}]
    return [_counted(item) for item in several(node)]


def _counted(node: Plain) -> Model:
    return {key: "-1" if (key, value) == _ALL else value for key, value in mapping(node).items()}


def _devices(node: Plain) -> Plain:
    """Return devices as `SOURCE:TARGET:PERMISSIONS`; their order says nothing."""
    found = set()
    for item in several(node):
        if isinstance(item, str):
            source, target, permissions = [*volume_parts(item), "", ""][:3]
        else:
            source, target, permissions = (f"{mapping(item).get(k) or ''}" for k in ("source", "target", "permissions"))
        found.add(f"{source}:{target or source}:{permissions or 'rwm'}")
    return [*sorted(found)]


def _hooks(node: Plain) -> Plain:
    found: list[Plain] = []
    for item in several(node):
        entry = dict(mapping(item))
        for key, change in (("command", words), ("environment", pairs)):
            if key in entry:
                entry[key] = change(entry[key])
        found.append(entry)
    return found


def _deploy(node: Plain) -> Plain:
    found = dict(mapping(node))
    if "labels" in found:
        found["labels"] = pairs(found["labels"], missing="")
    resources = dict(mapping(found.get("resources")))
    reserved = dict(mapping(resources.get("reservations")))
    if "devices" in reserved:
        reserved["devices"] = [_counted(item) for item in several(reserved["devices"])]
        found["resources"] = {**resources, "reservations": reserved}
    return found


def _env_files(node: Plain) -> Plain:
    found: list[Plain] = []
    for item in several(node):
        entry: Model = {"path": item} if isinstance(item, str) else dict(mapping(item))
        if entry.get("required") == "true":
            del entry["required"]
        found.append(entry)
    return found


def resource(node: Plain) -> Plain:
    """Return the definition of a volume, network, config or secret."""
    found = {key: value for key, value in mapping(node).items() if not key.startswith("x-")}
    if "labels" in found:
        found["labels"] = pairs(found["labels"], missing="")
    if isinstance(found.get("external"), dict):
        found |= {"name": mapping(found["external"]).get("name"), "external": "true"}
    return found


FORMS: dict[str, Callable[[Plain], Plain]] = {
    "command": words,
    "entrypoint": words,
    "build": _build,
    "depends_on": _depends_on,
    "networks": _networks,
    "ports": _ports,
    "volumes": _volumes,
    "configs": _mounts,
    "secrets": _secret_mounts,
    "extra_hosts": _hosts,
    "healthcheck": _healthcheck,
    "gpus": _gpus,
    "devices": _devices,
    "deploy": _deploy,
    "post_start": _hooks,
    "pre_stop": _hooks,
    "env_file": _env_files,
}
"""Setting of a service → what puts it into one form."""
