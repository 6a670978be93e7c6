from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.dangling_reference import RULE
from generator.model.component import Component, How, Reference, Role, component
from generator.model.topology import Topology

if TYPE_CHECKING:
    from generator.assurance.findings import Finding


def check(*dangling: Reference, kind: str = "Deployment") -> list[Finding]:
    frontend = component("frontend", Role.COMPONENT, kind, references=dangling, path="frontend.yaml", line=2)
    topology = Topology(components={"frontend": frontend}, connections=frozenset(), selected={}, dangling=())
    return list(RULE.check(frontend, topology, dangling))


def test_an_address_of_a_service_that_is_not_deployed() -> None:
    address = Reference(Role.COMPONENT, "assistant", How.INFERRED, "server.env.ASSISTANT", port="80", line=31)
    (finding,) = check(address)
    assert finding.level == "error"
    assert finding.identity == ("dangling-reference", "frontend", "component/assistant")
    assert (finding.path, finding.line) == ("frontend.yaml", 31)
    for part in ("frontend", "assistant", "port 80", "`server.env.ASSISTANT`", "not deployed"):
        assert part in finding.message


def test_config_volume_and_service_are_errors() -> None:
    found = check(
        Reference(Role.CONFIG, "shop", How.REFERENCE, "server.envFrom"),
        Reference(Role.VOLUME, "data", How.REFERENCE, "volumes.data"),
        Reference(Role.EXPOSURE, "api", How.REFERENCE, "rules.0", port="http"),
    )
    assert [finding.level for finding in found] == ["error"] * 3


def test_a_secret_outside_of_git_is_a_note() -> None:
    (finding,) = check(Reference(Role.SECRET, "db", How.REFERENCE, "server.env.DB_PASSWORD", key="password"))
    assert finding.level == "note"
    assert "not in git" in finding.message


def test_what_is_optional_or_outside_or_given_by_the_cluster_is_not_found() -> None:
    assert not check(
        Reference(Role.CONFIG, "extra", How.REFERENCE, "server.envFrom", optional=True),
        Reference(Role.EXTERNAL, "mail.example", How.INFERRED, "server.env.MAIL"),
        Reference(Role.CONFIG, "kube-root-ca.crt", How.REFERENCE, "volumes.ca"),
    )


def test_a_chart_may_bring_what_its_values_name() -> None:
    (guess,) = check(Reference(Role.COMPONENT, "redis", How.INFERRED, "cache.host"), kind="values")
    assert guess.level == "note"
    assert "chart" in guess.message


def test_a_job_may_have_run_while_what_it_called_was_there() -> None:
    (address,) = check(Reference(Role.COMPONENT, "redis", How.INFERRED, "server.env.REDIS_URL"), kind="Job")
    assert address.level == "warning"
    (mounted,) = check(Reference(Role.CONFIG, "shop", How.REFERENCE, "server.envFrom"), kind="Job")
    assert mounted.level == "error"


def test_all_references_to_one_target_are_one_finding() -> None:
    found = check(
        Reference(Role.COMPONENT, "kafka", How.INFERRED, "env.READ", port="9093", line=8),
        Reference(Role.COMPONENT, "kafka", How.INFERRED, "env.WRITE", port="9092", line=5),
        Reference(Role.COMPONENT, "queue", How.INFERRED, "env.WRITE"),
    )
    assert [finding.field for finding in found] == ["component/kafka", "component/queue"]
    assert "on ports 9092 and 9093 (`env.READ` and `env.WRITE`)" in found[0].message
    assert found[0].line == 5


def test_what_an_ingress_keeps_in_annotations_is_no_service() -> None:
    assert not check(Reference(Role.EXPOSURE, "ssl-redirect", How.REFERENCE, "rules", port="use-annotation"))


def test_a_reference_with_a_target_is_not_found() -> None:
    reference = Reference(Role.COMPONENT, "cart", How.INFERRED, "env.CART")
    frontend: Component = component("frontend", Role.COMPONENT, "Deployment", references=[reference])
    topology = Topology(components={"frontend": frontend}, connections=frozenset(), selected={}, dangling=())
    assert not list(RULE.check(frontend, topology, ()))
