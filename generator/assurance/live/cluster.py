"""What a Kubernetes cluster adds of its own to what it was given: whole objects, fields, and other words for a value.

Defaults that Kubernetes documents are taken off by the reader already, on both sides. What is here depends on a
cluster, or only ever stands in one. It counts as added only where the model says nothing of it.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.assurance.checks.quantities import quantity
from generator.config.patterns import Pattern
from generator.model.component import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.model.component import Component

_OF_ANY = (
    "metadata.ownerReferences*",
    "metadata.finalizers*",
    "metadata.generateName",
    "annotations.autoscaling.alpha.kubernetes.io/*",
    "annotations.endpoints.kubernetes.io/*",
    "annotations.field.cattle.io/*",
    "annotations.openshift.io/generated-by",
    "annotations.meta.helm.sh/*",
)
_OF_PODS = ("*.ports[*].hostPort", "*.metadata.labels.*controller-uid", "*.metadata.labels.*job-name")
_OF_JOBS = (
    *_OF_PODS,
    "labels.*controller-uid",
    "labels.*job-name",
    "spec.completions",
    "spec.manualSelector",
    "spec.parallelism",
    "spec.podReplacementPolicy",
    "spec.selector*",
    "annotations.batch.kubernetes.io/*",
)
_GIVEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ComposeConfig": ("name",),
        "ComposeNetwork": ("name",),
        "ComposeSecret": ("name",),
        "ComposeService": ("build.dockerfile", "networks.default"),
        "ComposeVolume": ("name",),
        "DaemonSet": ("*.ports[*].hostPort", "spec.templateGeneration"),
        "Deployment": ("*.ports[*].hostPort",),
        "Ingress": ("spec.ingressClassName", "annotations.ingress.kubernetes.io/*", "annotations.ingress.gcp.*"),
        "Job": _OF_JOBS,
        "Namespace": ("labels.kubernetes.io/metadata.name", "spec.finalizers*", "annotations.scheduler.*"),
        "NetworkPolicy": ("spec.policyTypes*",),
        "PersistentVolumeClaim": (
            "annotations.pv.kubernetes.io/*",
            "annotations.volume.*",
            "spec.dataSourceRef*",
            "spec.storageClassName",
            "spec.volumeName",
        ),
        "Service": (
            "annotations.cloud.google.com/neg*",
            "spec.clusterIP",
            "spec.clusterIPs*",
            "spec.healthCheckNodePort",
            "spec.ipFamilies*",
            "spec.ipFamilyPolicy",
            "spec.ports[*].nodePort",
        ),
        "ServiceAccount": ("imagePullSecrets*", "secrets*"),
        "StatefulSet": (
            "*.ports[*].hostPort",
            "spec.volumeClaimTemplates[*].apiVersion",
            "spec.volumeClaimTemplates[*].kind",
            "spec.volumeClaimTemplates[*].status*",
        ),
    }
)
"""For each kind the fields that a cluster, or Docker Compose, fills in, as patterns of their names."""
_MADE_KINDS = frozenset(
    {"ComponentStatus", "ControllerRevision", "EndpointSlice", "Endpoints", "Event", "Lease", "Node", "NodeMetrics"}
    | {"PodMetrics", "ReplicaSet", "VolumeAttachment", "CSINode", "CSIStorageCapacity", "CiliumEndpoint"}
)
_MADE = frozenset(
    {
        "ConfigMap/istio-ca-root-cert",
        "ConfigMap/kube-root-ca.crt",
        "ConfigMap/openshift-service-ca.crt",
        "Service/kubernetes",
        "ServiceAccount/default",
        "network/default",
    }
)
_MADE_SECRETS = ("kubernetes.io/service-account-token", "helm.sh/release", "bootstrap.kubernetes.io/")
"""How the type of a secret begins that a cluster, or Helm, keeps for itself."""
_MAKERS_MARKS = (
    "metadata.ownerReferences",
    "annotations.cert-manager.io/certificate-name",
    "annotations.control-plane.alpha.kubernetes.io/leader",
    "annotations.pv.kubernetes.io/provisioned-by",
    "annotations.kubernetes.io/service-account.uid",
)
"""How the name of a field begins that only what was made by a controller has."""
_CLEANED_UP = frozenset({"Job", "Pod"})
_OCTAL = re.compile(r"0o?[0-7]{3,4}")
_AMOUNT = re.compile(r"\.(?:resources|storage|sizeLimit|capacity|divisor)(?:\.|\[|$)")


@cache
def _given(kind: str) -> tuple[Pattern, ...]:
    return tuple(Pattern(words) for words in (*_OF_ANY, *_GIVEN.get(kind, ())))


def given_by_cluster(kind: str, field: str) -> bool:
    """Return whether a field of an object of this kind is one that a cluster fills in where nobody says it."""
    return any(pattern.fits(field) for pattern in _given(kind))


def may_be_gone(kind: str) -> bool:
    """Return whether objects of this kind are cleaned away once they are done, so that none says nothing."""
    return kind in _CLEANED_UP


def made_by_cluster(one: Component, stateful: Iterable[Component], makers: Iterable[Component]) -> bool:
    """Return whether an object is one that a cluster or a controller made, and nobody applied.

    `stateful` are the live stateful sets, which make claims; `makers` are components of the model that make secrets.
    """
    if one.kind in _MADE_KINDS or _unspaced(one.id) in _MADE:
        return True
    if any(field.name.startswith(_MAKERS_MARKS) for field in one.fields):
        return True
    if one.kind == "Secret":
        kinds = [field.value for field in one.fields if field.name == "type"]
        name = one.id.rpartition("/")[2]
        made = any(name in maker.names for maker in makers if maker.role is Role.SECRET)
        return made or any(kind.startswith(_MADE_SECRETS) for kind in kinds)
    return one.kind == "PersistentVolumeClaim" and any(_claims(one, owner) for owner in stateful)


def _unspaced(identity: str) -> str:
    kind, _, name = identity.rpartition("/")
    return f"{kind.rpartition('/')[2]}/{name}"


def _claims(claim: Component, owner: Component) -> bool:
    """Return whether a claim is one of a stateful set's: `TEMPLATE-SET-NUMBER`."""
    stem, _, number = claim.id.rpartition("/")[2].rpartition("-")
    name = owner.id.rpartition("/")[2]
    return number.isdigit() and stem.endswith(f"-{name}") and claim.namespace == owner.namespace


def same_meaning(field: str, model: str, live: str) -> bool:
    """Return whether a cluster's words for a value mean what the model says: amounts and modes are written anew."""
    if model == live:
        return True
    if _AMOUNT.search(field):
        amount = quantity(model)
        return amount is not None and amount == quantity(live)
    if field.rpartition(".")[2].lower().endswith("mode") and _OCTAL.fullmatch(model) and live.isdigit():
        return int(model.replace("o", ""), 8) == int(live)
    return False
