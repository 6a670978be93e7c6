"""Texts of a repository stay text on the page of what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unit.site.synthetic import HOSTILE, write_evidence

from generator.evidence.next_release import NextGate, NextRecord, NextResult
from generator.evidence.packs import FindingEntry, TopologyEntry
from generator.evidence.reading import Evidence
from generator.evidence.records import ChangeRecord, Origin
from generator.evidence.results import ResultRecord
from generator.evidence.summary import DriftRow
from generator.site.context import Context
from generator.site.diagrams import DiagramResult, Diagrams
from generator.site.fragments import Fragments
from generator.site.index import build_index
from generator.site.next_release.pages import next_pages
from generator.site.sources import template_folders
from generator.site.templating import Templates
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

AT = "2025-04-01T00:00:00Z"


class Drawn(dict[str, DiagramResult]):
    """Every picture came out."""

    def __missing__(self, name: str) -> DiagramResult:
        return DiagramResult("drawn", 400, 300, "")


def hostile(environment: str, upstream: str) -> NextRecord:
    """Return a record in which every text is markup."""
    text = HOSTILE
    finding = FindingEntry(text, "error", text, text, text, text, 3, "", "")
    drift = DriftRow(text, "config", text, "config", text, text, "c" * 40, AT, 5)
    origin = Origin("c" * 40, AT, 5, text)
    return NextRecord(
        environment,
        upstream,
        AT,
        "c" * 40,
        "waits",
        says="no-go",
        kind="forward",
        changes=(ChangeRecord(text, "artifact", text, text, f"{text}2", "forward", origin, "promoted"),),
        gates=(
            NextGate(text, text, "too early", text, text, text, AT, 5, 7, later=text),
            NextGate(text, text, "failed", text),
        ),
        results=(NextResult(text, ResultRecord(text, "failed", text)),),
        own_results=(ResultRecord(text, "missing", text),),
        came=(finding,),
        fixed=(finding,),
        upstream_findings=(finding,),
        ends=(drift,),
        begins=(drift,),
        stays=(drift,),
        edges_came=(TopologyEntry("", text, f"{text}x", "declared"),),
    )


def test_no_text_becomes_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = Evidence(write_evidence(tmp_path / "evidence", 12, hostile=True))
    (env,) = [one for one in evidence.summary.environments if one.production]
    record = hostile(env.name, env.upstream)
    monkeypatch.setattr(evidence, "next_release", lambda _name: record)
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(tmp_path / "diagrams"))
    context = Context(evidence, components, index, Calendar(evidence.summary.as_of), Drawn())
    templates = Templates(template_folders(()))
    (page,) = next_pages(context, templates, Fragments(templates, "../"))
    assert HOSTILE not in page.body
    assert page.body.count("&lt;script&gt;") > 20
