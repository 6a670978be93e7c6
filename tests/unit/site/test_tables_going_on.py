"""Tables and the audit come out the same, whether they go on from the former report or are made anew."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
import pytest
from unit.site.synthetic import write_evidence
from unit.site.takeaway_context import context_of

from generator.evidence import folding
from generator.evidence.folding import Folds
from generator.evidence.metrics import OpenFailure
from generator.evidence.redaction import REDACTIONS
from generator.site.audit import months
from generator.site.audit.pages import audit_pages
from generator.site.audit.tables import write_audit
from generator.site.audit.views import audit_view
from generator.site.carrying import Carrying
from generator.site.site_manifest import write_site_manifest
from generator.site.sources import template_folders
from generator.site.takeaway import deployment_tables
from generator.site.takeaway.tables import write_tables
from generator.site.templating import Templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context

LAST = 24
"""Releases of the longest of the histories, of which a waiver holds from the fourteenth deployment on."""


class Reports:
    """The reports of one history as it grew, each written where the one before it stands."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        self.former: Path | None = None
        self.drawn: set[str] = set()
        """Pages of the newest report that did not come from the former one."""
        self.known: set[str] = set()
        """Files of the newest report that came from the former one."""
        self.templates = Templates(template_folders(()))

    def write(self, evidence: Path, change: Callable[[Context], None] | None = None) -> Path:
        """Write tables and audit of `evidence`; `change` may alter the report before."""
        self.count += 1
        site = self.folder / f"site-{self.count}"
        for part in ("audit", "evidence"):
            (site / part).mkdir(parents=True)
        (site / "evidence" / "manifest.json").write_text("{}")
        plain = context_of(evidence, self.folder / "drawn")
        folds = Folds(plain.evidence, self.folder / "folds", b"", self.former)
        context = type(plain)(plain.evidence, {}, plain.index, plain.calendar, plain.drawn, kept_folds=folds)
        if change is not None:
            change(context)
        carrying = Carrying(self.former, self.folder / "pages")
        carrying.stand_on(b"templates")
        self._audit(context, site, carrying)
        for file in write_tables(context, site / "tables"):
            data = (site / "tables" / f"{file.name}.csv").read_bytes()
            assert file.size == len(data)
            assert file.digest in ("", sha256(data).hexdigest())
        carrying.keep(site, write_site_manifest(site, "1", carrying.known))
        folds.keep()
        self.former, self.known = site, set(carrying.known)
        return site

    def _audit(self, context: Context, site: Path, carrying: Carrying) -> None:
        self.drawn.clear()
        for page in audit_pages(context, self.templates):
            if not carrying.holds(page.path, *page.key, page.about(), target=site / page.path):
                self.drawn.add(page.path)
                (site / page.path).write_text(page.drawn(), "utf-8")
        carrying.finish()
        (site / "audit.txt").write_text(repr(audit_view(context)), "utf-8")
        write_audit(context, site, carrying)


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "hostile"])
def histories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return evidence of the same history after so and so many releases."""
    folder = tmp_path_factory.mktemp("histories")
    ends = [1, 2, 5, 8, 13, 14, 15, 16, 20, 23, LAST]
    return {end: write_evidence(folder / str(end), end, hostile=request.param) for end in ends}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each state, and list few changes on a page."""
    monkeypatch.setattr(folding, "RENEW", 1)
    monkeypatch.setattr("generator.site.audit.period_parts.PART", 3)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count the deployments that each fold takes in."""
    counts: dict[str, int] = {}
    for fold in (months.Months, deployment_tables.DeploymentTables):
        _count(monkeypatch, fold, counts)
    return counts


def _count(monkeypatch: pytest.MonkeyPatch, fold: type[folding.Fold], counts: dict[str, int]) -> None:
    take = fold.take

    def counted(self: folding.Fold, line: int, record: DeploymentRecord) -> None:
        counts[fold.__name__] = counts.get(fold.__name__, 0) + 1
        take(self, line, record)

    monkeypatch.setattr(fold, "take", counted)


def lines(evidence: Path) -> int:
    return (evidence / "deployments.jsonl").read_bytes().count(b"\n")


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.mark.parametrize("cut", [1, 2, 5, 8, 13, 14, 15, 16, 20, 23])
def test_what_goes_on_from_any_cut_equals_what_is_made_at_once(
    cut: int, histories: dict[int, Path], taken: dict[str, int], tmp_path: Path
) -> None:
    grown, whole = Reports(tmp_path / "grown"), Reports(tmp_path / "whole")
    before = 0
    for end in dict.fromkeys((cut, 23, LAST)):
        taken.clear()
        site = grown.write(histories[end])
        new, before = lines(histories[end]) - before, lines(histories[end])
        # What both are compared with comes later, so that it is not counted in.
        assert taken == {"Months": new, "DeploymentTables": new}
        assert contents(site) == contents(Reports(whole.folder / str(end)).write(histories[end]))


def test_with_few_new_deployments_an_older_state_is_gone_on_from(
    histories: dict[int, Path], taken: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown = Reports(tmp_path / "grown")
    grown.write(histories[15])
    monkeypatch.setattr(folding, "RENEW", 100)
    for end in (16, 20, LAST):
        taken.clear()
        site = grown.write(histories[end])
        assert taken["DeploymentTables"] == lines(histories[end]) - lines(histories[15])
        assert contents(site) == contents(Reports(tmp_path / str(end)).write(histories[end]))


def test_a_period_that_nothing_new_reaches_is_carried(histories: dict[int, Path], tmp_path: Path) -> None:
    grown = Reports(tmp_path / "grown")
    grown.write(histories[23])
    assert {"audit/2025-03.html", "audit/2025-03-part-2.html", "audit/2025-04.html"} <= grown.drawn
    grown.write(histories[LAST])
    assert {"audit/2025-03.csv", "audit/2025-03.js"} <= grown.known
    assert "audit/2025-04.csv" not in grown.known
    assert "audit/2025-Q1.csv" in grown.known
    assert {page[:13] for page in grown.drawn} == {"audit/2025-04", "audit/2025-Q2"}


def test_how_long_a_failure_goes_on_is_told_anew(histories: dict[int, Path], tmp_path: Path) -> None:
    def lasting(context: Context, seconds: int) -> None:
        failed = context.index.failures[0]
        told = OpenFailure(failed.environment, failed.id, failed.at, seconds, "")
        metrics = msgspec.structs.replace(context.summary.metrics, failures=(told,))
        context.evidence.summary = msgspec.structs.replace(context.summary, metrics=metrics)

    grown = Reports(tmp_path / "grown")
    for end, seconds in ((20, 600), (LAST, 7200), (LAST, 0)):
        site = grown.write(histories[end], partial(lasting, seconds=seconds))
        rows = (site / "tables" / "failures.csv").read_text("utf-8").splitlines()[1:]
        assert rows[0].endswith(f",{seconds}")
        assert all(row.endswith(",") for row in rows[1:])


@pytest.mark.parametrize("table", ["deployments", "gates"])
def test_a_table_that_was_changed_behind_the_report_is_made_anew(
    table: str, histories: dict[int, Path], taken: dict[str, int], tmp_path: Path
) -> None:
    grown = Reports(tmp_path / "grown")
    path = grown.write(histories[20]) / "tables" / f"{table}.csv"
    path.write_bytes(path.read_bytes().replace(b"production", b"prodUction", 1))
    taken.clear()
    site = grown.write(histories[LAST])
    assert taken == {
        "Months": lines(histories[LAST]) - lines(histories[20]),
        "DeploymentTables": lines(histories[LAST]),
    }
    assert contents(site) == contents(Reports(tmp_path / "whole").write(histories[LAST]))


def test_what_was_erased_since_is_in_no_row(histories: dict[int, Path], taken: dict[str, int], tmp_path: Path) -> None:
    grown = Reports(tmp_path / "grown")
    grown.write(histories[20])
    path = histories[LAST] / REDACTIONS
    path.write_text("{}\n")
    try:
        taken.clear()
        grown.write(histories[LAST])
    finally:
        path.unlink()
    assert set(taken.values()) == {lines(histories[LAST])}


def test_a_waiver_that_was_never_used_before_has_the_lists_read(
    histories: dict[int, Path], taken: dict[str, int], tmp_path: Path
) -> None:
    def unused(context: Context) -> None:
        rows = tuple(msgspec.structs.replace(row, matched=0) for row in context.summary.exemptions)
        context.evidence.summary = msgspec.structs.replace(context.summary, exemptions=rows)

    grown = Reports(tmp_path / "grown")
    grown.write(histories[20], unused)
    taken.clear()
    site = grown.write(histories[LAST])
    assert set(taken.values()) == {lines(histories[LAST])}
    assert contents(site) == contents(Reports(tmp_path / "whole").write(histories[LAST]))
    assert "waiver-used" in (site / "tables" / "releases.csv").read_text("utf-8")
