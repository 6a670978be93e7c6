from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.assurance.gates.conditions import duration
from generator.assurance.gates.facts import Came, DriftAge, Found, GateFacts, Outcome, Soak
from generator.assurance.gates.judging import judge
from generator.config.gates import Gate
from generator.evidence.gates import GateRow, gate_table, outcome_counts
from generator.history.signing.signers import NO_KEYS, UNSIGNED, Signature, SignatureOutcome, bad, unknown_key

if TYPE_CHECKING:
    from collections.abc import Mapping

NOON = 1_795_435_200  # 2026-11-23T12:00:00Z, a Monday
DAY = 86_400
GOOD = Signature(SignatureOutcome.GOOD, "", (("Grace", "grace@example.org"),), "0123456789abcdef" * 2)
PASSED, FAILED, MISSING, NOT_ASSESSED = Outcome.PASSED, Outcome.FAILED, Outcome.MISSING, Outcome.NOT_ASSESSED


FACTS = GateFacts("production", production=True, kind="forward", time=NOON, upstream="staging")


def _facts(**more: object) -> GateFacts:
    return msgspec.structs.replace(FACTS, **more)


def _judged(condition: Mapping[str, object], facts: GateFacts) -> tuple[Outcome, str]:
    (verdict,) = judge([Gate.model_validate({"name": "gate", **condition})], facts)
    return verdict.outcome, verdict.detail


@pytest.mark.parametrize(
    ("results", "outcome", "detail"),
    [
        ([], MISSING, "No result tests belongs to this deployment."),
        ([Came("tests", "passed", "12 tests")], PASSED, "Result tests passed: 12 tests."),
        ([Came("tests", "failed", "1 of 12")], FAILED, "Result tests failed: 1 of 12."),
        ([Came("tests", "missing", "no test ran")], MISSING, "Result tests is missing: no test ran."),
        ([Came("tests", "unreadable", "cut off")], MISSING, "Result tests is unreadable: cut off."),
        ([Came("tests", "strange")], MISSING, "Result tests is unreadable."),
        ([Came("tests", "passed"), Came("tests", "failed", "x")], FAILED, "Result tests failed: x."),
        ([Came("other", "passed")], MISSING, "No result tests belongs to this deployment."),
    ],
)
def test_results(results: list[Came], outcome: Outcome, detail: str) -> None:
    assert _judged({"result": "tests"}, _facts(results=tuple(results))) == (outcome, detail)


@pytest.mark.parametrize(
    ("soaks", "outcome", "detail"),
    [
        ([Soak("api", "1.2", "promoted", DAY)], PASSED, "At least 1 d in staging: api 1.2 (1 d)."),
        ([Soak("api", "1.2", "promoted", 3600)], FAILED, "Less than 1 d in staging: api 1.2 (1 h)."),
        ([Soak("api", "1.2", "bypass")], FAILED, "Never in staging: api 1.2."),
        ([Soak("api", "1.2", "simultaneous")], FAILED, "In staging only since this commit: api 1.2."),
        (
            [Soak("api", "1", "promoted", DAY), Soak("web", "2", "promoted", None, "the commit has no date")],
            NOT_ASSESSED,
            "How long in staging is not known: web 2 (the commit has no date).",
        ),
        (
            [Soak("api", "1", "promoted", -5)],
            NOT_ASSESSED,
            "How long in staging is not known: api 1 (its dates are skewed).",
        ),
        ([Soak("api", "1", "promoted", None), Soak("web", "2", "bypass")], FAILED, "Never in staging: web 2."),
        ([], NOT_ASSESSED, "No artifact changed."),
    ],
)
def test_soak(soaks: list[Soak], outcome: Outcome, detail: str) -> None:
    assert _judged({"soak": "24h"}, _facts(soaks=tuple(soaks))) == (outcome, detail)


def test_soak_is_not_asked_where_there_is_nothing_to_soak() -> None:
    assert _judged({"soak": "1h"}, _facts(changed=False)) == (NOT_ASSESSED, "Nothing changed.")
    assert _judged({"soak": "1h"}, _facts(upstream="")) == (NOT_ASSESSED, "There is no upstream of production.")


def test_of_several_artifacts_the_shortest_soak_is_told() -> None:
    soaks = (Soak("api", "2", "promoted", 2 * DAY), Soak("api", "1", "promoted", 2 * DAY))
    assert _judged({"soak": "24h"}, _facts(soaks=soaks)) == (
        PASSED,
        "At least 1 d in staging: api 1 (2 d), the shortest of 2.",
    )


def test_freezes() -> None:
    freeze = {"freeze": [{"from": "2026-11-23", "until": "2026-11-23", "reason": "Sale"}, {"weekly": "Sat - Sun"}]}
    assert _judged(freeze, _facts()) == (
        FAILED,
        "Deployed at 2026-11-23T12:00:00Z, within the freeze 2026-11-23 to 2026-11-23: Sale.",
    )
    assert _judged(freeze, _facts(time=NOON - DAY))[1].endswith("within the freeze Sat - Sun.")
    assert _judged(freeze, _facts(time=NOON + DAY))[0] is PASSED
    assert _judged(freeze, _facts(time=None)) == (NOT_ASSESSED, "The commit carries no usable time.")


@pytest.mark.parametrize(
    ("ages", "outcome"),
    [
        ((), PASSED),
        ((DriftAge("ahead", NOON - 31 * DAY, 2),), PASSED),
        ((DriftAge("ahead", NOON - 31 * DAY, 2), DriftAge("config", NOON - 40 * DAY)), FAILED),
        ((DriftAge("ahead", NOON - 30 * DAY, 9), DriftAge("pending", 0, 9)), PASSED),
        ((DriftAge("ahead", NOON - 31 * DAY, 2), DriftAge("ahead", None)), NOT_ASSESSED),
        (None, NOT_ASSESSED),
    ],
)
def test_drift(ages: tuple[DriftAge, ...] | None, outcome: Outcome) -> None:
    terms = {"drift": {"most": "2", "older_than": "30d", "classes": ["ahead", "config"]}}
    found = _judged(terms, _facts(drift=ages))
    assert found[0] is outcome
    assert ages is None or found[1].partition(" ")[2].startswith("differences (ahead, config) older than 30 d; 2 may")


def test_drift_of_any_age_needs_no_time() -> None:
    facts = _facts(drift=(DriftAge("ahead", None, 1),), time=None)
    assert _judged({"drift": {"most": "0"}}, facts)[0] is FAILED
    assert _judged({"drift": {"most": "1"}}, facts) == (
        PASSED,
        "1 difference; 1 may stand.",
    )
    assert _judged({"drift": {"older_than": "1d"}}, facts)[0] is NOT_ASSESSED


def test_findings() -> None:
    facts = _facts(findings=(Found("error", 2, 0), Found("warning", 3, 1)))
    assert _judged({"findings": "error"}, facts) == (FAILED, "2 errors.")
    assert _judged({"findings": "warning"}, facts) == (FAILED, "2 errors and 3 warnings.")
    assert _judged({"findings": {"level": "error", "new": "true"}}, facts) == (PASSED, "No new error stands.")
    assert _judged({"findings": {"level": "note", "new": "true"}}, facts) == (FAILED, "1 new warning.")
    assert _judged({"findings": "note"}, _facts(findings=None))[0] is NOT_ASSESSED


@pytest.mark.parametrize(
    ("what", "commit", "tags", "outcome", "detail"),
    [
        ("commit", GOOD, None, PASSED, "The commit is signed by Grace (key 0123456789abcdef)."),
        ("commit", UNSIGNED, None, MISSING, "The commit is not signed."),
        ("commit", NO_KEYS, None, NOT_ASSESSED, ""),
        ("commit", bad("is wrong"), None, FAILED, "The commit is wrong."),
        ("commit", None, None, NOT_ASSESSED, "The signature of the commit was not looked at."),
        ("tag", GOOD, (), MISSING, "No tag names the commit."),
        ("tag", GOOD, None, NOT_ASSESSED, "The tags were not looked at."),
        ("tag", None, (("a", UNSIGNED), ("b", GOOD)), PASSED, "Tag b is signed by Grace (key 0123456789abcdef)."),
        ("tag", None, (("v1", UNSIGNED), ("v2", unknown_key("x"))), FAILED, ""),
        ("either", UNSIGNED, (("v1", GOOD),), PASSED, "Tag v1 is signed by Grace (key 0123456789abcdef)."),
        ("either", UNSIGNED, (), MISSING, "The commit is not signed; no tag names the commit."),
    ],
)  # fmt: skip
def test_signed(
    what: str, commit: Signature | None, tags: tuple[tuple[str, Signature], ...] | None, outcome: Outcome, detail: str
) -> None:
    found = _judged({"signed": what}, _facts(signature=commit, tags=tags))
    assert found[0] is outcome
    assert not detail or found[1] == detail


def test_an_excepted_kind_is_not_looked_at() -> None:
    gate = {"signed": "commit", "except": ["rollback", "hotfix"]}
    assert _judged(gate, _facts(kind="rollback")) == (NOT_ASSESSED, "The gate does not look at a rollback.")
    assert _judged(gate, _facts(kind="forward", signature=UNSIGNED))[0] is MISSING


def test_other_environments_are_not_guarded() -> None:
    gates = [Gate.model_validate({"name": "a", "signed": "tag"}), Gate.model_validate({"name": "b", "signed": "tag", "environments": "staging"})]  # fmt: skip  # noqa: E501 - two gates
    assert [v.name for v in judge(gates, _facts())] == ["a"]
    assert [v.name for v in judge(gates, _facts(environment="staging", production=False))] == ["b"]


def test_verdicts_become_a_record() -> None:
    gates = [
        Gate.model_validate({"name": "signed", "signed": "commit", "owner": "Ada", "says": "We know who"}),
        Gate.model_validate({"name": "tests", "result": "tests"}),
        Gate.model_validate({"name": "soak", "soak": "1h"}),
    ]
    table = gate_table(judge(gates, _facts(signature=UNSIGNED, changed=False)))
    assert table.rows[0] == GateRow("signed", "signed", "missing", "The commit is not signed.", "Ada", "We know who")
    assert outcome_counts(table) == {"missing": 2, "not_assessed": 1}


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (3600, "1 h"), (3660, "1 h 1 min"), (DAY + 60, "1 d")]
)
def test_durations(seconds: int, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize("signed", ["commit", "tag"])
def test_without_names_nobody_who_signed_is_named(signed: str) -> None:
    found = _judged({"signed": signed}, _facts(signature=GOOD, tags=(("v1", GOOD),), names=False))
    assert found[0] is PASSED
    assert "Grace" not in found[1]
    assert "signed by a known key (key 0123456789abcdef)" in found[1]
