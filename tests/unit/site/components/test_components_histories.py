"""Which version stood where, from when to when, and what else of a component the deployments tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.evidence.delivery_records import RecordLine
from generator.evidence.folding import NotKept
from generator.evidence.records import ChangeRecord, CommitRecord, DeploymentRecord, FindingCounts, GateCounts, Origin
from generator.site.components.histories import CHANGES_KEPT, Histories, Read, told_times
from generator.site.components.stays import KEPT, Lane

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.evidence.records import Aspect, Kind
    from generator.site.components.histories import History
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


def histories(
    records: Sequence[DeploymentRecord],
    components: Sequence[str],
    environments: Sequence[str],
    times: Mapping[str, int] | None = None,
) -> Mapping[str, History]:
    """Return the histories, which come out the same however often they are gone on with."""
    whole = Histories(components, times or {})
    parts = Histories(components, times or {})
    for line, one in enumerate(records, 1):
        whole.take(line, one)
        kept = msgspec.msgpack.decode(msgspec.msgpack.encode(parts.state()), type=Read)
        parts = Histories(components, times or {}, kept)
        parts.take(line, one)
    found = whole.histories(environments)
    assert parts.histories(environments) == found
    assert parts.state() == whole.state()
    return found


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


def test_histories_begin_anew_where_times_or_components_are_others() -> None:
    found = Histories(["cart"], {"production-1": 5})
    found.take(1, record(1, change("cart:1")))
    aside = ChangeRecord("store", "artifact", "image", None, "store:1", "forward", None)
    found.take(2, record(2, aside))
    before = found.state()
    assert Histories(["cart", "web"], {"production-1": 5}, before).histories(["production"]).keys() == {"cart"}
    with pytest.raises(NotKept):
        Histories(["cart"], {"production-1": 6}, before)
    with pytest.raises(NotKept):
        Histories(["cart", "store"], {"production-1": 5}, before)


def test_a_record_tells_a_time_that_counts_and_is_past() -> None:
    def told(**values: str | bool) -> dict[str, int]:
        line = {"environment": "production", "finished": "2026-01-01T00:01:00Z", "status": "succeeded", **values}
        record = msgspec.convert({"kind": "deployment", "id": "r", "deployment": "production-1", **line}, RecordLine)
        return dict(told_times({"production-1": (record,)}, "2026-01-02T00:00:00Z"))

    assert told() == told(environment="*") == {"production-1": START + 60}
    assert told(finished="2026-01-02T00:00:01Z") == told(finished="") == told(status="failed") == {}
    assert told(counts=False) == told(kind="approval") == told(environment="staging") == {}
