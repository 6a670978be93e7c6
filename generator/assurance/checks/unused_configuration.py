"""Rule: a configuration or a secret that nothing takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.unseen import brings_more
from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology

_KINDS = frozenset({"ConfigMap", "Secret", "SealedSecret"})
_TYPES = frozenset({"type", "spec.template.type"})
_USUAL_TYPE = "Opaque"
"""A secret of any other type, such as a login to a registry, may be taken by the platform."""
_FOUND_BY = re.compile(
    r"(?:labels|annotations)\.(?!app$|app\.kubernetes\.io/(?:name|instance|version|component|managed-by)$)"
)
"""Labels and annotations by which something that is not seen may find an object."""
_GENERATED = re.compile(r"-[a-z0-9]{10}$")
"""What Kustomize puts behind the name of what it generates; somebody may have written it down."""
_SETTINGS = (Aspect.CONFIG, Aspect.EXPOSURE)
_WORD = r"(?<![A-Za-z0-9.-]){}(?![A-Za-z0-9-]|\.[A-Za-z0-9])"


def check(topology: Topology) -> Iterator[Finding]:
    """Find configurations and secrets that no connection leads to and whose name no setting has as a word.

    Only where the namespace runs workloads, and nothing brings others along that are not read here. An object with a
    label or an annotation of its own may be found by it, and is left out.
    """
    reached = {connection.target for connection in topology.connections}
    workloads = [one for one in topology.components.values() if one.role is Role.COMPONENT]
    spaces = {one.namespace for one in workloads}
    idle = [
        found
        for id_, found in sorted(topology.components.items())
        if found.kind in _KINDS and id_ not in reached and found.namespace in spaces
    ]
    if idle:
        common = {
            (field.name, field.value) for one in workloads for field in one.fields if field.aspect is Aspect.CONFIG
        }
        idle = [one for one in idle if not _is_addressed(one, common)]
    if not idle or brings_more(topology):
        return
    texts = _texts(topology, {one.id for one in idle})
    generated = {_GENERATED.sub("", dangling.reference.target) for dangling in topology.dangling}
    for one in idle:
        names = {one.id.rpartition("/")[2], *one.names}
        if names.isdisjoint(generated) and not any(_is_word(name, texts) for name in names):
            yield RULE.about(one, f"Nothing here takes {one.id}")


def _is_addressed(component: Component, common: set[tuple[str, str]]) -> bool:
    """Return whether something may find the object by more than its name; what workloads have too, all things have."""
    return any(
        (field.name in _TYPES and field.value != _USUAL_TYPE)
        or (_FOUND_BY.match(field.name) and (field.name, field.value) not in common)
        for field in component.fields
        if field.aspect is Aspect.CONFIG
    )


def _is_word(name: str, texts: str) -> bool:
    return name in texts and re.search(_WORD.format(re.escape(name)), texts) is not None


def _texts(topology: Topology, idle: set[str]) -> str:
    """Return the settings of everything but `idle`, names and values, as one text."""
    return "\n".join(
        f"{field.name}\n{field.value}"
        for id_, component in topology.components.items()
        if id_ not in idle
        for field in component.fields
        if field.aspect in _SETTINGS
    )


RULE = GraphRule(
    id="unused-configuration",
    level=Level.NOTE,
    family=Family.REFERENCES,
    title="Configuration that nothing takes",
    why=(
        "A change of it has no effect, which is found out after the release that was to bring it. A secret that "
        "nobody uses any more can still be stolen."
    ),
    fix="Remove it, or correct the name by which it was meant to be taken.",
    example="kind: ConfigMap\nmetadata: {name: shop-confg}   # every workload takes shop-config",
    source="",
    values=frozenset(_SETTINGS),
    check=check,
)
