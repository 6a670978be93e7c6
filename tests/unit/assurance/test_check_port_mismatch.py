from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.port_mismatch import RULE
from generator.model.component import Aspect, Component, Field, How, Port, Reference, Role, component
from generator.model.topology import Topology

if TYPE_CHECKING:
    from generator.assurance.findings import Finding

SELECTOR = (("app", "api"),)


def workload(*ports: Port, id_: str = "api") -> Component:
    return component(id_, Role.COMPONENT, "Deployment", ports=ports, labels=SELECTOR, names=(id_,))


def service(*ports: Port, fields: tuple[Field, ...] = (), namespace: str = "") -> Component:
    return component(
        "Service/api",
        Role.EXPOSURE,
        "Service",
        ports=ports,
        selector=SELECTOR,
        names=("api",),
        fields=fields,
        namespace=namespace,
        path="api.yaml",
        line=5,
    )


def caller(
    port: str, target: str = "api", role: Role = Role.COMPONENT, how: How = How.INFERRED, namespace: str = ""
) -> Component:
    reference = Reference(role, target, how, "server.env.API", port=port, line=21)
    return component("web", Role.COMPONENT, "Deployment", references=[reference], path="web.yaml", namespace=namespace)


def check(subject: Component, *others: Component) -> list[Finding]:
    components = {found.id: found for found in (subject, *others)}
    behind = tuple(sorted(id_ for id_, found in components.items() if found.labels == SELECTOR))
    selected = {id_: behind for id_, found in components.items() if found.role is Role.EXPOSURE}
    return list(RULE.check(subject, Topology(components, frozenset(), selected, ()), ()))


def test_a_target_port_that_no_component_declares() -> None:
    (finding,) = check(service(Port("http", "80", "8080")), workload(Port("http", "8000")))
    assert finding.identity == ("port-mismatch", "Service/api", "ports.http")
    assert finding.level == "warning"
    for part in ("port 80 (http)", "port 8080 of api", "8000"):
        assert part in finding.message


def test_a_target_port_by_a_name_that_nobody_gave_it() -> None:
    (finding,) = check(service(Port("http", "80", "web")), workload(Port("http", "8000")))
    assert finding.level == "error"


def test_the_port_itself_is_the_target_where_none_is_named() -> None:
    assert check(service(Port("", "80")), workload(Port("", "8080")))
    assert not check(service(Port("", "8080")), workload(Port("", "8080")))


def test_a_target_port_by_name() -> None:
    assert check(service(Port("web", "80", "http")), workload(Port("grpc", "8080")))
    assert not check(service(Port("web", "80", "http")), workload(Port("http", "8080")))


def test_one_of_several_components_is_enough() -> None:
    assert not check(service(Port("", "80")), workload(Port("", "80")), workload(Port("", "81"), id_="api-canary"))


def test_a_component_without_declared_ports_may_listen_on_any() -> None:
    assert not check(service(Port("", "80")), workload())
    assert not check(service(Port("", "80")), workload(), workload(Port("", "81"), id_="api-canary"))


def test_a_service_that_selects_nothing_is_for_another_rule() -> None:
    assert not check(service(Port("", "80")))


def test_a_caller_on_a_port_that_the_service_lacks() -> None:
    (finding,) = check(caller("8080"), service(Port("http", "80")), workload(Port("", "80")))
    assert finding.identity == ("port-mismatch", "web", "exposure/Service/api")
    assert (finding.path, finding.line) == ("web.yaml", 21)
    for part in ("Service/api", "port 8080", "`server.env.API`", "80 and http"):
        assert part in finding.message


def test_a_caller_on_an_offered_port_by_number_name_or_without() -> None:
    offered = service(Port("http", "80", "8080"))
    assert not check(caller("80"), offered)
    assert not check(caller("http", role=Role.EXPOSURE), offered)
    assert not check(caller(""), offered)


def test_the_target_port_is_not_what_a_caller_may_use() -> None:
    assert check(caller("8080"), service(Port("http", "80", "8080")))


def test_full_host_names_are_understood_and_other_namespaces_left_alone() -> None:
    offered = service(Port("http", "80"), namespace="shop")
    assert check(caller("81", "api.shop.svc.cluster.local"), offered)
    assert not check(caller("81", "api.bank.svc.cluster.local"), offered)
    assert not check(caller("81", "api.example.com"), offered)


def test_a_headless_service_forwards_nothing() -> None:
    headless = Field(Aspect.EXPOSURE, "clusterIP", "None")
    assert not check(caller("26379"), service(Port("", "6379"), fields=(headless,)))


def test_a_component_reached_directly_may_listen_on_more_than_it_declares() -> None:
    assert not check(caller("9000"), workload(Port("", "80")))


def test_a_declared_connection_is_held_to_the_declared_ports() -> None:
    assert check(caller("9000", how=How.DECLARED), workload(Port("http", "80")))
    assert not check(caller("http", how=How.DECLARED), workload(Port("http", "80")))
    assert not check(caller("9000", how=How.DECLARED), workload())


def test_a_dangling_reference_is_for_another_rule() -> None:
    subject = caller("81")
    topology = Topology({"web": subject, "Service/api": service(Port("", "80"))}, frozenset(), {}, ())
    assert not list(RULE.check(subject, topology, subject.references))


def test_a_config_of_the_same_name_has_no_ports() -> None:
    assert not check(caller("81", role=Role.CONFIG), service(Port("", "80")))
