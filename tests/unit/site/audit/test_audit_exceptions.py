"""What is out of the ordinary about a production change, and who approved it."""

from typing import Any

import pytest

from generator.evidence.gates import GateRow
from generator.evidence.records import ApprovalRecord, CommitRecord, DeploymentRecord, FindingCounts, GateCounts
from generator.evidence.results import ResultRecord
from generator.site.audit.exceptions import EXCEPTIONS, approval_of, exceptions_of

OWN = ApprovalRecord("trailer", "trailer Approved-by", "Ada", doubt="by an author")
OTHER = ApprovalRecord("file", "approvals.yaml:3", "Grace")


def record(**more: Any) -> DeploymentRecord:  # noqa: ANN401 - fields of the record
    commit = CommitRecord("a" * 40, "2026-03-01T00:00:00Z", "x")
    return DeploymentRecord(
        "production-1", "production", 1, commit, "d", "", "forward", "observed", (), (), FindingCounts("f"), None,
        GateCounts(), None, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "outcome", "name"),
    [
        ("approval", "missing", "not-approved"),
        ("approval", "failed", "not-approved"),
        ("freeze", "failed", "freeze-broken"),
        ("signed", "missing", "unsigned"),
        ("signed", "failed", "unsigned"),
        ("result", "missing", "missing-result"),
        ("result", "failed", "failed-result"),
        ("soak", "failed", "failed-gate"),
        ("drift", "failed", "failed-gate"),
    ],
)
def test_a_gate_that_does_not_hold_is_an_exception_of_its_kind(condition: str, outcome: str, name: str) -> None:
    assert exceptions_of(record(), [GateRow("g", condition, outcome, "")], waived=False) == (name,)


def test_a_gate_that_can_not_be_assessed_is_no_exception_and_no_pass() -> None:
    assert exceptions_of(record(), [GateRow("g", "freeze", "not assessed", "")], waived=False) == ()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"bypass": True}, "bypass"),
        ({"observed": "forward"}, "override"),
        ({"unreadable": 2}, "unreadable"),
        ({"results": (ResultRecord("scan", "unreadable"),)}, "missing-result"),
        ({"results": (ResultRecord("scan", "failed"),)}, "failed-result"),
        ({"approvals": (OWN,)}, "self-approved"),
    ],
)
def test_facts_of_the_record_are_exceptions(fields: dict[str, Any], name: str) -> None:
    assert exceptions_of(record(**fields), [], waived=False) == (name,)


def test_who_approves_the_own_change_is_told_once() -> None:
    gate = GateRow("approval", "approval", "failed", "Approved by its author alone.")
    assert exceptions_of(record(approvals=(OWN,)), [gate], waived=False) == ("self-approved",)
    assert exceptions_of(record(approvals=(OWN, OTHER)), [], waived=False) == ()


def test_exceptions_come_in_the_order_of_pages() -> None:
    found = exceptions_of(record(bypass=True, unreadable=1), [GateRow("g", "signed", "missing", "")], waived=True)
    assert found == ("bypass", "unsigned", "waiver-used", "unreadable")
    assert list(found) == [name for name in EXCEPTIONS if name in found]


@pytest.mark.parametrize(
    ("doubts", "name"),
    [
        ((), "nobody"),
        (("by an author", ""), "another"),
        (("by an author", "can't be told"), "unclear"),
        (("by a machine", "by an author"), "own"),
        (("afterwards",), "late"),
        (("by a machine",), "late"),
    ],
)
def test_the_best_yes_counts(doubts: tuple[str, ...], name: str) -> None:
    assert approval_of([ApprovalRecord("file", "x", doubt=doubt) for doubt in doubts]) == name


def test_a_file_that_broke_before_is_no_exception_of_what_comes_after() -> None:
    assert exceptions_of(record(unreadable=2), [], waived=False, unread_before=2) == ()
    assert exceptions_of(record(unreadable=3), [], waived=False, unread_before=2) == ("unreadable",)
