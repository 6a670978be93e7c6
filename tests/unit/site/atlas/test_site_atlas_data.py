"""What the panel of the explored topology loads: versions of now, findings from the first deployment on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from unit.site.synthetic import write_evidence

from generator.evidence.reading import Evidence
from generator.site.atlas import data
from generator.site.atlas.data import findings, findings_file, now, write_atlas
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path


def context_of(folder: Path, drawn_in: Path) -> Context:
    bundle = Evidence(folder)
    components = bundle.components()
    index = build_index(bundle, components, Diagrams(drawn_in))
    return Context(bundle, components, index, Calendar(bundle.summary.as_of), {})


@pytest.fixture(scope="module")
def shop(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(shop_evidence, tmp_path_factory.mktemp("drawn"))


def test_every_cell_of_now_stands_under_its_part_with_the_index_of_its_environment(shop: Context) -> None:
    told: Any = now(shop)
    assert told["environments"] == [(env.name, env.production) for env in shop.summary.environments]
    places = {
        (name, place[0], place[1]) for name, _page, every in told["parts"] for place in every
    }  # (part, environment, version)
    cells = {
        (cell.component, index, cell.version)
        for index, env in enumerate(shop.summary.environments)
        for cell in env.cells
    }
    assert places == cells
    assert [name for name, *_ in told["parts"]] == sorted({name for name, *_ in told["parts"]})


def test_a_component_leads_to_its_page_and_what_is_none_to_nothing(shop: Context) -> None:
    told: Any = now(shop)
    pages = {name: page for name, page, _places in told["parts"]}
    for name, page in pages.items():
        assert (page.startswith("components/") and page.endswith(".html")) == (name in shop.component_pages)


def test_a_finding_has_the_number_of_the_deployment_that_brought_it_and_of_that_which_ended_it(shop: Context) -> None:
    for environment in shop.summary.environments:
        told: Any = findings(shop, environment)
        standing = [row for row in told["rows"] if row[6] == 0]
        assert [(row[0], row[1], row[5]) for row in standing] == [
            (one.subject, one.rule, int(one.release.rpartition("-")[2] or 0)) for one in environment.findings
        ]
        ended = list(shop.evidence.fixed(environment.name))
        assert len(told["rows"]) == len(standing) + len(ended)
        assert all(row[6] > 0 for row in told["rows"][len(standing) :])
        assert told["left"] == 0


def test_the_oldest_ended_findings_are_left_out_and_counted(shop: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    name, ended = max(
        ((env, len(list(shop.evidence.fixed(env.name)))) for env in shop.summary.environments), key=lambda row: row[1]
    )
    monkeypatch.setattr(data, "MOST_FIXED", max(0, ended - 1))
    told: Any = findings(shop, name)
    assert told["left"] == min(1, ended)


def test_files_are_scripts_that_set_data_and_nothing_else(shop: Context, tmp_path: Path) -> None:
    write_atlas(shop, tmp_path)
    text = (tmp_path / data.NOW).read_text("utf-8")
    assert text.startswith("globalThis.assayAtlasNow = {")
    msgspec.json.decode(text.removeprefix("globalThis.assayAtlasNow = ").removesuffix(";\n"))
    for environment in shop.summary.environments:
        head, _comma, rest = (tmp_path / findings_file(environment.name)).read_text("utf-8").partition(", ")
        assert head == f'(globalThis.assayAtlasFindings ??= new Map()).set("{environment.name}"'
        assert set(msgspec.json.decode(rest.removesuffix(");\n"))) == {"rows", "left"}


def test_control_characters_of_a_repository_are_shown_as_escapes(tmp_path: Path) -> None:
    hostile = context_of(write_evidence(tmp_path / "evidence", 12, hostile=True), tmp_path / "drawn")
    for environment in hostile.summary.environments:
        rows: Any = findings(hostile, environment)["rows"]
        assert all(row[4].isprintable() for row in rows)


def test_markup_of_a_repository_is_no_markup_in_the_files(tmp_path: Path) -> None:
    hostile = context_of(write_evidence(tmp_path / "evidence", 12, hostile=True), tmp_path / "drawn")
    write_atlas(hostile, tmp_path)
    for path in (tmp_path / data.FOLDER).iterdir():
        assert b"<" not in path.read_bytes()
