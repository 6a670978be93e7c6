"""Rule: a key that is taken from a configuration or a secret and is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, GraphRule, Level, listed
from generator.model.component import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component, Reference
    from generator.model.topology import Topology

_HOLDERS = frozenset({"ConfigMap", "Secret"})
"""Kinds whose keys are known; what a controller makes into a Secret may have others."""
_DATA = "data."
_SHOWN = 4


def check(topology: Topology) -> Iterator[Finding]:
    """Find keys that are referred to and that the object of this name lacks, one finding an object and a component.

    An object without any key is filled by something else, and one that a tool encrypted whole shows none.
    """
    targets = _targets(topology)
    keys: dict[str, frozenset[str]] = {}
    for id_ in sorted(targets):
        component = topology.components[id_]
        missing: dict[str, list[Reference]] = {}
        for reference in component.references:
            holder = _holder(reference, targets[id_], topology) if reference.key and not reference.optional else None
            if holder is not None:
                known = keys.get(holder.id)
                if known is None:
                    known = keys[holder.id] = _keys(holder)
                if known and reference.key not in known:
                    missing.setdefault(holder.id, []).append(reference)
        for holder_id, references in sorted(missing.items()):
            yield _finding(component, topology.components[holder_id], references)


def _concerned(component: Component) -> bool:
    return component.kind in _HOLDERS or any(reference.key for reference in component.references)


def _targets(topology: Topology) -> dict[str, list[str]]:
    """Return what each component that takes a key of something leads to."""
    found: dict[str, list[str]] = {}
    for connection in topology.connections:
        target = topology.components.get(connection.target)
        if target is not None and target.kind in _HOLDERS and connection.source in topology.components:
            found.setdefault(connection.source, []).append(connection.target)
    return {source: sorted(targets) for source, targets in found.items()}


def _holder(reference: Reference, targets: list[str], topology: Topology) -> Component | None:
    for id_ in targets:
        found = topology.components[id_]
        if found.role is reference.role and reference.target in {id_.rpartition("/")[2], *found.names}:
            return found
    return None


def _keys(holder: Component) -> frozenset[str]:
    return frozenset(f.name.removeprefix(_DATA) for f in holder.fields if f.name.startswith(_DATA))


def _finding(component: Component, holder: Component, references: list[Reference]) -> Finding:
    wanted = sorted({reference.key for reference in references})
    fields = sorted({f"`{reference.field}`" for reference in references})
    keys = "the key" if len(wanted) == 1 else "the keys"
    return RULE.about(
        component,
        f"{component.id} takes {keys} {listed(wanted, _SHOWN)} of {holder.id} ({listed(fields, _SHOWN)}), "
        f"which does not have {'it' if len(wanted) == 1 else 'them'}",
        field=f"{holder.role}/{references[0].target}",
        level=Level.WARNING if holder.role is Role.SECRET else None,
        line=min((reference.line for reference in references if reference.line), default=0),
    )


RULE = GraphRule(
    id="missing-key",
    level=Level.ERROR,
    family=Family.REFERENCES,
    title="Key that is not there",
    why=(
        "The configuration has the right name and lacks what is taken from it, so the container does not start, and "
        "the release hangs. For a secret it is a warning, since something outside of git may add keys to it."
    ),
    fix="Add the key, correct its name, or mark the reference as optional where the software can do without it.",
    example=(
        "configMapKeyRef: {name: shop, key: payment-url}\n---\nkind: ConfigMap\nmetadata: {name: shop}\n"
        "data: {paymentUrl: https://…}"
    ),
    source="Kubernetes documentation, ConfigMaps: optional references",
    values=frozenset(),
    concerns=_concerned,
    check=check,
)
