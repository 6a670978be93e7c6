"""What is known inside one module: values of variables and locals, put where they are named, and what is referred to.

Nothing is computed: a value stands in for `${var.NAME}` and `${local.NAME}` (and for a part of one by its keys) where
it is written down somewhere; every other expression stays the text that it is. A sensitive value never moves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence, leaves
from generator.readers.secrets import is_secret_name
from generator.readers.terraform.modules import is_true
from generator.readers.terraform.text import references
from generator.readers.tree_size import LONGEST, MOST_INSERTED, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.terraform.modules import Block, Configuration

_CHAIN = 50
"""Locals that name one another."""

_NAME = r"[A-Za-z_][\w-]*"
_INSERTED = re.compile(
    rf'(?<!\$)\$\{{\s*(?P<root>var|local)\.(?P<name>{_NAME})(?P<way>(?:\.{_NAME}|\[\d{{1,4}}\]|\["[^"\\$%]*"\])*)\s*\}}'
)
_STEP = re.compile(rf'\.(?P<key>{_NAME})|\[(?P<place>\d+)\]|\["(?P<text>[^"]*)"\]')


@dataclass(slots=True)
class Scope:
    """One module as it is called; values that are not known stay out."""

    configuration: Configuration
    values: dict[str, Node]
    """Known values of variables: the given ones, else their defaults."""
    hidden: frozenset[str]
    """Variables declared as sensitive."""
    locals: dict[str, Block]
    """The block that each local value stands in."""
    declared: frozenset[tuple[str, tuple[str, ...]]]
    """Kind and labels of every block."""
    _known: dict[str, Node | None] = field(default_factory=dict)
    _named: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def resolved(self, node: Node) -> Node:
        """Return `node` with known values in the place of their names."""
        return self._resolved(node, [MOST_INSERTED])

    def local(self, name: str) -> Node:
        """Return a local value, with known values in the place of their names."""
        return self._local(name) or self.locals[name].body.entries[name]

    def targets(self, node: Node) -> Iterator[tuple[str, str, str]]:
        """Yield what `node` refers to, itself or through locals: mode, type (or `module`) and name."""
        seen: set[str] = set()
        waiting = [_references(node)]
        while waiting:
            for target in waiting.pop():
                name = target[2]
                if target[1] != "local":
                    yield target
                elif name in self.locals and name not in seen:
                    seen.add(name)
                    if name not in self._named:
                        self._named[name] = _references(self.locals[name].body.entries[name])
                    waiting.append(self._named[name])

    def _resolved(self, node: Node, left: list[int]) -> Node:
        if isinstance(node, Scalar):
            return self._scalar(node, left) if "${" in node.text else node
        if isinstance(node, Sequence):
            return Sequence([self._resolved(item, left) for item in node.items], node.line)
        entries = {key: self._resolved(child, left) for key, child in node.entries.items()}
        return Mapping(entries, node.line, node.lines)

    def _scalar(self, node: Scalar, left: list[int]) -> Node:
        whole = _INSERTED.fullmatch(node.text)
        if whole:
            found = self._lookup(whole)
            if found is None:
                return node
            left[0] -= size(found)
            if left[0] < 0:
                return node
            return Scalar(found.text, node.line, found.plain) if isinstance(found, Scalar) else found
        text = _INSERTED.sub(self._inserted, node.text) if len(node.text) <= LONGEST else ""
        return Scalar(text, node.line, plain=False) if 0 < len(text) <= LONGEST else node

    def _inserted(self, match: re.Match[str]) -> str:
        found = self._lookup(match)
        return found.text if isinstance(found, Scalar) and not found.null else match[0]

    def _lookup(self, match: re.Match[str]) -> Node | None:
        """Return what a name stands for; `None` where that is not written down, is secret or too large."""
        name = match["name"]
        steps = list(_STEP.finditer(match["way"]))
        if is_secret_name(name) or any(is_secret_name(step["key"] or step["text"] or "") for step in steps):
            return None
        node: Node | None = None
        if match["root"] == "local":
            node = self._local(name) if name in self.locals else None
        elif name not in self.hidden:
            node = self.values.get(name)
        for step in steps:
            node = _step(node, step)
        if node is None or (isinstance(node, Scalar) and node.null):
            return None
        return node if size(node) <= MOST_INSERTED else None

    def _local(self, name: str) -> Node | None:
        if name not in self._known:
            if name in self._open or len(self._open) >= _CHAIN:
                return None
            self._open.append(name)
            self._known[name] = self.resolved(self.locals[name].body.entries[name])
            self._open.pop()
        return self._known[name]


def _step(node: Node | None, step: re.Match[str]) -> Node | None:
    if step["place"] is None:
        return node.entries.get(step["key"] or step["text"]) if isinstance(node, Mapping) else None
    place = int(step["place"])
    return node.items[place] if isinstance(node, Sequence) and place < len(node.items) else None


def open_scope(configuration: Configuration, given: dict[str, Node]) -> Scope:
    """Return the scope of a module that is called with the values `given`; those that it does not declare are left."""
    values, hidden = {}, set()
    for block in configuration.of("variable"):
        name = block.labels[0]
        node = given.get(name, block.body.entries.get("default"))
        if node is not None:
            values[name] = node
        if is_true(block.body, "sensitive"):
            hidden.add(name)
    names = {name: block for block in configuration.of("locals") for name in block.body.entries if name[:2] != "//"}
    declared = frozenset((block.kind, block.labels) for block in configuration.blocks)
    return Scope(configuration, values, frozenset(hidden), names, declared)


def _references(node: Node) -> tuple[tuple[str, str, str], ...]:
    return tuple({target: None for _, leaf in leaves(node) for target in references(leaf.text)})


def is_known(node: Node) -> bool:
    """Return whether nothing in `node` is still to be computed."""
    return all("${" not in leaf.text and "%{" not in leaf.text for _, leaf in leaves(node))
