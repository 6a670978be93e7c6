"""Rule: a component needs something that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.name_in_another_namespace import namespaces_with
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
"""Roles whose absence is a finding, in the words of a message; hosts outside are never expected in git."""

_GIVEN_BY_CLUSTER = frozenset({(Role.CONFIG, "kube-root-ca.crt"), (Role.CONFIG, "openshift-service-ca.crt")})
"""Objects that a cluster puts into every namespace by itself."""


_VALUES = "values"
_ONCE = frozenset({"Job", "Pod"})
"""Kinds that run once."""
_NO_SERVICE_PORT = "use-annotation"
"""Port by which an Ingress of the AWS load balancer names an action in its annotations instead of a service."""


def check(component: Component, topology: Topology, dangling: tuple[Reference, ...]) -> Iterator[Finding]:
    """Find references without a target, one finding a target; optional ones are left out.

    What is there in another namespace is told by the rule on bare names.
    """
    missing: dict[tuple[Role, str], list[Reference]] = {}
    for reference in dangling:
        key = (reference.role, reference.target)
        expected = reference.role in _WORDS and not reference.optional and reference.port != _NO_SERVICE_PORT
        if expected and key not in _GIVEN_BY_CLUSTER:
            missing.setdefault(key, []).append(reference)
    for (role, target), references in sorted(missing.items()):
        if component.namespace and namespaces_with(role, target, topology) - {component.namespace}:
            continue
        yield RULE.about(
            component,
            _message(component, references),
            field=f"{role}/{target}",
            level=_level(component, references),
            line=min((reference.line for reference in references if reference.line), default=0),
        )


def _level(component: Component, references: list[Reference]) -> Level:
    """Return how much it weighs.

    What a chart brings along is not seen in its values, nor a secret outside of git. What runs once may have run while
    what it called was there.
    """
    if references[0].role is Role.SECRET:
        return Level.NOTE
    if not all(reference.how is How.INFERRED for reference in references):
        return Level.ERROR
    if component.kind == _VALUES:
        return Level.NOTE
    return Level.WARNING if component.kind in _ONCE else Level.ERROR


def _message(component: Component, references: list[Reference]) -> str:
    """Return the sentence for all references to one target."""
    first = references[0]
    needs = f"{component.id} needs the {_WORDS[first.role]} {first.target}"
    ports = sorted({reference.port for reference in references if reference.port})
    if ports:
        needs += f" on {'port' if len(ports) == 1 else 'ports'} {listed(ports)}"
    fields = sorted({f"`{reference.field}`" for reference in references if reference.field})
    if fields:
        needs += f" ({listed(fields, 4)})"
    if first.role is Role.SECRET:
        return f"{needs}, which is not in git and has to be there by other means"
    if all(reference.how is How.INFERRED for reference in references):
        if component.kind == _VALUES:
            return f"{needs}, known by its address; none is deployed here, unless a chart brings it along"
        return f"{needs}, which is not deployed here; it is known by its address in the settings"
    return f"{needs}, which is not there"


RULE = LinksRule(
    id="dangling-reference",
    level=Level.ERROR,
    family=Family.REFERENCES,
    title="Reference to something that is not there",
    why=(
        "A workload that mounts a missing configuration or volume does not start, and a call to a service that is "
        "not deployed fails when the first user gets there. Both show only after the release. A missing secret is a "
        "note, since secrets are rightly kept out of git; so is an address in the values of a chart, which may bring "
        "along what it names."
    ),
    fix=(
        "Add what is missing to this environment, correct the name, or mark the reference as optional where the "
        "software can do without it. For a secret, confirm that the environment has it."
    ),
    example="env:\n  - name: ASSISTANT_ADDR\n    value: assistant:80   # no service of this name is deployed",
    source="Kubernetes documentation, ConfigMaps and Secrets; Service names in DNS",
    check=check,
)
