"""The audit of the demo and of the synthetic shop: totals, pages, tables and data."""

import json
from pathlib import Path

import pytest
from support.audit_sums import check_sums, context_of, production_lines, rows_of
from support.replay import Gathered
from unit.site.synthetic import write_evidence

from generator.site.audit.entries import audit_entries
from generator.site.audit.pages import audit_pages
from generator.site.audit.period_parts import period_parts
from generator.site.audit.periods import months_of, period_name, period_page, quarter_of
from generator.site.audit.tables import COLUMNS, write_audit
from generator.site.audit.views import audit_view
from generator.site.context import Context
from generator.site.sources import template_folders
from generator.site.templating import Templates


@pytest.fixture(scope="module")
def demo_context(demo: Gathered, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(demo.evidence.folder, tmp_path_factory.mktemp("audit"))


@pytest.fixture(scope="module")
def shop_context(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(shop_evidence, tmp_path_factory.mktemp("audit"))


def test_the_audit_of_the_demo_adds_up(demo_context: Context) -> None:
    check_sums(demo_context)


def test_the_audit_of_the_shop_adds_up_in_parts(shop_context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.site.audit.period_parts.PART", 3)
    check_sums(shop_context)
    pages = [part.path for part in period_parts(shop_context) if part.view().parts]
    assert any(path.endswith("-part-2.html") for path in pages)
    assert len(set(pages)) == len(pages)


def test_the_demo_has_a_change_that_its_author_approved(demo_context: Context) -> None:
    (own,) = [entry for entry in demo_context.once(audit_entries) if "self-approved" in entry.exceptions]
    assert {one.by for one in own.approvals} == {own.author}


def test_who_approved_a_change_of_march_stands_on_its_page(demo_context: Context) -> None:
    (view,) = [part.view() for part in period_parts(demo_context) if part.path == "audit/2026-03.html"]
    row = next(row for row in view.rows if "shop-db" in row.components)
    assert (row.author, [yes.by for yes in row.approvals]) == ("Priya Raman", ["Mira Halvorsen"])
    assert view.outer is not None
    assert view.outer.page == "audit/2026-Q1.html"


def test_a_table_holds_every_change_of_its_period(demo_context: Context, tmp_path: Path) -> None:
    (tmp_path / "audit").mkdir()
    write_audit(demo_context, tmp_path)
    every = []
    for month in months_of(demo_context):
        head, *rows = rows_of((tmp_path / f"audit/{month.key}.csv").read_text("utf-8"))
        assert tuple(head) == COLUMNS
        every += [row[0] for row in rows]
        script = (tmp_path / f"audit/{month.key}.js").read_text("ascii")
        data = json.loads(script[script.index("=[") + 1 : script.rindex(",")] + "]")
        assert [line[2] for line in reversed(data)] == [row[0] for row in rows]
    assert sorted(every) == sorted(line["id"] for line in production_lines(demo_context))


def test_texts_of_a_repository_stay_texts(tmp_path: Path) -> None:
    context = context_of(write_evidence(tmp_path / "evidence", 20, hostile=True), tmp_path)
    templates = Templates(template_folders(()))
    pages = [*audit_pages(context, templates)]
    assert pages
    for body in (*(page.drawn() for page in pages), templates.render("audit", "../", audit_view(context))):
        assert "<script>alert" not in body
    (tmp_path / "audit").mkdir()
    write_audit(context, tmp_path)
    assert not any("<" in path.read_text("ascii") for path in tmp_path.glob("audit/*.js"))


@pytest.mark.parametrize(("month", "quarter"), [("2026-01", "2026-Q1"), ("2026-12", "2026-Q4"), ("", "")])
def test_months_are_in_their_quarters(month: str, quarter: str) -> None:
    assert quarter_of(month) == quarter


def test_periods_have_names_and_pages() -> None:
    assert (period_name("2026-Q3"), period_name("2026-03")) == ("Q3 2026", "March 2026")
    assert (period_page("2026-03"), period_page("", 2)) == ("audit/2026-03.html", "audit/undated-part-2.html")
