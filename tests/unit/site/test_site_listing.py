from collections.abc import Iterator

import pytest
from unit.site.synthetic import write_evidence

from generator.evidence.reading import Evidence
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.listing_views import NEWEST, ReleaseRow, month_views, release_row, releases_view
from generator.site.words import Calendar


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    folder = tmp_path_factory.mktemp("listing")
    evidence = Evidence(write_evidence(folder / "evidence", 400))
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(folder / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


def test_the_list_shows_the_newest_and_counts_all_by_month(context: Context) -> None:
    view = releases_view(context)
    assert view.total == 400
    assert [row.name for row in view.newest[:2]] == ["Release 400", "Release 399"]
    assert len(view.newest) == NEWEST
    assert sum(year.total for year in view.years) == 400
    cells = [cell for year in view.years for cell in year.months]
    assert sum(cell.total for cell in cells if not isinstance(cell, str)) == 400


def test_months_outside_of_the_history_are_left_empty(context: Context) -> None:
    first = releases_view(context).years[-1]
    assert first.year == "2025"
    assert first.months[:2] == ("", "")
    assert not isinstance(first.months[2], str)


def test_every_release_stands_on_the_page_of_its_month(context: Context) -> None:
    rows = [row.name for _, view in month_views(context) for row in view.rows]
    assert rows == [f"Release {number}" for number in range(400, 0, -1)]


def test_months_turn_to_older_and_newer_ones(context: Context) -> None:
    views = list(month_views(context))
    (_, newest), (second, _) = views[0], views[1]
    assert newest.next is None
    assert newest.previous == second
    assert views[-1][1].previous is None


def test_the_index_knows_the_releases_before_and_after(context: Context) -> None:
    index = context.index
    position = index.position["production-20"]
    before, after = index.neighbours(index.by_environment["production"], position)
    assert (before and before.id, after and after.id) == ("production-19", "production-21")
    assert index.neighbours(index.by_environment["production"], 0)[0] is None


def test_pictures_are_shared_by_releases_that_changed_the_same(context: Context) -> None:
    pictures = {release.picture for release in context.index.releases}
    assert len(pictures) < 40


def test_a_month_of_many_releases_has_several_pages(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.site.listing_views.MOST_ROWS", 5)
    month, first = next((month, view) for month, view in month_views(context) if month.total > 10)
    pages = [view for of, view in month_views(context) if of == month]
    assert [view.page for view in pages[:2]] == [month.page, f"{month.page.removesuffix('.html')}-part-2.html"]
    assert [row for view in pages for row in view.rows] == list(reversed_rows(context, month.month))
    assert [(part.name, part.current) for part in pages[1].parts[:2]] == [("1 to 5", False), ("6 to 10", True)]
    assert first.parts[-1].name.endswith(f"to {month.total}")


def reversed_rows(context: Context, month: str) -> Iterator[ReleaseRow]:
    for position in reversed(context.index.by_month[month]):
        yield release_row(context, context.index.releases[position], aged=False)
