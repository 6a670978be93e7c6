from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.evidence.chain import Link
from generator.evidence.retention import Bundle, bundle_of, kept

BUNDLES = (
    Bundle(1, "2024-01-03T00:00:00Z"),
    Bundle(2, "2024-01-30T00:00:00Z"),
    Bundle(3, "2024-02-10T00:00:00Z"),
    Bundle(4, "2025-03-01T00:00:00Z"),
    Bundle(5, "2025-03-02T00:00:00Z"),
    Bundle(6, "2025-12-31T00:00:00Z"),
)


@pytest.mark.parametrize(
    ("policy", "as_of", "numbers"),
    [
        ("all", "2026-03-02T00:00:00Z", [1, 2, 3, 4, 5, 6]),
        ("manifests", "2026-03-02T00:00:00Z", []),
        ("year", "2026-03-02T00:00:00Z", [2, 3, 5, 6]),
        ("year", "2026-03-01T00:00:00Z", [2, 3, 4, 5, 6]),
        ("year", "2026-03-02T00:00:01Z", [2, 3, 5, 6]),
        ("year", "", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_what_is_kept(policy: str, as_of: str, numbers: list[int]) -> None:
    found = kept(reversed(BUNDLES), policy, as_of)  # type: ignore[arg-type]  # one of the policies
    assert [one.sequence for one in found] == numbers


def test_a_bundle_without_a_time_is_kept() -> None:
    assert kept([Bundle(1, ""), Bundle(2, "nonsense")], "year", "2026-01-01T00:00:00Z") == (
        Bundle(1, ""),
        Bundle(2, "nonsense"),
    )


@given(st.lists(st.datetimes().map(lambda at: f"{at.isoformat(timespec='seconds')}Z"), max_size=20))
def test_to_keep_twice_keeps_the_same(times: list[str]) -> None:
    bundles = [Bundle(number, at) for number, at in enumerate(times, 1)]
    now = "2026-01-01T00:00:00Z"
    once = kept(bundles, "year", now)
    assert kept(once, "year", now) == once
    months = {at[:7] for at in times}
    assert months == {one.as_of[:7] for one in once}, "no month goes away as a whole"


def test_the_time_is_that_of_the_manifest() -> None:
    assert bundle_of(Link(3, "d", {"inputs": {"as_of": "2026-01-01T00:00:00Z"}})) == Bundle(3, "2026-01-01T00:00:00Z")
    assert bundle_of(Link(3, "d", {})) == Bundle(3, "")
