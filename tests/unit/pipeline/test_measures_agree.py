"""Everything that tells a measure tells the same one: evidence, summary, `assay metrics`, pages and charts' tables."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from support.command import assay
from support.page_tables import PageTable, page_tables
from support.replay import gathered

from generator.cli.metrics_cells import KINDS, SHARES, SPREADS, counted_kinds, total
from generator.evidence.facts import facts_of
from generator.evidence.measuring import measured_again
from generator.evidence.metrics import PeriodMetrics
from generator.evidence.reading import Evidence
from generator.site.build import build_site
from generator.site.chart_text import duration_text
from generator.site.names import environment_page
from generator.site.texts import number
from generator.site.tile_groups import tile_groups

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.replay import Gathered

CONFIG = """\
environments:
  staging: {path: kubernetes/staging}
  production: {path: kubernetes/production, upstream: staging, production: true}
"""
UNITS = ("all", "rolling", "year", "quarter", "month", "week")
"""Units of which evidence has every period; of days and hours it keeps the newest."""
Row = dict[str, str]
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


class Report(NamedTuple):
    """One history as evidence and as a site."""

    evidence: Evidence
    site: Path
    lines: list[PeriodMetrics]

    def of(self, environment: str, unit: str, by: str = "environment") -> list[PeriodMetrics]:
        return [x for x in self.lines if (x.environment, x.unit, x.by) == (environment, unit, by)]

    def whole(self, environment: str) -> PeriodMetrics:
        (line,) = self.of(environment, "all")
        return line

    def tables(self, page: str) -> list[PageTable]:
        return page_tables(self.site / page)

    def figure(self, name: str, page: str = "trends.html") -> list[Row]:
        (table,) = [table for table in self.tables(page) if table.figure == name]
        return [dict(zip(table.head, row, strict=True)) for row in table.rows]

    def told(self, form: str, *options: str) -> str:
        done = assay("metrics", "--evidence", self.site, "--environment", "all", "--format", form, *options)
        assert done.exit_code in {0, 3}
        return done.stdout


def _built(found: Gathered, folder: Path) -> Report:
    build_site(found.folder, folder / "site")
    evidence = Evidence(folder / "site" / "evidence")
    return Report(evidence, folder / "site", list(evidence.metrics()))


@pytest.fixture(scope="module", params=["demo", pytest.param("web-monitoring-ops", marks=pytest.mark.real)])
def report(
    request: pytest.FixtureRequest, real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Report:
    folder = tmp_path_factory.mktemp("agree")
    if request.param == "demo":
        return _built(request.getfixturevalue("demo"), folder)
    return _built(gathered(real_history(request.param), folder / "evidence", CONFIG), folder)


def _names(report: Report) -> list[str]:
    return [environment.name for environment in report.evidence.summary.environments]


def _production(report: Report) -> str:
    return next(e.name for e in report.evidence.summary.environments if e.production)


def test_the_lines_are_what_measuring_the_folder_gives(report: Report) -> None:
    assert list(measured_again(report.evidence, facts_of(report.evidence))) == report.lines
    assert {line.by for line in report.lines} >= {"environment", "component"}


def test_counts_of_all_time_are_those_of_the_deployments(report: Report) -> None:
    records = list(report.evidence.deployments())
    for name in _names(report):
        own = [record for record in records if record.environment == name]
        for bulk, counts in ((False, report.whole(name).kinds), (True, report.whole(name).bulk)):
            held = counted_kinds(counts)
            assert {kind: sum(r.kind == kind and r.bulk is bulk for r in own) for kind in held} == held
        assert sum(record.bypass for record in own) == report.whole(name).bypasses


@pytest.mark.parametrize("unit", ["year", "quarter", "month", "week"])
def test_periods_add_up_to_all_of_the_history(report: Report, unit: str) -> None:
    for name in _names(report):
        whole, parts = report.whole(name), report.of(name, unit)
        assert all(record.commit.committed_at for record in report.evidence.deployments())
        for group in ("kinds", "bulk"):
            held = [counted_kinds(getattr(part, group)) for part in parts]
            assert counted_kinds(getattr(whole, group)) == {kind: sum(h[kind] for h in held) for kind in KINDS}
        for field, _ in SHARES:
            counts = [(getattr(part, field).count, getattr(part, field).of) for part in parts]
            assert (getattr(whole, field).count, getattr(whole, field).of) == tuple(map(sum, zip(*counts, strict=True)))
        assert (whole.pending, whole.failed_apart) == tuple(
            sum(getattr(p, f) for p in parts) for f in ("pending", "failed_apart")
        )
        for field in ("lead_time", "promotion_lead", "recovery_time", "time_to_null_deploy"):
            cases = [(getattr(part, field).n, getattr(part, field).of) for part in parts]
            assert (getattr(whole, field).n, getattr(whole, field).of) == tuple(map(sum, zip(*cases, strict=True)))


def test_the_summary_has_the_same(report: Report) -> None:
    for env in report.evidence.summary.environments:
        whole = report.whole(env.name)
        both = {kind: count + counted_kinds(whole.bulk)[kind] for kind, count in counted_kinds(whole.kinds).items()}
        assert counted_kinds(env.kinds) == both
        assert (env.deployments, env.bulks) == (total(whole.kinds) + total(whole.bulk), total(whole.bulk))
        assert env.measures.velocity_to_rollback == whole.velocity_to_rollback
        lead, other = env.measures.promotion_lead, whole.promotion_lead
        assert (lead.n, lead.of, lead.median_seconds, lead.p90_seconds) == (
            other.n, other.of, other.median_seconds, other.p90_seconds
        )  # fmt: skip
        for series in env.measures.series:
            if series.unit not in {"day", "hour"}:
                lines = report.of(env.name, series.unit)
                assert [(c.period, c.forward, c.rollback, c.bulk) for c in series.counts] == [
                    (x.period, x.kinds.forward, x.kinds.rollback, total(x.bulk)) for x in lines
                ]
    failures = dict.fromkeys(_names(report), 0)
    for failure in report.evidence.summary.metrics.failures:
        failures[failure.environment] += 1
    for name, count in failures.items():
        spread = report.whole(name).recovery_time
        assert count <= spread.of - spread.n


@pytest.mark.parametrize("by", ["environment", "component", "team"])
def test_the_command_has_the_same_in_json_and_csv(report: Report, by: str) -> None:
    units = UNITS if by == "environment" else ("all", "rolling", "year")
    options = ["--by", by, *(part for unit in units for part in ("--period", unit))]
    made = {e.name: e.production for e in report.evidence.summary.environments}
    wanted = [x for x in report.lines if x.by == by and x.unit in units]
    told = msgspec.convert(json.loads(report.told("json", *options))["metrics"], list[PeriodMetrics])
    assert [x for x in told if by == "environment" or made[x.environment]] == wanted
    rows = [
        row
        for row in csv.DictReader(io.StringIO(report.told("csv", *options), newline=""))
        if by == "environment" or made[row["environment"]]
    ]
    assert [(r["environment"], r["subject"].removeprefix("'"), r["period"]) for r in rows] == [
        (x.environment, x.subject, x.period) for x in wanted
    ]
    for row, line in zip(rows, wanted, strict=True):
        _compare_row(row, line)


def _compare_row(row: Row, line: PeriodMetrics) -> None:
    assert [int(row[kind.replace("-", "_")]) for kind in counted_kinds(line.kinds)] == [
        *counted_kinds(line.kinds).values()
    ]
    assert int(row["velocity_back"]) == line.velocity_to_rollback.right
    for field, _ in SHARES:
        share = getattr(line, field)
        assert (int(row[f"{field}_count"]), int(row[f"{field}_of"])) == (share.count, share.of)
    for field, _ in SPREADS:
        spread = getattr(line, field)
        assert (int(row[f"{field}_n"]), int(row[f"{field}_of"])) == (spread.n, spread.of)
        assert row[f"{field}_median_seconds"] == ("" if spread.median_seconds is None else str(spread.median_seconds))
    if line.availability is not None:
        assert int(row["availability_down_seconds"]) == line.availability.down_seconds


def _value(samples: Samples, name: str, labels: Row, **more: str) -> float:
    return samples[name, frozenset({**labels, **more}.items())]


def test_the_command_has_the_same_in_openmetrics(report: Report) -> None:
    samples: Samples = {}
    for family in text_string_to_metric_families(report.told("openmetrics")):  # type: ignore[no-untyped-call]  # the parser has no types
        for sample in family.samples:
            key = sample.name, frozenset(sample.labels.items())
            assert key not in samples
            samples[key] = sample.value
    for line in (x for x in report.lines if x.by == "environment" and x.unit in {"all", "rolling"}):
        labels = {"environment": line.environment, "period": line.period}

        for kind, count in counted_kinds(line.kinds).items():
            assert _value(samples, "assay_period_deployments", labels, kind=kind, bulk="false") == count
            if line.unit == "all":
                alone = {"environment": line.environment}
                assert _value(samples, "assay_deployments_total", alone, kind=kind, bulk="false") == count
        assert (
            _value(samples, "assay_velocity_to_rollback_deployments", labels, side="back")
            == line.velocity_to_rollback.right
        )
        for field, _ in SHARES:
            share = getattr(line, field)
            assert _value(samples, "assay_cases_measured", labels, measure=field) == share.count
            assert _value(samples, "assay_cases", labels, measure=field) == share.of
            if share.of:
                assert _value(samples, f"assay_{field}_ratio", labels) == pytest.approx(share.count / share.of)
        for field, _ in SPREADS:
            spread = getattr(line, field)
            assert _value(samples, "assay_cases_measured", labels, measure=field) == spread.n
            assert _value(samples, "assay_cases", labels, measure=field) == spread.of


def test_the_command_has_the_same_in_its_table(report: Report) -> None:
    name = _production(report)
    text = assay("metrics", "--evidence", report.site, "--environment", name, "--period", "month").stdout
    rows: dict[str, list[list[str]]] = {}
    for row in text.splitlines():
        found = re.fullmatch(r"  (\d{4}-\d{2})\+?  (.*)", row)
        if found:
            rows.setdefault(found[1], []).append(re.split(r" {2,}", found[2].strip()))
    months = report.of(name, "month")
    assert [*rows] == [x.period for x in months]
    for line in months:
        counts, failures = rows[line.period][:2]
        assert counts[0] == number(total(line.kinds))
        assert counts[-1] == number(total(line.bulk))
        assert failures[0] == f"{line.velocity_to_rollback.left:,} : {line.velocity_to_rollback.right:,}"
        share = line.change_fail_rate
        assert not share.of or f" {share.count:,}/{share.of:,}" in failures[1]
        assert failures[3] == number(line.pending)


def test_charts_have_the_same_in_their_tables(report: Report) -> None:
    for name in _names(report):
        months = report.of(name, "month")
        velocity = report.figure(f"velocity-{name}")
        assert [(r["Month"], r["Ratio"]) for r in velocity] == [
            (x.period, f"{x.velocity_to_rollback.left:,} : {x.velocity_to_rollback.right:,}") for x in months
        ]
        kinds = report.figure(f"kinds-{name}")
        assert [(r["Month"], r["Forward"], r["Roll-forward"], r["Bulk"]) for r in kinds] == [
            (x.period, number(x.kinds.forward), number(x.kinds.roll_forward), number(total(x.bulk))) for x in months
        ]
    name = _production(report)
    home = report.figure(f"velocity-{name}", "index.html")
    shown = {row["Month"] for row in home}
    assert home == [row for row in report.figure(f"velocity-{name}") if row["Month"] in shown]
    assert shown or not report.figure(f"velocity-{name}")
    for figure, field in (("lead-time-months", "lead_time"), ("promotion-lead-months", "promotion_lead")):
        rows = report.figure(f"{figure}-{name}")
        told = [(r["Month"], *list(r.values())[1:4]) for r in rows]
        assert told == [_lead_row(line.period, getattr(line, field)) for line in report.of(name, "month")]


def _lead_row(period: str, spread: object) -> tuple[str, str, str, str]:
    n, of, median = (getattr(spread, name) for name in ("n", "of", "median_seconds"))
    return period, number(n), number(of), "\N{EN DASH}" if median is None else duration_text(median)


def test_charts_of_failures_have_the_same_in_their_tables(report: Report) -> None:
    name = _production(report)
    whole = report.whole(name)
    recovery = report.figure(f"recovery-{name}")
    assert len(recovery) == whole.recovery_time.of
    rates = {r["Component"]: (r["Deployments"], r["Failed"], r["Counted"]) for r in report.figure(f"fail-rate-{name}")}
    components = {
        x.subject: (number(total(x.kinds)), number(x.change_fail_rate.count), number(x.change_fail_rate.of))
        for x in report.of(name, "all", "component")
    }
    assert rates
    assert {component: components[component] for component in rates} == rates


def test_pages_have_the_same(report: Report) -> None:
    for name in _names(report):
        whole = report.whole(name)
        (years,) = [
            t for t in report.tables(environment_page(name)) if t.caption == f"Deployments of {name} by year and kind"
        ]
        assert sum(int(row[1].replace(",", "")) for row in years.rows) == total(whole.kinds) + total(whole.bulk)
        (often,) = [t for t in report.tables("trends.html") if t.caption == f"Deployment frequency of {name}"]
        assert {row[1] for row in often.rows} == {number(total(whole.kinds))}
    page = (report.site / environment_page(_production(report))).read_text("utf-8")
    ratio = report.whole(_production(report)).velocity_to_rollback
    assert f"<dd>{ratio.left:,} : {ratio.right:,}</dd>" in page


def test_tiles_and_badges_have_the_same(report: Report) -> None:
    name = _production(report)
    group = tile_groups(report.evidence, [name])[name]
    lines = {x.period: x for x in report.of(name, "rolling")}
    tiles = {tile.id: tile for tile in group.tiles}
    ratio = lines["365d"].velocity_to_rollback
    if ratio.left or ratio.right:
        assert tiles["velocity-to-rollback"].value == f"{ratio.left:,} : {ratio.right:,}"
    share = lines["365d"].change_fail_rate
    if share.of:
        assert tiles["change-fail-rate"].counts == f"{share.count} of {share.of}"
    (often,) = [
        f
        for f in report.evidence.summary.metrics.profiles
        if (f.profile, f.environment, f.window, f.measure) == ("assay", name, "90d", "deployment frequency")
    ]
    assert tiles["deployment-frequency"].counts == f"{often.count} in {often.of} days"
    home = (report.site / "index.html").read_text("utf-8")
    assert all(f"<strong>{tile.value}</strong>" in home for tile in group.tiles)
    badge = (report.site / "badges" / "change-fail-rate.svg").read_text("utf-8")
    expected = f"{tiles['change-fail-rate'].value} ({tiles['change-fail-rate'].counts})" if share.of else "unknown"
    assert f'aria-label="change fail rate: {expected}"' in badge
