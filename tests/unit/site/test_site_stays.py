"""Which version stood where, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.records import ChangeRecord, CommitRecord, DeploymentRecord, FindingCounts, GateCounts
from generator.site.stays import Lane, Stay, lanes

if TYPE_CHECKING:
    from generator.evidence.records import Kind

DAY = 86_400
START = 1_767_225_600


def record(
    number: int,
    new: str | None,
    *,
    at: str = "",
    kind: Kind = "forward",
    environment: str = "production",
    field: str = "image",
) -> DeploymentRecord:
    at = at or f"2026-01-{number:02}T00:00:00Z"
    change = ChangeRecord("cart", "artifact", field, None, new, kind, None)
    return DeploymentRecord(
        f"{environment}-{number}", environment, number, CommitRecord(f"{number:040}", at, "s"), "d", "", kind,
        "observed", (), (change,), FindingCounts(""), None, GateCounts(), None,
    )  # fmt: skip


def production(*records: DeploymentRecord, times: dict[str, int] | None = None) -> tuple[Stay, ...]:
    found = lanes(records, ["cart"], ["production"], times)["cart"]
    return found[0].stays if found else ()


def test_each_version_stands_until_the_next() -> None:
    found = production(
        record(1, "shop/cart:1", kind="initial"), record(3, "shop/cart:2"), record(5, "shop/cart:1", kind="rollback")
    )
    assert found == (
        Stay("1", START, START + 2 * DAY, "initial", "production-1"),
        Stay("2", START + 2 * DAY, START + 4 * DAY, "forward", "production-3"),
        Stay("1", START + 4 * DAY, None, "rollback", "production-5"),
    )


def test_what_is_gone_stands_nowhere() -> None:
    found = production(record(1, "cart:1"), record(2, None, kind="gap"), record(4, "cart:1", kind="gap"))
    assert [(stay.start, stay.end) for stay in found] == [(START, START + DAY), (START + 3 * DAY, None)]


def test_several_artifacts_are_one_version() -> None:
    found = production(record(1, "cart:1"), record(2, "proxy:7", field="sidecar"), record(3, "cart:2"))
    assert [stay.version for stay in found] == ["1", "1 + 7", "2 + 7"]


def test_a_skewed_date_does_not_turn_time_back() -> None:
    found = production(record(2, "cart:1"), record(3, "cart:2", at="2020-01-01T00:00:00Z"), record(4, "cart:3"))
    assert [(stay.start, stay.end) for stay in found] == [
        (START + DAY, START + DAY),
        (START + DAY, START + 3 * DAY),
        (START + 3 * DAY, None),
    ]


def test_without_a_date_a_version_comes_when_the_one_before_did() -> None:
    undated = record(2, "cart:2")
    undated = DeploymentRecord(
        **{name: getattr(undated, name) for name in undated.__struct_fields__ if name != "commit"},
        commit=CommitRecord("c", "", "s"),
    )
    assert [stay.start for stay in production(record(1, "cart:1"), undated)] == [START, START]
    assert production(undated) == ()


def test_a_record_tells_the_time() -> None:
    assert production(record(1, "cart:1"), times={"production-1": START + 60})[0].start == START + 60


def test_lanes_stand_in_the_order_of_environments() -> None:
    records = (record(1, "cart:1"), record(2, "cart:2", environment="staging"))
    found = lanes(records, ["cart", "web"], ["staging", "production", "absent"])
    assert [lane.environment for lane in found["cart"]] == ["staging", "production"]
    assert found["web"] == ()
    assert isinstance(found["cart"][0], Lane)
