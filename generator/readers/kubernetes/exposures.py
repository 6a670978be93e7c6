"""Services, Ingresses and routes as exposures: under which names and ports, and to what they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Sequence, entries, find, items, text
from generator.model.component import Aspect, Component, How, Port, Reference, Role, component
from generator.readers.addresses import classify
from generator.readers.kubernetes.fields import item_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.kubernetes.manifests import Manifest

_ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})
_INGRESS_GROUPS = frozenset({"networking.k8s.io", "extensions"})
_ALB_ACTION = "use-annotation"
"""Port that a load balancer's controller reads as: the target is an action of an annotation, and no Service."""
_MADE_CERTIFICATE = ("cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme")


def is_exposure(manifest: Manifest) -> bool:
    """Return whether the object is a way to reach components."""
    group = manifest.api.split("/")[0]
    if manifest.kind == "Service":
        return manifest.api == "v1"
    if manifest.kind == "Ingress":
        return group in _INGRESS_GROUPS
    return manifest.kind in _ROUTES and group == "gateway.networking.k8s.io"


def read_exposure(manifest: Manifest) -> Component:
    """Return the component of an exposure, with what it leads to."""
    sheet = manifest.sheet()
    for key, node in manifest.rest():
        sheet.tree(Aspect.EXPOSURE, node, key, key)
    service = manifest.kind == "Service"
    references = {"Service": _external_name, "Ingress": _ingress}.get(manifest.kind, _route)(manifest)
    return component(
        manifest.resource_id,
        Role.EXPOSURE,
        manifest.kind,
        fields=sheet.fields,
        references=list(references),
        names=_names(manifest) if service else (),
        ports=list(_service_ports(manifest)) if service else [],
        selector=manifest.labels("spec", "selector") if service else (),
        namespace=manifest.namespace,
        path=manifest.path,
        line=manifest.root.line,
    )


def _names(manifest: Manifest) -> tuple[str, ...]:
    if not manifest.namespace:
        return (manifest.name,)
    full = f"{manifest.name}.{manifest.namespace}"
    return manifest.name, full, f"{full}.svc", f"{full}.svc.cluster.local"


def _service_ports(manifest: Manifest) -> Iterator[Port]:
    for item in items(manifest.root, "spec", "ports"):
        number = text(item, "port")
        if number:
            yield Port(text(item, "name"), number, text(item, "targetPort") or number)


def _external_name(manifest: Manifest) -> Iterator[Reference]:
    target = text(manifest.root, "spec", "externalName").lower().rstrip(".")
    if target and text(manifest.root, "spec", "type") == "ExternalName":
        node = find(manifest.root, "spec", "externalName")
        inside = classify(target, scheme=True) is Role.COMPONENT
        role = Role.COMPONENT if inside else Role.EXTERNAL
        yield Reference(role, target, How.REFERENCE, "spec.externalName", line=node.line if node else 0)


def _ingress(manifest: Manifest) -> Iterator[Reference]:
    spec = find(manifest.root, "spec")
    for key in ("defaultBackend", "backend"):
        yield from _ingress_backend(find(spec, key), f"spec.{key}")
    for field, rule in _labelled(find(spec, "rules"), "spec.rules"):
        for place, path in _labelled(find(rule, "http", "paths"), f"{field}.http.paths"):
            yield from _ingress_backend(find(path, "backend"), f"{place}.backend")
    made = not entries(manifest.root, "metadata", "annotations").keys().isdisjoint(_MADE_CERTIFICATE)
    for field, item in _labelled(find(spec, "tls"), "spec.tls"):
        secret = text(item, "secretName")
        if secret:
            yield Reference(Role.SECRET, secret, How.REFERENCE, f"{field}.secretName", optional=made, line=item.line)


def _ingress_backend(backend: Node | None, field: str) -> Iterator[Reference]:
    target = text(backend, "service", "name") or text(backend, "serviceName")
    port = text(backend, "service", "port", "number") or text(backend, "service", "port", "name")
    port = port or text(backend, "servicePort")
    if target and backend is not None and port != _ALB_ACTION:
        yield Reference(Role.EXPOSURE, target, How.REFERENCE, field, port, line=backend.line)


def _route(manifest: Manifest) -> Iterator[Reference]:
    for field, rule in _labelled(find(manifest.root, "spec", "rules"), "spec.rules"):
        for place, backend in _labelled(find(rule, "backendRefs"), f"{field}.backendRefs"):
            yield from _route_backend(backend, place)
        for place, applied in _labelled(find(rule, "filters"), f"{field}.filters"):
            yield from _route_backend(find(applied, "requestMirror", "backendRef"), f"{place}.requestMirror")


def _route_backend(backend: Node | None, field: str) -> Iterator[Reference]:
    target, namespace = text(backend, "name"), text(backend, "namespace")
    if target and isinstance(backend, Mapping) and text(backend, "kind") in {"", "Service"}:
        host = f"{target}.{namespace}" if namespace else target
        yield Reference(Role.EXPOSURE, host, How.REFERENCE, field, text(backend, "port"), line=backend.line)


def _labelled(node: Node | None, path: str) -> Iterator[tuple[str, Node]]:
    """Yield the items of a sequence with the names that their fields have."""
    if isinstance(node, Sequence):
        for label, item in zip(item_labels(node.items), node.items, strict=True):
            yield f"{path}[{label}]", item
