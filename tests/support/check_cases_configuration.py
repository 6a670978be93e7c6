"""What rules on configuration must find, and what only looks like it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from support.objects import thing, workload
from support.scenes import PRODUCTION, STAGING, Case, Scene, compose, kubernetes

from generator.model.component import Aspect, Field, Role, component

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.assurance.findings import Surroundings


def _scene(*texts: str, around: Surroundings = PRODUCTION) -> Scene:
    return Scene(kubernetes("".join(texts)), around)


def _service(text: str, name: str = "api") -> Scene:
    return Scene(compose(f"services:\n  {name}: {{{text}}}"))


def _secured(text: str, **more: str) -> Scene:
    return _scene(workload(container=f"securityContext: {{{text}}}", **more))


def _env(name: str, value: str, around: Surroundings = PRODUCTION, **more: str) -> Scene:
    return _scene(workload(container=f"env: [{{name: {name}, value: '{value}'}}]", **more), around=around)


def _schedule(text: str) -> Scene:
    return _scene(workload(kind="CronJob", spec=f"schedule: '{text}'"))


def _binding(role: str, subject: str, kind: str = "ClusterRoleBinding") -> str:
    return (
        f"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: tools}}\n"
        f"roleRef: {{kind: ClusterRole, name: {role}}}\nsubjects: [{subject}]\n"
    )


_MOUNT = "volumeMounts: [{name: data, mountPath: /data}]"
_SOCKET = "volumes: [{name: engine, hostPath: {path: /var/run/docker.sock}}]"
_FIRST = "initContainers: [{name: prepare, image: 'busybox:1', securityContext: {privileged: true, runAsUser: 0}}]"
_MAP = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: "

_PRIVILEGED_CONTAINER = Case(
    fires=(
        _secured("privileged: true"),
        _secured("privileged: true", kind="CronJob"),
        _scene(workload(pod=_FIRST)),
        _service("image: 'api:1', privileged: true"),
    ),
    silent=(_secured("privileged: false"), _scene(workload()), _service("image: 'api:1', cap_add: [SYS_NICE]")),
)

_DANGEROUS_CAPABILITY = Case(
    fires=(
        _secured("capabilities: {add: [SYS_ADMIN, NET_ADMIN]}"),
        _secured("capabilities: {add: [ALL]}"),
        _service("image: 'api:1', cap_add: [CAP_SYS_PTRACE, CHOWN]"),
    ),
    silent=(
        _secured("capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}"),
        _service("image: 'api:1', cap_drop: [ALL], cap_add: [CHOWN]"),
    ),
)

_HOST_NAMESPACE = Case(
    fires=(
        _scene(workload(pod="hostNetwork: true")),
        _scene(workload(pod="hostPID: true", kind="DaemonSet")),
        _service("image: 'api:1', network_mode: host"),
        _service("image: 'api:1', pid: host"),
    ),
    silent=(
        _scene(workload(pod="hostNetwork: false")),
        _service("image: 'api:1', network_mode: none"),
    ),
)

_ENGINE_SOCKET = Case(
    fires=(
        _scene(workload(pod=_SOCKET)),
        _scene(workload(pod=_SOCKET, kind="DaemonSet")),
        _service("image: 'api:1', volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']"),
    ),
    silent=(
        _scene(workload(pod="volumes: [{name: engine, hostPath: {path: /var/run/app.sock}}]")),
        _service("image: 'api:1', volumes: ['/srv/docker.sock.d:/data']"),
    ),
)

_RUNS_AS_ROOT = Case(
    fires=(
        _secured("runAsUser: 0"),
        _scene(workload(pod="securityContext: {runAsUser: 0}")),
        _service("image: 'api:1', user: root"),
        _service("image: 'api:1', user: '0:0'"),
    ),
    silent=(
        _secured("runAsUser: 1000"),
        _scene(workload(pod=_FIRST)),
        _scene(workload()),
        _scene(workload(container="securityContext: {runAsUser: 1000}", pod="securityContext: {runAsUser: 0}")),
        _service("image: 'api:1', user: '1000'"),
    ),
)

_VERIFICATION_OFF = Case(
    fires=(
        _env("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
        _env("ORDERS_VERIFY_SSL", "false"),
        _scene(f"{_MAP}{{insecureSkipVerify: 'true'}}\n"),
        _scene(thing("Gateway", "shop", "tls: {insecure_skip_verify: true}")),
    ),
    silent=(
        _env("NODE_TLS_REJECT_UNAUTHORIZED", "1"),
        _env("ORDERS_VERIFY_SSL", "true"),
        _env("VERIFY_SSL_PATH", "0"),
        _env("INSECURE_SKIP_VERIFY", "false"),
    ),
)

_UPSTREAM_HOST = Case(
    fires=(
        _env("ORDERS_URL", "https://orders.staging.example.org/v1"),
        _env("CACHE", "redis.staging.svc.cluster.local:6379"),
        _scene(f"{_MAP}{{orders: 'https://staging-orders.example.org'}}\n"),
    ),
    silent=(
        _env("ORDERS_URL", "https://orders.example.org/staging"),
        _env("ORDERS_URL", "https://orders.stagingarea.example.org"),
        _env("PLACE", "staging"),
        _env("ORDERS_URL", "https://staging.production.example.org"),
        _env("ORDERS_URL", "https://orders.staging.example.org", STAGING),
    ),
)

_DEBUG = Case(
    fires=(
        _env("DEBUG", "true"),
        _env("ORDERS_LOG_LEVEL", "trace"),
        _env("RAILS_ENV", "development"),
        _scene(f"{_MAP}{{logLevel: debug}}\n"),
    ),
    silent=(
        _env("DEBUG", "true", STAGING),
        _scene(workload("debug-tools", container="env: [{name: DEBUG, value: 'true'}]")),
        _env("DEBUG", "false"),
        _env("LOG_LEVEL", "info"),
        _env("DEBUG_COLOURS", "true"),
        _env("RAILS_ENV", "production"),
        _env("DEBUG", "*"),
        _env("RAILS_ENV", "debug"),
        _env("LOG_LEVEL", "on"),
        _env("PLACE", "development"),
    ),
)

_LOCALHOST = Case(
    fires=(
        _env("DATABASE_ADDRESS", "postgresql://localhost:5432/orders"),
        _env("CACHE", "127.0.0.1:6379"),
        _service("image: 'api:1', environment: {CACHE: 'localhost:6379'}"),
    ),
    silent=(
        _env("CACHE", "redis:6379"),
        _env("OWN_ADDRESS", "http://localhost:8080"),
        _env("CACHE", "localhost:6379", image="redis:7"),
        _env("CACHE", "localhost:6379", pod="initContainers: [{name: proxy, image: 'proxy:1', restartPolicy: Always}]"),
        _env("CACHE", "localhost:6379", pod="hostNetwork: true"),
        _env("CACHE", "notlocalhost:6379"),
        _service("image: 'api:1', network_mode: host, environment: {CACHE: 'localhost:6379'}"),
    ),
)

_CRON_SCHEDULE = Case(
    fires=(
        _schedule("0 25 * * *"),
        _schedule("* * * *"),
        _schedule("0 0 * * 7"),
        _schedule("*/0 * * * *"),
        _schedule("@nightly"),
        _schedule("CRON_TZ=UTC 0 6 * * *"),
        _schedule("0 0 10-5 * *"),
    ),
    silent=(
        _schedule("0 6 * * *"),
        _schedule("0 10,22 1-15/2 JAN-MAR mon-fri"),
        _schedule("*/15 * ? * *"),
        _schedule("@daily"),
        _schedule("@every 1h30m"),
        _schedule("${SCHEDULE}"),
    ),
)

_UNKNOWN_VOLUME = Case(
    fires=(
        _scene(workload(container=_MOUNT)),
        _scene(workload(container=_MOUNT, pod="volumes: [{name: date, emptyDir: {}}]")),
    ),
    silent=(
        _scene(workload(container=_MOUNT, pod="volumes: [{name: data, emptyDir: {}}]")),
        _scene(workload(container=_MOUNT, kind="StatefulSet", spec="volumeClaimTemplates: [{metadata: {name: data}}]")),
        _scene(workload(pod="volumes: [{name: data, emptyDir: {}}]")),
    ),
)

_HELD_BACK = Case(
    fires=(
        _scene(workload(spec="paused: true")),
        _scene(workload(kind="CronJob", spec="schedule: '0 1 * * *', suspend: true")),
        _scene(thing("HelmRelease", "shop", "suspend: true")),
        _scene(workload(kind="StatefulSet", spec="updateStrategy: {type: OnDelete}")),
        _scene(workload(kind="StatefulSet", spec="updateStrategy: {rollingUpdate: {partition: 2}}")),
    ),
    silent=(
        _scene(workload(spec="paused: false")),
        _scene(workload(kind="StatefulSet", spec="updateStrategy: {rollingUpdate: {partition: 0}}")),
        _scene(thing("Alert", "shop", "suspend: true")),
        _scene(workload(pod="hostNetwork: true")),
    ),
)

_CLUSTER_ADMIN = Case(
    fires=(
        _scene(_binding("cluster-admin", "{kind: ServiceAccount, name: deploy, namespace: tools}")),
        _scene(_binding("cluster-admin", "{kind: Group, name: 'system:authenticated'}")),
    ),
    silent=(
        _scene(_binding("view", "{kind: ServiceAccount, name: deploy, namespace: tools}")),
        _scene(_binding("cluster-admin", "{kind: ServiceAccount, name: deploy}", kind="RoleBinding")),
        _scene(_binding("cluster-admin", "")),
    ),
)

_SELECTOR_MISMATCH = Case(
    fires=(_scene(workload().replace("matchLabels: {app: api}", "matchLabels: {app: apis}")),),
    silent=(
        _scene(workload()),
        _scene(workload().replace("matchLabels: {app: api}", "matchLabels: {helm.sh/chart: api}")),
    ),
)


def _masked(name: str) -> Scene:
    """Return values with one setting that was masked whole."""
    fields = [Field(Aspect.SECRET, name, "secret:0123456789ab", 3)]
    return Scene((component("gateway", Role.COMPONENT, "values", fields=fields, path="values.yaml", line=1),))


def _settings_file(text: str) -> Scene:
    return _scene(f'apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: orders}}\ndata: {{app.properties: "{text}"}}\n')


_PLAIN_TEXT_SECRET = Case(
    fires=(
        _env("DB_PASSWORD", "correct horse battery"),
        _masked("main_app.swift_secret_key"),
        _masked("main_app.encryption_key"),
        _masked("auth.jwt_key"),
        _masked("auth.jwt.key"),
        _masked("api_routes[cart].users[0].key"),
        _masked("api_routes[cart].hmac[one].key"),
        _masked("api_keys[partner].key"),
        _masked("secrets.partners[one].key"),
        _masked("API_KEY"),
        _settings_file("url=jdbc:postgresql://db/orders\\nspring.datasource.password=correct-horse"),
    ),
    silent=(
        _masked("main_app.ratelimiter_key"),
        _settings_file("url=jdbc:postgresql://db/orders\\nspring.datasource.password=${DB_PASSWORD}"),
        _settings_file("url=jdbc:postgresql://db/orders\\npassword_file=/run/secrets/db"),
        _masked("api_routes[cart].response_headers_to_add[cache-control].key"),
        _scene(
            workload(container="env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: orders, key: password}}}]")
        ),
    ),
)

_DUPLICATE_RESOURCE = Case(
    fires=(Scene(kubernetes(workload()), duplicates=(("api", "a.yaml", "b.yaml"),)),),
    silent=(_scene(workload()),),
)

CASES: Mapping[str, Case] = MappingProxyType(
    {
        "privileged-container": _PRIVILEGED_CONTAINER,
        "dangerous-capability": _DANGEROUS_CAPABILITY,
        "host-namespace": _HOST_NAMESPACE,
        "engine-socket": _ENGINE_SOCKET,
        "runs-as-root": _RUNS_AS_ROOT,
        "verification-off": _VERIFICATION_OFF,
        "upstream-host-in-production": _UPSTREAM_HOST,
        "debug-in-production": _DEBUG,
        "localhost-address": _LOCALHOST,
        "cron-schedule": _CRON_SCHEDULE,
        "unknown-volume": _UNKNOWN_VOLUME,
        "held-back": _HELD_BACK,
        "cluster-admin": _CLUSTER_ADMIN,
        "selector-mismatch": _SELECTOR_MISMATCH,
        "plain-text-secret": _PLAIN_TEXT_SECRET,
        "duplicate-resource": _DUPLICATE_RESOURCE,
    }
)
