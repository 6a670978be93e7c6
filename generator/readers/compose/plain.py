"""Plain values of a compose model: mappings and lists of text, and what all of its forms share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers.compose.texts import duration, number, size

if TYPE_CHECKING:
    from generator.readers.compose.interpolation import Plain

Model = dict[str, "Plain"]

MAPS = ("environment", "labels", "annotations", "sysctls", "storage_opt")
"""Settings of a service that are mappings of the user's own keys, or lists of `KEY=VALUE`."""
_FREE = frozenset({*MAPS, "args", "driver_opts", "options", "additional_contexts"})
"""Mappings whose keys are the user's own, where an empty value is a value."""
_SIZES = frozenset({"mem_limit", "mem_reservation", "memswap_limit", "shm_size", "memory", "size"})
_DURATIONS = frozenset(
    {"interval", "timeout", "start_period", "start_interval", "stop_grace_period", "delay", "monitor", "window"}
)
_SAYING_OFF = frozenset({"required", "attach", "init"})
"""Switches that are on, or the machine's choice, where nothing is said."""
_NUMBERS = frozenset({"cpus", "max_failure_ratio"})


def mapping(node: Plain) -> Model:
    """Return a mapping; an empty one for anything else."""
    return node if isinstance(node, dict) else {}


def several(node: Plain) -> list[Plain]:
    """Return what may be written as one item or as a list of them, as a list."""
    if isinstance(node, list):
        return node
    return [] if node is None else [node]


def pairs(node: Plain, missing: Plain = None) -> Model:
    """Return a mapping that may be written as a list of `KEY=VALUE`; `missing` is the value of a `KEY` alone."""
    if isinstance(node, dict):
        return {key: missing if value is None else value for key, value in node.items()}
    found: Model = {}
    for item in several(node):
        if isinstance(item, str):
            key, equals, value = item.partition("=")
            found[key] = value if equals else missing
    return found


def pruned(node: Plain, keys: frozenset[str], key: str = "") -> Plain:
    """Return `node` without what says nothing (empty parts, switches that are off), and with its texts in one form.

    Below a key of `keys` empty parts stay: there the key alone says something.
    """
    if isinstance(node, str):
        return _text(node, key)
    if isinstance(node, list):
        return [item for item in (pruned(item, frozenset(), key) for item in node) if item not in (None, {}, [])]
    if not isinstance(node, dict):
        return None
    found: Model = {}
    for name, value in node.items():
        if name in _FREE:
            shown: Plain = value
        elif name in keys:
            shown = {n: pruned(v, frozenset()) for n, v in mapping(value).items()}
        else:
            shown = pruned(value, frozenset(), name)
            if (shown == "false" and name not in _SAYING_OFF) or (
                isinstance(shown, str) and (name, shown) == ("create_host_path", "true")
            ):
                continue
        if shown not in (None, "", [], {}):
            found[name] = shown
    return found


def _text(text: str, key: str) -> str:
    if key in _SIZES:
        return size(text)
    if key in _DURATIONS:
        return duration(text)
    return number(text) if key in _NUMBERS else text
