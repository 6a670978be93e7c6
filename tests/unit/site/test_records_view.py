"""What pipelines told, on the pages of releases, checks and methods."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import msgspec
import pytest
from unit.site.synthetic import HOSTILE, write_evidence

from generator.evidence.delivery_records import RecordCount, RecordFinding, RecordLine
from generator.evidence.packs import FindingEntry
from generator.evidence.reading import RECORDS, SUMMARY, Evidence
from generator.site.build import build_site
from generator.site.checks_view import checks_view
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.records_view import MOST_TOLD, records_view, told_view
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.records_view import ToldRow

RELEASE = "production-3"
LINES = (
    RecordLine(
        "deployment",
        "late",
        "production",
        deployment=RELEASE,
        finished="2025-03-20T10:00:00Z",
        status="succeeded",
        counts=False,
        problem="The record `run` succeeded before it.",
        source="b.json",
    ),
    RecordLine(
        "deployment",
        "run",
        "production",
        deployment=RELEASE,
        started="2025-03-20T08:00:00Z",
        finished="2025-03-20T08:04:00Z",
        status="succeeded",
        verified=True,
        source="a.json",
        line=7,
    ),
    RecordLine(
        "incident",
        "INC-1",
        "production",
        deployments=(RELEASE,),
        fixed_by="production-4",
        title=HOSTILE,
        cause=HOSTILE,
        impact_start="2025-03-20T09:00:00Z",
        source=f"{HOSTILE}.json",
    ),
    RecordLine("incident", "INC-2", "production", problem=f"Nobody linked it: {HOSTILE}", source="c.json"),
)
FINDING = RecordFinding(
    "production",
    FindingEntry(
        "record-contradiction", "warning", f"incident `{HOSTILE}`: ends early", HOSTILE, "", "c.json", 3, "", ""
    ),
)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = write_evidence(tmp_path_factory.mktemp("told") / "evidence", 12)
    (folder / RECORDS).write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in LINES))
    summary = msgspec.json.decode((folder / SUMMARY).read_bytes())
    counts = (RecordCount("deployment", "*.json", 2, 0, 1), RecordCount("incident", "*.json", 2, 1))
    summary |= {"records": counts, "record_findings": (FINDING,)}
    (folder / SUMMARY).write_bytes(msgspec.json.encode(summary))
    return Evidence(folder)


@pytest.fixture(scope="module")
def context(evidence: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Context:
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(tmp_path_factory.mktemp("drawn") / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def names(rows: tuple[ToldRow, ...]) -> list[tuple[str, bool]]:
    return [(row.id, bool(row.problem)) for row in rows]


def test_a_release_tells_which_record_gives_it_its_time(context: Context) -> None:
    view = told_view(context, RELEASE)
    assert view is not None
    assert names(view.rows) == [("run", False), ("late", True)]
    assert (view.rows[0].verified, view.rows[0].place, view.rows[1].started.iso) == ("verified", "a.json:7", "")
    assert [(row.id, row.role) for row in view.incidents] == [("INC-1", "began with it")]
    after = told_view(context, "production-4")
    assert after is not None
    assert [(row.id, row.role) for row in after.incidents] == [("INC-1", "ended by it")]
    assert told_view(context, "production-5") is None


def test_more_records_than_a_page_holds_are_counted(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.site.records_view.MOST_TOLD", 1)
    view = told_view(context, RELEASE)
    assert view is not None
    assert (names(view.rows), view.rows_left, MOST_TOLD) == ([("run", False)], 1, 20)


def test_methods_count_records_and_list_those_with_a_reason(context: Context) -> None:
    view = records_view(context)
    assert view is not None
    assert [(row.kind, row.records, row.unlinked, row.left_out) for row in view.counts] == [
        ("deployment", 2, "0", 1),
        ("incident", 2, "1", 0),
    ]
    assert [row.id for row in view.problems] == ["late", "INC-2"]


def test_checks_list_what_contradicts_itself(context: Context) -> None:
    ((environment, row),) = checks_view(context).records
    assert (environment, row.rule, row.level, row.place) == (
        "production",
        "record-contradiction",
        "warning",
        "c.json:3",
    )


def test_pages_show_records_and_keep_markup_inert(evidence: Evidence, tmp_path: Path) -> None:
    build_site(evidence.folder, tmp_path / "site")
    pages = {
        name: (tmp_path / "site" / name).read_text("utf-8") for name in (f"releases/{RELEASE}.html", "checks.html")
    }
    pages["methods.html"] = (tmp_path / "site" / "methods.html").read_text("utf-8")
    assert not [name for name, page in pages.items() if HOSTILE in page]
    texts = {name: " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split()) for name, page in pages.items()}
    assert "Measures count this release at its finish." in texts[f"releases/{RELEASE}.html"]
    assert HOSTILE in texts[f"releases/{RELEASE}.html"]
    assert "Records of pipelines and incidents" in texts["checks.html"]
    home = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert '<a class="onward" href="checks.html#records">' in home
    assert "of pipelines and incidents can't be true." in unescape(home)
    assert "Linked to nothing" in texts["methods.html"]
    silent = (tmp_path / "site" / "releases" / "production-5.html").read_text("utf-8")
    assert "What the pipeline told" not in silent
