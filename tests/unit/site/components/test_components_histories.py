"""Which version stood where, from when to when, and what else of a component the deployments tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.records import ChangeRecord, CommitRecord, DeploymentRecord, FindingCounts, GateCounts, Origin
from generator.site.components.histories import CHANGES_KEPT, histories
from generator.site.components.stays import KEPT, Lane

if TYPE_CHECKING:
    from generator.evidence.records import Aspect, Kind
    from generator.site.components.stays import Stay

DAY = 86_400
START = 1_767_225_600


def change(
    new: str | None,
    *,
    old: str | None = None,
    kind: Kind = "forward",
    field: str = "image",
    aspect: Aspect = "artifact",
    origin: Origin | None = None,
    culprit: str = "",
) -> ChangeRecord:
    return ChangeRecord("cart", aspect, field, old, new, kind, origin, culprit=culprit)


def record(
    number: int, *changes: ChangeRecord, at: str | None = None, environment: str = "production", triage: str = ""
) -> DeploymentRecord:
    at = f"2026-01-{number:02}T00:00:00Z" if at is None else at
    return DeploymentRecord(
        f"{environment}-{number}", environment, number, CommitRecord(f"{number:040}", at, "s"), "d", "", "forward",
        "observed", (), changes, FindingCounts(""), None, GateCounts(), triage or None,
    )  # fmt: skip


def production(*records: DeploymentRecord, times: dict[str, int] | None = None) -> tuple[Stay, ...]:
    found = histories(records, ["cart"], ["production"], times)
    return found["cart"].lanes[0].stays if found and found["cart"].lanes else ()


def test_each_version_stands_until_the_next() -> None:
    found = production(
        record(1, change("shop/cart:1", kind="initial")),
        record(3, change("shop/cart:2", origin=Origin("c", "", 60, "staging-7"))),
        record(5, change("shop/cart:1", kind="rollback", culprit="production-3"), triage="t"),
    )
    assert [(s.version, s.start, s.end, s.kind, s.deployment) for s in found] == [
        ("1", START, START + 2 * DAY, "initial", "production-1"),
        ("2", START + 2 * DAY, START + 4 * DAY, "forward", "production-3"),
        ("1", START + 4 * DAY, None, "rollback", "production-5"),
    ]
    assert [(s.before, s.ended_by) for s in found] == [("", "production-3"), ("1", "production-5"), ("2", "")]
    assert (found[1].origin, found[1].soak_seconds) == ("staging-7", 60)
    assert (found[2].culprit, found[2].triage) == ("production-3", "t")


def test_what_is_gone_stands_nowhere() -> None:
    found = production(
        record(1, change("cart:1")), record(2, change(None, kind="gap")), record(4, change("cart:1", kind="gap"))
    )
    assert [(stay.start, stay.end) for stay in found] == [(START, START + DAY), (START + 3 * DAY, None)]


def test_what_never_changes_is_left_out_of_a_version() -> None:
    found = production(
        record(1, change("cart:1"), change("proxy:7", field="sidecar")),
        record(2, change("cart:2")),
        record(3, change("cart:3")),
    )
    assert [(stay.version, stay.before) for stay in found] == [("1", ""), ("2", "1"), ("3", "2")]


def test_several_artifacts_that_change_are_one_version() -> None:
    found = production(
        record(1, change("cart:1")), record(2, change("proxy:7", field="sidecar")), record(3, change("cart:2"))
    )
    assert [stay.version for stay in found] == ["1", "1 + 7", "2 + 7"]


def test_a_skewed_date_does_not_turn_time_back() -> None:
    found = production(
        record(2, change("cart:1")), record(3, change("cart:2"), at="2020-01-01T00:00:00Z"), record(4, change("cart:3"))
    )
    assert [(stay.start, stay.end) for stay in found] == [
        (START + DAY, START + DAY),
        (START + DAY, START + 3 * DAY),
        (START + 3 * DAY, None),
    ]


def test_without_a_date_a_version_comes_when_the_one_before_did() -> None:
    undated = record(2, change("cart:2"), at="")
    assert [stay.start for stay in production(record(1, change("cart:1")), undated)] == [START, START]
    assert production(undated) == ()


def test_a_record_tells_the_time() -> None:
    assert production(record(1, change("cart:1")), times={"production-1": START + 60})[0].start == START + 60


def test_lanes_stand_in_the_order_of_environments() -> None:
    records = (record(1, change("cart:1")), record(2, change("cart:2"), environment="staging"))
    found = histories(records, ["cart", "web"], ["staging", "production", "absent"])
    assert [lane.environment for lane in found["cart"].lanes] == ["staging", "production"]
    assert "web" not in found
    assert isinstance(found["cart"].lanes[0], Lane)


def test_a_long_history_keeps_its_newest_versions_and_counts_all() -> None:
    times = {f"production-{n}": START + n * 60 for n in range(1, 101)}
    records = [record(n, change(f"cart:{n}", kind="rollback" if n == 2 else "forward"), at="") for n in range(1, 101)]
    lane = histories(records, ["cart"], ["production"], times)["cart"].lanes[0]
    assert [stay.version for stay in lane.stays] == [str(n) for n in range(101 - KEPT, 101)]
    assert (lane.earlier, lane.rollbacks) == (100 - KEPT, 1)


def test_changes_of_settings_are_counted_apart() -> None:
    setting = change("2", aspect="scale", field="replicas")
    records = [record(n % 28 + 1, setting, at="") for n in range(CHANGES_KEPT + 2)]
    history = histories([record(1, change("cart:1")), *records], ["cart"], ["production"])["cart"]
    assert (len(history.changes), history.changes_total) == (CHANGES_KEPT, CHANGES_KEPT + 2)
    assert history.changes[0].fields == ("replicas",)
    assert [(one.deployments, one.settings) for one in history.touched] == [(CHANGES_KEPT + 3, CHANGES_KEPT + 2)]


def test_what_was_removed_is_told_until_it_comes_back() -> None:
    gone = change(None, old="Deployment", aspect="topology", field="component")
    back = change("Deployment", aspect="topology", field="component")
    first = [record(1, change("cart:1")), record(2, change(None), gone)]
    removed = histories(first, ["cart"], ["production"])["cart"]
    assert [(one.environment, one.deployment, one.at) for one in removed.gone] == [
        ("production", "production-2", "2026-01-02T00:00:00Z")
    ]
    assert removed.standing("production") is None
    again = histories([*first, record(3, change("cart:2"), back)], ["cart"], ["production"])["cart"]
    assert again.gone == ()
    standing = again.standing("production")
    assert standing is not None
    assert standing.version == "2"
