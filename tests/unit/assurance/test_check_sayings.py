"""What findings of exposure, resilience and configuration say: their level, their field and their words."""

from __future__ import annotations

import pytest
from support.objects import autoscaler, budget, ingress, service, thing, workload
from support.scenes import Scene, compose, found_in, kubernetes

OUTSIDE = service() + ingress()
HOST_PORT = "ports: [{containerPort: 8080, hostPort: 80}]"

MANIFESTS = (
    ("ingress-without-tls", ingress(), "warning", "spec.tls", "Ingress/shop serves shop.example.org without TLS"),
    (
        "ingress-without-tls",
        ingress(spec="tls: [{hosts: [a.example.org]}]"),
        "warning",
        "spec.rules[shop.example.org].host",
        "Ingress/shop serves shop.example.org, which its `tls` does not cover",
    ),
    (
        "route-conflict",
        ingress("one", path="/cart") + ingress("two", path="/cart", to="next"),
        "error",
        "spec.rules[shop.example.org].http.paths[/cart].path",
        "shop.example.org/cart is claimed by Ingress/one and Ingress/two, and they lead to different services",
    ),
    (
        "open-load-balancer",
        service(spec="type: LoadBalancer"),
        "note",
        "spec.type",
        "Service/api can be called from anywhere on port 80",
    ),
    (
        "node-port",
        workload(container=HOST_PORT),
        "warning",
        "server.ports[8080].hostPort",
        "Container server of api takes port 80 of its node",
    ),
    (
        "node-port",
        workload(container=HOST_PORT, kind="DaemonSet"),
        "note",
        "server.ports[8080].hostPort",
        "Container server of api takes port 80 of its node",
    ),
    (
        "node-port",
        service(spec="type: NodePort"),
        "note",
        "spec.type",
        "Service/api opens a port on every node for its port 80",
    ),
    (
        "data-store-outside",
        service("db", "type: NodePort") + workload("db", image="postgres:16"),
        "warning",
        "db",
        "Service/db lets calls from outside of the cluster in to db (postgres)",
    ),
    (
        "foreign-host",
        ingress(host="shop.staging.example.org"),
        "warning",
        "spec.rules[shop.staging.example.org].host",
        "Ingress/shop answers to shop.staging.example.org in production, and the name says staging",
    ),
    (
        "request-above-limit",
        workload(container="resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}"),
        "error",
        "server.resources.requests.memory",
        "Container server of api asks for 2Gi of memory, above its limit of 1Gi",
    ),
    (
        "autoscaler-range",
        autoscaler(least="6", most="4"),
        "error",
        "spec.minReplicas",
        "HorizontalPodAutoscaler/api wants at least 6 and at most 4 replicas",
    ),
    (
        "autoscaler-target",
        autoscaler("chekout"),
        "error",
        "spec.scaleTargetRef.name",
        "HorizontalPodAutoscaler/chekout scales the Deployment chekout, which is not there",
    ),
    (
        "autoscaler-target",
        autoscaler("chekout") + thing("HelmRelease", "shop", "interval: 5m"),
        "warning",
        "spec.scaleTargetRef.name",
        "HorizontalPodAutoscaler/chekout scales the Deployment chekout, which is not there",
    ),
    (
        "autoscaler-overruled",
        autoscaler() + workload(spec="replicas: 3"),
        "warning",
        "replicas",
        "api has its replicas written down (3), and HorizontalPodAutoscaler/api sets them too",
    ),
    (
        "disruption-budget",
        budget("minAvailable: 2") + workload(spec="replicas: 2"),
        "warning",
        "spec.minAvailable",
        "PodDisruptionBudget/api wants 2 to be there at any time, and api has 2, so no node they run on can be emptied",
    ),
    (
        "disruption-budget",
        budget("maxUnavailable: 100%"),
        "note",
        "spec.maxUnavailable",
        "PodDisruptionBudget/api allows all pods to be away at once, so it protects nothing",
    ),
    (
        "outage-at-release",
        OUTSIDE + workload(spec="strategy: {rollingUpdate: {maxUnavailable: 1}}"),
        "warning",
        "spec.strategy.rollingUpdate.maxUnavailable",
        "api may have 1 of 1 pods away during each of its releases, and Ingress/shop leads to it from outside",
    ),
    ("single-replica-outside", OUTSIDE + workload(), "note", "replicas", "api runs as one replica, and Ingress/shop"),
    (
        "nothing-running",
        OUTSIDE + workload(spec="replicas: 0"),
        "warning",
        "replicas",
        "api has no replica, and Ingress/shop needs it",
    ),
    (
        "probe-port",
        workload(container="ports: [{name: web, containerPort: 80}], livenessProbe: {httpGet: {port: http}}"),
        "error",
        "server.livenessProbe.httpGet.port",
        "The livenessProbe of container server of api asks at the port http, and the container has web",
    ),
    (
        "host-path",
        workload(pod="volumes: [{name: data, hostPath: {path: /data}}]"),
        "warning",
        "spec.template.spec.volumes[data].hostPath.path",
        "api keeps data in /data of the node it runs on",
    ),
    (
        "host-path",
        workload(pod="volumes: [{name: modules, hostPath: {path: /lib/modules}}]"),
        "note",
        "spec.template.spec.volumes[modules].hostPath.path",
        "api reaches for /lib/modules of the node it runs on",
    ),
    (
        "host-namespace",
        workload(pod="hostPID: true", kind="DaemonSet"),
        "note",
        "spec.template.spec.hostPID",
        "api shares the processes of its host",
    ),
    (
        "held-back",
        workload(kind="StatefulSet", spec="updateStrategy: {type: OnDelete}"),
        "note",
        "spec.updateStrategy.type",
        "api goes on with its old pods until somebody deletes them",
    ),
    (
        "debug-in-production",
        workload(container="env: [{name: LOG_LEVEL, value: TRACE}]"),
        "note",
        "server.env.LOG_LEVEL",
        "api writes its log at the level trace, by `server.env.LOG_LEVEL`",
    ),
    (
        "debug-in-production",
        workload(container="env: [{name: DEBUG, value: 'True'}]"),
        "warning",
        "server.env.DEBUG",
        "api runs in a debug mode, by `server.env.DEBUG`",
    ),
    (
        "localhost-address",
        workload(container="env: [{name: DB, value: 'postgresql://shop:hunter2@localhost:5432/shop'}]"),
        "warning",
        "server.env.DB",
        "",
    ),
    (
        "cron-schedule",
        workload(kind="CronJob", spec="schedule: '0 25 * * *'"),
        "error",
        "spec.schedule",
        "The schedule of cronjob/api, `0 25 * * *`, says `25` for the hour",
    ),
    (
        "selector-mismatch",
        workload().replace("matchLabels: {app: api}", "matchLabels: {app: apis}"),
        "error",
        "spec.selector.matchLabels.app",
        "api selects app=apis, and its pods have app=api",
    ),
)


@pytest.mark.parametrize(
    ("rule", "text", "level", "field", "words"), MANIFESTS, ids=[f"{row[0]}-{n}" for n, row in enumerate(MANIFESTS)]
)
def test_a_finding_names_what_it_is_about(rule: str, text: str, level: str, field: str, words: str) -> None:
    found = found_in(Scene(kubernetes(text)), rule)
    if not words:
        assert found == []  # a login makes the setting a secret, of which nothing is known
        return
    (finding,) = found
    assert (finding.level, finding.field) == (level, field)
    assert finding.message.startswith(words)
    assert finding.path == "deploy/all.yaml"
    assert finding.line > 0


def test_an_everybody_that_is_admin_is_an_error() -> None:
    text = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\n"
        "roleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: Group, name: 'system:anonymous'}]\n"
    )
    (finding,) = found_in(Scene(kubernetes(text)), "cluster-admin")
    assert finding.level == "error"
    assert finding.message == "ClusterRoleBinding/all gives all rights over the cluster to Group system:anonymous"


def test_each_published_address_of_a_data_store_is_named() -> None:
    text = (
        "services:\n  db: {image: 'postgres:16', ports: ['127.0.0.1:5431:5432', '5432:5432', '10.0.0.1:5433:5432']}\n"
    )
    (finding,) = found_in(Scene(compose(text)), "published-data-store")
    assert finding.message == "db (postgres) is published on 10.0.0.1:5433 and 5432 of its host, for port 5432"
    assert finding.field == "ports.5432/tcp"


def test_the_second_of_two_is_told_that_its_port_is_taken() -> None:
    text = "services:\n  api: {image: 'a:1', ports: ['80:80']}\n  web: {image: 'w:1', ports: ['80:8080']}\n"
    (finding,) = found_in(Scene(compose(text)), "port-taken")
    assert (finding.subject, finding.message) == ("web", "web wants port 80/tcp, which api has")


def test_a_budget_over_several_workloads_counts_their_pods_together() -> None:
    pods = workload("one", spec="replicas: 1") + workload("two", spec="replicas: 2").replace(
        "two}}, spec", "one}}, spec"
    )
    assert found_in(Scene(kubernetes(budget("minAvailable: 2", app="one") + pods)), "disruption-budget") == []
    (finding,) = found_in(Scene(kubernetes(budget("minAvailable: 3", app="one") + pods)), "disruption-budget")
    assert "one and two have together 3" in finding.message


def test_capabilities_are_told_one_by_one() -> None:
    text = "services:\n  api: {image: 'a:1', cap_add: [SYS_ADMIN, CAP_NET_ADMIN, CHOWN]}\n"
    found = found_in(Scene(compose(text)), "dangerous-capability")
    assert [finding.message for finding in found] == ["api is given NET_ADMIN", "api is given SYS_ADMIN"]


def test_a_data_store_on_a_port_that_the_engine_chooses_is_published_too() -> None:
    (finding,) = found_in(
        Scene(compose("services:\n  db: {image: 'redis:7', ports: ['6379']}\n")), "published-data-store"
    )
    assert finding.message == ("db (redis) is published on some port of its host, for port 6379")
