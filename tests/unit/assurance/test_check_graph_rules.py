from __future__ import annotations

import random
import time

import pytest

from generator.assurance.checks import dependency_cycle, single_point_of_failure
from generator.model.component import Aspect, Field, How, Role, component
from generator.model.topology import Connection, Topology


def topology(*edges: str, kind: str = "Deployment", replicas: dict[str, str] | None = None) -> Topology:
    pairs = [tuple(edge.split(">")) for edge in edges]
    nodes = {}
    for id_ in sorted({id_ for pair in pairs for id_ in pair}):
        given = (replicas or {}).get(id_)
        fields = [Field(Aspect.SCALE, "replicas", given, 6)] if given is not None else []
        nodes[id_] = component(id_, Role.COMPONENT, kind, fields=fields, path=f"{id_}.yaml", line=1)
    return Topology(nodes, frozenset(Connection(a, b, How.REFERENCE) for a, b in pairs), {}, ())


CHAIN = ("web>api", "api>db", "api>mail")


def test_a_single_replica_between_the_others_is_found() -> None:
    (finding,) = single_point_of_failure.RULE.check(topology(*CHAIN, kind="service", replicas={"api": "1"}))
    assert finding.identity == ("single-point-of-failure", "api", "replicas")
    assert (finding.level, finding.path, finding.line) == ("warning", "api.yaml", 6)
    assert "db, mail and web" in finding.message


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
def test_kubernetes_runs_one_where_no_number_is_given(kind: str) -> None:
    assert [f.subject for f in single_point_of_failure.RULE.check(topology(*CHAIN, kind=kind))] == ["api"]


@pytest.mark.parametrize("kind", ["DaemonSet", "service", "values", "Job"])
def test_an_unknown_number_is_no_finding(kind: str) -> None:
    assert not list(single_point_of_failure.RULE.check(topology(*CHAIN, kind=kind)))


@pytest.mark.parametrize("number", ["0", "2", "${REPLICAS}", ""])
def test_any_other_number_is_no_finding(number: str) -> None:
    assert not list(single_point_of_failure.RULE.check(topology(*CHAIN, replicas={"api": number})))


def test_a_single_replica_at_the_edge_or_in_a_ring_is_no_finding() -> None:
    assert not list(single_point_of_failure.RULE.check(topology("web>api")))
    assert not list(single_point_of_failure.RULE.check(topology("a>b", "b>c", "c>a")))


def test_an_autoscaler_is_for_the_workload_of_its_own_namespace() -> None:
    made = topology(*CHAIN, "shop/web>shop/api", "shop/api>shop/db")
    fields = [Field(Aspect.CONFIG, "spec.scaleTargetRef.name", "api")]
    kind = "HorizontalPodAutoscaler"
    scaler = component(f"shop/{kind}/x", Role.CONFIG, kind, fields=fields, namespace="shop")
    nodes = {
        id_: component(id_, one.role, one.kind, fields=one.fields, namespace="shop" if "/" in id_ else "other")
        for id_, one in made.components.items()
    }
    there = Topology(nodes | {scaler.id: scaler}, made.connections, {}, ())
    assert [finding.subject for finding in single_point_of_failure.RULE.check(there)] == ["api"]


@pytest.mark.parametrize(("target", "found"), [("api", []), ("web", ["api"])])
def test_what_an_autoscaler_sets_is_unknown(target: str, found: list[str]) -> None:
    made = topology(*CHAIN)
    fields = [
        Field(Aspect.CONFIG, "spec.scaleTargetRef.kind", "Deployment"),
        Field(Aspect.CONFIG, "spec.scaleTargetRef.name", target),
    ]
    scaler = component("HorizontalPodAutoscaler/x", Role.CONFIG, "HorizontalPodAutoscaler", fields=fields)
    with_scaler = Topology({**made.components, scaler.id: scaler}, made.connections, {}, ())
    assert [finding.subject for finding in single_point_of_failure.RULE.check(with_scaler)] == found


def test_a_circle_is_found_once_on_its_first_member() -> None:
    (finding,) = dependency_cycle.RULE.check(topology("cart>pricing", "pricing>promo", "promo>cart", "web>cart"))
    assert finding.identity == ("dependency-cycle", "cart", "")
    assert finding.level == "note"
    assert "cart → pricing → promo → cart" in finding.message


def test_a_group_larger_than_its_shortest_circle_says_so() -> None:
    (finding,) = dependency_cycle.RULE.check(topology("a>b", "b>a", "b>c", "c>b"))
    assert "a → b → a" in finding.message
    assert "3" in finding.message


def test_a_long_circle_is_shortened() -> None:
    (finding,) = dependency_cycle.RULE.check(topology(*(f"c{n:02}>c{(n + 1) % 20:02}" for n in range(20))))
    assert finding.message.endswith("c05 → … → c00")


def test_two_ways_to_one_component_are_no_circle() -> None:
    assert not list(dependency_cycle.RULE.check(topology("a>b", "a>c", "b>d", "c>d")))


def test_both_rules_are_fast_on_a_thousand_components() -> None:
    chance = random.Random(3)  # noqa: S311 - a fixed seed makes a fixed graph, nothing is secret
    made = topology(*{f"c{chance.randrange(1000)}>c{chance.randrange(1000)}" for _ in range(3000)})
    started = time.perf_counter()
    assert list(single_point_of_failure.RULE.check(made))
    assert list(dependency_cycle.RULE.check(made))
    assert time.perf_counter() - started < 1.0  # under 0.1 s on an idle machine
