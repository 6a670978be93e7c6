"""What rules on references must find, and what only looks like it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from support.objects import autoscaler, service, thing, workload
from support.scenes import Case, Scene, compose, kubernetes

if TYPE_CHECKING:
    from collections.abc import Mapping


def _scene(*texts: str) -> Scene:
    return Scene(kubernetes("".join(texts)))


def _config(data: str, name: str = "shop", *, kind: str = "ConfigMap", metadata: str = "") -> str:
    told = f"name: {name}, {metadata}" if metadata else f"name: {name}"
    return f"---\napiVersion: v1\nkind: {kind}\nmetadata: {{{told}}}\n{data}\n"


def _in(namespace: str, text: str) -> str:
    return text.replace("metadata: {name", f"metadata: {{namespace: {namespace}, name", 1)


def _takes(key: str, name: str = "shop", *, kind: str = "configMap", optional: str = "") -> str:
    source = f"{kind}KeyRef: {{name: {name}, key: {key}{optional}}}"
    return workload(container=f"env: [{{name: SETTING, valueFrom: {{{source}}}}}]")


def _mounts(key: str) -> str:
    items = f"items: [{{key: {key}, path: file}}]"
    return workload(pod=f"volumes: [{{name: files, configMap: {{name: shop, {items}}}}}]")


def _whole(name: str = "shop") -> str:
    return workload(container=f"envFrom: [{{configMapRef: {{name: {name}}}}}]")


def _claim(mode: str) -> str:
    return thing("PersistentVolumeClaim", "files", f"accessModes: [{mode}]", api="v1")


def _writer(name: str, spec: str = "", *, kind: str = "Deployment", pod: str = "") -> str:
    volumes = "volumes: [{name: files, persistentVolumeClaim: {claimName: files}}]"
    return workload(name, pod=f"{volumes}, {pod}" if pod else volumes, spec=spec, kind=kind)


_DATA = "data: {url: a, 'app.yaml': b}"

_MISSING_KEY = Case(
    fires=(
        _scene(_takes("uri"), _config(_DATA)),
        _scene(_mounts("app.yml"), _config(_DATA)),
        _scene(_takes("user", kind="secret"), _config("stringData: {password: x}", kind="Secret")),
    ),
    silent=(
        _scene(_takes("url"), _config(_DATA)),
        _scene(_mounts("app.yaml"), _config(_DATA)),
        _scene(_takes("uri", optional=", optional: true"), _config(_DATA)),
        _scene(_takes("uri"), _config("immutable: false")),
        _scene(_takes("uri", name="other"), _config(_DATA)),
        _scene(_takes("url", kind="secret"), _config(_DATA), _config("stringData: {url: x}", kind="Secret")),
        _scene(_whole(), _config(_DATA)),
    ),
)

_REDIS = "env: [{name: REDIS_URL, value: 'redis://redis:6379'}]"
_REDIS_THERE = "env: [{name: REDIS_URL, value: 'redis://redis.cache:6379'}]"

_NAME_IN_ANOTHER_NAMESPACE = Case(
    fires=(
        _scene(_in("shop", _whole()), _in("cache", _config(_DATA))),
        _scene(
            _in("shop", _takes("password", kind="secret")),
            _in("cache", _config("stringData: {password: x}", kind="Secret")),
        ),
        _scene(_in("shop", workload(container=_REDIS)), _in("cache", service("redis", port="6379"))),
        _scene(_in("shop", _writer("api")), _in("cache", _claim("ReadWriteMany"))),
    ),
    silent=(
        _scene(_in("shop", _whole()), _in("shop", _config(_DATA))),
        _scene(_in("shop", _whole("other")), _in("cache", _config(_DATA))),
        _scene(_whole(), _in("cache", _config(_DATA))),
        _scene(_in("shop", workload(container=_REDIS_THERE)), _in("cache", service("redis", port="6379"))),
        _scene(_in("shop", _whole("extra.cache")), _in("cache", _config(_DATA, "extra"))),
    ),
)

_UNUSED_CONFIGURATION = Case(
    fires=(
        _scene(workload(), _config(_DATA)),
        _scene(_whole("other"), _config(_DATA, "other"), _config(_DATA, "shop")),
        _scene(workload(), _config("stringData: {password: x}", "db", kind="Secret")),
        _scene(workload(), _config(_DATA, metadata="labels: {app: api}")),
        _scene(_in("shop", workload()), _in("shop", _config(_DATA)), _in("cache", _whole().replace("api", "web"))),
    ),
    silent=(
        _scene(_whole(), _config(_DATA)),
        _scene(_config(_DATA)),
        _scene(workload(container="args: ['--config-map=default/shop']"), _config(_DATA)),
        _scene(workload(), thing("Rollout", "api", "volumes: [{configMap: {name: shop}}]"), _config(_DATA)),
        _scene(workload(), _config(_DATA, metadata="labels: {grafana_dashboard: '1'}")),
        _scene(workload(), _config("type: kubernetes.io/tls\nstringData: {a: x}", "tls", kind="Secret")),
        _scene(_whole("shop-68fgb6kfkk"), _config(_DATA)),
        _scene(workload(), _in("monitoring", _config(_DATA))),
        _scene(workload(), thing("HelmRelease", "extra", "interval: 5m"), _config(_DATA)),
    ),
)

_SHARED_VOLUME = Case(
    fires=(
        _scene(_claim("ReadWriteOnce"), _writer("api", "replicas: 2")),
        _scene(_claim("ReadWriteOnce"), _writer("api"), _writer("worker")),
        _scene(_claim("ReadWriteOncePod"), _writer("api"), _writer("worker")),
        _scene(_claim("ReadWriteOnce"), _writer("agent", kind="DaemonSet")),
        _scene(_claim("ReadWriteOnce"), _writer("api"), autoscaler()),
    ),
    silent=(
        _scene(_claim("ReadWriteOnce"), _writer("api", "replicas: 1")),
        _scene(_claim("ReadWriteOnce"), _writer("api")),
        _scene(_claim("ReadWriteMany"), _writer("api", "replicas: 2"), _writer("worker")),
        _scene(_claim("ReadWriteOnce"), _writer("api"), _writer("backup", kind="CronJob")),
        _scene(_claim("ReadWriteOnce"), _writer("api", "replicas: 2", pod="nodeSelector: {disk: fast}")),
        Scene(
            compose(
                "services:\n  a: {image: a:1, volumes: ['v:/v']}\n  b: {image: b:1, volumes: ['v:/v']}\nvolumes: {v: }"
            )
        ),
    ),
)

_HTTP = "ports: [{name: http, containerPort: 8080}]"


def _caller(address: str, name: str = "web") -> str:
    return workload(name, container=f"env: [{{name: API_URL, value: '{address}'}}]")


_DANGLING_REFERENCE = Case(
    fires=(
        _scene(_caller("http://api:80")),
        _scene(_whole()),
        _scene(_takes("password", "db", kind="secret")),
        _scene(_writer("api")),
        _scene(_in("shop", _whole())),
    ),
    silent=(
        _scene(_caller("http://api:80"), service(), workload()),
        _scene(_caller("https://api.example.org")),
        _scene(_whole(), _config(_DATA)),
        _scene(_takes("url", optional=", optional: true")),
        _scene(_whole("kube-root-ca.crt")),
        _scene(_in("shop", _whole()), _in("cache", _config(_DATA))),
    ),
)

_PORT_MISMATCH = Case(
    fires=(
        _scene(service(), workload(container=_HTTP)),
        _scene(service(), workload(), _caller("http://api:8080")),
    ),
    silent=(
        _scene(service(spec="", port="8080"), workload(container=_HTTP)),
        _scene(service(), workload()),
        _scene(service(), workload(), _caller("http://api:80")),
        _scene(service(), workload(), _caller("http://api")),
    ),
)

_DEPENDENCY_CYCLE = Case(
    fires=(_scene(_caller("http://api:80"), service("web"), _caller("http://web:80", "api"), service("api")),),
    silent=(
        _scene(_caller("http://api:80"), workload(), service("api"), service("web")),
        _scene(_caller("http://web:80"), service("web")),
    ),
)

CASES: Mapping[str, Case] = MappingProxyType(
    {
        "dangling-reference": _DANGLING_REFERENCE,
        "port-mismatch": _PORT_MISMATCH,
        "dependency-cycle": _DEPENDENCY_CYCLE,
        "missing-key": _MISSING_KEY,
        "name-in-another-namespace": _NAME_IN_ANOTHER_NAMESPACE,
        "unused-configuration": _UNUSED_CONFIGURATION,
        "shared-volume": _SHARED_VOLUME,
    }
)
