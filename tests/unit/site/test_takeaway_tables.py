"""Tables to take away agree with the evidence, and no cell of them is calculated."""

from __future__ import annotations

import csv
import io
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from unit.site.synthetic import write_evidence
from unit.site.takeaway_context import context_of

from generator.errors import FaultError
from generator.evidence.csv_rows import safe, write_rows
from generator.site.takeaway.downloads import downloads_view, size_text, tell_sizes
from generator.site.takeaway.table import TableFile
from generator.site.takeaway.tables import TABLES, write_tables

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.context import Context


@pytest.fixture(scope="module")
def shop(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(shop_evidence, tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="module")
def tables(shop: Context, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    folder = tmp_path_factory.mktemp("tables")
    files = write_tables(shop, folder)
    found = {}
    for file in files:
        data = (folder / f"{file.name}.csv").read_bytes()
        assert len(data) == file.size
        assert file.digest in ("", sha256(data).hexdigest())
        found[file.name] = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
        assert len(found[file.name]) == file.rows
    return found


def test_rows_are_as_many_as_the_evidence_has(shop: Context, tables: dict[str, list[dict[str, str]]]) -> None:
    records, summary = list(shop.evidence.deployments()), shop.summary
    assert len(tables["deployments"]) == len(records)
    assert len(tables["releases"]) == len(shop.index.releases)
    assert len(tables["changes"]) == sum(len(record.changes) for record in records)
    assert len(tables["components"]) == sum(len(environment.cells) for environment in summary.environments)
    assert len(tables["failures"]) == sum(record.triage is not None for record in records)
    assert len(tables["measures"]) == len(list(shop.evidence.metrics()))
    standing = sum(len(environment.findings) for environment in summary.environments)
    fixed = sum(len(list(shop.evidence.fixed(environment.name))) for environment in summary.environments)
    assert len(tables["findings"]) == standing + fixed
    assert len(tables["unreadable"]) == len(summary.unreadable)


def test_gates_add_up_to_the_counts_of_the_deployments(tables: dict[str, list[dict[str, str]]]) -> None:
    assert tables["gates"]
    for outcome in ("passed", "failed", "missing", "not_assessed"):
        counted = sum(int(row[f"gates_{outcome}"]) for row in tables["deployments"])
        assert counted == sum(row["outcome"].replace(" ", "_") == outcome for row in tables["gates"])


def test_lines_end_as_the_standard_says(shop: Context, tmp_path: Path) -> None:
    write_tables(shop, tmp_path)
    for table in TABLES:
        lines = (tmp_path / f"{table.name}.csv").read_bytes().split(b"\r\n")
        assert lines[0].decode() == ",".join(table.head)
        assert lines[-1] == b""
        assert len(set(table.head)) == len(table.head)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\uff1d1", '=HYPERLINK("x")'])
def test_what_a_spreadsheet_would_calculate_is_text(text: str) -> None:
    assert safe(text).startswith(("'", "\\"))
    assert "\t" not in safe(text)


def test_cells_keep_quotes_commas_and_lines_apart() -> None:
    out = io.StringIO(newline="")
    count = write_rows(out, ("a", "b", "c", "d"), [('say "no", twice', "one\ntwo", None, True), ("ä", 7, 0.5, False)])
    assert count == 2
    assert out.getvalue() == 'a,b,c,d\r\n"say ""no"", twice",one\\ntwo,,yes\r\nä,7,0.5,\r\n'


def test_hostile_names_stay_in_their_cells(tmp_path: Path) -> None:
    context = context_of(write_evidence(tmp_path / "evidence", 20, hostile=True), tmp_path / "drawn")
    for file in write_tables(context, tmp_path / "tables"):
        text = (tmp_path / "tables" / f"{file.name}.csv").read_text("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}


def test_the_page_tells_rows_and_sizes(shop: Context, tmp_path: Path) -> None:
    view = downloads_view(shop)
    page = tmp_path / "downloads.html"
    page.write_text("".join(f"<p>{row.name}: {row.slot}rows, {row.slot}size</p>" for row in view.tables), "utf-8")
    tell_sizes(tmp_path, [TableFile(table.name, 1234, 2_500_000) for table in TABLES])
    assert page.read_text("utf-8").count("1,234, 2.4 MB") == len(TABLES)


def test_a_table_that_was_not_written_is_a_fault(shop: Context, tmp_path: Path) -> None:
    (tmp_path / "downloads.html").write_text(downloads_view(shop).tables[0].slot + "rows", "utf-8")
    with pytest.raises(FaultError, match="was not written"):
        tell_sizes(tmp_path, [])


def test_a_site_without_the_page_is_no_fault(tmp_path: Path) -> None:
    tell_sizes(tmp_path, [TableFile("releases", 1, 1)])


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (1023, "1,023 B"), (1536, "1.5 KB"), (300_000, "293 KB"), (5 << 40, "5,120 GB")]
)
def test_sizes_are_read_at_a_glance(size: int, text: str) -> None:
    assert size_text(size) == text


def test_every_table_stands_in_a_built_site(shop_site: Path) -> None:
    text = (shop_site / "downloads.html").read_text("utf-8")
    assert "assay-size-of-" not in text
    for table in TABLES:
        assert (shop_site / "tables" / f"{table.name}.csv").is_file()
        assert f'href="tables/{table.name}.csv"' in text
