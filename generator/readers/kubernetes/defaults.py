"""What a Kubernetes object means by leaving something out, for each kind and place.

From the API reference of Kubernetes 1.33 and the defaulting functions that belong to it (`pkg/apis/core/v1`, `apps/v1`,
`batch/v1`, `rbac/v1`, `storage/v1`, `networking/v1`, `scheduling/v1`), and for routes from the schemas of the Gateway
API 1.2. A default that depends on a cluster, on its version or on other objects is left out, and so are those of scale:
no `replicas` means one replica, or as many as an autoscaler wants.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.documents.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.documents.tree import Node

    Entries = Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Shape:
    """What may be left out at one place of an object, and below it."""

    values: frozenset[str] = frozenset()
    """Texts that say the same as nothing at all."""
    optional: bool = False
    """Whether an empty mapping or list says the same as nothing at all."""
    unordered: bool = False
    """Whether a list is a set: its order says nothing."""
    keys: Mapping[str, Shape] = field(default_factory=lambda: MappingProxyType({}))
    item: Shape | None = None
    """For each item of a list."""
    stated: Callable[[Entries], str] | None = None
    """Returns the key of an entry that says no more than the entries beside it; empty where there is none."""


NO_SHAPE = Shape()
"""A place of which nothing is known."""


_RBAC = "rbac.authorization.k8s.io"


def _of(**keys: str | tuple[str, ...] | Shape) -> Shape:
    """Return the shape of a mapping: for each key its default, or what is known of the place below it."""
    shapes = {}
    for key, known in keys.items():
        if isinstance(known, Shape):
            shapes[key] = known
        else:
            shapes[key] = Shape(frozenset({known} if isinstance(known, str) else known))
    return Shape(keys=MappingProxyType(shapes))


def _each(item: Shape = NO_SHAPE, *, unordered: bool = False) -> Shape:
    return Shape(item=item, unordered=unordered)


def _optional(shape: Shape) -> Shape:
    return replace(shape, optional=True)


def _also(shape: Shape, **keys: str | tuple[str, ...] | Shape) -> Shape:
    return replace(shape, keys=MappingProxyType({**shape.keys, **_of(**keys).keys}))


def _pull_policy(entries: Entries) -> str:
    """Return the policy's key where it is the one that the image's tag gives: `Always` for none and for `latest`."""
    policy, image = entries.get("imagePullPolicy"), entries.get("image")
    if not isinstance(policy, Scalar) or not isinstance(image, Scalar) or image.null:
        return ""
    name, _, digest = image.text.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2] or ("" if digest else "latest")
    return "imagePullPolicy" if policy.text == ("Always" if tag == "latest" else "IfNotPresent") else ""


def _target_port(entries: Entries) -> str:
    """Return the target port's key where it is the port itself."""
    target, port = entries.get("targetPort"), entries.get("port")
    same = isinstance(target, Scalar) and isinstance(port, Scalar) and target.text in {port.text, "0"}
    return "targetPort" if same else ""


def _account(entries: Entries) -> str:
    """Return the old key of the service account where the new one is there too, which wins."""
    return "serviceAccount" if "serviceAccountName" in entries else ""


def _backoff_limit(entries: Entries) -> str:
    """Return the key of a job's retries where they are the usual six; counted an index, there is no limit of all."""
    limit = entries.get("backoffLimit")
    usual = isinstance(limit, Scalar) and limit.text == "6" and "backoffLimitPerIndex" not in entries
    return "backoffLimit" if usual else ""


def _subject(entries: Entries) -> str:
    """Return the key of a subject's group where its kind gives the same one."""
    kind, group = entries.get("kind"), entries.get("apiGroup")
    if not isinstance(kind, Scalar) or not isinstance(group, Scalar):
        return ""
    return "apiGroup" if group.text == ("" if kind.text == "ServiceAccount" else _RBAC) else ""


_NO = ("false", "False", "FALSE")
_NOTHING = Shape(optional=True)
_SET = Shape(optional=True, unordered=True)
_MODE = ("420", "0644", "0o644")
"""The bits `rw-r--r--`, in decimal and in the octal forms of YAML 1.1 and 1.2."""
_SELECTOR = _of(matchExpressions=_optional(_each(_of(values=_SET), unordered=True)), matchLabels=_NOTHING)

_HANDLER = _of(httpGet=_of(path="/", scheme="HTTP", httpHeaders=_NOTHING), grpc=_of(service=""))
_PROBE = _also(
    _HANDLER,
    initialDelaySeconds="0",
    timeoutSeconds=("0", "1"),
    periodSeconds=("0", "10"),
    successThreshold=("0", "1"),
    failureThreshold=("0", "3"),
)
_CONTAINER_SECURITY = _of(
    privileged=_NO,
    readOnlyRootFilesystem=_NO,
    capabilities=_optional(_of(add=_SET, drop=_SET)),
)
_CONTAINER = replace(
    _of(
        args=_NOTHING,
        command=_NOTHING,
        env=_optional(
            _each(
                _of(
                    valueFrom=_of(
                        fieldRef=_of(apiVersion="v1"),
                        configMapKeyRef=_of(optional=_NO),
                        secretKeyRef=_of(optional=_NO),
                    )
                )
            )
        ),
        envFrom=_optional(_each(_of(configMapRef=_of(optional=_NO), secretRef=_of(optional=_NO), prefix=""))),
        imagePullPolicy=NO_SHAPE,
        lifecycle=_optional(_of(postStart=_HANDLER, preStop=_HANDLER)),
        livenessProbe=_PROBE,
        ports=_optional(_each(_of(protocol="TCP", name="", hostIP=""), unordered=True)),
        readinessProbe=_PROBE,
        resources=_optional(_of(limits=_NOTHING, requests=_NOTHING)),
        securityContext=_optional(_CONTAINER_SECURITY),
        startupProbe=_PROBE,
        stdin=_NO,
        stdinOnce=_NO,
        terminationMessagePath="/dev/termination-log",
        terminationMessagePolicy="File",
        tty=_NO,
        volumeDevices=_NOTHING,
        volumeMounts=_optional(_each(_of(mountPropagation="None", readOnly=_NO, subPath="", subPathExpr=""))),
        workingDir="",
    ),
    stated=_pull_policy,
)
_FIELD_ITEMS = _each(_of(fieldRef=_of(apiVersion="v1")))
_VOLUME = _of(
    configMap=_of(defaultMode=_MODE, optional=_NO, items=_NOTHING),
    downwardAPI=_of(defaultMode=_MODE, items=_FIELD_ITEMS),
    emptyDir=_of(medium=""),
    hostPath=_of(type=""),
    persistentVolumeClaim=_of(readOnly=_NO),
    projected=_of(
        defaultMode=_MODE,
        sources=_each(
            _of(
                configMap=_of(optional=_NO, items=_NOTHING),
                downwardAPI=_of(items=_FIELD_ITEMS),
                secret=_of(optional=_NO, items=_NOTHING),
                serviceAccountToken=_of(expirationSeconds="3600"),
            )
        ),
    ),
    secret=_of(defaultMode=_MODE, optional=_NO, items=_NOTHING),
)
_POD_TERM = _of(labelSelector=_SELECTOR, namespaces=_SET)
_NODE_TERM = _of(
    matchExpressions=_optional(_each(_of(values=_SET), unordered=True)), matchFields=_optional(_each(_of(values=_SET)))
)
_POD_AFFINITY = _of(
    preferredDuringSchedulingIgnoredDuringExecution=_optional(_each(_of(podAffinityTerm=_POD_TERM))),
    requiredDuringSchedulingIgnoredDuringExecution=_optional(_each(_POD_TERM)),
)
_POD = replace(
    _of(
        affinity=_optional(
            _of(
                nodeAffinity=_of(
                    preferredDuringSchedulingIgnoredDuringExecution=_optional(_each(_of(preference=_NODE_TERM))),
                    requiredDuringSchedulingIgnoredDuringExecution=_of(nodeSelectorTerms=_each(_NODE_TERM)),
                ),
                podAffinity=_POD_AFFINITY,
                podAntiAffinity=_POD_AFFINITY,
            )
        ),
        containers=_each(_CONTAINER),
        dnsPolicy="ClusterFirst",
        enableServiceLinks="true",
        hostAliases=_NOTHING,
        hostIPC=_NO,
        hostNetwork=_NO,
        hostPID=_NO,
        imagePullSecrets=_SET,
        initContainers=_optional(_each(_CONTAINER)),
        nodeSelector=_NOTHING,
        restartPolicy="Always",
        schedulerName="default-scheduler",
        securityContext=_optional(_of(supplementalGroups=_SET, sysctls=_NOTHING)),
        serviceAccountName=("", "default"),
        setHostnameAsFQDN=_NO,
        shareProcessNamespace=_NO,
        terminationGracePeriodSeconds="30",
        tolerations=_optional(_each(_of(operator="Equal", value="", effect="", key=""), unordered=True)),
        topologySpreadConstraints=_optional(_each(_of(labelSelector=_SELECTOR), unordered=True)),
        volumes=_optional(_each(_VOLUME)),
    ),
    stated=_account,
)
_TEMPLATE = _of(spec=_POD)
_CLAIM = _of(accessModes=_SET, volumeMode="Filesystem", resources=_optional(_of(limits=_NOTHING, requests=_NOTHING)))
_JOB = replace(_of(template=_TEMPLATE, completionMode="NonIndexed", suspend=_NO), stated=_backoff_limit)
_CRON_JOB = _of(
    jobTemplate=_of(spec=_JOB),
    concurrencyPolicy="Allow",
    failedJobsHistoryLimit="1",
    successfulJobsHistoryLimit="3",
    suspend=_NO,
)
_RUNS_PODS = _of(template=_TEMPLATE, selector=_SELECTOR)
_DEPLOYMENT = _also(
    _RUNS_PODS,
    minReadySeconds="0",
    paused=_NO,
    progressDeadlineSeconds="600",
    revisionHistoryLimit="10",
    strategy=_optional(
        _of(type="RollingUpdate", rollingUpdate=_optional(_of(maxSurge="25%", maxUnavailable="25%"))),
    ),
)
_STATEFUL_SET = _also(
    _RUNS_PODS,
    minReadySeconds="0",
    persistentVolumeClaimRetentionPolicy=_optional(_of(whenDeleted="Retain", whenScaled="Retain")),
    podManagementPolicy="OrderedReady",
    revisionHistoryLimit="10",
    updateStrategy=_optional(_of(type="RollingUpdate", rollingUpdate=_optional(_of(partition="0")))),
    volumeClaimTemplates=_optional(_each(_of(spec=_CLAIM))),
)
_DAEMON_SET = _also(
    _RUNS_PODS,
    minReadySeconds="0",
    revisionHistoryLimit="10",
    updateStrategy=_optional(_of(type="RollingUpdate", rollingUpdate=_optional(_of(maxSurge="0", maxUnavailable="1")))),
)
_SERVICE = _of(
    allocateLoadBalancerNodePorts="true",
    externalIPs=_SET,
    externalTrafficPolicy="Cluster",
    internalTrafficPolicy="Cluster",
    loadBalancerSourceRanges=_SET,
    ports=_optional(_each(replace(_of(protocol="TCP", name=""), stated=_target_port), unordered=True)),
    publishNotReadyAddresses=_NO,
    selector=_NOTHING,
    sessionAffinity="None",
    sessionAffinityConfig=_optional(_of(clientIP=_optional(_of(timeoutSeconds="10800")))),
    type="ClusterIP",
)
_INGRESS = _of(tls=_optional(_each(_of(hosts=_SET))), rules=_NOTHING)
_ROUTE_PATH = _of(type="PathPrefix", value="/")
_BACKEND = _of(group="", kind="Service", weight="1")
_ROUTE = _of(
    hostnames=_SET,
    parentRefs=_each(_of(group="gateway.networking.k8s.io", kind="Gateway")),
    rules=_each(_of(backendRefs=_each(_BACKEND))),
)
_POLICY_RULE = _of(apiGroups=_SET, nonResourceURLs=_SET, resourceNames=_SET, resources=_SET, verbs=_SET)
_POLICY_PORTS = _each(_of(ports=_each(_of(protocol="TCP"))))
_BINDING = _of(roleRef=_of(apiGroup=_RBAC), subjects=_optional(_each(Shape(stated=_subject), unordered=True)))
_ROLE = _of(rules=_each(_POLICY_RULE))
_APPS_V1 = {"Deployment": _DEPLOYMENT, "StatefulSet": _STATEFUL_SET, "DaemonSet": _DAEMON_SET}
_OLDER = ("apps/v1beta1", "apps/v1beta2", "extensions/v1beta1")
"""Versions whose own defaults were others; those of the pods in them are the same."""

_SHAPES: Mapping[tuple[str, str], Shape] = MappingProxyType(
    {
        ("v1", "Pod"): _of(spec=_POD),
        ("v1", "ReplicationController"): _of(spec=_also(_of(template=_TEMPLATE), minReadySeconds="0")),
        ("apps/v1", "ReplicaSet"): _of(spec=_also(_RUNS_PODS, minReadySeconds="0")),
        **{("apps/v1", kind): _of(spec=shape) for kind, shape in _APPS_V1.items()},
        **{(api, kind): _of(spec=_RUNS_PODS) for api in _OLDER for kind in (*_APPS_V1, "ReplicaSet")},
        ("batch/v1", "Job"): _of(spec=_JOB),
        **{(api, "CronJob"): _of(spec=_CRON_JOB) for api in ("batch/v1", "batch/v1beta1")},
        ("v1", "Service"): _of(spec=_SERVICE),
        ("v1", "ConfigMap"): _of(immutable=_NO, data=_NOTHING, binaryData=_NOTHING),
        ("v1", "Secret"): _of(immutable=_NO, type="Opaque", data=_NOTHING, stringData=_NOTHING),
        ("v1", "PersistentVolumeClaim"): _of(spec=_CLAIM),
        ("v1", "PersistentVolume"): _of(
            spec=_of(accessModes=_SET, persistentVolumeReclaimPolicy="Retain", volumeMode="Filesystem")
        ),
        ("v1", "ServiceAccount"): _of(imagePullSecrets=_SET, secrets=_SET),
        ("networking.k8s.io/v1", "Ingress"): _of(spec=_INGRESS),
        ("networking.k8s.io/v1", "NetworkPolicy"): _of(
            spec=_of(policyTypes=_SET, ingress=_POLICY_PORTS, egress=_POLICY_PORTS)
        ),
        (f"{_RBAC}/v1", "Role"): _ROLE,
        (f"{_RBAC}/v1", "ClusterRole"): _ROLE,
        (f"{_RBAC}/v1", "RoleBinding"): _BINDING,
        (f"{_RBAC}/v1", "ClusterRoleBinding"): _BINDING,
        ("storage.k8s.io/v1", "StorageClass"): _of(reclaimPolicy="Delete", volumeBindingMode="Immediate"),
        ("scheduling.k8s.io/v1", "PriorityClass"): _of(preemptionPolicy="PreemptLowerPriority", globalDefault=_NO),
        ("gateway.networking.k8s.io/v1", "GRPCRoute"): _of(spec=_ROUTE),
        **{
            (f"gateway.networking.k8s.io/{version}", "HTTPRoute"): _of(
                spec=_also(_ROUTE, rules=_each(_of(backendRefs=_each(_BACKEND), matches=_each(_of(path=_ROUTE_PATH)))))
            )
            for version in ("v1", "v1beta1")
        },
    }
)


def shape_of(api: str, kind: str) -> Shape:
    """Return what is known of the objects of a kind; nothing for custom resources and versions of old."""
    return _SHAPES.get((api, kind), NO_SHAPE)
