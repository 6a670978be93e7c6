"""TOSCA's functions: put in place of a value where it is written down, and left as text where it comes later.

`get_input`, `get_property`, `get_attribute`, `concat`, `join` and `token` are resolved as far as the template and its
inputs say. What only the orchestrator knows (an address, an output of an operation) stays `{ get_attribute: [...] }`.
A value with a secret name is never carried to another place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence, entries, find, items, text
from generator.readers.secrets import is_secret_name
from generator.readers.tree_size import LONGEST, MOST_INSERTED, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.tosca.template import Template

_FUNCTIONS = frozenset(
    {
        "concat",
        "get_artifact",
        "get_attribute",
        "get_input",
        "get_nodes_of_type",
        "get_operation_output",
        "get_property",
        "join",
        "token",
    }
)
MOST_CALLS = 200_000
"""Calls that are resolved in one template; any further one stays as it is written."""
_DEEPEST = 30
_TOKEN = 3
"""Parts of a `token`: text, separators, place."""
_LONGEST_PLACE = 4
"""Digits of a place in a list."""


class Functions:
    """What the functions of one template stand for."""

    def __init__(self, template: Template, inputs: dict[str, Node]) -> None:
        """Start with the known `inputs` by their name."""
        self._template = template
        self._inputs = inputs
        self._nodes = template.section("node_templates")
        self._calls = MOST_CALLS

    def resolved(self, node: Node, own: str, left: list[int] | None = None, depth: int = 0) -> Node:
        """Return `node`, a value of the node template `own`, with its functions replaced as far as they are known."""
        left = [MOST_INSERTED] if left is None else left
        call = function(node)
        if call is not None and isinstance(node, Mapping):
            found = self._call(call, node.entries[call], own, left, depth) if depth < _DEEPEST else None
            if found is None:
                return Scalar(flow(node), node.line, plain=False)
            return Scalar(found.text, node.line, found.plain) if isinstance(found, Scalar) else found
        if isinstance(node, Mapping):
            inner = {key: self.resolved(child, own, left, depth + 1) for key, child in node.entries.items()}
            return Mapping(inner, node.line, node.lines)
        if isinstance(node, Sequence):
            return Sequence([self.resolved(item, own, left, depth + 1) for item in node.items], node.line)
        return node

    def named(self, node: Node) -> Iterator[str]:
        """Yield the node templates whose properties or attributes a value is taken from."""
        waiting = [node]
        while waiting:
            top = waiting.pop()
            if isinstance(top, Sequence):
                waiting += top.items
            elif isinstance(top, Mapping):
                call = function(top)
                first = next(iter(items(top, call)), None) if call in {"get_property", "get_attribute"} else None
                if isinstance(first, Scalar) and first.text in self._nodes:
                    yield first.text
                waiting += top.entries.values()

    def host(self, own: str) -> str:
        """Return the node template that `own` is hosted on; empty where none is named."""
        for item in items(self._nodes.get(own), "requirements"):
            wanted = entries(item).get("host")
            if wanted is not None:
                return wanted.text if isinstance(wanted, Scalar) else text(wanted, "node")
        return ""

    def _call(self, call: str, argument: Node, own: str, left: list[int], depth: int) -> Node | None:
        """Return what a function stands for; `None` where that is not known here, or would be too large."""
        self._calls -= 1
        if self._calls < 0:
            return None
        parts: list[Node] = [argument] if isinstance(argument, Scalar) else items(argument)
        if call in {"concat", "join", "token"}:
            return _of_text(call, [self.resolved(part, own, left, depth + 1) for part in parts])
        names = [part.text for part in parts if isinstance(part, Scalar)]
        if not names or len(names) != len(parts) or any(is_secret_name(name) for name in names):
            return None
        found: Node | None = None
        if call == "get_input":
            found = below(self._inputs.get(names[0]), names[1:])
        elif call in {"get_property", "get_attribute"}:
            own = {"SELF": own, "HOST": self.host(own)}.get(names[0], names[0])
            found = self._of_node(call, own, names[1:])
        if found is None:
            return None
        left[0] -= size(found)
        return self.resolved(found, own, left, depth + 1) if left[0] >= 0 else None

    def _of_node(self, call: str, node: str, way: list[str]) -> Node | None:
        """Return a property or an attribute of a node template, as it is written."""
        if node not in self._nodes or not way:
            return None
        if call == "get_attribute":
            known = find(self._nodes[node], "attributes")
            return Scalar(node, 0, plain=False) if way == ["tosca_name"] else below(known, way)
        return next((n for n in (below(v, way) for v in self._values(node, way[0])) if n is not None), None)

    def _values(self, node: str, first: str) -> Iterator[Node | None]:
        """Yield where a property of a node template may stand: its own, those of a capability, its type's default."""
        body = self._nodes.get(node)
        yield find(body, "properties")
        properties = find(body, "capabilities", first, "properties")
        if properties is not None:
            yield Mapping({first: properties}, 0, {})
        for definition in self._template.chain("node_types", text(body, "type")):
            default = find(definition.body, "properties", first, "default")
            if default is not None:
                yield Mapping({first: default}, 0, {})


def function(node: Node) -> str | None:
    """Return the name of the function that `node` calls, if it is a call."""
    if isinstance(node, Mapping) and len(node.entries) == 1:
        name = next(iter(node.entries))
        return name if name in _FUNCTIONS else None
    return None


def flow(node: Node) -> str:
    """Return a tree in one line, as YAML writes it between braces; cut where it is long."""
    parts: list[str] = []
    length = 0
    stack: list[Node | str] = [node]
    while stack and length <= LONGEST:
        top = stack.pop()
        if isinstance(top, str):
            shown = top
        elif isinstance(top, Scalar):
            shown = top.text if top.text and not set(top.text) & set(" ,:[]{}'\"\n") else f'"{top.text}"'
        else:
            inner: list[Node | str] = []
            for place, (key, child) in enumerate(_children(top)):
                inner += [", "] if place else []
                inner += [f"{key}: ", child] if key else [child]
            stack += reversed(["{ ", *inner, " }"] if isinstance(top, Mapping) else ["[", *inner, "]"])
            continue
        parts.append(shown)
        length += len(shown)
    return "".join(parts)


def _children(node: Mapping | Sequence) -> list[tuple[str, Node]]:
    return [("", item) for item in node.items] if isinstance(node, Sequence) else list(node.entries.items())


def below(node: Node | None, way: list[str]) -> Node | None:
    """Return what stands under the keys and places of `way`; `None` where nothing does."""
    for step in way:
        if isinstance(node, Sequence):
            place = _place(step)
            node = node.items[place] if place is not None and place < len(node.items) else None
        else:
            node = find(node, step)
    return None if node is None or (isinstance(node, Scalar) and node.null) else node


def _place(step: str) -> int | None:
    return int(step) if step.isascii() and step.isdigit() and len(step) <= _LONGEST_PLACE else None


def _of_text(call: str, parts: list[Node]) -> Node | None:
    """Return a text made of texts; `None` where some part is not known."""
    if call == "join":
        pieces = items(parts[0]) if parts else []
        between = parts[1].text if len(parts) > 1 and isinstance(parts[1], Scalar) else ""
        return _joined(pieces, between)
    if call == "concat":
        return _joined(parts, "")
    texts = _texts(parts)
    place = _place(texts[-1]) if len(texts) == len(parts) == _TOKEN else None
    if place is None or not texts[1]:
        return None
    found = re.split(f"[{re.escape(texts[1])}]", texts[0])
    return Scalar(found[place], 0, plain=False) if place < len(found) else None


def _joined(parts: list[Node], between: str) -> Node | None:
    texts = _texts(parts)
    if not texts or len(texts) != len(parts) or sum(map(len, texts)) + len(between) * len(texts) > LONGEST:
        return None
    return Scalar(between.join(texts), 0, plain=False)


def _texts(parts: list[Node]) -> list[str]:
    return [part.text for part in parts if isinstance(part, Scalar) and not is_symbolic(part.text)]


def is_symbolic(value: str) -> bool:
    """Return whether a text is a function that could not be resolved."""
    return value.startswith("{ ") and value[2:].partition(":")[0] in _FUNCTIONS
