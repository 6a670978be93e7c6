from __future__ import annotations

import pytest

from generator.assurance.checks.missing_probe import RULE
from generator.model.component import Aspect, Component, Field, Role, component


def workload(*names: str, kind: str = "Deployment") -> Component:
    aspects = {"image": Aspect.ARTIFACT}
    fields = [Field(aspects.get(n.rpartition(".")[2], Aspect.CONFIG), n, "x", 10 + i) for i, n in enumerate(names)]
    return component("api", Role.COMPONENT, kind, fields=fields, path="api.yaml", line=1)


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_a_container_without_probes_is_found(kind: str) -> None:
    (finding,) = RULE.check(workload("server.env.A", "server.image", kind=kind))
    assert finding.identity == ("missing-probe", "api", "server")
    assert (finding.level, finding.path, finding.line) == ("note", "api.yaml", 11)
    assert "server" in finding.message


@pytest.mark.parametrize("probe", ["readinessProbe", "livenessProbe"])
def test_one_probe_is_enough(probe: str) -> None:
    assert not list(RULE.check(workload("server.image", f"server.{probe}.httpGet.path")))


def test_a_startup_probe_alone_is_not() -> None:
    assert list(RULE.check(workload("server.image", "server.startupProbe.httpGet.path")))


def test_the_probe_of_another_container_does_not_count() -> None:
    found = RULE.check(workload("server.image", "server-two.image", "server-two.readinessProbe.exec.command"))
    assert [finding.field for finding in found] == ["server"]


def test_init_containers_need_none() -> None:
    assert not list(RULE.check(workload("init.wait.image", "server.image", "server.livenessProbe.tcpSocket.port")))


@pytest.mark.parametrize("kind", ["Job", "CronJob", "values", "service"])
def test_what_ends_or_is_no_kubernetes_workload_needs_none(kind: str) -> None:
    assert not list(RULE.check(workload("server.image", kind=kind)))
