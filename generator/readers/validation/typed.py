"""Trees of text as the values that Kubernetes' own tools read in them: numbers and switches where YAML 1.1 has them.

Only the kind of a value matters to a schema, so a number that is too long to be one is any number.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import TypeAlias

from generator.documents.tree import Mapping, Node, Scalar, Sequence

Value: TypeAlias = "dict[str, Value] | list[Value] | str | float | bool | None"

_TRUE = frozenset({"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
_FALSE = frozenset({"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
_WHOLE = re.compile(r"[-+]?(?:0b[01]+|0x[0-9a-fA-F]+|0o?[0-7]*|[1-9][0-9]*)")
_BROKEN = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan")
_LONGEST = 18
"""Characters of a number whose value is taken as it is."""


def typed(node: Node) -> Value:
    """Return a tree as plain values; entries that hold nothing are left out, as the platform leaves them out."""
    if isinstance(node, Scalar):
        return _value(node)
    if isinstance(node, Sequence):
        return [typed(item) for item in node.items]
    found: dict[str, Value] = {}
    for key, child in node.entries.items():
        value = typed(child)
        if value is not None:
            found[key] = value
    return found


def _value(scalar: Scalar) -> str | float | bool | None:
    text = scalar.text
    if not scalar.plain:
        return text
    if scalar.null:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    # Only what begins like a number can be one, and most texts don't.
    return _number(text) if text[0] in "0123456789+-." else text


def _number(text: str) -> str | float:
    digits = text.replace("_", "")
    if _WHOLE.fullmatch(digits):
        return int(digits) if len(digits) < _LONGEST and digits.lstrip("+-").isdigit() else 1
    if _BROKEN.fullmatch(digits):
        value = float(digits.replace(".inf", "1.5").replace(".nan", "1.5")) if len(digits) < _LONGEST else 1.5
        return value if isfinite(value) else 1.5
    return text


def node_at(root: Node, way: list[str | int]) -> Node | None:
    """Return the node at the end of `way`, keys and places; `None` where it ends before that."""
    node: Node | None = root
    for step in way:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.entries.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node
