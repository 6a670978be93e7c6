"""What holds for every sequence of values, on whatever way it was walked."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.values import replay

from generator.timeline.kinds import Kind, Stamp, ValueHistory

VALUES = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=12)


def _stamp(sequence: int) -> Stamp:
    return Stamp(sequence, f"{sequence:040x}", sequence)


@given(VALUES)
def test_kinds_follow_from_first_appearances(values: list[str]) -> None:
    history = ValueHistory()
    first: dict[str, int] = {}
    last: str | None = None
    for number, value in enumerate(values, 1):
        step = history.step(value, _stamp(number))
        if last is None:
            expected = Kind.INITIAL
        elif value == last:
            expected = Kind.GAP
        elif value not in first:
            expected = Kind.FORWARD
        else:
            expected = Kind.ROLLBACK if first[value] < first[last] else Kind.REDO
        assert step.kind is expected
        assert step.previous == last
        if step.kind is Kind.ROLLBACK:
            assert step.culprit is not None
            assert step.returns_to == _stamp(first[value])
            assert first[value] < step.culprit.sequence < number
        first.setdefault(value, number)
        last = value


@given(
    st.lists(st.sampled_from("ABC"), min_size=2, max_size=6), st.lists(st.sampled_from("ABC"), min_size=2, max_size=6)
)
@settings(max_examples=12, deadline=None)
def test_a_value_has_one_digest_and_drift_only_grows_older(staging: list[str], production: list[str]) -> None:
    count = min(len(staging), len(production))
    lines = [f"s/a={up} p/a={here}" for up, here in zip(staging, production, strict=False)]
    with tempfile.TemporaryDirectory() as folder:
        found = replay(Path(folder), lines)
        at_commit = {d.commit.subject: d for d in found.of("production")}
        digests: dict[str, str] = {}
        for number in range(count):
            deployed = at_commit.get(f"Step {number + 1}")
            if deployed is not None:
                assert digests.setdefault(production[number], deployed.digest) == deployed.digest
        assert len(set(digests.values())) == len(set(production[:count]))
        unequal = None
        for number in range(count):
            if staging[number] == production[number]:
                unequal = None
            elif unequal is None:
                unequal = number
        drift = found.evidence.summary.environments[1].drift
        expected = [] if unequal is None else [(count - 1 - unequal) * 86_400]
        assert [row.age_seconds for row in drift] == expected, lines
        walk = found.evidence.drift("production")
        since: dict[str, str] = {}
        for deployed in found.of("production"):
            if deployed.drift is not None:
                walk.advance(deployed.drift.object)
                for key, entry in walk.entries.items():
                    assert since.get(key, "") <= entry.since_at
                since = {key: entry.since_at for key, entry in walk.entries.items()}
