"""The matrix and the comparison as they stand in the pages without scripts."""

from pathlib import Path

import msgspec
import pytest
from unit.site.synthetic import write_evidence

from generator.evidence.reading import Evidence
from generator.evidence.version_views import shown_difference
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.past.compare_view import Comparison, compare_view
from generator.site.past.matrix_view import matrix_view
from generator.site.sources import template_folders
from generator.site.templating import Templates
from generator.site.words import Calendar


def drawn(evidence: Evidence, folder: Path) -> Context:
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(folder / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


@pytest.fixture(scope="module")
def context(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return drawn(Evidence(shop_evidence), tmp_path_factory.mktemp("past"))


def test_the_matrix_has_a_row_for_each_component_and_a_cell_for_each_environment(context: Context) -> None:
    view = matrix_view(context)
    assert [column.name for column in view.columns] == ["staging", "production"]
    assert [row.component for row in view.rows] == sorted(
        {cell.component for env in context.summary.environments for cell in env.cells}
    )
    known = {(env.name, cell.component): cell for env in context.summary.environments for cell in env.cells}
    for row in view.rows:
        for column, cell in zip(view.columns, row.cells, strict=True):
            there = known.get((column.name, row.component))
            assert (cell is None) == (there is None)
            assert cell is None or there is None or (cell.version, cell.artifact) == (there.version, there.artifact)


def test_a_cell_leads_to_the_deployment_that_set_it(context: Context) -> None:
    view = matrix_view(context)
    staging, production = zip(*[row.cells for row in view.rows], strict=True)
    assert all(c.page == f"releases/{c.deployment}.html" for c in production if c is not None and c.deployment)
    assert all(c.page.startswith("environments/part-") for c in staging if c is not None and c.deployment)
    assert all(c.page.endswith(f"#{c.deployment}") for c in staging if c is not None and c.deployment)


def test_resources_stand_apart_and_beside_their_upstream(context: Context) -> None:
    view = matrix_view(context)
    records = {record.id for record in context.components.values() if record.role != "component"}
    assert {row.name for row in view.others} <= records
    assert {row.name for row in view.others}.isdisjoint(row.component for row in view.rows)
    assert all(row.standings[0] is None or row.standings[0] == ("", "") for row in view.others)


def as_told(one: Comparison) -> dict[str, str]:
    rows = (*one.components, *one.settings, *one.others)
    return {row.name: row.mark for row in rows}


def test_production_stands_beside_its_upstream_with_all_that_differs(context: Context) -> None:
    (one,) = compare_view(context).comparisons
    told = shown_difference(context.evidence, "staging", "production").difference
    marks = {c.component: "added" if c.a is None else "removed" if c.b is None else "changed" for c in told.components}
    assert as_told(one) == marks
    assert marks
    assert len(one.connections) == len(told.connections)
    fields = {(row.name, field.field) for row in (*one.components, *one.settings, *one.others) for field in row.fields}
    assert fields <= {(c.component, field.field) for c in told.components for field in c.fields}


def test_settings_alone_stand_apart_from_other_versions(context: Context) -> None:
    (one,) = compare_view(context).comparisons
    assert all(row.a == row.b for row in one.settings)
    assert all(row.a != row.b or row.mark != "changed" for row in one.components)


def test_the_newest_release_and_the_one_before_are_a_link(context: Context) -> None:
    assert [quick.address for quick in compare_view(context).quick][1:] == ["a=production-59&b=production-60"]


def test_what_is_equal_is_said_to_be(tmp_path: Path) -> None:
    evidence = Evidence(write_evidence(tmp_path / "evidence", 3))
    context = drawn(evidence, tmp_path)
    context.index.newest["production"] = context.index.newest["staging"]
    (one,) = compare_view(context).comparisons
    assert one.same
    assert one.summary.startswith("Equal")
    assert as_told(one) == {}


def test_more_than_a_page_holds_is_counted(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = compare_view(context).comparisons
    monkeypatch.setattr("generator.site.past.compare_view.MOST", 1)
    (cut,) = compare_view(context).comparisons
    assert len(as_told(cut)) == 1
    beyond = len(as_told(whole)) - 1 + max(0, len(whole.connections) - 1)
    assert cut.left == beyond
    assert cut.summary == whole.summary


def test_an_environment_that_is_gone_is_compared_with_nothing(tmp_path: Path) -> None:
    evidence = Evidence(write_evidence(tmp_path / "evidence", 3))
    staging, production = evidence.summary.environments
    gone = msgspec.structs.replace(staging, present=False, cells=())
    evidence.summary = msgspec.structs.replace(evidence.summary, environments=(gone, production))
    view = compare_view(drawn(evidence, tmp_path))
    assert view.comparisons == ()
    assert len(view.quick) == 1


@pytest.mark.parametrize("name", ["matrix", "compare"])
def test_hostile_names_stay_text(name: str, tmp_path: Path) -> None:
    context = drawn(Evidence(write_evidence(tmp_path / "evidence", 10, hostile=True)), tmp_path)
    view = {"matrix": matrix_view, "compare": compare_view}[name](context)
    html = Templates(template_folders(())).render(name, "../", view)
    assert "<script" not in html
    assert 'data-history=""' in html
