"""Kubernetes objects in one line each, for tests that need one part of them."""

from __future__ import annotations


def _pairs(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def workload(
    name: str = "api", container: str = "", *, pod: str = "", spec: str = "", kind: str = "Deployment", image: str = ""
) -> str:
    """Return a workload of one container called `server`; the parts are in YAML's flow style, without brackets."""
    inner = _pairs("name: server", f"image: '{image or 'shop/api:1'}'", container)
    of_pod = _pairs(f"containers: [{{{inner}}}]", pod)
    template = f"{{metadata: {{labels: {{app: {name}}}}}, spec: {{{of_pod}}}}}"
    api = {"Job": "batch/v1", "CronJob": "batch/v1"}.get(kind, "apps/v1")
    if kind == "CronJob":
        body = _pairs(f"jobTemplate: {{spec: {{template: {template}}}}}", spec)
    else:
        body = _pairs(f"selector: {{matchLabels: {{app: {name}}}}}", f"template: {template}", spec)
    return f"---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{{body}}}\n"


def service(name: str = "api", spec: str = "", *, annotations: str = "", port: str = "80") -> str:
    """Return a service for the workload of the same name."""
    body = _pairs(f"selector: {{app: {name}}}", f"ports: [{{name: http, port: {port}}}]", spec)
    return thing("Service", name, body, api="v1", annotations=annotations)


def ingress(
    name: str = "shop",
    host: str = "shop.example.org",
    *,
    to: str = "api",
    path: str = "/",
    spec: str = "",
    annotations: str = "",
) -> str:
    """Return an ingress with one rule."""
    backend = f"{{service: {{name: {to}, port: {{number: 80}}}}}}"
    rule = f"http: {{paths: [{{path: '{path}', pathType: Prefix, backend: {backend}}}]}}"
    body = _pairs(f"rules: [{{{_pairs(f'host: {host!r}' if host else '', rule)}}}]", spec)
    return thing("Ingress", name, body, api="networking.k8s.io/v1", annotations=annotations)


def thing(kind: str, name: str, spec: str, *, api: str = "example.org/v1", annotations: str = "") -> str:
    """Return an object of any kind."""
    metadata = _pairs(f"name: {name}", f"annotations: {{{annotations}}}" if annotations else "")
    return f"---\napiVersion: {api}\nkind: {kind}\nmetadata: {{{metadata}}}\nspec: {{{spec}}}\n"


def autoscaler(target: str = "api", least: str = "2", most: str = "6", kind: str = "Deployment") -> str:
    """Return a horizontal autoscaler."""
    body = f"scaleTargetRef: {{apiVersion: apps/v1, kind: {kind}, name: {target}}}"
    return thing(
        "HorizontalPodAutoscaler", target, f"{body}, minReplicas: {least}, maxReplicas: {most}", api="autoscaling/v2"
    )


def budget(spec: str, app: str = "api") -> str:
    """Return a disruption budget for the pods of `app`."""
    return thing("PodDisruptionBudget", app, f"{spec}, selector: {{matchLabels: {{app: {app}}}}}", api="policy/v1")
