from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.duplicate_resource import RULE
from generator.model.topology import Topology

if TYPE_CHECKING:
    from generator.assurance.findings import Finding


def check(*duplicates: tuple[str, str, str]) -> list[Finding]:
    return list(RULE.check(Topology({}, frozenset(), {}, (), duplicates)))


def test_an_id_in_two_files_is_found() -> None:
    (finding,) = check(("ConfigMap/shop", "a.yaml", "b.yaml"))
    assert finding.identity == ("duplicate-resource", "ConfigMap/shop", "")
    assert (finding.level, finding.path) == ("error", "b.yaml")
    assert "a.yaml" in finding.message
    assert "b.yaml" in finding.message


def test_an_id_in_three_files_is_one_finding() -> None:
    (finding,) = check(("api", "a.yaml", "c.yaml"), ("api", "a.yaml", "b.yaml"))
    assert "b.yaml and c.yaml" in finding.message


def test_an_id_twice_in_one_file() -> None:
    (finding,) = check(("api", "a.yaml", "a.yaml"))
    assert "twice in a.yaml" in finding.message


def test_findings_are_in_order_of_ids() -> None:
    assert [f.subject for f in check(("b", "x", "y"), ("a", "x", "y"))] == ["a", "b"]


def test_no_duplicates_no_findings() -> None:
    assert not check()
