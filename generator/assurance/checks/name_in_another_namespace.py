"""Rule: a bare name for what stands in another namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, Level, LinksRule, listed
from generator.model.component import How, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component, Reference
    from generator.model.topology import Topology

_WORDS = {
    Role.COMPONENT: "component",
    Role.EXPOSURE: "service",
    Role.CONFIG: "configuration",
    Role.VOLUME: "volume",
    Role.SECRET: "secret",
}
_KINDS = {
    Role.COMPONENT: "Service",
    Role.EXPOSURE: "Service",
    Role.CONFIG: "ConfigMap",
    Role.VOLUME: "PersistentVolumeClaim",
}
"""Role of a reference → kind of what it leads to; for a secret, whatever has that role."""


def check(component: Component, topology: Topology, dangling: tuple[Reference, ...]) -> Iterator[Finding]:
    """Find references that lead nowhere in the component's namespace, and would in another one of the environment."""
    missing: dict[tuple[Role, str], list[Reference]] = {}
    for reference in dangling if component.namespace else ():
        if reference.role in _WORDS and not reference.optional and "." not in reference.target:
            missing.setdefault((reference.role, reference.target), []).append(reference)
    for (role, target), references in sorted(missing.items()):
        places = namespaces_with(role, target, topology) - {component.namespace}
        if places:
            yield _finding(component, references, sorted(places))


def namespaces_with(role: Role, name: str, topology: Topology) -> set[str]:
    """Return the namespaces in which something stands that a reference of `role` by `name` could lead to."""
    kind = _KINDS.get(role)
    return {
        found.namespace
        for id_, found in topology.components.items()
        if found.namespace
        and (found.kind == kind if kind else found.role is role)
        and (id_.rpartition("/")[2] == name or (not kind and name in found.names))
    }


def _finding(component: Component, references: list[Reference], places: list[str]) -> Finding:
    first = references[0]
    fields = sorted({f"`{reference.field}`" for reference in references if reference.field})
    return RULE.about(
        component,
        f"{component.id} in the namespace {component.namespace} needs the {_WORDS[first.role]} {first.target} "
        f"({listed(fields, 4)}), which is only in {listed(places, 4)}",
        field=f"{first.role}/{first.target}",
        level=Level.WARNING if first.role is Role.SECRET or first.how is How.INFERRED else None,
        line=min((reference.line for reference in references if reference.line), default=0),
    )


RULE = LinksRule(
    id="name-in-another-namespace",
    level=Level.ERROR,
    family=Family.REFERENCES,
    title="Bare name of something in another namespace",
    why=(
        "A name without a namespace means one's own. A configuration, a secret or a volume of another namespace can't "
        "be used at all, and a service of another one is found only by its full name. For a secret it is a warning, "
        "since a tool may copy it."
    ),
    fix="Write `NAME.NAMESPACE` for a service; put what is to be mounted into the namespace of what mounts it.",
    example="kind: Deployment\nmetadata: {namespace: shop}\n  env: REDIS_HOST=redis   # the Service is in `cache`",
    source="Kubernetes documentation, DNS for Services and Pods; Namespaces",
    check=check,
)
