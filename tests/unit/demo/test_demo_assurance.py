"""What Assay makes of the demo: each verdict, gate, waiver and finding that its page and its README promise."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.errors import ExitCode
from generator.evidence.gates import GateTable
from generator.evidence.triage import TriageRecord

if TYPE_CHECKING:
    from support.replay import Gathered

    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import EnvironmentSummary

ROOT = Path(__file__).parents[3]


def _production(demo: Gathered) -> EnvironmentSummary:
    return next(e for e in demo.outcome.summary.environments if e.name == "production")


def _release(demo: Gathered, subject: str) -> DeploymentRecord:
    (found,) = [d for d in demo.of("production") if d.commit.subject == subject]
    return found


def _readme(demo: Gathered) -> str:
    return (demo.folder.parent / "repository" / "README.md").read_text(encoding="utf-8")


def test_nothing_is_lost(demo: Gathered) -> None:
    assert demo.outcome.exit_code is ExitCode.OK
    assert demo.outcome.summary.unbound_results == ()


def test_the_findings_are_those_of_the_readme(demo: Gathered) -> None:
    told = re.findall(r"^\| (error|warning|note) \| (\S+) \| (\S+) \| .+ \|$", _readme(demo), re.MULTILINE)
    found = [(f.level, f.rule, f.subject) for f in _production(demo).findings]
    assert sorted(told) == sorted(found)
    assert 5 <= len(found) <= 25


def test_the_findings_do_not_depend_on_extras(demo: Gathered) -> None:
    families = {rule.id: rule.family for rule in demo.outcome.summary.rules}
    assert all(families[f.rule] != "schema" for f in _production(demo).findings)


@pytest.mark.parametrize(
    ("subject", "kind", "confidence"),
    [
        ("Promote checkout 1.9.0 to production", "forward", "observed"),
        ("Roll back checkout to 1.8.2", "rollback", "declared"),
        ("Promote checkout 1.9.1 to production", "roll-forward", "declared"),
        ("Wait 30 seconds for card payments", "hotfix", "declared"),
        ("Update checkout image", "rollback", "observed"),
        ("Hotfix: storefront 3.5.1 straight to production", "hotfix", "declared"),
        ("storefront 3.6.2: the price of tents", "forward", "observed"),
    ],
)
def test_kinds_and_how_they_are_known(demo: Gathered, subject: str, kind: str, confidence: str) -> None:
    found = _release(demo, subject)
    assert (found.kind, found.confidence) == (kind, confidence)


def test_what_is_declared(demo: Gathered) -> None:
    keys = {
        subject: [one.key for one in _release(demo, subject).declared]
        for subject in (
            "Wait 30 seconds for card payments",
            "Promote catalogue 2.7.0 to production",
            "Update checkout image",
        )
    }
    assert keys == {
        "Wait 30 seconds for card payments": ["override"],
        "Promote catalogue 2.7.0 to production": ["Promoted-from"],
        "Update checkout image": [],
    }
    assert _release(demo, "Promote checkout 1.9.0 to production").incidents == ("INC-12",)


def test_only_one_rollback_is_partial(demo: Gathered) -> None:
    partial = [d.commit.subject for d in demo.of("production") if d.partial]
    assert partial == ["Roll back catalogue to 2.7.0"]


def test_one_bulk_in_one_commit_and_one_in_a_window(demo: Gathered) -> None:
    bulk = Counter(d.commit.subject.partition(",")[0] for d in demo.of("production") if d.bulk)
    assert bulk == {"All apps on the new base image": 1, "Mended encryption library": 4}


@pytest.mark.parametrize(
    ("subject", "outcome"),
    [
        ("Promote checkout 1.9.0 to production", "application"),
        ("Hotfix: storefront 3.5.1 straight to production", "application, unvalidated"),
        ("Sessions of 12 hours again", "deployment"),
        ("Roll back catalogue to 2.7.0", "deployment suspected"),
    ],
)
def test_whose_fault_it_was(demo: Gathered, subject: str, outcome: str) -> None:
    release = _release(demo, subject)
    assert release.triage is not None
    assert demo.evidence.objects("triage", "production", TriageRecord)[release.triage].verdict == outcome


def test_the_gates_that_did_not_hold(demo: Gathered) -> None:
    tables = demo.evidence.objects("gates", "production", GateTable)
    found = {
        (d.commit.subject, row.name): row.outcome
        for d in demo.of("production")
        for row in tables[d.gates.object].rows
        if row.outcome in {"failed", "missing"}
    }
    friday = "storefront 3.6.2: the price of tents"
    assert found == {
        ("Nightly recommendations for the spring campaign, production", "approval"): "failed",
        ("Promote checkout 1.10.0 to production", "tests"): "failed",
        ("Keep checkout up while nodes are renewed, production", "no errors"): "failed",
        ("Promote search 0.10.0 to production", "tests"): "missing",
        ("Hotfix: storefront 3.5.1 straight to production", "tests"): "missing",
        ("Hotfix: storefront 3.5.1 straight to production", "soak"): "failed",
        ("Remove recommendations from production", "quiet days"): "failed",
        ("Promote search 0.11.0 to production", "drift"): "failed",
        (friday, "approval"): "missing",
        (friday, "soak"): "failed",
        (friday, "quiet days"): "failed",
        (friday, "drift"): "failed",
    }


def test_one_release_is_approved_by_a_file(demo: Gathered) -> None:
    tables = demo.evidence.objects("gates", "production", GateTable)
    by_file = [
        (d.commit.subject, row.outcome)
        for d in demo.of("production")
        for row in tables[d.gates.object].rows
        if ".assay/approvals.yaml" in row.detail
    ]
    assert by_file == [("Promote storefront 3.6.0 to production", "passed")]


def test_results_pass_fail_and_lack(demo: Gathered) -> None:
    outcomes = {
        d.commit.subject: (result.outcome, result.reason)
        for d in demo.of("production")
        for result in d.results
        if result.name == "unit tests" and result.outcome != "passed"
    }
    assert [subject for subject, (outcome, _) in outcomes.items() if outcome == "failed"] == [
        "Promote checkout 1.10.0 to production"
    ]
    assert outcomes["Promote search 0.10.0 to production"] == ("missing", "no test ran")
    assert outcomes["Hotfix: storefront 3.5.1 straight to production"][0] == "missing"
    scans = [r.outcome for d in demo.of("production") for r in d.results if r.name == "image scan"]
    assert scans.count("passed") == 6


def test_waivers_and_acceptances_in_every_state(demo: Gathered) -> None:
    states = Counter((one.kind, one.state) for one in demo.outcome.summary.exemptions)
    assert states == {
        ("waiver", "in force"): 1,
        ("waiver", "expired"): 1,
        ("waiver", "unused"): 1,
        ("acceptance", "in force"): 1,
        ("acceptance", "expired"): 1,
    }


def test_a_waiver_ends_within_the_story(demo: Gathered) -> None:
    before = _release(demo, "Promote storefront 3.6.0 to production").findings
    after = _release(demo, "Promote search 0.11.0 to production").findings
    assert (before.waived, after.waived) == (2, 1)
    assert after.note == before.note + 1


def test_one_thing_runs_that_git_does_not_say(demo: Gathered) -> None:
    live = _production(demo).live
    assert live is not None
    (row,) = live.rows
    assert (row.component, row.field) == ("ConfigMap/checkout-settings", "data.PAYMENT_TIMEOUT_SECONDS")
    assert (row.upstream, row.value) == ("30", "45")
    assert live.source == "snapshots/production.yaml"
    assert any("no Secret" in reason for reason in live.not_assessed)
