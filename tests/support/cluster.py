"""A cluster for tests: what `kubectl get` would tell of applied manifests, with everything that a cluster adds."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import yaml

Object = dict[str, Any]
"""One Kubernetes object, as plain values."""
HASH = "6d5f7c9b4d"


def applied(manifests: bytes) -> list[Object]:
    """Return the objects of a manifest file as a cluster tells them after they were applied."""
    documents = [document for document in yaml.safe_load_all(manifests) if document]
    return [_filled(copy.deepcopy(document), document) for document in documents]


def as_list(objects: list[Object], *, form: str = "yaml") -> bytes:
    """Return objects as `kubectl get -o yaml` or `-o json` prints them."""
    whole = {"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {"resourceVersion": ""}}
    plain = json.dumps(whole, indent=4)
    # A dump of the objects themselves would have anchors, where two of them share a part.
    return (plain if form == "json" else yaml.safe_dump(json.loads(plain))).encode()


def find(objects: list[Object], kind: str, name: str) -> Object:
    """Return one of `objects`."""
    return next(one for one in objects if (one["kind"], one["metadata"]["name"]) == (kind, name))


def _filled(one: Object, written: Object) -> Object:
    metadata = one["metadata"]
    metadata.setdefault("annotations", {})["kubectl.kubernetes.io/last-applied-configuration"] = json.dumps(written)
    metadata |= {
        "creationTimestamp": "2026-08-21T16:00:00Z",
        "generation": 4,
        "managedFields": [{"manager": "kubectl-client-side-apply", "operation": "Update"}],
        "resourceVersion": "811",
        "uid": f"uid-of-{metadata['name']}",
    }
    fill = {
        "Deployment": _deployment,
        "Ingress": _ingress,
        "PersistentVolumeClaim": _claim,
        "Secret": _secret,
        "Service": _service,
    }.get(one["kind"])
    if fill is not None:
        fill(one)
    return one


def _deployment(one: Object) -> None:
    one["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "7"
    spec = one["spec"]
    spec.setdefault("replicas", 1)
    _default(spec, {"progressDeadlineSeconds": 600, "revisionHistoryLimit": 10})
    spec.setdefault(
        "strategy", {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"}
    )
    spec["template"]["metadata"]["creationTimestamp"] = None
    pod = spec["template"]["spec"]
    times = {"schedulerName": "default-scheduler", "terminationGracePeriodSeconds": 30}
    _default(pod, {"dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "securityContext": {}, **times})
    for container in pod["containers"]:
        _default(container, {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"})
        tagged = ":" in container["image"] and not container["image"].endswith(":latest")
        container.setdefault("imagePullPolicy", "IfNotPresent" if tagged else "Always")
        container.setdefault("resources", {})
        for port in container.get("ports", []):
            port.setdefault("protocol", "TCP")
        for probe in ("readinessProbe", "livenessProbe"):
            if probe in container:
                _default(container[probe], {"failureThreshold": 3, "periodSeconds": 10})
                _default(container[probe], {"successThreshold": 1, "timeoutSeconds": 1})
                for handler, more in (("httpGet", {"scheme": "HTTP"}), ("grpc", {"service": ""})):
                    if handler in container[probe]:
                        _default(container[probe][handler], more)
    one["status"] = {"availableReplicas": spec["replicas"], "observedGeneration": 4, "replicas": spec["replicas"]}


def _default(one: Object, defaults: Object) -> None:
    for key, value in defaults.items():
        one.setdefault(key, value)


def _service(one: Object) -> None:
    spec = one["spec"]
    spec |= {
        "clusterIP": "10.96.12.7",
        "clusterIPs": ["10.96.12.7"],
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "sessionAffinity": "None",
    }
    spec.setdefault("type", "ClusterIP")
    for port in spec["ports"]:
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port["port"])
        if spec["type"] != "ClusterIP":
            port.setdefault("nodePort", 31888)
    one["status"] = {"loadBalancer": {}}


def _ingress(one: Object) -> None:
    one["metadata"]["finalizers"] = ["ingress.example/resources"]
    one["status"] = {"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}}


def _claim(one: Object) -> None:
    metadata, spec = one["metadata"], one["spec"]
    metadata["annotations"] |= {
        "pv.kubernetes.io/bind-completed": "yes",
        "pv.kubernetes.io/bound-by-controller": "yes",
        "volume.beta.kubernetes.io/storage-provisioner": "disks.example",
        "volume.kubernetes.io/storage-provisioner": "disks.example",
    }
    metadata["finalizers"] = ["kubernetes.io/pvc-protection"]
    spec.setdefault("storageClassName", "standard")
    spec |= {"volumeMode": "Filesystem", "volumeName": "pvc-0a1b"}
    one["status"] = {"phase": "Bound"}


def _secret(one: Object) -> None:
    data = one.setdefault("data", {})
    for key, value in one.pop("stringData", {}).items():
        data[key] = base64.b64encode(value.encode()).decode()
    one.setdefault("type", "Opaque")


def made_by_others(objects: list[Object]) -> list[Object]:
    """Return what controllers and the cluster make for `objects`."""
    spaces = sorted({one["metadata"]["namespace"] for one in objects if "namespace" in one["metadata"]})
    found = [made for one in objects if one["kind"] == "Deployment" for made in _pods_of(one)]
    found += [_slice_of(one) for one in objects if one["kind"] == "Service"]
    for space in spaces:
        found += [
            {**_head("v1", "ConfigMap", "kube-root-ca.crt", space), "data": {"ca.crt": "a certificate"}},
            _head("v1", "ServiceAccount", "default", space),
            {
                **_head("v1", "Secret", "default-token-x2kdb", space),
                "type": "kubernetes.io/service-account-token",
                "data": {"token": "YQ=="},
            },
            {
                **_head("v1", "Secret", "sh.helm.release.v1.shop.v3", space),
                "type": "helm.sh/release.v1",
                "data": {"release": "YQ=="},
            },
            {**_head("v1", "Event", "pulled.17a", space), "reason": "Pulled", "message": "pulled an image"},
        ]
    found.append({**_head("apps/v1", "Deployment", "coredns", "kube-system"), "spec": {"replicas": 2}})
    found.append(_head("v1", "Node", "node-1", ""))
    return found


def _head(api: str, kind: str, name: str, space: str) -> Object:
    metadata = {"name": name, "uid": f"uid-of-{name}"} | ({"namespace": space} if space else {})
    return {"apiVersion": api, "kind": kind, "metadata": metadata}


def _pods_of(one: Object) -> list[Object]:
    metadata, spec = one["metadata"], one["spec"]
    name = f"{metadata['name']}-{HASH}"
    labels = {**spec["template"]["metadata"]["labels"], "pod-template-hash": HASH}
    controller = _head("apps/v1", "ReplicaSet", name, metadata["namespace"])
    controller["metadata"] |= {"labels": labels, "ownerReferences": [_owner(one)]}
    controller["spec"] = {"replicas": spec["replicas"], "template": copy.deepcopy(spec["template"])}
    pod = _head("v1", "Pod", f"{name}-x7k2p", metadata["namespace"])
    pod["metadata"] |= {"labels": labels, "ownerReferences": [_owner(controller)]}
    pod["spec"] = copy.deepcopy(spec["template"]["spec"]) | {"nodeName": "node-1"}
    return [controller, pod]


def _slice_of(one: Object) -> Object:
    found = _head(
        "discovery.k8s.io/v1", "EndpointSlice", f"{one['metadata']['name']}-4kd2", one["metadata"]["namespace"]
    )
    found["metadata"]["ownerReferences"] = [_owner(one)]
    return found | {"addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.7"]}]}


def _owner(one: Object) -> Object:
    metadata = one["metadata"]
    return {"apiVersion": one["apiVersion"], "kind": one["kind"], "name": metadata["name"], "uid": metadata["uid"]}


def workload(**spec: str) -> bytes:
    """Return a Deployment `api` in the namespace `shop`, with these entries in its `spec`."""
    told = "".join(f"  {key}: {value}\n" for key, value in spec.items())
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\nspec:\n"
        f"{told}  selector: {{matchLabels: {{app: api}}}}\n"
        "  template:\n    metadata: {labels: {app: api}}\n    spec:\n      containers:\n      - name: server\n"
        "        image: shop/api:1\n        resources: {limits: {cpu: 1000m, memory: 1024Mi}}\n"
    ).encode()
