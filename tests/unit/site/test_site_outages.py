"""Downtime and incidents on the Trends page, from records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from unit.site.synthetic import HOSTILE, write_evidence

from generator.evidence.delivery_records import RecordLine
from generator.evidence.reading import RECORDS, Evidence
from generator.site.build import build_site
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.outages import MOST, outages
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    RecordLine(
        "downtime",
        "D-1",
        "production",
        component=HOSTILE,
        start="2025-03-20T08:00:00Z",
        end="2025-03-20T09:30:00Z",
        reason=HOSTILE,
        source="down.csv",
        line=2,
    ),
    RecordLine("downtime", "D-2", "production", start="2025-03-21T08:00:00Z", source="down.csv", line=3),
    RecordLine(
        "downtime",
        "D-3",
        "*",
        start="2025-03-19T08:00:00Z",
        end="2025-03-19T09:00:00Z",
        planned=True,
        source="down.csv",
    ),
    RecordLine("downtime", "D-4", "staging", start="2025-03-19T08:00:00Z", end="2025-03-19T09:00:00Z"),
    RecordLine(
        "incident",
        "I-1",
        "production",
        deployments=("production-3",),
        title=HOSTILE,
        impact_start="2025-03-20T08:00:00Z",
        detected="2025-03-20T08:10:00Z",
        source="incidents.json",
    ),
    RecordLine("incident", "I-2", "production", counts=False, problem="It was restored before it was detected."),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_evidence(tmp_path_factory.mktemp("outages") / "evidence", 12)
    (made / RECORDS).write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in LINES))
    return made


@pytest.fixture(scope="module")
def context(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    evidence = Evidence(folder)
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(tmp_path_factory.mktemp("drawn") / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def test_downtime_stands_newest_first_with_how_long_it_lasted(context: Context) -> None:
    found = outages(context, "production", LINES)
    assert found is not None
    told = [(row.id, row.component, row.what, row.place) for row in found.downtimes]
    assert told == [
        ("D-2", "", "down", "down.csv:3"),
        ("D-1", HOSTILE, "down", "down.csv:2"),
        ("D-3", "", "planned", "down.csv"),
    ]
    assert [row.lasted for row in found.downtimes[1:]] == ["1 h 30 min", "1 h"]
    assert (found.downtimes[0].end.iso, bool(found.downtimes[0].lasted)) == ("", True), "it goes on until the report"


def test_incidents_stand_with_all_of_their_times(context: Context) -> None:
    found = outages(context, "production", LINES)
    assert found is not None
    told = {row.id: ([moment.iso for moment in row.times], row.deployments, row.problem) for row in found.incidents}
    assert told == {
        "I-1": (["2025-03-20T08:00:00Z", "2025-03-20T08:10:00Z", "", ""], "production-3", ""),
        "I-2": (["", "", "", ""], "", "It was restored before it was detected."),
    }


def test_where_no_record_tells_of_any_there_is_nothing(context: Context) -> None:
    assert outages(context, "integration", LINES[:2]) is None


def test_more_than_a_table_holds_is_counted(context: Context) -> None:
    many = [RecordLine("downtime", f"D-{n}", "production", start="2025-03-20T08:00:00Z") for n in range(MOST + 3)]
    found = outages(context, "production", many)
    assert found is not None
    assert (len(found.downtimes), found.downtimes_left) == (MOST, 3)


def test_the_page_shows_them_and_no_text_becomes_markup(folder: Path, tmp_path: Path) -> None:
    build_site(folder, tmp_path / "site")
    page = (tmp_path / "site" / "trends.html").read_text("utf-8")
    assert "<h3>Downtime</h3>" in page
    assert "1 h 30 min" in page
    assert "goes on" in page
    assert HOSTILE not in page
