"""Components of a TOSCA service template: the template itself, its node templates, policies and groups."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config.environment_words import rank
from generator.documents.tree import Mapping, Node, Scalar, Sequence, entries, find, items, text
from generator.model.component import Component, How, Port, Reference, Role, component
from generator.readers.tosca.fields import ToscaSheet
from generator.readers.tosca.requirements import read_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as AnyMapping

    from generator.readers.reader import Mask
    from generator.readers.tosca.functions import Functions
    from generator.readers.tosca.template import Template

TOPOLOGY = "topology"
"""Id of the component that stands for a template whose file goes by the environment's name."""

_OWN_WAY = frozenset(
    {
        "type",
        "description",
        "requirements",
        "properties",
        "capabilities",
        "interfaces",
        "artifacts",
        "targets",
        "members",
    }
)
_OF_INTERFACE = frozenset({"type", "inputs", "operations", "notifications", "description"})


@dataclass(frozen=True, slots=True)
class Building:
    """What the components of one template are made from."""

    template: Template
    functions: Functions
    inputs: dict[str, tuple[Node, str]]
    """Known values of inputs, each with the file that it stands in."""
    environment: str
    component: str
    """Component named by the path template; empty where there is none."""
    artifacts: frozenset[str]
    contents: AnyMapping[str, bytes]
    """Files that artifacts and operations may name, by their path."""
    mask: Mask
    left: list[int]
    """How many fields may still come."""

    @property
    def prefix(self) -> str:
        """Return what comes before the id of each node template."""
        return f"{self.component}/" if self.component else ""

    def sheet(self) -> ToscaSheet:
        """Return an empty sheet for a component of the template's file."""
        return ToscaSheet(self.mask, self.left, self.artifacts, self.template.path, self.contents)


def read_components(building: Building) -> tuple[Component, ...]:
    """Return every component of the template, sorted by id."""
    template = building.template
    made = [_topology(building)]
    for name, body in template.section("node_templates").items():
        if isinstance(body, Mapping):
            made.append(_node(building, name, body))
    for section, prefix, of in (("policies", "policy", "targets"), ("groups", "group", "members")):
        made += [_resource(building, f"{prefix}/{name}", body, of) for name, body in _named(template, section)]
    return tuple(sorted(made, key=lambda item: item.id))


def _topology(building: Building) -> Component:
    """Return the template's own component: its inputs, outputs and versions."""
    template, sheet = building.template, building.sheet()
    for name, (node, path) in building.inputs.items():
        sheet.part(f"inputs.{name}", building.functions.resolved(node, ""), path)
    for name, body in template.section("outputs").items():
        value = find(body, "value")
        if value is not None:
            sheet.part(f"outputs.{name}", building.functions.resolved(value, ""), template.path)
    for key in ("tosca_definitions_version", "template_version", "metadata"):
        said = template.root.entries.get(key)
        if said is not None:
            sheet.part(key, said, template.path)
    mappings = find(template.root, "topology_template", "substitution_mappings")
    sheet.parts("substitution_mappings", mappings, template.path)
    stem = posixpath.basename(template.path).partition(".")[0]
    # The name of a file that is an environment's own would be another one in each environment.
    identity = building.component or (TOPOLOGY if stem == building.environment or rank(stem) is not None else stem)
    return component(
        identity,
        Role.COMPONENT,
        "TOSCA",
        fields=sheet.fields,
        references=sheet.addresses(),
        names=(identity,),
        path=template.path,
        line=template.root.line,
    )


def _node(building: Building, name: str, body: Mapping) -> Component:
    sheet = building.sheet()
    _properties(building, sheet, name, body)
    _artifacts(building, sheet, name, body)
    _interfaces(building, sheet, name, body)
    sheet.parts("capabilities", _resolved(building, body, "capabilities", name), building.template.path)
    for key, node in body.entries.items():
        if key not in _OWN_WAY:
            sheet.part(key, building.functions.resolved(node, name), building.template.path)
    references = [
        *read_requirements(building.template, building.functions, name, body, building.prefix, sheet),
        *_taken_from(building, name, body),
        *sheet.addresses(),
    ]
    identity = f"{building.prefix}{name}"
    return component(
        identity,
        Role.COMPONENT,
        text(body, "type"),
        fields=sheet.fields,
        references=references,
        names=(identity,),
        ports=_ports(building, name, body),
        path=building.template.path,
        line=body.line,
    )


def _resource(building: Building, identity: str, body: Mapping, of: str) -> Component:
    """Return a policy or a group, with the nodes that it is about."""
    sheet, template = building.sheet(), building.template
    sheet.parts("properties", _resolved(building, body, "properties", ""), template.path)
    for key, node in body.entries.items():
        if key not in _OWN_WAY:
            sheet.part(key, building.functions.resolved(node, ""), template.path)
    nodes, references = template.section("node_templates"), []
    for item in items(body, of):
        if isinstance(item, Scalar):
            sheet.part(f"{of}.{item.text}", Scalar("true", item.line), template.path)
            if item.text in nodes:
                target = f"{building.prefix}{item.text}"
                references.append(Reference(Role.COMPONENT, target, How.DECLARED, of, line=item.line))
    return component(
        f"{building.prefix}{identity}",
        Role.CONFIG,
        text(body, "type"),
        fields=sheet.fields,
        references=references,
        path=template.path,
        line=body.line,
    )


def _named(template: Template, section: str) -> Iterator[tuple[str, Mapping]]:
    """Yield the entries of a section that is a list of mappings in one version of TOSCA and a mapping in another."""
    found = find(template.root, "topology_template", section)
    seen: set[str] = set()
    for part in found.items if isinstance(found, Sequence) else [found]:
        for name, body in entries(part).items():
            if isinstance(body, Mapping) and name not in seen:
                seen.add(name)
                yield name, body


def _resolved(building: Building, body: Mapping, key: str, name: str) -> Node | None:
    node = body.entries.get(key)
    return None if node is None else building.functions.resolved(node, name)


def _properties(building: Building, sheet: ToscaSheet, name: str, body: Mapping) -> None:
    """Add the properties of a node template, and the defaults of its type for those that it leaves out."""
    given = entries(body, "properties")
    sheet.parts("properties", _resolved(building, body, "properties", name), building.template.path)
    taken = set(given)
    for definition in building.template.chain("node_types", text(body, "type")):
        for key, declared in entries(definition.body, "properties").items():
            default = find(declared, "default")
            if default is not None and key not in taken:
                taken.add(key)
                sheet.part(f"properties.{key}", building.functions.resolved(default, name), definition.path)


def _artifacts(building: Building, sheet: ToscaSheet, name: str, body: Mapping) -> None:
    taken: set[str] = set()
    for holder, path in _holders(building, body):
        for key, node in entries(holder, "artifacts").items():
            if key in taken:
                continue
            taken.add(key)
            whole = Mapping({"file": node}, node.line, {}) if isinstance(node, Scalar) else node
            sheet.parts(f"artifacts.{key}", building.functions.resolved(whole, name), path)


def _interfaces(building: Building, sheet: ToscaSheet, name: str, body: Mapping) -> None:
    """Add the operations: what implements them, and with which inputs."""
    taken: set[tuple[str, str]] = set()
    for holder, path in _holders(building, body):
        for interface, parts in entries(holder, "interfaces").items():
            operations = {k: v for k, v in entries(parts).items() if k not in _OF_INTERFACE} | entries(
                parts, "operations"
            )
            for operation, node in operations.items():
                if (interface, operation) in taken:
                    continue
                taken.add((interface, operation))
                whole = Mapping({"implementation": node}, node.line, {}) if isinstance(node, Scalar) else node
                resolved = building.functions.resolved(whole, name)
                sheet.parts(f"interfaces.{interface}.{operation}", resolved, path)
            inputs = find(parts, "inputs")
            if inputs is not None and holder is body:
                sheet.parts(f"interfaces.{interface}.inputs", building.functions.resolved(inputs, name), path)


def _holders(building: Building, body: Mapping) -> Iterator[tuple[Mapping, str]]:
    """Yield where a part of a node template may be said: in itself, in its type and in those that this derives from."""
    yield body, building.template.path
    for definition in building.template.chain("node_types", text(body, "type")):
        yield definition.body, definition.path


def _ports(building: Building, name: str, body: Mapping) -> tuple[Port, ...]:
    found = []
    for capability, parts in entries(body, "capabilities").items():
        properties = find(parts, "properties")
        number = text(building.functions.resolved(properties, name), "port") if properties is not None else ""
        if number.isdecimal():
            found.append(Port(capability, number))
    return tuple(found)


def _taken_from(building: Building, name: str, body: Mapping) -> list[Reference]:
    """Return the connections to nodes whose properties or attributes are used."""
    found: dict[str, Reference] = {}
    for key, node in body.entries.items():
        for target in building.functions.named(node):
            if target != name:
                identity = f"{building.prefix}{target}"
                line = body.lines.get(key, 0)
                found.setdefault(identity, Reference(Role.COMPONENT, identity, How.REFERENCE, key, line=line))
    return list(found.values())
