"""The delivery measures of three real histories, against those that an independent reading comes to.

`python -m real.oracle_measures NAME CLONE`, from the folder `tests`, prints what is expected here.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from real import oracle_measures
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

EXPECTED = {
    ("web-monitoring-ops", "staging"): (178, 1, 1, 179),
    ("web-monitoring-ops", "production"): (353, 3, 3, 350),
    ("pangeo-cloud-federation", "staging"): (162, 7, 7, 162),
    ("pangeo-cloud-federation", "prod"): (172, 9, 9, 174),
    ("deployment-charts", "staging"): (3341, 192, 202, 3384),
    ("deployment-charts", "eqiad"): (3361, 195, 207, 3404),
    ("deployment-charts", "codfw"): (3379, 198, 209, 3423),
}
"""Forward deliveries, rollbacks with roll-forwards, failed deployments, and those of which it is known whether they
failed; bulk ones in none of them."""
LEFT = set() if os.environ.get("ASSAY_REAL_ALL") else {("deployment-charts", "staging"), ("deployment-charts", "eqiad")}
"""Of three environments of one history, alike in all but their numbers, one is tried: each takes twenty seconds."""
Case = tuple[oracle_measures.Measures, list[dict[str, Any]]]


@pytest.fixture(scope="module", params=sorted(EXPECTED.keys() - LEFT), ids="-".join)
def case(
    request: pytest.FixtureRequest, real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Case:
    """Return what is expected of an environment, and its lines of `metrics.jsonl`; the counts are those above."""
    name, environment = request.param
    repository = real_history(name)
    expected = oracle_measures.measured(name, repository, environment)
    failed = len(expected.failed)
    assert (*expected.velocity, failed, failed + expected.good) == EXPECTED[name, environment]
    return expected, lines(facts(name, real_history, tmp_path_factory), environment)


def lines(found: Facts, environment: str) -> list[dict[str, Any]]:
    with (found.folder / "metrics.jsonl").open(encoding="utf-8") as file:
        records = (json.loads(line) for line in file)
        return [r for r in records if r["environment"] == environment and r["by"] == "environment"]


def whole(case: Case) -> dict[str, Any]:
    (found,) = [line for line in case[1] if line["unit"] == "all"]
    return found


def spread(line: dict[str, Any]) -> oracle_measures.Spread:
    return oracle_measures.Spread(line["n"], line["of"], line.get("median_seconds"), line.get("p90_seconds"))


def test_velocity_to_rollback_by_month(case: Case) -> None:
    """DEFINITIONS, "velocity to rollback": forward deliveries : (rollbacks + roll-forwards), empty months included."""
    months = {
        m["period"]: m.get("velocity_to_rollback", {"left": 0, "right": 0}) for m in case[1] if m["unit"] == "month"
    }
    told = {name: (counts["left"], counts["right"]) for name, counts in months.items() if any(counts.values())}
    assert compare(told.items(), ((m, c) for m, c in case[0].months.items() if any(c))) == SAME
    ratio = whole(case)["velocity_to_rollback"]
    assert (ratio["left"], ratio["right"]) == case[0].velocity


def test_change_fail_rate(case: Case) -> None:
    """DEFINITIONS, "change fail rate": what was taken back or mended, once each, of what brings a change."""
    expected, line = case[0], whole(case)
    rate = line["change_fail_rate"]
    assert (rate["count"], rate["of"]) == (len(expected.failed), len(expected.failed) + expected.good)
    assert line.get("pending", 0) == expected.pending
    assert line.get("failed_apart", 0) == len(expected.apart)


def test_recovery_time(case: Case) -> None:
    """DEFINITIONS, "failed deployment recovery time": up to the first remediation that holds."""
    assert spread(whole(case)["recovery_time"]) == case[0].recovery


def test_lead_times(case: Case) -> None:
    """DEFINITIONS, "lead time for changes" and "promotion lead"."""
    expected, line = case[0], whole(case)
    if expected.lead is None or expected.promotion is None:
        assert line["lead_time"]["n"] == line["promotion_lead"]["n"] == 0
        assert line["lead_time"]["reason"]
        assert line["promotion_lead"]["reason"]
    else:
        assert spread(line["lead_time"]) == expected.lead
        assert spread(line["promotion_lead"]) == expected.promotion
