"""The histories `triage-*`: for each row of the table one that stands in it, and a look-alike that stands in another.

Each line names the deployment that is looked at, why, the verdict, the failed range, where what failed came from, and
the last good version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.replay import HISTORIES, gathered, write_case

from generator.evidence.triage import TriageRecord

if TYPE_CHECKING:
    from pathlib import Path

TABLE = {
    # Staging ran checkout 1.1 with the settings of production, and missed it.
    "triage-application": "3 rollback | application | 2-2 | staging-2 | 1",
    # Its settings were the same only later.
    "triage-application-like": "3 rollback | deployment suspected | 2-2 | staging-2 | 1",
    # Staging had a setting that production had not.
    "triage-suspected": "3 rollback | deployment suspected | 2-2 | staging-2 | 1",
    # What differs is capacity, and a setting that is declared as production's own.
    "triage-suspected-like": "3 rollback | application | 2-2 | staging-2 | 1",
    # Straight to production; staging had it later.
    "triage-unvalidated": "3 rollback | application, unvalidated | 2-2 | never in staging | 1",
    # Staging had it a year before, and moved on.
    "triage-unvalidated-like": "3 rollback | application | 2-2 | staging-2 | 1",
    # Only a setting changed, and went back.
    "triage-deployment": "3 rollback | deployment | 2-2 | staging-1 | 1",
    # The message blames a setting of cart, which stays; what goes back is the artifact of checkout.
    "triage-deployment-like": "3 rollback | application | 2-2 | staging-2 | 1",
    # First the artifact, then a setting; both go back.
    "triage-mixed": "4 rollback | mixed | 2-3 | staging-2 | 1",
    # The setting had gone back before.
    "triage-mixed-like": "4 rollback | application | 2-3 | staging-2 | 1",
    # Two components, one changed by its artifact and one by its settings.
    "triage-disagree": "3 rollback | mixed | 2-2 | staging-2 | 1",
    # An incident begins with a commit that writes a comment.
    "triage-environment": "2 incident INC-1 | environment | 2-2 | - | 1",
    # An incident begins with a commit that takes capacity away.
    "triage-environment-like": "2 incident INC-1 | deployment | 2-2 | staging-1 | 1",
}


@pytest.mark.parametrize("case", TABLE)
def test_the_verdict(case: str, tmp_path: Path) -> None:
    repository = write_case(tmp_path / "repository", case)
    found = gathered(repository, tmp_path / "evidence", HISTORIES / case / "assay.yaml")
    records = found.evidence.objects("triage", "production", TriageRecord)
    told = [_told(d.sequence, records[d.triage]) for d in found.of("production") if d.triage is not None]
    assert told == [TABLE[case]]
    assert all(d.triage is None for d in found.of("staging")), "nothing failed in staging"


def test_every_history_has_its_line() -> None:
    assert sorted(p.name for p in HISTORIES.glob("triage-*")) == sorted(TABLE)


def _told(sequence: int, record: TriageRecord) -> str:
    failed = "-".join(name.removeprefix("production-") for name in (record.failed_from, record.failed_to))
    origin = record.origin.deployment if record.origin is not None else "-"
    came = f"never in {record.never_in}" if record.never_in else origin
    good = record.last_good.deployment.removeprefix("production-") if record.last_good is not None else "-"
    return f"{sequence} {record.trigger} | {record.verdict} | {failed} | {came} | {good}"
