"""What rules on resilience must find, and what only looks like it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from support.objects import autoscaler, budget, ingress, service, thing, workload
from support.scenes import PRODUCTION, STAGING, Case, Scene, compose, kubernetes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.assurance.findings import Surroundings


def _scene(*texts: str, around: Surroundings = PRODUCTION) -> Scene:
    return Scene(kubernetes("".join(texts)), around)


def _services(text: str) -> Scene:
    return Scene(compose(f"services:\n{text}"))


def _asks(requests: str, limits: str) -> Scene:
    return _scene(workload(container=f"resources: {{requests: {{{requests}}}, limits: {{{limits}}}}}"))


def _replicas(number: str) -> str:
    return workload(spec=f"replicas: {number}")


def _caller(target: str = "api") -> str:
    return workload("web", container=f"env: [{{name: API_URL, value: 'http://{target}:80'}}]")


def _probes(liveness: str, readiness: str) -> str:
    return workload(container=f"livenessProbe: {{{liveness}}}, readinessProbe: {{{readiness}}}")


def _elsewhere(text: str, namespace: str) -> str:
    return text.replace("metadata: {name: api", f"metadata: {{namespace: {namespace}, name: api")


def _rolling(unavailable: str) -> str:
    return f"strategy: {{rollingUpdate: {{maxUnavailable: {unavailable}}}}}"


_HEALTH = "httpGet: {path: /health, port: 80}"
_RECREATE = workload(spec="strategy: {type: Recreate}")
_OUTSIDE = service() + ingress()
_HOST_FOLDER = "volumes: [{name: data, hostPath: {path: /var/lib/orders}}]"
_CLAIM = "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]"
_CLAIMS = "volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]"
_BY_BOTH = "selector: {matchLabels: {app: api}, matchExpressions: [{key: tier, operator: Exists}]}"
_BY_EXPRESSION = "selector: {matchExpressions: [{key: app, operator: Exists}]}"

_REQUEST_ABOVE_LIMIT = Case(
    fires=(_asks("memory: 1Gi", "memory: 512Mi"), _asks("cpu: 1", "cpu: 500m"), _asks("memory: 600M", "memory: 512Mi")),
    silent=(
        _asks("memory: 512Mi", "memory: 0.5Gi"),
        _asks("memory: 1Gi", "cpu: 500m"),
        _asks("cpu: '${CPU}'", "cpu: 100m"),
        _asks("cpu: 100m", "cpu: 0.1"),
    ),
)

_AUTOSCALER_RANGE = Case(
    fires=(_scene(autoscaler(least="6", most="4")),),
    silent=(_scene(autoscaler(least="4", most="4")), _scene(autoscaler(least="'${LEAST}'", most="4"))),
)

_AUTOSCALER_TARGET = Case(
    fires=(
        _scene(autoscaler("chekout"), workload("checkout")),
        _scene(autoscaler("api", kind="StatefulSet"), workload()),
        _scene(autoscaler("chekout"), thing("HelmRelease", "shop", "interval: 5m")),
    ),
    silent=(_scene(autoscaler(), workload()), _scene(autoscaler("shop", kind="Rollout"))),
)

_AUTOSCALER_OVERRULED = Case(
    fires=(_scene(autoscaler(), _replicas("2")),),
    silent=(
        _scene(autoscaler(), workload()),
        _scene(autoscaler("web"), _replicas("2"), workload("web")),
        _scene(_replicas("2")),
    ),
)

_DISRUPTION_BUDGET = Case(
    fires=(
        _scene(_elsewhere(budget("minAvailable: 1"), "shop"), _elsewhere(workload(), "shop")),
        _scene(_elsewhere(budget("minAvailable: 1"), "shop"), workload()),
        _scene(budget("minAvailable: 1"), _elsewhere(workload(), "shop")),
        _scene(budget("maxUnavailable: 0"), _replicas("3")),
        _scene(budget("minAvailable: 100%"), _replicas("3")),
        _scene(budget("minAvailable: 1"), workload()),
        _scene(budget("minAvailable: 2"), _replicas("2")),
        _scene(budget("minAvailable: 80%"), _replicas("3")),
        _scene(budget("minAvailable: 0"), _replicas("3")),
        _scene(budget("maxUnavailable: 100%"), _replicas("3")),
    ),
    silent=(
        _scene(budget("maxUnavailable: 1"), _replicas("1")),
        _scene(budget("minAvailable: 1"), _replicas("2")),
        _scene(budget("minAvailable: 50%"), _replicas("2")),
        _scene(budget("minAvailable: 2"), workload(), autoscaler()),
        _scene(budget("minAvailable: 1"), _replicas("'${COUNT}'")),
        _scene(budget("minAvailable: 1", app="other"), workload()),
        _scene(budget("maxUnavailable: 50%"), _replicas("3")),
        _scene(budget("maxUnavailable: 150"), _replicas("3")),
        _scene(_elsewhere(budget("minAvailable: 1"), "shop"), _elsewhere(workload(), "tools")),
        _scene(thing("PodDisruptionBudget", "api", f"minAvailable: 1, {_BY_BOTH}", api="policy/v1"), workload()),
        _scene(thing("PodDisruptionBudget", "api", f"minAvailable: 1, {_BY_EXPRESSION}", api="policy/v1"), workload()),
    ),
)

_OUTAGE_AT_RELEASE = Case(
    fires=(
        _scene(_RECREATE, _OUTSIDE),
        _scene(_RECREATE, service(spec="type: LoadBalancer")),
        _scene(workload(spec=_rolling("1")), _OUTSIDE),
        _scene(workload(spec=f"{_rolling('100%')}, replicas: 3"), _OUTSIDE),
    ),
    silent=(
        _scene(workload(spec=f"{_rolling('1')}, replicas: 2"), _OUTSIDE),
        _scene(workload(spec=_rolling("1")), _OUTSIDE, autoscaler()),
        _scene(workload(spec=_rolling("50%")), _OUTSIDE),
        _scene(workload(spec=_rolling("0")), _OUTSIDE),
        _scene(_RECREATE, service()),
        _scene(workload(), _OUTSIDE),
        _scene(_RECREATE, service(), ingress(spec="ingressClassName: nginx-internal")),
    ),
)

_SINGLE_REPLICA_OUTSIDE = Case(
    fires=(_scene(workload(), _OUTSIDE), _scene(_replicas("1"), service(spec="type: NodePort"))),
    silent=(
        _scene(workload(), _OUTSIDE, around=STAGING),
        _scene(_replicas("2"), _OUTSIDE),
        _scene(workload(), service()),
        _scene(workload(), _OUTSIDE, autoscaler()),
        _scene(workload(kind="DaemonSet"), _OUTSIDE),
    ),
)

_NOTHING_RUNNING = Case(
    fires=(
        _scene(_replicas("0"), service(), _caller()),
        _scene(_replicas("0"), _OUTSIDE),
        _services("  web: {image: 'w:1', depends_on: [api]}\n  api: {image: 'a:1', deploy: {replicas: 0}}"),
    ),
    silent=(
        _scene(_replicas("0")),
        _scene(_replicas("0"), service()),
        _scene(_replicas("0"), service(), _caller().replace("spec: {", "spec: {replicas: 0, ", 1)),
        _scene(_replicas("1"), service(), _caller()),
        _scene(_replicas("0"), service(), _caller(), autoscaler()),
    ),
)

_SAME_PROBES = Case(
    fires=(
        _scene(_probes(_HEALTH, _HEALTH)),
        _scene(_probes(f"{_HEALTH}, initialDelaySeconds: 30", f"{_HEALTH}, failureThreshold: 3")),
    ),
    silent=(
        _scene(_probes(f"{_HEALTH}, failureThreshold: 6", _HEALTH)),
        _scene(_probes("httpGet: {path: /alive, port: 80}", _HEALTH)),
        _scene(_probes("tcpSocket: {port: 80}", "tcpSocket: {port: 80}")),
        _scene(workload(container=f"readinessProbe: {{{_HEALTH}}}")),
    ),
)

_PROBE_PORT = Case(
    fires=(
        _scene(workload(container="ports: [{name: web, containerPort: 80}], livenessProbe: {httpGet: {port: http}}")),
        _scene(workload(container="readinessProbe: {tcpSocket: {port: http}}")),
    ),
    silent=(
        _scene(workload(container="ports: [{name: http, containerPort: 80}], livenessProbe: {httpGet: {port: http}}")),
        _scene(workload(container="ports: [{containerPort: 80}], livenessProbe: {httpGet: {port: 8080}}")),
        _scene(workload(container="readinessProbe: {grpc: {port: 50051}}")),
    ),
)

_NO_RESTART_POLICY = Case(
    fires=(
        _services("  api: {image: 'api:1', ports: ['80:80']}"),
        _services(
            "  web: {image: 'web:1', restart: always, depends_on: [api]}\n  api: {image: 'api:1', restart: 'no'}"
        ),
    ),
    silent=(
        _services("  api: {image: 'api:1', ports: ['80:80'], restart: unless-stopped}"),
        _services("  api: {image: 'api:1', ports: ['80:80'], deploy: {restart_policy: {condition: any}}}"),
        _services("  tool: {image: 'tool:1', ports: ['80:80'], profiles: [tools]}"),
        _services("  job: {image: 'job:1'}"),
        _services(
            "  migrate: {image: 'job:1'}\n"
            "  api: {image: 'api:1', restart: always, depends_on: "
            "{migrate: {condition: service_completed_successfully}}}"
        ),
    ),
)

_HOST_PATH = Case(
    fires=(
        _scene(workload(pod=_HOST_FOLDER)),
        _scene(workload(pod=_HOST_FOLDER, kind="CronJob")),
        _scene(thing("PersistentVolume", "data", "hostPath: {path: /data}", api="v1")),
    ),
    silent=(
        _scene(workload(pod=_HOST_FOLDER, kind="DaemonSet")),
        _scene(workload(pod="volumes: [{name: data, emptyDir: {}}]")),
        _scene(thing("PersistentVolume", "data", "nfs: {path: /data, server: files}", api="v1")),
        _scene(workload(pod="volumes: [{name: engine, hostPath: {path: /var/run/docker.sock}}]")),
        _scene(workload(pod="volumes: [{name: zone, hostPath: {path: /etc/localtime}}]")),
        _scene(workload(pod="volumes: [{name: trusted, hostPath: {path: /etc/ssl/certs}}]")),
    ),
)

_VOLATILE_DATA_STORE = Case(
    fires=(
        _scene(workload("db", image="postgres:16")),
        _scene(workload("db", image="bitnami/mongodb:7", pod="volumes: [{name: data, emptyDir: {}}]")),
        _services("  db: {image: 'mysql:8'}"),
    ),
    silent=(
        _scene(workload("cache", image="redis:7")),
        _scene(workload("db", image="postgres:16", pod=_CLAIM)),
        _scene(workload("db", image="postgres:16", kind="StatefulSet", spec=_CLAIMS)),
        _scene(workload("copy", image="postgres:16", kind="CronJob", spec="schedule: '0 1 * * *'")),
        _scene(workload("copy", image="postgres:16", container="command: [psql]")),
        _services("  db: {image: 'mysql:8', volumes: ['data:/var/lib/mysql']}\nvolumes: {data: {}}"),
        _services("  web: {image: 'shop/mysql-admin:8'}"),
    ),
)

_SINGLE_POINT_OF_FAILURE = Case(
    fires=(
        _scene(
            _caller(),
            service(),
            workload(container="env: [{name: DB_URL, value: 'http://db:80'}]"),
            service("db"),
            workload("db"),
        ),
    ),
    silent=(
        _scene(_caller(), service(), workload()),
        _scene(
            *(
                text.replace("metadata: {name", "metadata: {namespace: shop, name", 1)
                for text in (
                    _caller(),
                    service(),
                    workload(container="env: [{name: DB_URL, value: 'http://db:80'}]"),
                    service("db"),
                    workload("db"),
                    autoscaler(),
                )
            )
        ),
    ),
)

_MISSING_PROBE = Case(
    fires=(_scene(workload()),),
    silent=(_scene(workload(container=f"livenessProbe: {{{_HEALTH}}}")), _scene(workload(kind="Job"))),
)

_MISSING_LIMITS = Case(
    fires=(_scene(workload()), _scene(workload(container="resources: {requests: {memory: 1Gi}}"))),
    silent=(_scene(workload(container="resources: {limits: {memory: 1Gi}}")),),
)

CASES: Mapping[str, Case] = MappingProxyType(
    {
        "request-above-limit": _REQUEST_ABOVE_LIMIT,
        "autoscaler-range": _AUTOSCALER_RANGE,
        "autoscaler-target": _AUTOSCALER_TARGET,
        "autoscaler-overruled": _AUTOSCALER_OVERRULED,
        "disruption-budget": _DISRUPTION_BUDGET,
        "outage-at-release": _OUTAGE_AT_RELEASE,
        "single-replica-outside": _SINGLE_REPLICA_OUTSIDE,
        "nothing-running": _NOTHING_RUNNING,
        "same-probes": _SAME_PROBES,
        "probe-port": _PROBE_PORT,
        "no-restart-policy": _NO_RESTART_POLICY,
        "host-path": _HOST_PATH,
        "volatile-data-store": _VOLATILE_DATA_STORE,
        "single-point-of-failure": _SINGLE_POINT_OF_FAILURE,
        "missing-probe": _MISSING_PROBE,
        "missing-limits": _MISSING_LIMITS,
    }
)
