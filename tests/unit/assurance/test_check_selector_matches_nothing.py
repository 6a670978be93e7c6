from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.selector_matches_nothing import RULE
from generator.model.component import Role, component
from generator.model.topology import Topology

if TYPE_CHECKING:
    from generator.assurance.findings import Finding


def check(selector: tuple[tuple[str, str], ...], behind: tuple[str, ...], role: Role = Role.EXPOSURE) -> list[Finding]:
    service = component("Service/api", role, "Service", selector=selector, path="api.yaml", line=4)
    topology = Topology({"Service/api": service}, frozenset(), {"Service/api": behind} if behind else {}, ())
    return list(RULE.check(service, topology, ()))


def test_a_selector_without_a_match_is_found() -> None:
    (finding,) = check((("app", "api"), ("tier", "web")), ())
    assert finding.identity == ("selector-matches-nothing", "Service/api", "selector")
    assert (finding.level, finding.path, finding.line) == ("warning", "api.yaml", 4)
    assert "app=api and tier=web" in finding.message


def test_a_selector_with_a_match_is_not() -> None:
    assert not check((("app", "api"),), ("api",))


def test_a_service_without_selector_gets_its_endpoints_elsewhere() -> None:
    assert not check((), ())


def test_only_an_exposure_selects() -> None:
    assert not check((("app", "api"),), (), Role.COMPONENT)
