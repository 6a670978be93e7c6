"""Rule: two ways in that claim the same address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.assurance.findings import Family, GraphRule, Level, listed
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component
    from generator.model.topology import Topology

_PLACE = re.compile(
    r"(?P<rule>spec\.rules\[.*\])\.(?:host|http\.paths\[(?P<path>.*)\]\.(?P<key>path|pathType|backend\..*))"
)
_CLASS = ("annotations.kubernetes.io/ingress.class", "spec.ingressClassName")
_CANARY = re.compile(r"annotations\.[^=]*canary[^=]*=(?:true|1)", re.IGNORECASE)
_BACKENDS = re.compile(r"backend\.(?:service\.name|serviceName|service\.port\..*|servicePort|resource\..*)")

_ACTION = "use-annotation"
"""Port by which an Ingress of the AWS load balancer names an action in its annotations instead of a service."""


class _Claim(NamedTuple):
    ingress: str
    backend: tuple[str, ...]
    """Namespace, service and port."""
    field: str


def check(topology: Topology) -> Iterator[Finding]:
    """Find a host and path that two Ingresses of one class send to different services, one finding a pair.

    The same service twice does no harm, a canary shares a path on purpose, and a path without a host belongs to a load
    balancer of its own.
    """
    claims: dict[tuple[str, ...], list[_Claim]] = {}
    for id_ in sorted(topology.components):
        one = topology.components[id_]
        if one.role is Role.EXPOSURE and one.kind == "Ingress" and not _is_canary(one):
            for key, claim in _claims(one):
                claims.setdefault(key, []).append(claim)
    for (_, host, path, _), claimed in sorted(claims.items()):
        first = claimed[0]
        others = [c for c in claimed if c.ingress != first.ingress and c.backend != first.backend]
        if others:
            yield RULE.about(
                topology.components[others[0].ingress],
                f"{host}{path} is claimed by {listed(list(dict.fromkeys(c.ingress for c in (first, *others))))}, "
                "and they lead to different services",
                field=others[0].field,
            )


def _claims(ingress: Component) -> Iterator[tuple[tuple[str, ...], _Claim]]:
    """Yield what an Ingress claims: class, host, path and its type, with the backend."""
    hosts: dict[str, str] = {}
    paths: dict[tuple[str, str], dict[str, str]] = {}
    for field in ingress.fields:
        found = _PLACE.fullmatch(field.name)
        if found is None:
            continue
        if found["key"] is None:
            hosts[found["rule"]] = field.value.lower()
        else:
            paths.setdefault((found["rule"], found["path"]), {})[found["key"]] = field.value
    class_ = next((field.value for name in _CLASS for field in ingress.fields if field.name == name), "")
    for (rule, place), said in paths.items():
        backend = [said[key] for key in sorted(said) if _BACKENDS.fullmatch(key)]
        if rule in hosts and _ACTION not in backend:
            key = (class_, hosts[rule], said.get("path", "/"), said.get("pathType", ""))
            yield key, _Claim(ingress.id, (ingress.namespace, *backend), f"{rule}.http.paths[{place}].path")


def _is_canary(ingress: Component) -> bool:
    return any(_CANARY.fullmatch(f"{field.name}={field.value}") for field in ingress.fields)


def _concerned(component: Component) -> bool:
    """Return whether the findings depend on values of a component."""
    return component.kind == "Ingress"


RULE = GraphRule(
    id="route-conflict",
    level=Level.ERROR,
    family=Family.EXPOSURE,
    title="One address that leads to two services",
    why=(
        "Only one of the two gets the calls, and which one depends on the controller and on which was created first. "
        "It can change when one of them is made anew, with no change in git."
    ),
    fix="Give one of them another host or path, or remove the one that is left over.",
    example="Ingress/shop: shop.example.org/cart → cart\nIngress/beta: shop.example.org/cart → cart-next",
    source="Kubernetes documentation, Ingress: rules",
    values=frozenset({Aspect.CONFIG, Aspect.EXPOSURE}),
    concerns=_concerned,
    check=check,
)
