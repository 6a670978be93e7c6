"""The root module of a Terraform configuration: what it is configured with, and everything below it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from generator.config.environment_words import rank
from generator.documents.tree import Mapping, Node, Scalar, find, text
from generator.model.component import Aspect, Role, component
from generator.readers.terraform.components import Building, add_inside, add_module
from generator.readers.terraform.fields import MOST_FIELDS
from generator.readers.terraform.modules import Configuration, gather, is_configuration, variable_files
from generator.readers.terraform.scope import open_scope

if TYPE_CHECKING:
    from collections.abc import Mapping as AnyMapping

    from generator.model.component import Component
    from generator.readers.reader import Mask, Unit
    from generator.readers.terraform.fields import TerraformSheet
    from generator.readers.terraform.modules import Block
    from generator.readers.terraform.scope import Scope

LOCK = ".terraform.lock.hcl"
"""Name of the file that keeps the exact versions of providers."""


def read_root(
    unit: Unit,
    root: str,
    configurations: dict[str, Configuration],
    roots: dict[str, Mapping],
    contents: dict[str, bytes],
    mask: Mask,
) -> tuple[Component, ...]:
    """Return every component of a root module, sorted by id, from the trees of all its files (`roots`) by path."""
    given: dict[str, Node] = {}
    given_in: dict[str, str] = {}
    here = [path for path in roots if posixpath.dirname(path) == root and not is_configuration(path)]
    for path in (*variable_files(here), *(path for path in unit.layers if path in roots)):
        given |= roots[path].entries
        given_in |= dict.fromkeys(roots[path].entries, path)
    building = Building(configurations, contents, mask, frozenset(unit.artifact), [MOST_FIELDS], root)
    scope = open_scope(configurations[root], given)
    path = _own_path(scope.configuration, list(given_in.values()))
    sheet = building.sheet(path)
    _root_fields(building, sheet, scope, given_in)
    lock = posixpath.join(root, LOCK)
    if lock in roots:
        _add_locked(sheet, scope, gather(root, [(lock, roots[lock])]))
    identity = unit.component or _root_name(unit, root)
    building.made.append(
        component(
            identity,
            Role.COMPONENT,
            "Terraform",
            fields=sheet.fields,
            references=sheet.addresses(),
            names=(identity,),
            path=path,
            line=1,
        )
    )
    add_module(building, scope, f"{unit.component}/" if unit.component else "", (root,))
    return tuple(sorted(building.made, key=lambda item: item.id))


def _root_name(unit: Unit, root: str) -> str:
    """Return the name of the root's component: its folder's, or `root` where the folder is an environment's own.

    A component is to have the same name in every environment.
    """
    name = posixpath.basename(root)
    return "root" if name in {"", unit.environment} or rank(name) is not None else name


def _own_path(configuration: Configuration, given_in: list[str]) -> str:
    """Return the file that the root's component is said to stand in: the last one of values, else the first one."""
    return given_in[-1] if given_in else min((block.path for block in configuration.blocks), default="")


def _root_fields(building: Building, sheet: TerraformSheet, scope: Scope, given_in: AnyMapping[str, str]) -> None:
    """Add what the root module is configured with: variables, locals, outputs, versions, providers, the backend.

    `given_in` names the file that each given variable stands in.
    """
    for block in scope.configuration.of("variable"):
        name = block.labels[0]
        node = scope.values.get(name)
        if node is not None:
            sheet.argument(f"var.{name}", node, given_in.get(name, block.path), hidden=name in scope.hidden)
    add_inside(building, sheet, scope)
    for block in scope.configuration.of("terraform"):
        _settings(sheet, block)
    taken: set[str] = set()
    for block in scope.configuration.of("provider"):
        alias = text(block.body, "alias")
        name = f"provider.{block.labels[0]}" + (f"@{alias}" if alias else "")
        if name not in taken:
            taken.add(name)
            for key, node in block.body.entries.items():
                if key != "alias" and not key.startswith("//"):
                    sheet.argument(f"{name}.{key}", scope.resolved(node), block.path)


def _settings(sheet: TerraformSheet, block: Block) -> None:
    for key, node in block.body.entries.items():
        if key.startswith("//"):
            continue
        if key.partition("[")[0] != "required_providers" or not isinstance(node, Mapping):
            sheet.argument(key, node, block.path)
            continue
        for name, wanted in node.entries.items():
            # Before Terraform 0.13 the version stood there alone.
            way = f"provider.{name}" if isinstance(wanted, Mapping) else f"provider.{name}.version"
            sheet.argument(way, wanted, block.path)


def _add_locked(sheet: TerraformSheet, scope: Scope, lock: Configuration) -> None:
    """Add the exact versions of providers that the lock file keeps."""
    wanted = {}
    for block in scope.configuration.of("terraform"):
        required = find(block.body, "required_providers")
        for name in required.entries if isinstance(required, Mapping) else ():
            wanted[text(required, name, "source")] = name
    for block in lock.of("provider"):
        source = block.labels[0].partition("/")[2]
        version = block.body.entries.get("version")
        if isinstance(version, Scalar):
            name = wanted.get(source) or wanted.get(block.labels[0]) or source.rpartition("/")[2]
            sheet.put(Aspect.ARTIFACT, f"provider.{name}.locked", version.text, 0)
