"""Versions of Kubernetes' own interfaces that were deprecated, and those that clusters no longer serve.

The facts are those of Kubernetes' deprecated API migration guide and its notes on each release.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_VERSION = re.compile(r"v?(\d+)\.(\d+)")
NEWEST = "1.37"
"""Newest version of Kubernetes whose removals are known here."""


class Retirement(NamedTuple):
    """When a version of an interface is given up."""

    deprecated: str
    """Version of Kubernetes from which on it is deprecated."""
    removed: str
    """Version from which on it is not served any more; empty where no such version is known."""
    instead: str
    """What takes its place, in words."""


def _of(api: str, kinds: str, deprecated: str, removed: str, instead: str) -> dict[tuple[str, str], Retirement]:
    return {(api, kind): Retirement(deprecated, removed, instead) for kind in kinds.split()}


_ADMISSION = "admissionregistration.k8s.io"
_FLOW = "flowcontrol.apiserver.k8s.io"
_NETWORKING = "networking.k8s.io"
_WEBHOOKS = "MutatingWebhookConfiguration ValidatingWebhookConfiguration"
_ACCESS = "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview"
_ROLES = "ClusterRole ClusterRoleBinding Role RoleBinding"
_FLOWS = "FlowSchema PriorityLevelConfiguration"
_POLICIES = "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"
_NO_SUCCESSOR = "nothing; the admission of pods by their namespace's security level is what is used now"

RETIRED: dict[tuple[str, str], Retirement] = {
    **_of("extensions/v1beta1", "DaemonSet Deployment ReplicaSet", "1.9", "1.16", "apps/v1"),
    **_of("extensions/v1beta1", "NetworkPolicy", "1.9", "1.16", f"{_NETWORKING}/v1"),
    **_of("extensions/v1beta1", "PodSecurityPolicy", "1.10", "1.16", _NO_SUCCESSOR),
    **_of("extensions/v1beta1", "Ingress", "1.14", "1.22", f"{_NETWORKING}/v1"),
    **_of("apps/v1beta1", "ControllerRevision Deployment StatefulSet", "1.9", "1.16", "apps/v1"),
    **_of("apps/v1beta2", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", "1.9", "1.16", "apps/v1"),
    **_of("batch/v2alpha1", "CronJob", "1.8", "1.21", "batch/v1"),
    **_of(f"{_ADMISSION}/v1beta1", _WEBHOOKS, "1.16", "1.22", f"{_ADMISSION}/v1"),
    **_of("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.16", "1.22", "apiextensions.k8s.io/v1"),
    **_of("apiregistration.k8s.io/v1beta1", "APIService", "1.19", "1.22", "apiregistration.k8s.io/v1"),
    **_of("authentication.k8s.io/v1beta1", "TokenReview", "1.19", "1.22", "authentication.k8s.io/v1"),
    **_of("authorization.k8s.io/v1beta1", _ACCESS, "1.19", "1.22", "authorization.k8s.io/v1"),
    **_of("certificates.k8s.io/v1beta1", "CertificateSigningRequest", "1.19", "1.22", "certificates.k8s.io/v1"),
    **_of("coordination.k8s.io/v1beta1", "Lease", "1.19", "1.22", "coordination.k8s.io/v1"),
    **_of(f"{_NETWORKING}/v1beta1", "Ingress IngressClass", "1.19", "1.22", f"{_NETWORKING}/v1"),
    **_of("rbac.authorization.k8s.io/v1alpha1", _ROLES, "1.17", "1.22", "rbac.authorization.k8s.io/v1"),
    **_of("rbac.authorization.k8s.io/v1beta1", _ROLES, "1.17", "1.22", "rbac.authorization.k8s.io/v1"),
    **_of("scheduling.k8s.io/v1beta1", "PriorityClass", "1.14", "1.22", "scheduling.k8s.io/v1"),
    **_of(
        "storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", "1.19", "1.22", "storage.k8s.io/v1"
    ),
    **_of("batch/v1beta1", "CronJob", "1.21", "1.25", "batch/v1"),
    **_of("discovery.k8s.io/v1beta1", "EndpointSlice", "1.21", "1.25", "discovery.k8s.io/v1"),
    **_of("events.k8s.io/v1beta1", "Event", "1.22", "1.25", "events.k8s.io/v1"),
    **_of("autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.22", "1.25", "autoscaling/v2"),
    **_of("policy/v1beta1", "PodDisruptionBudget", "1.21", "1.25", "policy/v1"),
    **_of("policy/v1beta1", "PodSecurityPolicy", "1.21", "1.25", _NO_SUCCESSOR),
    **_of("node.k8s.io/v1beta1", "RuntimeClass", "1.22", "1.25", "node.k8s.io/v1"),
    **_of("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.23", "1.26", "autoscaling/v2"),
    **_of(f"{_FLOW}/v1beta1", _FLOWS, "1.23", "1.26", f"{_FLOW}/v1"),
    **_of("storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.24", "1.27", "storage.k8s.io/v1"),
    **_of(f"{_FLOW}/v1beta2", _FLOWS, "1.26", "1.29", f"{_FLOW}/v1"),
    **_of(f"{_FLOW}/v1beta3", _FLOWS, "1.29", "1.32", f"{_FLOW}/v1"),
    **_of(f"{_ADMISSION}/v1beta1", _POLICIES, "1.31", "1.34", f"{_ADMISSION}/v1"),
    **_of(f"{_NETWORKING}/v1beta1", "IPAddress ServiceCIDR", "1.34", "1.37", f"{_NETWORKING}/v1"),
    **_of("storage.k8s.io/v1beta1", "VolumeAttributesClass", "1.34", "1.37", "storage.k8s.io/v1"),
    **_of("v1", "ComponentStatus", "1.19", "", "the health endpoints of each component"),
    **_of("v1", "Endpoints", "1.33", "", "EndpointSlice of discovery.k8s.io/v1"),
}
"""By apiVersion and kind; distinct, as each kind is retired once in a version."""


def retirement(api: str, kind: str) -> Retirement | None:
    """Return when a version of an interface is given up; `None` where it is not."""
    return RETIRED.get((api, kind))


def at_least(version: str, other: str) -> bool:
    """Return whether `version` of Kubernetes is `other` or newer; false where either is no version."""
    own, theirs = _VERSION.match(version), _VERSION.match(other)
    return own is not None and theirs is not None and (int(own[1]), int(own[2])) >= (int(theirs[1]), int(theirs[2]))


def is_removed(api: str, kind: str, target: str) -> bool:
    """Return whether clusters of version `target` don't serve it; where that is empty, whether any released one."""
    found = retirement(api, kind)
    return found is not None and at_least(target or NEWEST, found.removed)
