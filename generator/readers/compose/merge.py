"""Compose files without Docker Compose: as they stand, one laid over another where that can't go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.documents.tree import Mapping, entries, find
from generator.errors import Place, Unreadable
from generator.readers.compose.files import to_plain
from generator.readers.compose.interpolation import interpolate, mapped
from generator.readers.compose.plain import mapping, several
from generator.readers.compose.shapes import is_old_model, shaped

if TYPE_CHECKING:
    from collections.abc import Mapping as Values
    from collections.abc import Sequence

    from generator.readers.compose.files import ComposeFile
    from generator.readers.compose.interpolation import Plain
    from generator.readers.compose.plain import Model

_REPLACED = frozenset({"command", "entrypoint", "test"})
_DEEPEST = 20
_KEYED = {
    "ports": ("host_ip", "published", "target", "protocol"),
    "volumes": ("target",),
    "configs": ("target", "source"),
    "secrets": ("target",),
    "env_file": ("path",),
}
"""Lists whose items replace one another, and by which of their keys."""


class Standing(NamedTuple):
    """What files say as they stand."""

    model: Model
    problem: Unreadable | None
    """Why they can't be read without Docker Compose; then there is no model."""


def as_they_stand(layers: Sequence[ComposeFile], values: Values[str, str]) -> Standing:
    """Return the model of files laid over one another by Compose's rules, without what takes Compose itself.

    `extends`, `include`, `!reset` and `!override` do, so files with one of them have no model here.
    """
    found: Model = {}
    for layer in layers:
        for root in layer.roots:
            problem = _beyond(layer, root)
            if problem:
                return Standing({}, problem)
            plain = mapped(to_plain(root), lambda text: interpolate(text, values))
            model = mapping(plain)
            if "services" not in model and "version" not in model and is_old_model(model):
                model = {"services": model}
            own = shaped(model)
            services = mapping(own["services"])
            own["services"] = {name: _extended(services, name) for name in services}
            found = mapping(_merged(found, own))
    return Standing(found, None)


def _beyond(layer: ComposeFile, root: object) -> Unreadable | None:
    """Return why a document takes Docker Compose, `None` where it does not."""
    fix = "install assay[compose], or put docker-compose on PATH"
    if not isinstance(root, Mapping):
        return Unreadable("compose-shape", "services are expected as keys and values", Place(layer.path))
    what, line = "", root.line
    if layer.tagged:
        what = "!reset or !override"
    elif find(root, "include") is not None:
        what, line = "include", root.lines.get("include", line)
    services = entries(root, "services") if "services" in root.entries else root.entries
    for service in services.values():
        base = find(service, "extends")
        if base is not None and (find(base, "file") is not None or _base(to_plain(base)) not in services):
            what, line = "extends", base.line
    reason = f"{what} can't be followed without Docker Compose"
    return Unreadable("engine-missing", reason, Place(layer.path, line), fix) if what else None


def _base(extends: Plain) -> str:
    """Return the service of the same file that another one extends; empty where none is named."""
    name = extends if isinstance(extends, str) else mapping(extends).get("service")
    return name if isinstance(name, str) else ""


def _extended(services: Model, name: str, depth: int = 0) -> Plain:
    """Return a service laid over the one of the same file that it extends."""
    own = dict(mapping(services[name]))
    base = _base(own.pop("extends", None))
    if base not in services or depth > _DEEPEST:
        return own
    return _merged(_extended(services, base, depth + 1), own)


def _merged(base: Plain, over: Plain, key: str = "") -> Plain:
    """Return `over` laid over `base`, both in one form."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {k: _merged(base.get(k), over[k], k) if k in over else base[k] for k in {**base, **over}}
    if isinstance(base, list) and isinstance(over, list) and key not in _REPLACED:
        return _joined(base, over, _KEYED.get(key, ()))
    return base if over is None and base is not None else over


def _joined(base: list[Plain], over: list[Plain], keys: tuple[str, ...]) -> list[Plain]:
    found: dict[str, Plain] = {}
    for item in [*base, *over]:
        entry = mapping(item)
        identity = repr([entry.get(k) for k in keys]) if keys and entry else repr(several(item))
        found[identity] = item
    return list(found.values())
