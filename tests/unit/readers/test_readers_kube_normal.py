"""What does not count: two manifests that a cluster takes for the same have the same digest, others have not."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from generator.model.component import Component
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import SourceFile, Unit

Tree = dict[str, Any]


def mask(value: str) -> str:
    return f"masked-{sum(value.encode())}"


def read(tree: Tree) -> Component:
    file = SourceFile("a.json", json.dumps(tree).encode())
    reading = KubernetesReader().read(Unit("production"), [file], mask)
    assert not reading.problems
    return reading.components[0]


def same(one: Tree, other: Tree) -> bool:
    return read(one).digest == read(other).digest


def thing(kind: str, api: str = "v1", **rest: Any) -> Tree:  # noqa: ANN401 - any YAML
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "thing"}, **rest}


def workload(kind: str = "Deployment", api: str = "apps/v1", pod: Tree | None = None, **spec: Any) -> Tree:  # noqa: ANN401 - any part of a manifest
    containers = {"containers": [{"name": "web", "image": "shop/web:1.2"}]}
    return thing(kind, api, spec={"template": {"spec": {**containers, **(pod or {})}}, **spec})


def container(**rest: Any) -> Tree:  # noqa: ANN401 - any part of a manifest
    return workload(pod={"containers": [{"name": "web", "image": "shop/web:1.2", **rest}]})


def volume(**source: Any) -> Tree:  # noqa: ANN401 - any part of a manifest
    return workload(pod={"volumes": [{"name": "files", **source}]})


def service(port: Tree | None = None, **spec: Any) -> Tree:  # noqa: ANN401 - any part of a manifest
    return thing("Service", spec={"selector": {"app": "web"}, "ports": [{"port": 80, **(port or {})}], **spec})


def job(**spec: Any) -> Tree:  # noqa: ANN401 - any part of a manifest
    return workload("Job", "batch/v1", pod={"restartPolicy": "Never"}, **spec)


def daemon(**strategy: Any) -> Tree:  # noqa: ANN401 - any part of a manifest
    return workload("DaemonSet", updateStrategy={"type": "RollingUpdate", "rollingUpdate": strategy})


@pytest.mark.parametrize(
    ("stated", "silent"),
    [
        (workload(progressDeadlineSeconds=600, revisionHistoryLimit=10, minReadySeconds=0, paused=False), workload()),
        (workload(strategy={"type": "RollingUpdate"}), workload()),
        (
            workload(strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}),
            workload(strategy={}),
        ),
        (
            workload(strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}),
            workload(strategy={"rollingUpdate": {"maxSurge": 1}}),
        ),
        (daemon(maxSurge=0, maxUnavailable=1), workload("DaemonSet")),
        (
            workload(
                "StatefulSet",
                podManagementPolicy="OrderedReady",
                updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
                volumeClaimTemplates=[{"metadata": {"name": "d"}, "spec": {"volumeMode": "Filesystem"}}],
            ),
            workload("StatefulSet", volumeClaimTemplates=[{"metadata": {"name": "d"}, "spec": {}}]),
        ),
        (
            workload(
                pod={
                    "restartPolicy": "Always",
                    "dnsPolicy": "ClusterFirst",
                    "schedulerName": "default-scheduler",
                    "securityContext": {},
                    "terminationGracePeriodSeconds": 30,
                    "serviceAccountName": "default",
                    "hostNetwork": False,
                    "enableServiceLinks": True,
                    "nodeSelector": {},
                    "tolerations": [],
                    "affinity": {},
                    "volumes": None,
                }
            ),
            workload(),
        ),
        (
            workload(pod={"serviceAccountName": "web", "serviceAccount": "web"}),
            workload(pod={"serviceAccountName": "web"}),
        ),
        (
            container(
                imagePullPolicy="IfNotPresent",
                terminationMessagePath="/dev/termination-log",
                terminationMessagePolicy="File",
                resources={"limits": {}},
                securityContext={"privileged": False, "capabilities": {"add": []}},
                env=[],
                args=None,
            ),
            container(),
        ),
        (container(ports=[{"containerPort": 80, "protocol": "TCP"}]), container(ports=[{"containerPort": 80}])),
        (
            container(
                readinessProbe={
                    "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
                    "initialDelaySeconds": 0,
                    "periodSeconds": 10,
                    "timeoutSeconds": 1,
                    "successThreshold": 1,
                    "failureThreshold": 3,
                }
            ),
            container(readinessProbe={"httpGet": {"port": 80}}),
        ),
        (
            container(volumeMounts=[{"name": "d", "mountPath": "/d", "readOnly": False, "subPath": ""}]),
            container(volumeMounts=[{"name": "d", "mountPath": "/d"}]),
        ),
        (volume(configMap={"name": "c", "defaultMode": 420, "optional": False}), volume(configMap={"name": "c"})),
        (volume(secret={"secretName": "s", "defaultMode": 420}), volume(secret={"secretName": "s"})),
        (volume(hostPath={"path": "/p", "type": ""}), volume(hostPath={"path": "/p"})),
        (
            service(
                {"protocol": "TCP", "targetPort": 80},
                type="ClusterIP",
                sessionAffinity="None",
                internalTrafficPolicy="Cluster",
            ),
            service(),
        ),
        (service(type="LoadBalancer", externalTrafficPolicy="Cluster"), service(type="LoadBalancer")),
        (job(backoffLimit=6, completionMode="NonIndexed", suspend=False), job()),
        (thing("Secret", type="Opaque", stringData={"a": "b"}), thing("Secret", stringData={"a": "b"})),
        (thing("ConfigMap", data={}, immutable=False), thing("ConfigMap")),
        (
            thing("StorageClass", "storage.k8s.io/v1", reclaimPolicy="Delete", volumeBindingMode="Immediate"),
            thing("StorageClass", "storage.k8s.io/v1"),
        ),
        (
            thing(
                "RoleBinding",
                "rbac.authorization.k8s.io/v1",
                subjects=[{"kind": "Group", "name": "ops", "apiGroup": "rbac.authorization.k8s.io"}],
            ),
            thing("RoleBinding", "rbac.authorization.k8s.io/v1", subjects=[{"kind": "Group", "name": "ops"}]),
        ),
    ],
)
def test_a_stated_default_is_as_good_as_silence(stated: Tree, silent: Tree) -> None:
    one, other = ({f.name: f.value for f in read(tree).fields} for tree in (stated, silent))
    assert one == other
    assert same(stated, silent)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (workload(replicas=1), workload()),  # under an autoscaler, silence is another number
        (workload(pod={"restartPolicy": "Never"}), workload()),
        (workload(pod={"terminationGracePeriodSeconds": 31}), workload()),
        (workload(strategy={"type": "Recreate"}), workload()),
        (workload(api="extensions/v1beta1", revisionHistoryLimit=10), workload(api="extensions/v1beta1")),
        (job(backoffLimit=6, backoffLimitPerIndex=1), job(backoffLimitPerIndex=1)),
        (container(imagePullPolicy="Always"), container()),
        (container(securityContext={"runAsNonRoot": False}), container()),  # it overrides that of the pod
        (container(args=["a", "b"]), container(args=["b", "a"])),
        (container(readinessProbe={"httpGet": {"port": 80}}), container()),
        (workload(pod={"automountServiceAccountToken": True}), workload()),
        (service({"protocol": "UDP"}), service()),
        (service({"targetPort": "web"}), service()),
        (thing("Widget", "shop.test/v1", spec={"type": "ClusterIP"}), thing("Widget", "shop.test/v1", spec={})),
        (
            thing("NetworkPolicy", "networking.k8s.io/v1", spec={"podSelector": {}}),
            thing("NetworkPolicy", "networking.k8s.io/v1", spec={}),
        ),
    ],
)
def test_what_means_something_stays(one: Tree, other: Tree) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    ("image", "policy", "dropped"),
    [
        ("web:1.2", "IfNotPresent", True),
        ("web:1.2", "Always", False),
        ("web", "Always", True),
        ("web:latest", "Always", True),
        ("web:latest", "IfNotPresent", False),
        ("registry.test:5000/web", "Always", True),
        ("registry.test:5000/web:1.2", "IfNotPresent", True),
        ("web@sha256:0123", "IfNotPresent", True),
        ("web:latest@sha256:0123", "Always", True),
        ("web", "Never", False),
    ],
)
def test_the_default_of_the_pull_policy_follows_from_the_tag(image: str, policy: str, *, dropped: bool) -> None:
    found = read(workload(pod={"containers": [{"name": "web", "image": image, "imagePullPolicy": policy}]}))
    assert ("web.imagePullPolicy" not in {field.name for field in found.fields}) is dropped


def _pod(change: Callable[[list[Any]], list[Any]]) -> Tree:
    return workload(
        pod={
            "imagePullSecrets": change([{"name": "a"}, {"name": "b"}]),
            "tolerations": change([{"key": "a", "effect": "NoSchedule"}, {"key": "a", "effect": "NoExecute"}]),
            "containers": [
                {
                    "name": "web",
                    "image": "web:1",
                    "ports": change([{"containerPort": 53}, {"containerPort": 53, "protocol": "UDP"}]),
                    "securityContext": {"capabilities": {"drop": change(["ALL", "NET_RAW"])}},
                    "env": change([{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]),
                }
            ],
        }
    )


def test_the_order_of_a_set_says_nothing() -> None:
    assert same(_pod(list), _pod(lambda items: items[::-1]))
    claim = [thing("PersistentVolumeClaim", spec={"accessModes": m}) for m in (["a", "b"], ["b", "a", "b"])]
    assert same(*claim)


def test_a_word_of_a_set_is_known_by_itself() -> None:
    found = read(container(securityContext={"capabilities": {"add": ["SYS_TIME", "NET_ADMIN"]}}))
    names = [field.name for field in found.fields if "capabilities" in field.name]
    assert names == [f"web.securityContext.capabilities.add[{word}]" for word in ("NET_ADMIN", "SYS_TIME")]


def test_the_order_of_init_containers_is_a_setting() -> None:
    one, two = ({"name": name, "image": f"{name}:1"} for name in ("migrate", "seed"))
    first, second = (read(workload(pod={"initContainers": order})) for order in ([one, two], [two, one]))
    orders = [[f.value for f in c.fields if f.name.endswith(".initContainers")] for c in (first, second)]
    assert orders == [["migrate, seed"], ["seed, migrate"]]
    assert first.digest != second.digest
    alone = read(workload(pod={"initContainers": [one]}))
    assert not any(field.name.endswith(".initContainers") for field in alone.fields)


NOISE = {
    "labels": {
        "app": "web",
        "helm.sh/chart": "web-1.2.3",
        "app.kubernetes.io/managed-by": "Helm",
        "argocd.argoproj.io/instance": "shop",
        "kustomize.toolkit.fluxcd.io/name": "apps",
        "chart": "web-1.2.3",
        "heritage": "Tiller",
    },
    "annotations": {
        "checksum/config": "0123",
        "meta.helm.sh/release-name": "web",
        "kubectl.kubernetes.io/restartedAt": "2024-01-01T00:00:00Z",
        "internal.config.kubernetes.io/index": "1",
        "config.kubernetes.io/origin": "path: a",
    },
    "creationTimestamp": None,
}


def test_the_bookkeeping_of_tools_says_nothing() -> None:
    plain = workload()
    plain["metadata"]["labels"] = {"app": "web"}
    plain["spec"]["template"]["metadata"] = {"labels": {"app": "web"}, "finalizers": None}
    noisy = workload()
    noisy["metadata"] = {**noisy["metadata"], **NOISE}
    noisy["spec"]["template"]["metadata"] = NOISE
    noisy["status"] = {"replicas": 3}
    assert same(plain, noisy)
    assert read(noisy).labels == (("app", "web"),)


def test_instructions_to_tools_and_a_chart_of_ones_own_stay() -> None:
    kept = {
        "annotations": {"argocd.argoproj.io/sync-wave": "1", "kustomize.toolkit.fluxcd.io/prune": "disabled"},
        "labels": {"chart": "pie"},
    }
    tree = workload()
    tree["metadata"] = {**tree["metadata"], **kept}
    names = {field.name for field in read(tree).fields}
    assert {"annotations.argocd.argoproj.io/sync-wave", "labels.chart"} < names
    assert "annotations.kustomize.toolkit.fluxcd.io/prune" in names


def test_a_selector_on_a_label_of_the_tool_still_selects() -> None:
    selecting = read(service(selector={"app": "web", "app.kubernetes.io/managed-by": "Helm"}))
    assert selecting.selector == (("app", "web"),)


def test_text_that_only_looks_like_an_object_is_untouched() -> None:
    data = {"metadata": "x", "annotations": "y", "immutable": "false", "protocol": "TCP"}
    found = {field.name for field in read(thing("ConfigMap", data=data)).fields}
    assert found == {"apiVersion", *(f"data.{key}" for key in data)}


def test_quantities_stay_as_they_are_written() -> None:
    one, other = (container(resources={"limits": {"cpu": cpu}}) for cpu in ("1", "1000m"))
    assert not same(one, other)
