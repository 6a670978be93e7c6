"""What rules on exposure must find, and what only looks like it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from support.objects import ingress, service, thing, workload
from support.scenes import STAGING, Case, Scene, compose, kubernetes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.assurance.findings import Surroundings


def _scene(*texts: str, around: Surroundings | None = None) -> Scene:
    scene = Scene(kubernetes("".join(texts)))
    return Scene(scene.components, around) if around else scene


def _services(text: str) -> Scene:
    return Scene(compose(f"services:\n{text}"))


def _node_port(name: str, number: str) -> str:
    return thing("Service", name, f"type: NodePort, ports: [{{name: http, port: 80, nodePort: {number}}}]", api="v1")


_TLS = "tls: [{hosts: [shop.example.org], secretName: shop}]"
_OTHER_TLS = "tls: [{hosts: [other.example.org], secretName: shop}]"
_WILD_TLS = "tls: [{hosts: ['*.example.org'], secretName: shop}]"
_DATABASE = workload("db", image="registry.example.org/library/postgres:16")
_OPEN = "type: LoadBalancer"
_ROUTE = "hostnames: [{}], rules: [{{backendRefs: [{{name: api, port: 80}}]}}]"
_GATEWAY = "gateway.networking.k8s.io/v1"

_INGRESS_WITHOUT_TLS = Case(
    fires=(
        _scene(ingress()),
        _scene(ingress(spec=_OTHER_TLS)),
        _scene(ingress(host="a.b.example.org", spec=_WILD_TLS)),
    ),
    silent=(
        _scene(ingress(spec=_TLS)),
        _scene(ingress(spec=_WILD_TLS)),
        _scene(ingress(spec="tls: [{secretName: shop}]")),
        _scene(ingress(annotations="alb.ingress.kubernetes.io/certificate-arn: 'arn:aws:acm:1'")),
        _scene(ingress(annotations="traefik.ingress.kubernetes.io/router.entrypoints: websecure")),
        _scene(ingress(host="shop.internal")),
        _scene(ingress(host="")),
        _scene(service(), workload()),
    ),
)

_ROUTE_CONFLICT = Case(
    fires=(
        _scene(ingress("one", to="api"), ingress("two", to="next")),
        _scene(ingress("one", to="api", path="/cart"), ingress("two", to="next", path="/cart")),
    ),
    silent=(
        _scene(ingress("one", to="api"), ingress("two", to="api")),
        _scene(ingress("one", to="api", path="/"), ingress("two", to="next", path="/cart")),
        _scene(ingress("one", host="a.example.org"), ingress("two", host="b.example.org", to="next")),
        _scene(ingress("one", host=""), ingress("two", host="", to="next")),
        _scene(ingress("one"), ingress("two", to="next", annotations="nginx.ingress.kubernetes.io/canary: 'true'")),
        _scene(ingress("one", spec="ingressClassName: a"), ingress("two", to="next", spec="ingressClassName: b")),
    ),
)

_OPEN_LOAD_BALANCER = Case(
    fires=(
        _scene(service(spec=_OPEN), workload()),
        _scene(service(spec=_OPEN, annotations="service.beta.kubernetes.io/azure-load-balancer-internal: 'false'")),
    ),
    silent=(
        _scene(service(), workload()),
        _scene(service(spec=f"{_OPEN}, loadBalancerSourceRanges: [10.0.0.0/8]")),
        _scene(service(spec=_OPEN, annotations="networking.gke.io/load-balancer-type: Internal")),
        _scene(service(spec=_OPEN, annotations="service.beta.kubernetes.io/azure-load-balancer-internal: 'true'")),
        _scene(service(spec="type: ExternalName, externalName: db.example.org")),
    ),
)

_NODE_PORT = Case(
    fires=(
        _scene(service(spec="type: NodePort")),
        _scene(workload(container="ports: [{containerPort: 8080, hostPort: 80}]")),
        _scene(workload(container="ports: [{containerPort: 8080, hostPort: 80}]", kind="DaemonSet")),
        _scene(workload(container="ports: [{containerPort: 8080, hostPort: 80, hostIP: 10.0.0.1}]")),
    ),
    silent=(
        _scene(service(spec=_OPEN)),
        _scene(workload(container="ports: [{containerPort: 8080}]")),
        _scene(workload(container="ports: [{containerPort: 8080, hostPort: 80, hostIP: 127.0.0.1}]")),
    ),
)

_PUBLISHED_DATA_STORE = Case(
    fires=(
        _services("  db: {image: 'postgres:16', ports: ['5432:5432']}"),
        _services("  db: {image: 'docker.io/bitnami/redis', ports: ['0.0.0.0:6379:6379']}"),
        _services("  db: {image: 'confluentinc/cp-kafka:7', ports: ['127.0.0.1:9092:9092', '9093:9093']}"),
    ),
    silent=(
        _services("  db: {image: 'postgres:16', ports: ['127.0.0.1:5432:5432']}"),
        _services("  db: {image: 'postgres:16', ports: ['[::1]:5432:5432']}"),
        _services("  db: {image: 'postgres:16', expose: ['5432']}"),
        _services("  exporter: {image: 'prometheuscommunity/postgres-exporter:1', ports: ['9187:9187']}"),
        _services("  web: {image: 'nginx:1', ports: ['80:80']}"),
    ),
)

_DATA_STORE_OUTSIDE = Case(
    fires=(
        _scene(service("db", _OPEN, port="5432"), _DATABASE),
        _scene(service("db", "type: NodePort", port="5432"), _DATABASE),
        _scene(service("db"), _DATABASE, ingress(to="db")),
    ),
    silent=(
        _scene(service("db", port="5432"), _DATABASE),
        _scene(service("db", _OPEN, annotations="cloud.example.org/scheme: internal"), _DATABASE),
        _scene(service("api", _OPEN), workload(), service("db"), _DATABASE),
    ),
)

_PORT_TAKEN = Case(
    fires=(
        _services("  web: {image: 'web:1', ports: ['8080:80']}\n  api: {image: 'api:1', ports: ['8080:3000']}"),
        _services("  web: {image: 'web:1', ports: ['127.0.0.1:80:80']}\n  api: {image: 'api:1', ports: ['80:80']}"),
        _scene(_node_port("one", "30080"), _node_port("two", "30080")),
    ),
    silent=(
        _services("  web: {image: 'web:1', ports: ['8080:80']}\n  api: {image: 'api:1', ports: ['8081:80']}"),
        _services("  web: {image: 'web:1', ports: ['53:53']}\n  api: {image: 'api:1', ports: ['53:53/udp']}"),
        _services("  a: {image: 'a:1', ports: ['127.0.0.1:80:80']}\n  b: {image: 'b:1', ports: ['127.0.0.2:80:80']}"),
        _services("  a: {image: 'a:1', ports: ['80:80']}\n  b: {image: 'b:1', ports: ['80:80'], profiles: [b]}"),
        _services("  a: {image: 'a:1', ports: ['80']}\n  b: {image: 'b:1', ports: ['80']}"),
        _scene(_node_port("one", "30080"), _node_port("two", "30081")),
        _scene(service("one", "type: NodePort"), service("two", "type: NodePort")),
    ),
)

_FOREIGN_HOST = Case(
    fires=(
        _scene(ingress(host="shop.staging.example.org")),
        _scene(ingress(host="staging-shop.example.org")),
        _scene(thing("HTTPRoute", "shop", _ROUTE.format("shop.staging.example.org"), api=_GATEWAY)),
        _scene(ingress(host="shop.production.example.org"), around=STAGING),
    ),
    silent=(
        _scene(ingress(host="shop.example.org")),
        _scene(ingress(host="stagingshop.example.org")),
        _scene(ingress(host="staging.production.example.org")),
        _scene(ingress(host="shop.staging.example.org"), around=STAGING),
    ),
)

_SELECTOR_MATCHES_NOTHING = Case(
    fires=(_scene(service("api"), workload("apis")),),
    silent=(
        _scene(service("api"), workload("api")),
        _scene(thing("Service", "db", "ports: [{port: 5432}]", api="v1")),
    ),
)

CASES: Mapping[str, Case] = MappingProxyType(
    {
        "ingress-without-tls": _INGRESS_WITHOUT_TLS,
        "route-conflict": _ROUTE_CONFLICT,
        "open-load-balancer": _OPEN_LOAD_BALANCER,
        "node-port": _NODE_PORT,
        "published-data-store": _PUBLISHED_DATA_STORE,
        "data-store-outside": _DATA_STORE_OUTSIDE,
        "port-taken": _PORT_TAKEN,
        "foreign-host": _FOREIGN_HOST,
        "selector-matches-nothing": _SELECTOR_MATCHES_NOTHING,
    }
)
