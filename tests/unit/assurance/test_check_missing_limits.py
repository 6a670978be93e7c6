from __future__ import annotations

import pytest

from generator.assurance.checks.missing_limits import RULE
from generator.model.component import Aspect, Component, Field, Role, component


def workload(*names: str, kind: str = "Deployment") -> Component:
    aspects = {"image": Aspect.ARTIFACT}
    fields = [Field(aspects.get(n.rpartition(".")[2], Aspect.SCALE), n, "x", 10 + i) for i, n in enumerate(names)]
    return component("api", Role.COMPONENT, kind, fields=fields, path="api.yaml", line=1)


@pytest.mark.parametrize("kind", ["Deployment", "Job", "CronJob"])
def test_a_container_without_a_memory_limit_is_found(kind: str) -> None:
    (finding,) = RULE.check(workload("server.image", "server.resources.limits.cpu", kind=kind))
    assert finding.identity == ("missing-limits", "api", "server")
    assert (finding.level, finding.line) == ("note", 10)


def test_a_request_is_no_limit() -> None:
    assert list(RULE.check(workload("server.image", "server.resources.requests.memory")))
    assert list(RULE.check(workload("server.image", "server.resources.limits.memory-swap")))


def test_a_limit_is_enough() -> None:
    assert not list(RULE.check(workload("server.image", "server.resources.limits.memory")))


def test_a_limit_of_the_whole_pod_is_enough() -> None:
    assert not list(RULE.check(workload("a.image", "b.image", "spec.template.spec.resources.limits.memory")))


def test_each_container_is_judged_alone() -> None:
    found = RULE.check(workload("a.image", "a.resources.limits.memory", "b.image", "c.image"))
    assert [finding.field for finding in found] == ["b", "c"]


@pytest.mark.parametrize("kind", ["values", "service", "HelmRelease"])
def test_other_models_are_not_judged(kind: str) -> None:
    assert not list(RULE.check(workload("server.image", kind=kind)))
