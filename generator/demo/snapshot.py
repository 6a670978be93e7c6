"""What runs in the shop's cluster at the end, as `kubectl get -o yaml` prints it, with one change made by hand."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import yaml

from generator.demo.manifests import manifests
from generator.demo.state import PRODUCTION

if TYPE_CHECKING:
    from generator.demo.state import State

SNAPSHOT = "snapshots/production.yaml"
_BY_HAND = ("checkout-settings", "PAYMENT_TIMEOUT_SECONDS", "45")
"""ConfigMap, key and value that somebody typed in while customers waited."""
_LEFT_OUT = "Secret"
"""Kind that nobody exports into a repository."""

_Object = dict[str, Any]


def take_snapshot(state: State) -> State:
    """Return the state with a snapshot of what runs in production."""
    files = manifests(PRODUCTION, state.apps[PRODUCTION], state.secrets[PRODUCTION])
    files |= {path: text for path, text in state.texts.items() if path.startswith(f"deploy/{PRODUCTION}/")}
    documents = [d for path in sorted(files) for d in yaml.load_all(files[path], yaml.CSafeLoader)]
    items = [_running(document) for document in documents if document["kind"] != _LEFT_OUT]
    items.sort(key=lambda item: (item["kind"], item["metadata"]["name"]))
    whole = {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}
    return replace(state, texts={**state.texts, SNAPSHOT: yaml.dump(whole, Dumper=yaml.CSafeDumper, width=120)})


def _running(document: _Object) -> _Object:
    """Return an object as a cluster tells it: with what it was given, and what the cluster added."""
    metadata = document["metadata"]
    name = f"{document['kind']}/{metadata['name']}"
    if metadata["name"] == _BY_HAND[0]:
        document["data"][_BY_HAND[1]] = _BY_HAND[2]
    metadata["creationTimestamp"] = "2026-01-07T10:34:12Z"
    metadata["resourceVersion"] = str(int(_digits(name)[:6], 16))
    metadata["uid"] = "-".join(
        (_digits(name)[:8], _digits(name)[8:12], "4" + _digits(name)[13:16], "9a1c", _digits(name)[20:32])
    )
    if document["kind"] == "Deployment":
        _filled_deployment(document)
    elif document["kind"] == "Service":
        document["spec"] |= {"clusterIP": f"10.96.{int(_digits(name)[:2], 16)}.{int(_digits(name)[2:4], 16)}"}
        document["spec"] |= {"sessionAffinity": "None", "type": "ClusterIP"}
        document["status"] = {"loadBalancer": {}}
    elif document["kind"] == "PersistentVolumeClaim":
        document["spec"] |= {"storageClassName": "standard", "volumeMode": "Filesystem", "volumeName": "pvc-7d1e"}
        document["status"] = {"phase": "Bound"}
    return document


def _filled_deployment(document: _Object) -> None:
    document["metadata"] |= {"annotations": {"deployment.kubernetes.io/revision": "9"}, "generation": 9}
    spec = document["spec"]
    spec |= {"progressDeadlineSeconds": 600, "revisionHistoryLimit": 10}
    spec["strategy"] = {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"}
    pod = spec["template"]["spec"]
    pod |= {"dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler"}
    pod |= {"securityContext": {}, "terminationGracePeriodSeconds": 30}
    for container in pod["containers"]:
        container |= {"imagePullPolicy": "IfNotPresent", "terminationMessagePath": "/dev/termination-log"}
    count = spec["replicas"]
    document["status"] = {
        "availableReplicas": count,
        "observedGeneration": 9,
        "readyReplicas": count,
        "replicas": count,
    }


def _digits(name: str) -> str:
    return sha256(name.encode()).hexdigest()
