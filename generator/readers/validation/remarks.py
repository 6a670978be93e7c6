"""What a schema finds wrong, as remarks: where, and what is expected there, never the value that stands there."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from generator.documents.tree import Mapping, Scalar, Sequence
from generator.errors import one_line
from generator.model.component import Remark
from generator.readers.kubernetes.fields import item_labels
from generator.readers.validation.typed import node_at, typed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.documents.tree import Node

MISSING = "schema-missing"
"""Code of the note that an environment's manifests are not held against schemas."""
INVALID = "schema-invalid"
UNKNOWN = "unknown-field"
MOST = 20
"""Remarks on one document; one more tells how many there are."""
MOST_COUNTED = 1_000
"""Errors of one document that are counted."""
_LONGEST_KEY = 80
_LATER = re.compile(r"\$\{|\{\{|\$\(|^ENC\[|^<.*>$")
"""What stands in a value that another tool fills in or decrypts, so that its kind is not yet known."""
_CONTAINERS = re.compile(
    r"spec\.(?:template\.spec\.|jobTemplate\.spec\.template\.spec\.)?(c|initC)ontainers\[([^\]]*)\]"
)
_SETTING = re.compile(r"\.env\[([^\]]*)\]\.value$")
_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
}


def remarks_on(errors: Iterable[Any], root: Mapping, kind: str) -> tuple[Remark, ...]:
    """Return the remarks for a validator's `errors` on the document `root`, capped and sorted."""
    found: dict[tuple[str, str], Remark] = {}
    labels: dict[int, list[str]] = {}
    more = 0
    for error in islice(errors, MOST_COUNTED):
        # How one is worded costs more than that it is one, and nobody reads thousands.
        if len(found) >= MOST:
            more += 1
            continue
        for remark in _remarks(error, root, labels):
            if len(found) < MOST:
                found.setdefault((remark.rule, remark.field), remark)
            else:
                more += 1
    if more:
        counted = "at least " if more + MOST >= MOST_COUNTED else ""
        message = f"{kind}: {counted}{more} more things are not as its schema wants them"
        found[INVALID, "more"] = Remark(INVALID, "error", message, "more", root.line)
    return tuple(sorted(found.values(), key=lambda r: (r.rule, r.field, r.line, r.message)))


def unknown_kind(api: str, kind: str, target: str, root: Mapping) -> tuple[Remark, ...]:
    """Return the remark on an object of a kind that the platform does not have."""
    message = f"Kubernetes {target} has no {kind} of version {api}"
    return (Remark(INVALID, "error", message, "apiVersion", root.lines.get("apiVersion", root.line)),)


def _remarks(error: Any, root: Mapping, labels: dict[int, list[str]]) -> list[Remark]:  # noqa: ANN401 - of a package that may be missing
    way = list(error.instance_path)
    name, told = error.kind.name, error.kind.as_dict()
    field = _field(root, way, labels)
    node = node_at(root, way)
    if name == "additionalProperties":
        lines = node.lines if isinstance(node, Mapping) else {}
        unexpected = [one_line(key, _LONGEST_KEY) for key in told["unexpected"]]
        return [_unknown(_field_of(field, key), lines.get(key, 0)) for key in unexpected]
    if isinstance(node, Scalar) and _LATER.search(node.text):
        return []
    line = node.line if node is not None else 0
    if name == "required":
        missing = one_line(str(told["property"]), _LONGEST_KEY)
        where = f"{field} lacks {missing}" if field else f"{missing} is missing"
        return [Remark(INVALID, "error", f"{where}, which must be there", _field_of(field, missing), line)]
    return [Remark(INVALID, "error", f"{field or 'The object'} {_expected(name, told, node)}", field, line)]


def _unknown(field: str, line: int) -> Remark:
    message = f"{field} is no field that Kubernetes knows; it is left out or refused"
    return Remark(UNKNOWN, "warning", message, field, line)


def _expected(name: str, told: dict[str, Any], node: Node | None) -> str:
    """Return what must stand there, in words; of what does stand there only its kind."""
    is_now = f", and is {_kind_of(node)}" if node is not None else ""
    if name == "type":
        wanted = [_WORDS.get(t, t) for t in sorted(told["types"]) if t != "null"]
        return f"must be {' or '.join(wanted)}{is_now}"
    if name == "enum":
        options = [str(option) for option in told["options"] if option is not None]
        return (
            f"must be {one_line(', '.join(options), 200)}" if len(options) == 1 else f"must be one of {_all(options)}"
        )
    if name in {"oneOf", "anyOf"}:
        types = {t for branch in told.get("context", []) for e in branch for t in _types(e)}
        wanted = [_WORDS.get(t, t) for t in sorted(types) if t != "null"]
        return f"must be {' or '.join(wanted)}{is_now}" if wanted else "is of no form that is allowed"
    return f"breaks what its schema says by `{name}`"


def _all(options: list[str]) -> str:
    return one_line(", ".join(sorted(options)), 200)


def _types(error: Any) -> list[str]:  # noqa: ANN401 - as above
    return list(error.kind.as_dict()["types"]) if error.kind.name == "type" else []


def _kind_of(node: Node) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    value = typed(node)
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    return "a text" if isinstance(value, str) else "a number"


def _field(root: Node, way: list[str | int], labels: dict[int, list[str]]) -> str:
    """Return the name of a field as components have it: items by what identifies them, containers by their names.

    `labels` keeps what the items of a list are called, by the list's identity.
    """
    parts: list[str] = []
    node: Node | None = root
    for step in way:
        if isinstance(step, int):
            known = _labels(node, labels)
            parts[-1:] = [f"{parts[-1] if parts else ''}[{known[step] if step < len(known) else step}]"]
        else:
            parts.append(one_line(step, _LONGEST_KEY))
        node = node_at(node, [step]) if node is not None else None
    return _SETTING.sub(r".env.\1", _CONTAINERS.sub(_container, ".".join(parts), count=1))


def _labels(node: Node | None, labels: dict[int, list[str]]) -> list[str]:
    if not isinstance(node, Sequence):
        return []
    if id(node) not in labels:
        labels[id(node)] = item_labels(node.items)
    return labels[id(node)]


def _container(found: re.Match[str]) -> str:
    return f"init.{found[2]}" if found[1] == "initC" else found[2]


def _field_of(parent: str, key: str) -> str:
    return f"{parent}.{key}" if parent else key
