"""Requirements of a node template: which node fulfils each, and through which relationship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, entries, find, items, text
from generator.model.component import How, Reference, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.tosca.fields import ToscaSheet
    from generator.readers.tosca.functions import Functions
    from generator.readers.tosca.template import Template


def read_requirements(
    template: Template, functions: Functions, name: str, body: Mapping, prefix: str, sheet: ToscaSheet
) -> Iterator[Reference]:
    """Add the requirements of the node template `name` to `sheet`, and yield the connections that they declare."""
    nodes = template.section("node_templates")
    numbers: dict[str, int] = {}
    for item in items(body, "requirements"):
        for key, wanted in entries(item).items():
            number = numbers[key] = numbers.get(key, -1) + 1
            label = f"requirements.{key}[{number}]" if number else f"requirements.{key}"
            target = wanted.text if isinstance(wanted, Scalar) else text(wanted, "node")
            _fields(template, functions, name, wanted, label, sheet)
            types = template.types.get("node_types", {})
            if target in nodes or (target and target not in types and "." not in target):
                identity = f"{prefix}{target}"
                yield Reference(Role.COMPONENT, identity, How.DECLARED, label, line=wanted.line)


def _fields(template: Template, functions: Functions, name: str, wanted: Node, label: str, sheet: ToscaSheet) -> None:
    if not isinstance(wanted, Mapping):
        sheet.part(label, wanted, template.path)
        return
    for key, node in wanted.entries.items():
        if key == "node" and isinstance(node, Scalar):
            sheet.part(label, node, template.path)
        elif key == "relationship":
            _relationship(template, functions, name, node, f"{label}.relationship", sheet)
        else:
            sheet.part(f"{label}.{key}", functions.resolved(node, name), template.path)


def _relationship(
    template: Template, functions: Functions, name: str, node: Node, label: str, sheet: ToscaSheet
) -> None:
    """Add the type of a relationship, and what is set in it; one of the template's own is looked up by its name."""
    if isinstance(node, Scalar):
        named = template.section("relationship_templates").get(node.text)
        node = named if isinstance(named, Mapping) else Mapping({"type": node}, node.line, {})
    kind = find(node, "type")
    if kind is not None:
        sheet.part(label, kind, template.path)
    for key, child in entries(node).items():
        if key not in {"type", "description"}:
            sheet.parts(f"{label}.{key}", functions.resolved(child, name), template.path)
