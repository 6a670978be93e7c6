"""Components of a Terraform configuration: the folder itself, each module it calls, each resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, items, text
from generator.model.component import Component, How, Reference, Role, component
from generator.readers.terraform.fields import TerraformSheet, TerraformSizeError, body_fields
from generator.readers.terraform.files import content_field, named_files
from generator.readers.terraform.modules import is_true, local_folder
from generator.readers.terraform.scope import Scope, is_known, open_scope
from generator.readers.terraform.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Mapping as AnyMapping

    from generator.readers.reader import Mask
    from generator.readers.terraform.modules import Block, Configuration

MOST_MODULES = 500
"""Calls of local modules in one reading: modules that call one another twice have no end."""
DEEPEST_MODULE = 20

_META = frozenset({"count", "for_each", "depends_on"})
_CALL = frozenset({"source", "version", "depends_on"})
_MODES = {"resource": "", "data": "data.", "ephemeral": "ephemeral."}
_KINDS = {"": "resource", "data": "data", "ephemeral": "ephemeral"}
_ROLES = {"resource": Role.COMPONENT, "data": Role.CONFIG, "ephemeral": Role.CONFIG}
"""A resource is made; what is only looked up is no unit of the deployment."""


@dataclass(slots=True)
class Building:
    """One reading, while its components are made."""

    configurations: AnyMapping[str, Configuration]
    """By their folder."""
    contents: AnyMapping[str, bytes]
    """Files that functions take in, by their path."""
    mask: Mask
    artifacts: frozenset[str]
    left: list[int]
    """How many fields may still come."""
    root: str
    """Folder of the root module."""
    made: list[Component] = field(default_factory=list)
    modules: int = 0

    def sheet(self, path: str) -> TerraformSheet:
        """Return an empty sheet for a component that stands in the file `path`."""
        return TerraformSheet(self.mask, self.left, self.artifacts, path)


def add_module(building: Building, scope: Scope, prefix: str, folders: tuple[str, ...]) -> None:
    """Make the components of everything that stands in one module, those of its own local modules included.

    `prefix` comes before each id; `folders` are those of the modules that lead here, this one last.
    """
    for kind in _MODES:
        for block in scope.configuration.of(kind):
            building.made.append(_resource(building, scope, block, prefix))
    for block in scope.configuration.of("module"):
        _add_call(building, scope, block, prefix, folders)


def _resource(building: Building, scope: Scope, block: Block, prefix: str) -> Component:
    sheet = building.sheet(block.path)
    resolved = scope.resolved(block.body)
    if isinstance(resolved, Mapping):
        body_fields(sheet, block.labels[0], resolved, block.path, frozenset({"depends_on"}))
    identity = prefix + _MODES[block.kind] + ".".join(block.labels)
    return component(
        identity,
        _ROLES[block.kind],
        _MODES[block.kind] + block.labels[0],
        fields=sheet.fields,
        references=[*_references(scope, block.body, prefix), *sheet.addresses()],
        names=(identity,),
        path=block.path,
        line=block.body.line,
    )


def _add_call(building: Building, scope: Scope, block: Block, prefix: str, folders: tuple[str, ...]) -> None:
    """Make the component of a call, and those of the module itself where it stands in the repository."""
    identity = f"{prefix}module/{block.labels[0]}"
    folder = local_folder(scope.configuration.folder, text(block.body, "source"))
    called = building.configurations.get(folder) if folder is not None else None
    given = {k: scope.resolved(n) for k, n in block.body.entries.items() if k not in _CALL and not k.startswith("//")}
    inner = open_scope(called, {k: n for k, n in given.items() if is_known(n)}) if called is not None else None
    sheet = building.sheet(block.path)
    for name, value in read_source(block.body):
        sheet.artifact(name, value)
    for name, node in given.items():
        sheet.argument(name, node, block.path, hidden=inner is not None and name in inner.hidden)
    if inner is not None:
        for variable in inner.configuration.of("variable"):
            name, default = variable.labels[0], variable.body.entries.get("default")
            if name not in given and default is not None:
                sheet.argument(name, default, variable.path, hidden=name in inner.hidden)
        add_inside(building, sheet, inner)
    building.made.append(
        component(
            identity,
            Role.COMPONENT,
            "module",
            fields=sheet.fields,
            references=[*_references(scope, block.body, prefix), *sheet.addresses()],
            names=(identity,),
            path=block.path,
            line=block.body.line,
        )
    )
    if inner is None:
        return
    building.modules += 1
    if inner.configuration.folder in folders:
        reason = "a module that calls itself, by way of others or not"
        raise TerraformSizeError(reason)
    if building.modules > MOST_MODULES or len(folders) >= DEEPEST_MODULE:
        reason = f"more than {MOST_MODULES} calls of local modules, or {DEEPEST_MODULE} in one another"
        raise TerraformSizeError(reason)
    add_module(building, inner, f"{identity}/", (*folders, inner.configuration.folder))


def add_inside(building: Building, sheet: TerraformSheet, scope: Scope) -> None:
    """Add the local values, outputs and files of a module to the fields of the component that stands for it."""
    for name, block in scope.locals.items():
        sheet.argument(f"local.{name}", scope.local(name), block.path)
    for block in scope.configuration.of("output"):
        value = block.body.entries.get("value")
        if value is not None:
            name = f"output.{block.labels[0]}"
            sheet.argument(name, scope.resolved(value), block.path, hidden=is_true(block.body, "sensitive"))
    for name, path in named_files(scope.configuration, building.root):
        if path in building.contents:
            aspect, shown = content_field(name, building.contents[path], building.mask)
            sheet.put(aspect, f"file[{name}]", shown, 0)


def _references(scope: Scope, body: Mapping, prefix: str) -> list[Reference]:
    """Return the connections that the arguments of a block declare to what its own module holds."""
    found: dict[tuple[Role, str], Reference] = {}
    for key, node in body.entries.items():
        for mode, root, name in _named(scope, key, node):
            kind, labels = ("module", (name,)) if (mode, root) == ("", "module") else (_KINDS[mode], (root, name))
            if kind == "module":
                role, target = Role.COMPONENT, f"{prefix}module/{name}"
            elif (kind, labels) in scope.declared:
                role, target = _ROLES[kind], prefix + _MODES[kind] + ".".join(labels)
            else:
                continue
            line = body.lines.get(key, 0)
            found.setdefault((role, target), Reference(role, target, How.DECLARED, key, line=line))
    return list(found.values())


def _named(scope: Scope, key: str, node: Node) -> list[tuple[str, str, str]]:
    if key != "depends_on":
        return list(scope.targets(node))
    # In the form of JSON the names stand as they are.
    plain = [i.text for i in items(node) if isinstance(i, Scalar)]
    wrapped = [Scalar(name if "${" in name else f"${{{name}}}", 0) for name in plain]
    return [target for scalar in wrapped for target in scope.targets(scalar)]
