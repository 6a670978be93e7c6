from __future__ import annotations

import msgspec

from generator.evidence.results import ResultRecord


def test_a_typical_record_is_short_and_its_total_is_the_sum() -> None:
    record = ResultRecord(name="unit tests", outcome="passed", passed=410, skipped=2, object="0" * 32)
    assert len(msgspec.json.encode(record)) <= 120
    assert record.total == 412
