"""What is said of the synthetic shop's deployments beside their values: gates, results, triage, what people declare.

Every text ends with the shop's `mark`: nothing, or markup that must stay text wherever it is shown.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from generator.evidence.gates import GateRow, GateTable, outcome_counts
from generator.evidence.packs import EndedRecord, ExemptRecord
from generator.evidence.records import DeclaredRecord, GateCounts
from generator.evidence.results import ResultDetail, ResultItemRecord, ResultRecord
from generator.evidence.summary import DriftRow, ExemptionRecord, FindingTotal, GateTotal, LiveDrift, SiteDrift
from generator.evidence.triage import (
    TriageComponent,
    TriageField,
    TriageGood,
    TriageOrigin,
    TriageRecord,
    TriageSetting,
)

if TYPE_CHECKING:
    from generator.evidence.records import DeploymentRecord

ITEMS = 14
EXPIRES = "2031-01-01T00:00:00Z"


class Objects:
    """Records by their digest, in the order in which they came."""

    def __init__(self) -> None:
        self.lines: dict[str, dict[str, bytes]] = {"gates": {}, "results": {}, "triage": {}, "ended": {}}

    def put(self, kind: str, record: Any) -> str:  # noqa: ANN401 - any record
        data = msgspec.json.encode(record, order="sorted")
        digest = hashlib.sha256(data).hexdigest()[:32]
        self.lines[kind][digest] = msgspec.json.encode({"digest": digest, "record": msgspec.Raw(data)})
        return digest

    def line(self, kind: str, record: Any) -> None:  # noqa: ANN401 - any record
        data = msgspec.json.encode(record, order="sorted")
        self.lines[kind][hashlib.sha256(data).hexdigest()] = data


def exempt(mark: str) -> ExemptRecord:
    return ExemptRecord(f"Platform{mark}", f"Measured in autumn{mark}", EXPIRES, f".assay/waivers.yaml{mark}:3")


def gates(objects: Objects, number: int, mark: str) -> GateCounts:
    approval = ("passed", "Approved by Grace Example") if number % 3 else ("missing", "No trailer names anybody")
    tests = ("failed", "Result unit tests failed") if number % 10 == 4 else ("passed", "Result unit tests passed")
    rows = (
        GateRow(f"approval{mark}", "approval", *_told(approval, mark), f"Release manager{mark}", f"Looked at{mark}"),
        GateRow(f"tests{mark}", "result", *_told(tests, mark)),
        GateRow(f"freeze{mark}", "freeze", "not assessed", f"The commit carries no usable time.{mark}"),
    )
    table = GateTable(rows)
    return GateCounts(**outcome_counts(table), object=objects.put("gates", table))


def _told(outcome: tuple[str, str], mark: str) -> tuple[str, str]:
    return outcome[0], f"{outcome[1]}.{mark}"


def results(objects: Objects, number: int, mark: str) -> tuple[ResultRecord, ...]:
    failed = number % 10 == 4
    items = tuple(
        ResultItemRecord(f"test_{at}{mark}", "failed", f"expected {at}{mark}", f"tests/a{mark}.py", at + 1)
        for at in range(ITEMS if failed else 0)
    )
    detail = ResultDetail(f"unit tests{mark}", "junit", f"runner{mark}", items, 3 if failed else 0, (f"r/{mark}.xml",))
    tests = ResultRecord(
        f"unit tests{mark}", "failed" if failed else "passed", passed=215,
        failed=ITEMS + 3 if failed else 0, object=objects.put("results", detail),
    )  # fmt: skip
    return tests, ResultRecord(f"smoke{mark}", "missing", f"it was expected, and is not there{mark}")


def declared(hotfix: bool, mark: str) -> tuple[DeclaredRecord, ...]:  # noqa: FBT001 - a fact, not a switch
    if not hotfix:
        return ()
    return (DeclaredRecord(f"trailer{mark}", f"Hotfix{mark}", f"yes{mark}", f"The trailer declares a hotfix.{mark}"),)


def triage(objects: Objects, before: list[DeploymentRecord], trigger: str, never: bool, mark: str) -> str:  # noqa: FBT001 - a fact, not a switch
    culprit, good = before[-1], before[-2]
    origin = TriageOrigin(f"staging-2{mark}", "a" * 40, culprit.commit.committed_at)
    image = f"shop/cart:2{mark}"
    row = TriageComponent(
        f"cart{mark}", "application, unvalidated" if never else "deployment suspected", f"why{mark}", image,
        f"shop/cart:1{mark}", artifacts=1, differing=1, exempt=1,
        origin=None if never else origin, never_in=f"staging{mark}" if never else "",
    )  # fmt: skip
    record = TriageRecord(
        trigger=f"{trigger}{mark}",
        verdict=row.verdict,
        reason=f"cart ran elsewhere with other settings.{mark}",
        failed_from=culprit.id,
        failed_to=culprit.id,
        commit=culprit.commit.id,
        upstream=f"staging{mark}",
        components=(row,),
        components_of=3,
        fields=(TriageField(f"cart{mark}", "artifact", f"image{mark}", f"shop/cart:1{mark}", image),),
        fields_of=2,
        settings_differing=(TriageSetting(f"cart{mark}", "config", f"env.POOL{mark}", f"40{mark}", f"5{mark}"),),
        settings_differing_of=1,
        origin=row.origin,
        never_in=row.never_in,
        last_good=TriageGood(good.id, good.commit.id, good.digest, good.commit.committed_at),
        truncated=True,
    )
    return objects.put("triage", record)


def end(objects: Objects, number: int, commit: str, at: str, mark: str) -> None:
    left, right = f"{number}{mark}", None
    ended = EndedRecord(f"cart{mark}", "config", f"env.E{number}{mark}", "config", left, right, commit, at, commit, at)
    objects.line("ended", ended)


def drift_row(name: str, mark: str, **more: Any) -> DriftRow:  # noqa: ANN401 - fields of the record
    values: dict[str, Any] = {"since": "c" * 40, "since_at": "2025-04-01T00:00:00Z", "age_seconds": 0} | more
    return DriftRow(f"{name}{mark}", "config", f"env.X{mark}", "config", f"1{mark}", f"2{mark}", **values)


def site_drift(mark: str) -> SiteDrift:
    rows = (drift_row("cart", mark, age_seconds=86_400), drift_row("mailer", mark, expected=f"own region{mark}"))
    return SiteDrift(f"production-1{mark}", (("config", 1),), rows)


def live_drift(mark: str) -> LiveDrift:
    rows = (drift_row("search", mark), drift_row("admin", mark, exempt=exempt(mark)))
    return LiveDrift(f"live/prod{mark}.yaml", "d" * 40, 12, rows, (f"Job/x has no counterpart{mark}",))


def totals(mark: str) -> dict[str, Any]:
    """Return what an environment's history adds up to, for the fields of its summary."""
    return {
        "finding_totals": (FindingTotal("mutable-tag", 17, 16, 0, 1), FindingTotal("no-limits", 1, 0, 1, 0)),
        "gates": (GateTotal(f"approval{mark}", f"Release manager{mark}", f"Looked at{mark}", 40, 0, 20, 0),),
        "results": ((f"unit tests{mark}", 54, 6, 0, 0),),
        "triage": (("deployment suspected", 3),),
        "paths": (f"deploy/production{mark}",),
        "reader": ("kubernetes",),
        "partials": 1,
        "waived": 1,
        "accepted": 1,
        "site": site_drift(mark),
        "live": live_drift(mark),
    }


def exemptions(mark: str) -> tuple[ExemptionRecord, ...]:
    def entry(kind: str, state: str, *, matched: int = 0, standing: int = 0, until: str = "") -> ExemptionRecord:
        return ExemptionRecord(
            kind, f"{state} subject{mark}", f"Ada{mark}", f"because{mark}", EXPIRES, state, matched, standing,
            f".assay/a.yaml{mark}:1", "e" * 40, "2025-04-01T00:00:00Z", until,
        )  # fmt: skip

    return (
        entry("waiver", "in force", matched=3, standing=1),
        entry("acceptance", "withdrawn", matched=1, until="f" * 40),
        entry("waiver", "unused"),
        entry("waiver", "expired", matched=2, standing=2),
        entry("waiver", "unknown rule"),
    )
