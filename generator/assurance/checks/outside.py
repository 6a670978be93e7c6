"""Which ways lead into the environment from outside, and to whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from generator.model.component import Component
    from generator.model.topology import Topology

ROUTES = frozenset({"Ingress", "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})
"""Kinds whose purpose is to let calls in."""

OPEN_TYPES = frozenset({"LoadBalancer", "NodePort"})
"""Types of a Kubernetes service that is reached from outside of the cluster."""

_SERVICE_TYPE = "spec.type"
_INTERNAL_NAME = re.compile(r"[\w./-]{0,200}(?:internal|private)[\w./-]{0,200}", re.IGNORECASE)
_INTERNAL_WORD = re.compile(r"[\w.-]{0,60}(?:internal|private)[\w.-]{0,60}", re.IGNORECASE)
_CLASSES = ("spec.ingressClassName", "spec.loadBalancerClass")
_NO = frozenset({"false", "no", ""})
_RULE_HOST = re.compile(r"spec\.rules\[.*\]\.host|spec\.hostnames\[.*\]")


def service_type(component: Component) -> str:
    """Return the type of a Kubernetes service as written; empty for the usual one, and for anything else."""
    if component.role is not Role.EXPOSURE or component.kind != "Service":
        return ""
    return next((f.value for f in component.fields if f.name == _SERVICE_TYPE and f.aspect is Aspect.EXPOSURE), "")


def is_internal(exposure: Component) -> bool:
    """Return whether an annotation or the class of a load balancer keeps it inside of a private network."""
    return any(
        _INTERNAL_WORD.fullmatch(field.value)
        or (_INTERNAL_NAME.fullmatch(field.name) is not None and field.value.strip().lower() not in _NO)
        for field in exposure.fields
        if field.name.startswith("annotations.") or field.name in _CLASSES
    )


def opens_outside(component: Component) -> bool:
    """Return whether an exposure lets calls from outside of the cluster in."""
    if component.role is not Role.EXPOSURE or is_internal(component):
        return False
    return component.kind in ROUTES or service_type(component) in OPEN_TYPES


def outward(topology: Topology) -> dict[str, str]:
    """Return the components that an exposure lets outside calls in to → id of the first such exposure."""
    found: dict[str, str] = {}
    for id_ in sorted(topology.selected):
        exposure = topology.components.get(id_)
        if exposure is not None and opens_outside(exposure):
            for behind in topology.selected[id_]:
                found.setdefault(behind, id_)
    return found


def hosts(exposure: Component) -> tuple[tuple[str, str], ...]:
    """Return the host names that an Ingress or a route answers to, each with the field that says so."""
    return tuple(
        (field.value.lower().rstrip("."), field.name)
        for field in exposure.fields
        if field.aspect is Aspect.EXPOSURE and field.value and _RULE_HOST.fullmatch(field.name)
    )
