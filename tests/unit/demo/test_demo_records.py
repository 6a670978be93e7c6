"""What the demo's records tell: well-formed, in the order of the story, and what its page promises of them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.demo.records import keep_runs
from generator.demo.state import Made, State

if TYPE_CHECKING:
    from support.replay import Gathered

    from generator.evidence.delivery_records import RecordLine

NOON = 1_788_091_200
"""2026-08-30T12:00:00Z."""
CHECKOUT = ("deploy/production/checkout.yaml",)


def _runs(*made: Made) -> list[dict[str, dict[str, str]]]:
    text = keep_runs(State(made=made)).texts.get(".assay/records/pipeline.jsonl", "")
    return [json.loads(line) for line in text.splitlines()]


def _lines(demo: Gathered, kind: str) -> list[RecordLine]:
    return [line for line in demo.evidence.records() if line.kind == kind]


def _time(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def test_the_pipeline_tells_of_what_it_deployed_to_production() -> None:
    found = _runs(
        Made("Before it told anything", "1" * 40, CHECKOUT, 1_772_409_599),
        Made("To staging", "2" * 40, ("deploy/staging/checkout.yaml",), NOON),
        Made("WAF 7.3", "3" * 40, ("platform/environments/production.yaml",), NOON),
        Made("To production", "4" * 40, CHECKOUT, NOON),
    )
    assert [event["subject"]["id"] for event in found] == ["run-44444444", "run-44444444"]
    begin, end = (_time(event["context"]["timestamp"]) for event in found)
    assert NOON < begin < end < NOON + 900


def test_one_run_fails_and_the_next_one_does_not() -> None:
    found = _runs(Made("Promote search 0.11.0 to production", "5" * 40, CHECKOUT, NOON))
    assert [event["subject"]["id"][-2:] for event in found] == ["-1", "-1", "-2", "-2"]
    times = [event["context"]["timestamp"] for event in found]
    assert times == sorted(times)


def test_records_lose_nothing_and_add_no_finding(demo: Gathered) -> None:
    summary = demo.evidence.summary
    assert summary.record_findings == ()
    assert [u for u in summary.unreadable if ".assay/" in u.path] == []
    counts = {count.kind: (count.records, count.unlinked, count.left_out) for count in summary.records}
    assert counts == {"deployment": (43, 0, 1), "incident": (5, 0, 0), "downtime": (5, 0, 0), "approval": (1, 0, 0)}


def test_most_deployments_since_march_are_confirmed_and_three_were_made_by_hand(demo: Gathered) -> None:
    told = {line.deployment for line in _lines(demo, "deployment") if line.counts}
    since = [d for d in demo.of("production") if d.commit.committed_at >= "2026-03-02"]
    assert len(told) == 42
    assert sorted(d.commit.subject for d in since if d.id not in told) == [
        "Rotate the session key in production",
        "WAF 7.3",
        "storefront 3.6.2: the price of tents",
    ]
    ends = {line.deployment: line.finished for line in _lines(demo, "deployment")}
    assert all(ends[d.id] > d.commit.committed_at for d in since if d.id in ends)


def test_one_run_deployed_what_was_there(demo: Gathered) -> None:
    redeployed = {d.id for d in demo.of("production") if d.kind == "redeploy"}
    (line,) = [line for line in _lines(demo, "deployment") if line.deployment in redeployed]
    assert (line.status, line.verified) == ("succeeded", True)
    assert 280 < _time(line.finished) - _time(line.started) < 320


def test_incidents_are_told_in_the_order_of_the_story(demo: Gathered) -> None:
    ends = {line.deployment: line.finished for line in _lines(demo, "deployment") if line.counts}
    for line in _lines(demo, "incident"):
        (cause,) = line.deployments
        assert ends.get(cause, "") <= line.impact_start, line.id
        assert line.impact_start < line.detected < line.cause_assigned < line.restored
        assert (ends[line.fixed_by] if line.fixed_by else "") <= line.restored, line.id
    linked = {i: d.commit.subject for d in demo.of("production") for i in d.incidents}
    assert linked == {
        "INC-12": "Promote checkout 1.9.0 to production",
        "INC-23": "Promote checkout 1.10.0 to production",
        "INC-29": "Promote storefront 3.5.0 to production",
        "INC-31": "Keep customers signed in for two days",
        "INC-34": "Search by price: catalogue 2.7.1 and search 0.10.2, production",
    }


def test_what_went_back_was_back_before_the_incident_ended(demo: Gathered) -> None:
    ends = {line.deployment: line.finished for line in _lines(demo, "deployment") if line.counts}
    restored = {cause: line.restored for line in _lines(demo, "incident") for cause in line.deployments}
    back = {c.culprit: d for d in demo.of("production") if d.kind == "rollback" for c in d.changes if c.culprit}
    assert len(back) == 4
    for culprit, rollback in back.items():
        assert ends.get(rollback.id, rollback.commit.committed_at) <= restored[culprit], rollback.id


def test_two_downtimes_overlap_and_one_was_agreed(demo: Gathered) -> None:
    lines = sorted(_lines(demo, "downtime"), key=lambda line: line.start)
    assert Counter(line.planned for line in lines) == {False: 4, True: 1}
    assert [(a.id, b.id) for a, b in pairwise(lines) if b.start < a.end] == [("down-1", "down-2")]


def test_the_promise_was_missed_in_august_alone(demo: Gathered) -> None:
    missed = []
    for line in demo.evidence.metrics():
        up = line.availability
        if (line.environment, line.by, line.unit) == ("production", "environment", "month") and up is not None:
            assert up.target == "99.5"
            missed += [line.period] if 1000 * up.down_seconds > 5 * up.agreed_seconds else []
    assert missed == ["2026-08"]


def test_every_team_but_one_is_named(demo: Gathered) -> None:
    (production,) = [e for e in demo.evidence.summary.environments if e.name == "production"]
    teams = Counter(cell.team for cell in production.cells)
    assert teams == {"@fernwood/shop": 4, "@fernwood/payments": 2, "@fernwood/platform": 5, "": 1}
    assert [cell.component for cell in production.cells if not cell.team] == ["notifications"]
