"""The four formats of `assay metrics`: each says the same numbers, and each is what its format promises."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec import structs
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from support.metric_lines import HOSTILE, line, nothing, report

from generator.cli.metrics_cells import NONE, brief, share_cell, spread_cell, uptime_cell
from generator.cli.metrics_csv import metrics_csv
from generator.cli.metrics_openmetrics import metrics_openmetrics
from generator.cli.metrics_table import WIDTH, table
from generator.cli.metrics_text import metrics_text
from generator.evidence.csv_rows import safe
from generator.evidence.metrics import Share, Spread, Uptime
from generator.evidence.metrics_report import report_schema

if TYPE_CHECKING:
    from prometheus_client import Metric

ALL = line("all", "all")


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _families(text: str) -> list[Metric]:
    return list(text_string_to_metric_families(text))  # type: ignore[no-untyped-call]  # the parser has no types


def _samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return every sample as the parser reads it; a series that is there twice fails."""
    found: dict[tuple[str, frozenset[tuple[str, str]]], float] = {}
    for family in _families(text):
        for sample in family.samples:
            key = sample.name, frozenset(sample.labels.items())
            assert key not in found
            found[key] = sample.value
            assert sample.timestamp is not None
            assert float(sample.timestamp) == 1_790_787_900
    return found


def _value(samples: dict[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float:
    return samples[name, frozenset({"environment": "production", **labels}.items())]


def test_every_line_fits_into_the_width_whatever_names_are_long() -> None:
    long = [line("all", "all", by="component", subject=f"namespace/{'x' * 200}/{n}") for n in range(3)]
    text = metrics_text(report(*long, by="component"))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert max(map(len, metrics_text(report(line(), nothing(), ALL)).splitlines())) <= WIDTH


def test_numbers_stand_below_each_other_at_their_right_ends() -> None:
    head, *rows = table(("period", "deployments"), [("7d", "3"), ("365d", "1,234")])
    assert {len(row) for row in (head, *rows)} == {len(head)}
    assert [row.split() for row in rows] == [["7d", "3"], ["365d", "1,234"]]


def test_a_table_too_wide_becomes_several_and_loses_nothing() -> None:
    cells = [str(n) * 9 for n in range(1, 10)] * 2
    lines = list(table(("name", *("h" * 9 for _ in cells)), [("a", *cells)]))
    assert max(map(len, lines)) <= WIDTH
    assert " ".join(lines).split().count("a") == 3
    assert [word for word in " ".join(lines).split() if word in cells] == cells


def test_the_table_says_counts_small_samples_and_what_is_missing() -> None:
    text = metrics_text(report(line(), nothing()))
    assert "24 : 2" in text
    assert "8.3 % 2/24 " in text
    assert "2h / 2h 1/2*" in text, "one case is a small sample"
    assert "15h / 9d 20/24" in text
    assert "7d+" in text, "not a whole period"
    assert "the history begins in it" in text
    assert "time to null deploy (90d): not measurable: no record of a pipeline" in text
    assert "availability (7d): not measurable: no record of downtime was given" in text
    assert "lead time (90d): measurable in part: 4 versions never ran in staging" in text
    assert "Failed and not recovered (1)" in text


def test_a_lead_time_of_nothing_says_how_it_comes() -> None:
    at_once = Spread(4, 4, median_seconds=0, mean_seconds=0, p90_seconds=0)
    told = "config lead time (90d): 0s where a version came at the moment it began"
    assert told in metrics_text(report(line(), line("90d", lead_time=at_once)))
    assert "at the moment it began" not in metrics_text(report(line()))


def test_bulk_stands_apart_from_deployments() -> None:
    head, row = metrics_text(report(line())).splitlines()[4:6]
    told = dict(zip(head.replace("a week", "a-week").split(), row.split(), strict=True))
    assert (told["total"], told["a-week"], told["bulk"]) == ("30", "2.33", "4")
    assert "hotfix" not in told, "what never happened has no column"


def test_another_body_s_figures_come_with_formula_and_source() -> None:
    text = metrics_text(report(line()), by_profile=True)
    assert "Counted by DORA" in text
    assert "12.5 % 3/24" in text
    assert "lead time (90d): not measurable: no application history" in text
    assert "change fail rate: failed / all" in text
    assert "  Source: Metrics guide, 2025\n  https://dora.example/" in text


@pytest.mark.parametrize(
    ("seconds", "told"), [(45, "45s"), (1_560, "26m"), (12_000, "3h20m"), (36_000, "10h"), (777_600, "9d")]
)
def test_durations_are_short(seconds: int, told: str) -> None:
    assert brief(seconds) == told


def test_a_cell_without_a_case_is_no_zero() -> None:
    assert share_cell(Share(0, 0), 10) == NONE
    assert share_cell(Share(0, 4), 10) == "0.0 % 0/4*"
    assert spread_cell(Spread(0, 4), 10) == f"{NONE} 0/4"
    assert uptime_cell(Uptime(0, 0, 0)) == NONE
    assert uptime_cell(Uptime(100_000, 1, 1)) == "99.999 %"
    assert uptime_cell(Uptime(31_536_000, 1, 1)) == "99.999 %", "a second down is not 100 %"


def test_csv_has_a_row_a_line_and_plain_numbers() -> None:
    text = metrics_csv(report(line(kinds=msgspec.structs.replace(ALL.kinds, forward=12_345)), nothing()))
    assert text.count("\r\n") == 3
    assert "\n" not in text.replace("\r\n", "")
    first, second = _rows(text)
    assert (first["forward"], first["deployments"], first["bulk_forward"]) == ("12345", "12351", "4")
    assert (first["change_fail_rate_count"], first["change_fail_rate_of"], first["lead_time_n"]) == ("2", "24", "20")
    assert (second["lead_time_median_seconds"], second["lead_time_reason"]) == ("", "no version arrived")


def test_no_name_in_csv_is_a_formula_or_breaks_a_line() -> None:
    (row,) = _rows(metrics_csv(report(line(by="component", subject=HOSTILE, availability=None), by="component")))
    assert row["subject"].startswith("'=cmd()|")
    assert "\n" not in row["subject"]
    assert [safe(text) for text in ("-x", "@x", "+x", "x=1", "\tx")] == ["'-x", "'@x", "'+x", "x=1", "\\tx"]
    assert row["availability_agreed_seconds"] == ""


def test_openmetrics_is_read_by_a_parser_of_its_own() -> None:
    text = metrics_openmetrics(report(line(), nothing(), ALL), by_profile=True)
    samples = _samples(text)
    assert text.endswith("\n# EOF\n")
    assert _value(samples, "assay_deployments_total", kind="forward", bulk="false") == 24
    assert _value(samples, "assay_deployments_total", kind="forward", bulk="true") == 4
    assert _value(samples, "assay_velocity_to_rollback_deployments", period="90d", side="back") == 2
    assert _value(samples, "assay_change_fail_rate_ratio", period="90d") == pytest.approx(2 / 24)
    assert _value(samples, "assay_cases", period="90d", measure="lead_time") == 24
    lead = {"period": "90d", "kind": "config lead time", "statistic": "p90"}
    assert _value(samples, "assay_lead_time_seconds", **lead) == 777_600
    assert _value(samples, "assay_availability_ratio", period="90d") == pytest.approx(1 - 3_600 / 7_776_000)
    assert _value(samples, "assay_open_failures") == 1
    dora = {"profile": "dora", "measure": "change fail rate", "period": "365d", "in": "share"}
    assert _value(samples, "assay_profile_figure", **dora) == pytest.approx(0.1)


def test_what_was_not_measured_has_no_sample() -> None:
    samples = _samples(metrics_openmetrics(report(nothing())))
    assert _value(samples, "assay_cases", period="7d", measure="change_fail_rate") == 0
    assert not [name for name, _ in samples if "ratio" in name or "seconds" in name]


def test_labels_are_inert_and_names_that_look_alike_stay_apart() -> None:
    names = (HOSTILE, "a\nb", "a\\nb", "a\\\\nb", "\x1b[31mred")
    lines = [line("all", "all", by="component", subject=name, availability=None) for name in names]
    text = metrics_openmetrics(report(*lines, by="component"))
    told = {dict(labels)["component"] for name, labels in _samples(text) if name == "assay_deployments_total"}
    assert len(told) == len(names)
    assert "\x1b" not in text
    assert not [ln for ln in text.splitlines() if ln.startswith("# TYPE a ")]


def test_units_end_the_names_of_their_families() -> None:
    for text in metrics_openmetrics(report(line(), ALL), by_profile=True).splitlines():
        if text.startswith("# UNIT "):
            _, _, name, unit = text.split(" ")
            assert name.endswith(f"_{unit}")


def test_json_is_what_its_schema_says() -> None:
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    told = json.loads(msgspec.json.encode(report(line(), nothing(), ALL), order="sorted"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(told)] == []
    assert told["format"] == "assay-metrics/1"


def test_an_empty_table_says_why() -> None:
    some = report(figures=(), definitions=(), open_failures=())
    assert "no such environment has a deployment" in metrics_text(some)
    assert "no component with a team" in metrics_text(structs.replace(some, by="team"))
    late = structs.replace(some, first=(("production", "", "2024-01-01T00:00:00Z"),))
    assert "no period with anything to count" in metrics_text(late)


def test_an_empty_answer_is_valid_in_every_format() -> None:
    empty = report(figures=(), definitions=(), open_failures=(), as_of="")
    assert "Nothing to measure: the repository has no commits." in metrics_text(empty)
    assert _rows(metrics_csv(empty)) == []
    assert [f.name for f in _families(metrics_openmetrics(empty))] == ["assay_report"]
