"""How the Methods page words the definitions of others."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from unit.site.synthetic import write_evidence

from generator.evidence.metrics import MetricsSummary, ProfileText
from generator.evidence.profiles import profile_texts
from generator.evidence.reading import Evidence
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.methods_view import MethodsView, methods_view
from generator.site.templating import Templates
from generator.site.words import Calendar

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, tuple[ProfileText, ...]], MethodsView]:
    """Return a function that gives the page of a report with these definitions, counted as the profile named does."""
    folder = tmp_path_factory.mktemp("definitions")
    evidence = Evidence(write_evidence(folder / "evidence", 2))
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(folder / "diagrams"))
    context = Context(evidence, components, index, Calendar(evidence.summary.as_of), {})

    def found(profile: str, texts: tuple[ProfileText, ...]) -> MethodsView:
        changed = copy.copy(evidence)
        metrics = MetricsSummary(profile=profile, profile_texts=texts)
        changed.summary = msgspec.structs.replace(evidence.summary, metrics=metrics)
        return methods_view(dataclasses.replace(context, evidence=changed))

    return found


def test_each_measure_has_every_definition_the_chosen_one_first(
    view: Callable[[str, tuple[ProfileText, ...]], MethodsView],
) -> None:
    texts = profile_texts()
    methods = view("gitlab", texts)
    assert methods.counted_by == "GitLab"
    assert sum(len(measure.rows) for measure in methods.definitions) == len(texts)
    firsts = [measure.rows[0].title for measure in methods.definitions]
    assert firsts == ["GitLab", "GitLab", "GitLab", "GitLab", "Assay"]
    assert [row.title for measure in methods.definitions for row in measure.rows if row.own] == ["Assay"] * 5


def test_the_part_has_every_source_as_text_and_leads_nowhere_else(
    view: Callable[[str, tuple[ProfileText, ...]], MethodsView],
) -> None:
    html = Templates([TEMPLATES]).render("definitions", "", view("dora", profile_texts()))
    assert "This report counts as DORA does" in html
    assert 'href="http' not in html
    plain = html.replace("<wbr>", "")
    assert all(text.url in plain for text in profile_texts() if text.profile != "assay")


def test_what_a_definition_says_is_text(view: Callable[[str, tuple[ProfileText, ...]], MethodsView]) -> None:
    text = ProfileText("x", "<b>X</b>", "lead time", "<i>f</i>", "<u>s</u>", "javascript:1", "{{ 7 * 7 }}")
    html = Templates([TEMPLATES]).render("definitions", "", view("x", (text,)))
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html
    assert "{{ 7 * 7 }}" in html
    assert "href" not in html


def test_a_report_without_definitions_has_none(
    view: Callable[[str, tuple[ProfileText, ...]], MethodsView],
) -> None:
    methods = view("assay", ())
    assert (methods.counted_by, methods.definitions) == ("assay", ())
