"""Addresses of a plan or a state: which there are, and which of them an expression names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence, entries, items
from generator.model.component import How, Reference, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDEX = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")
_NAME = r"[A-Za-z_][\w-]*"
_STEP = re.compile(rf"module\.{_NAME}|(?:data\.|ephemeral\.)?{_NAME}\.{_NAME}")


def without_indices(address: str) -> str:
    """Return an address as the configuration has it: without the places of instances."""
    return _INDEX.sub("", address)


class Addresses:
    """The addresses that are there; they are to be added before any reference is asked for."""

    def __init__(self, prefix: str) -> None:
        """Start with none; ids are an address with `prefix` before it."""
        self.prefix = prefix
        self._instances: dict[str, list[str]] = {}
        self._roles: dict[str, Role] = {}

    def add(self, address: str, role: Role) -> None:
        """Add an address, with what the component is that goes by it."""
        self._instances.setdefault(without_indices(address), []).append(address)
        self._roles[address] = role

    def role(self, address: str) -> Role:
        """Return what goes by an address."""
        return self._roles.get(address, Role.COMPONENT)

    def references(self, module: str, own: str, expressions: Node | None, wanted: list[Node]) -> list[Reference]:
        """Return the connections of `own` to what its `expressions` name, and to what it is `wanted` to depend on.

        Names are looked up in the module whose address begins with `module`, then from the top.
        """
        found: dict[str, Reference] = {}
        named = [("depends_on", item.text, item.line) for item in wanted if isinstance(item, Scalar)]
        for key, said in entries(expressions).items():
            named += [(key, name, line) for name, line in _named(said)]
        for field, name, line in named:
            bare = without_indices(name)
            for target in self._targets(module, bare) or self._targets("", bare):
                if target != own:
                    identity = self.prefix + target
                    reference = Reference(self.role(target), identity, How.DECLARED, field, line=line)
                    found.setdefault(identity, reference)
        return list(found.values())

    def _targets(self, module: str, name: str) -> list[str]:
        """Return the instances of the longest known address that `name` begins with."""
        address, place, best = module, 0, ""
        while step := _STEP.match(name, place):
            address += step[0]
            best = address if address in self._instances else best
            if not step[0].startswith("module.") or not name.startswith(".", step.end()):
                break
            address += "."
            place = step.end() + 1
        return self._instances.get(best, [])


def _named(node: Node) -> Iterator[tuple[str, int]]:
    """Yield the references below an expression, with their lines."""
    waiting = [node]
    while waiting:
        top = waiting.pop()
        if isinstance(top, Sequence):
            waiting += top.items
        elif isinstance(top, Mapping):
            for key, child in top.entries.items():
                if key == "references":
                    yield from ((item.text, item.line) for item in items(child) if isinstance(item, Scalar))
                else:
                    waiting.append(child)
