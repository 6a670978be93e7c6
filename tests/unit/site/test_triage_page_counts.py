"""What the Triage page counts as a failure: each once, and a gate alone as none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from unit.site import judged

from generator.evidence.reading import Evidence
from generator.evidence.triage import TriageComponent, TriageRecord
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.home_view import home_view
from generator.site.index import Failure, build_index
from generator.site.objects import Objects
from generator.site.triage_page import TriagePage, triage_page
from generator.site.triage_view import triage_view
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.triage import Verdict


class Told(NamedTuple):
    """What is told of one deployment."""

    number: int
    trigger: str
    verdict: Verdict
    first: int
    last: int
    component: str = "cart"
    environment: str = "production"


@pytest.fixture
def context(shop_evidence: Path, tmp_path: Path) -> Context:
    evidence = Evidence(shop_evidence)
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(tmp_path / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def _page(context: Context, monkeypatch: pytest.MonkeyPatch, *told: Told) -> TriagePage:
    records = {str(one.number): _record(one) for one in told}
    context.index.failures = [
        Failure(f"{one.environment}-{one.number}", one.environment, "2026-03-01T10:00:00Z", "forward", str(one.number))
        for one in told
    ]
    monkeypatch.setattr(Objects, "triage", lambda _self, _environment, digest: records[digest])
    return triage_page(context)


def _record(one: Told) -> TriageRecord:
    row = TriageComponent(one.component, one.verdict, "why", "a:2", "a:2", artifacts=1)
    return TriageRecord(
        trigger=one.trigger,
        verdict=one.verdict,
        reason="why.",
        failed_from=f"{one.environment}-{one.first}",
        failed_to=f"{one.environment}-{one.last}",
        commit="a" * 40,
        upstream="staging",
        components=(row,),
        components_of=1,
    )


def test_an_incident_that_a_rollback_ended_is_one_failure(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    view = _page(
        context,
        monkeypatch,
        Told(5, "incident INC-1", "application", 5, 5),
        Told(6, "gate tests", "application", 6, 6),
        Told(7, "rollback", "mixed", 4, 6),
    )
    assert (view.total, view.gated, view.where) == (1, 0, "")
    assert view.share == "The one failure was not the deployment's. Apart from that: 1 mixed."
    assert [(row.trigger, row.again) for row in view.rows] == [
        ("rollback", False),
        ("gate tests", True),
        ("incident INC-1", True),
    ]
    assert [(row.name, row.counts, row.total) for row in view.verdicts] == [
        ("application", (0, 0), 0),
        ("mixed", (1, 0), 1),
    ]


def test_an_incident_of_another_component_or_range_is_a_failure_of_its_own(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = _page(
        context,
        monkeypatch,
        Told(3, "incident INC-1", "application", 3, 3),
        Told(5, "incident INC-2", "application", 5, 5, "mailer"),
        Told(7, "rollback", "mixed", 4, 6),
        Told(9, "incident INC-3", "deployment", 9, 9),
    )
    assert view.total == 4
    assert not any(row.again for row in view.rows)


def test_failures_of_other_environments_are_told_from_those_of_production(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = _page(
        context,
        monkeypatch,
        Told(3, "rollback", "application", 2, 2, environment="staging"),
        Told(5, "rollback", "application", 4, 4),
        Told(9, "incident INC-1", "application", 9, 9),
    )
    assert (view.total, view.where) == (3, "They happened here: 2 in production and 1 in staging.")


def test_a_gate_alone_is_no_failure(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    view = _page(context, monkeypatch, Told(5, "gate calm", "application", 5, 5))
    assert (view.total, view.gated, view.share, view.rows) == (0, 1, "", ())
    assert [row.trigger for row in view.gate_rows] == ["gate calm"]
    assert [(row.total, row.gated) for row in (*view.verdicts, *view.quarters)] == [(0, 1), (0, 1)]
    (line,) = [text for text in view.clean if "production" in text]
    assert line.endswith("and one of them did not pass a gate.")


@pytest.mark.parametrize(("trigger", "taken_back", "alone"), [
    ("gate calm", False, True),
    ("gate calm", True, False),
    ("incident INC-1", False, False),
])  # fmt: skip
def test_a_release_page_says_where_a_gate_is_all_that_speaks_of_it(
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
    trigger: str,
    taken_back: bool,  # noqa: FBT001 - a case of the table
    alone: bool,  # noqa: FBT001 - a case of the table
) -> None:
    record = [d for d in context.evidence.deployments() if d.environment == "production"][4]
    monkeypatch.setattr(Objects, "triage", lambda *_: _record(Told(5, trigger, "application", 5, 5)))
    context.index.taken_back.clear()
    if taken_back:
        context.index.taken_back[record.id] = ["production-6"]
    assert triage_view(context, record, "x", 5).gate_alone is alone


def test_the_card_of_production_tells_whether_what_runs_is_the_model(context: Context) -> None:
    facts = [one.text for card in home_view(context).cards for one in card.verdicts]
    live = judged.live_drift("")
    assert sum(row.exempt is None for row in live.rows) == 1
    assert "1 value is not as in the model" in facts
