"""A plan or a state as `terraform show -json` prints it: resources by their addresses, and what they depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.documents.formats import parse
from generator.documents.tree import Mapping, Node, Scalar, Sequence, entries, find, items, text
from generator.errors import Place, Unreadable
from generator.model.component import Component, Role, component
from generator.readers.terraform.addresses import Addresses, without_indices
from generator.readers.terraform.fields import TerraformSheet
from generator.readers.tree_size import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.reader import Mask, Unit

_KNOWN_FORMATS = frozenset({"0", "1"})
"""Major versions whose values are read; a minor version only ever adds to them."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is read of one file."""

    root: Mapping
    path: str
    unit: Unit
    mask: Mask
    left: list[int]
    addresses: Addresses

    def sheet(self) -> TerraformSheet:
        """Return an empty sheet for a component of this file."""
        return TerraformSheet(self.mask, self.left, frozenset(self.unit.artifact), self.path)


def is_shown(root: Node | None) -> bool:
    """Return whether a tree is what `terraform show -json` prints."""
    return isinstance(root, Mapping) and "format_version" in root.entries


def unknown_format(root: Node, path: str) -> Unreadable | None:
    """Return why the format of a plan or a state can't be read; `None` where it can."""
    version = text(root, "format_version")
    if version.partition(".")[0] in _KNOWN_FORMATS:
        return None
    line = root.lines.get("format_version", 0) if isinstance(root, Mapping) else 0
    reason = f"format_version {version[:20]!r} of `terraform show -json` is not known, only 0 and 1 are"
    return Unreadable("terraform-format", reason, Place(path, line))


def read_shown(unit: Unit, path: str, root: Mapping, mask: Mask, left: list[int]) -> tuple[Component, ...]:
    """Return the components of a plan or a state, sorted by id; a sensitive value is a fingerprint always."""
    values = find(root, "planned_values") or find(root, "values")
    modules = list(_modules(find(values, "root_module")))
    shown = _Shown(root, path, unit, mask, left, Addresses(f"{unit.component}/" if unit.component else ""))
    calls = dict(_calls(find(root, "configuration", "root_module"), ""))
    resources = [item for module in modules for item in items(module, "resources") if isinstance(item, Mapping)]
    for item in resources:
        shown.addresses.add(text(item, "address"), Role.CONFIG if text(item, "mode") == "data" else Role.COMPONENT)
    for address in calls:
        shown.addresses.add(address, Role.COMPONENT)
    said = dict(_said(find(root, "configuration", "root_module"), ""))
    made = [_root(shown, values)]
    made += [_call(shown, address, call) for address, call in calls.items()]
    made += [_resource(shown, item, said) for item in resources if text(item, "address")]
    return tuple({item.id: item for item in sorted(made, key=lambda item: item.id)}.values())


def _modules(module: Node | None) -> Iterator[Node]:
    waiting = [module] if module is not None else []
    while waiting:
        top = waiting.pop()
        yield top
        waiting += items(top, "child_modules")


def _calls(module: Node | None, prefix: str) -> Iterator[tuple[str, Mapping]]:
    """Yield each call of a module with its address."""
    for name, call in entries(module, "module_calls").items():
        if isinstance(call, Mapping):
            yield f"{prefix}module.{name}", call
            yield from _calls(find(call, "module"), f"{prefix}module.{name}.")


def _said(module: Node | None, prefix: str) -> Iterator[tuple[str, tuple[str, Node]]]:
    """Yield what the configuration says of each resource: its address, the module's prefix and the description."""
    for item in items(module, "resources"):
        yield prefix + text(item, "address"), (prefix, item)
    for name, call in entries(module, "module_calls").items():
        yield from _said(find(call, "module"), f"{prefix}module.{name}.")


def _root(shown: _Shown, values: Node | None) -> Component:
    """Return the component of the whole: the values of variables and outputs, the versions of providers."""
    sheet = shown.sheet()
    configuration = find(shown.root, "configuration")
    version = find(shown.root, "terraform_version")
    if isinstance(version, Scalar):
        sheet.argument("terraform_version", version, shown.path)
    for name, held in entries(shown.root, "variables").items():
        declared = find(configuration, "root_module", "variables", name)
        value = find(held, "value")
        if value is not None:
            sheet.argument(f"var.{name}", _opened(value), shown.path, hidden=text(declared, "sensitive") == "true")
    for name, held in entries(values, "outputs").items():
        given = find(held, "value")
        if given is not None:
            sheet.argument(f"output.{name}", _opened(given), shown.path, hidden=text(held, "sensitive") == "true")
    for name, held in entries(configuration, "provider_config").items():
        wanted = find(held, "version_constraint")
        if wanted is not None:
            sheet.argument(f"provider.{name}.version", wanted, shown.path)
    identity = shown.unit.component or "root"
    return component(
        identity,
        Role.COMPONENT,
        "Terraform",
        fields=sheet.fields,
        references=sheet.addresses(),
        names=(identity,),
        path=shown.path,
        line=shown.root.line,
    )


def _call(shown: _Shown, address: str, call: Mapping) -> Component:
    sheet = shown.sheet()
    for key, field in (("source", "source"), ("version_constraint", "version")):
        node = call.entries.get(key)
        if isinstance(node, Scalar):
            sheet.artifact(field, node)
    for name, said in entries(call, "expressions").items():
        value = find(said, "constant_value")
        if value is not None:
            hidden = text(find(call, "module", "variables", name), "sensitive") == "true"
            sheet.argument(name, _opened(value), shown.path, hidden=hidden)
    prefix = address.rpartition("module.")[0]
    identity = shown.addresses.prefix + address
    return component(
        identity,
        Role.COMPONENT,
        "module",
        fields=sheet.fields,
        references=shown.addresses.references(prefix, address, find(call, "expressions"), items(call, "depends_on")),
        names=(identity,),
        path=shown.path,
        line=call.line,
    )


def _resource(shown: _Shown, item: Mapping, said: dict[str, tuple[str, Node]]) -> Component:
    address = text(item, "address")
    sheet = shown.sheet()
    for key, node in entries(item, "values").items():
        _value(sheet, key, node, find(item, "sensitive_values", key), shown.path)
    provider = item.entries.get("provider_name")
    if isinstance(provider, Scalar):
        sheet.argument("provider_name", provider, shown.path)
    prefix, words = said.get(without_indices(address), ("", None))
    wanted = [*items(words, "depends_on"), *items(item, "depends_on")]
    role = shown.addresses.role(address)
    kind = text(item, "type")
    return component(
        shown.addresses.prefix + address,
        role,
        f"data.{kind}" if role is Role.CONFIG else kind,
        fields=sheet.fields,
        references=[
            *shown.addresses.references(prefix, address, find(words, "expressions"), wanted),
            *sheet.addresses(),
        ],
        names=(shown.addresses.prefix + address,),
        path=shown.path,
        line=item.line,
    )


def _value(sheet: TerraformSheet, name: str, node: Node, sensitive: Node | None, path: str) -> None:
    """Add an attribute, part by part; what the provider calls sensitive is hidden whatever it looks like."""
    if isinstance(sensitive, Scalar):
        sheet.argument(name, node, path, hidden=sensitive.text == "true")
    elif not _marks(sensitive):
        sheet.argument(name, _opened(node), path)
    elif isinstance(node, Mapping):
        for key, child in node.entries.items():
            _value(sheet, f"{name}.{key}", child, find(sensitive, key), path)
    elif isinstance(node, Sequence) and isinstance(sensitive, Sequence):
        for place, child in enumerate(node.items):
            mark = sensitive.items[place] if place < len(sensitive.items) else Scalar("true", 0)
            _value(sheet, f"{name}[{place}]", child, mark, path)
    else:
        sheet.argument(name, node, path, hidden=True)


def _marks(sensitive: Node | None) -> bool:
    """Return whether anything below is marked as sensitive."""
    waiting = [sensitive] if sensitive is not None else []
    while waiting:
        top = waiting.pop()
        if isinstance(top, Scalar):
            if top.text == "true":
                return True
        else:
            waiting += top.items if isinstance(top, Sequence) else top.entries.values()
    return False


def _opened(node: Node) -> Node:
    """Return the tree inside a text of JSON, as policies and lists of containers are given."""
    if not isinstance(node, Scalar) or node.plain or len(node.text) > LONGEST * 10 or node.text[:1] not in {"{", "["}:
        return node
    inner = parse(node.text.encode(errors="surrogatepass"), "value.json")
    if inner.problem is not None or len(inner.roots) != 1 or isinstance(inner.roots[0], Scalar):
        return node
    return inner.roots[0]
