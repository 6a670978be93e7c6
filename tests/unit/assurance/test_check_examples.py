"""The example of each rule, as the help page shows it, is something that the rule finds."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from support.objects import autoscaler, ingress, service, workload
from support.scenes import PRODUCTION, Scene, compose, every_rule, found_in, kubernetes

from generator.assurance.findings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping

AROUND: Surroundings = Surroundings(
    environment=PRODUCTION.environment, production=True, upstream="staging", others=PRODUCTION.others, kubernetes="1.35"
)
IN_WORDS = frozenset(
    {
        "dependency-cycle",
        "duplicate-resource",
        "empty-setting",
        "image-without-digest",
        "key-not-in-production",
        "missing-safeguard",
        "mixed-versions",
        "name-in-another-namespace",
        "never-in-upstream",
        "nothing-running",
        "only-here",
        "port-mismatch",
        "repository-not-upstream",
        "route-conflict",
        "single-point-of-failure",
        "single-replica-outside",
        "smaller-than-upstream",
    }
)
"""Rules whose example tells of several files or environments in short, and is no YAML of one."""
COMPOSE = frozenset({"compose-schema", "engine-socket", "no-restart-policy", "port-taken", "published-data-store"})
_CLAIM = "volumes: [{name: files, persistentVolumeClaim: {claimName: example}}]"
BESIDE: Mapping[str, str] = MappingProxyType(
    {
        "autoscaler-overruled": autoscaler("example"),
        "data-store-outside": workload("postgres", image="postgres:16"),
        "disruption-budget": workload("example"),
        "outage-at-release": service("example") + ingress(to="example"),
        "shared-volume": workload("web", pod=_CLAIM) + workload("worker", pod=_CLAIM),
        "unused-configuration": workload("example"),
    }
)
"""What a comment of the example says stands beside it."""
_API = MappingProxyType(
    {
        "Deployment": "apps/v1",
        "CronJob": "batch/v1",
        "Ingress": "networking.k8s.io/v1",
        "HorizontalPodAutoscaler": "autoscaling/v2",
        "PodDisruptionBudget": "policy/v1",
        "ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
    }
)
_OF_POD = ("containers", "volumes", "hostNetwork")

Part = dict[str, Any]


def _deployment(part: Part) -> Part:
    """Return a Deployment with a part of it, whichever that is; what the part leaves out is as usual."""
    spec = dict(part.get("spec", {}))
    pod = {key: part.pop(key) for key in _OF_POD if key in part} | {k: spec.pop(k) for k in _OF_POD if k in spec}
    server = {key: value for key, value in part.items() if key not in {"apiVersion", "kind", "metadata", "spec"}}
    containers: list[Part] = pod.pop("containers", [server])
    pod["containers"] = [{"name": "server", "image": "shop/api:1"} | one for one in containers]
    labels: Part = {"app": "example"}
    template: Part = {"metadata": {"labels": labels}, **spec.pop("template", {}), "spec": pod}
    whole: Part = {"selector": {"matchLabels": labels}, **spec, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "example"}, "spec": whole}


def _object(part: Part) -> Part:
    if "production" in part:
        inside = part["production"]
        part = {"image": inside} if isinstance(inside, str) else inside
    if isinstance(part.get("env"), dict):
        part["env"] = [{"name": name, "value": str(value).lower()} for name, value in part["env"].items()]
    if "configMapKeyRef" in part:
        part = {"env": [{"name": "SETTING", "valueFrom": part}]}
    kind = part.get("kind", "Deployment")
    if kind == "Deployment":
        return _deployment(part)
    whole: Part = {"apiVersion": _API.get(kind, "v1"), "metadata": {"name": "example"}, **part}
    if kind == "PodDisruptionBudget":
        whole["spec"] = {**part["spec"], "selector": {"matchLabels": {"app": "example"}}}
    return whole


def _scene(rule: str, example: str) -> Scene:
    if rule in COMPOSE:
        part = yaml.load(example, yaml.BaseLoader)  # noqa: S506 - this one makes nothing but texts
        services = {"api": {"image": "shop/api:1"} | part} if "volumes" in part else part
        return Scene(compose(yaml.safe_dump(part if "services" in part else {"services": services})), AROUND)
    parts = [_object(part) for part in yaml.safe_load_all(example)]
    if rule == "autoscaler-overruled":
        parts.pop()  # the autoscaler, of which the example has no more than the kind
    text = f"{yaml.safe_dump_all(parts)}\n{BESIDE.get(rule, '')}"
    return Scene(kubernetes(text, target=AROUND.kubernetes), AROUND)


@pytest.mark.parametrize("rule", sorted(every_rule().keys() - IN_WORDS))
def test_a_rule_finds_its_own_example(rule: str) -> None:
    made = every_rule(AROUND)[rule]
    assert {one.rule for one in found_in(_scene(rule, made.example), rule)} == {rule}
