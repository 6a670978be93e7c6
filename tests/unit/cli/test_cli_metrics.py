"""`assay metrics`: what it is asked, where it reads, what it prints and writes, and what it ends with."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from support.command import assay, assay_process
from support.replay import gathered, write_trees
from support.values import CONFIG, tree

from generator.errors import one_line

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    "s/api=A p/api=A s/web=X p/web=X",
    "s/api=B p/api=A s/web=X p/web=X",
    "s/api=B p/api=B s/web=X p/web=X",
    "s/api=B p/api=A s/web=X p/web=X",
    "s/api=C p/api=C s/web=X p/web=X",
    "s/api=C p/api=C s/web=Y p/web=Y",
)
FORMATS = ("table", "json", "csv", "openmetrics")


def _trees(tmp_path: Path, lines: tuple[str, ...] = LINES, config: str = CONFIG) -> Path:
    return write_trees(tmp_path / "r", [{"assay.yaml": config, **tree(line)} for line in lines])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return _trees(tmp_path)


@pytest.fixture
def evidence(repository: Path, tmp_path: Path) -> Path:
    return gathered(repository, tmp_path / "site" / "evidence").folder


def _told(*arguments: str | Path) -> list[dict[str, str]]:
    done = assay("metrics", "--format", "csv", *arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(done.stdout, newline="")))


def test_production_is_told_for_all_time_and_up_to_the_report(evidence: Path) -> None:
    rows = _told("--evidence", evidence)
    assert [(r["environment"], r["period"]) for r in rows] == [
        ("production", period) for period in ("all", "7d", "30d", "90d", "365d")
    ]
    whole = rows[0]
    assert (whole["deployments"], whole["velocity_forward"], whole["velocity_back"]) == ("5", "3", "1")
    assert (whole["change_fail_rate_count"], whole["pending"]) == ("1", "3")


@pytest.mark.parametrize("form", FORMATS)
def test_a_site_an_evidence_folder_and_the_repository_tell_the_same(
    repository: Path, evidence: Path, form: str
) -> None:
    sources = (("--repo", repository), ("--evidence", evidence), ("--evidence", evidence.parent))
    told = [assay("metrics", "--format", form, *source) for source in sources]
    assert [(done.exit_code, done.stderr) for done in told] == [(0, "")] * 3
    assert told[0].stdout
    assert len({done.stdout for done in told}) == 1


def test_environments_are_named_in_the_order_of_promotion(evidence: Path) -> None:
    def names(*wanted: str) -> list[str]:
        options = [part for name in wanted for part in ("--environment", name)]
        return [row["environment"] for row in _told("--evidence", evidence, "--period", "all", *options)]

    assert names("all") == ["staging", "production"]
    assert names("production", "staging") == ["staging", "production"]
    assert names("staging") == ["staging"]


def test_components_are_told_apart_or_alone(evidence: Path) -> None:
    rows = _told("--evidence", evidence, "--by", "component", "--period", "all")
    assert [(r["subject"], r["deployments"]) for r in rows] == [("api", "4"), ("web", "2")]
    (alone,) = _told("--evidence", evidence, "--by", "component", "--period", "all", "--subject", "web")
    assert (alone["subject"], alone["forward"]) == ("web", "1")
    table = assay("metrics", "--evidence", evidence, "--by", "component", "--subject", "web").stdout
    assert "production, component web" in table


def test_calendar_periods_are_those_that_lie_between(evidence: Path) -> None:
    days = _told("--evidence", evidence, "--period", "day")
    assert [r["period"] for r in days] == ["2024-01-01", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-06"]
    between = _told("--evidence", evidence, "--period", "day", "--since", "2024-01-03", "--until", "2024-01-05")
    assert [r["period"] for r in between] == ["2024-01-03", "2024-01-04", "2024-01-05"], "a day named last counts"
    until = _told("--evidence", evidence, "--period", "day", "--until", "2024-01-05T00:00:00Z")
    assert [r["period"] for r in until] == ["2024-01-01", "2024-01-03", "2024-01-04"], "a moment is a moment"
    months = _told("--evidence", evidence, "--since", "2024-01-03")
    assert [(r["unit"], r["period"]) for r in months] == [("month", "2024-01")]


def test_json_is_sorted_and_what_its_schema_says(evidence: Path) -> None:
    done = assay("metrics", "--evidence", evidence, "--environment", "all", "--format", "json")
    told = json.loads(done.stdout)
    assert done.stdout == json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert (told["format"], told["by"], told["profile"]) == ("assay-metrics/1", "environment", "assay")
    schema = json.loads(assay("schema", "metrics-report").stdout)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(told)] == []


def test_another_body_s_definitions_take_the_place_of_ours(evidence: Path, tmp_path: Path) -> None:
    done = assay("metrics", "--evidence", evidence, "--profile", "dora")
    assert done.exit_code == 0
    assert "velocity" not in done.stdout
    assert "Source: " in done.stdout
    rows = _told("--evidence", evidence, "--profile", "dora")
    assert {(row["profile"], row["environment"]) for row in rows} == {("dora", "production")}
    configured = _trees(tmp_path / "c", config=CONFIG + "metrics: {profile: dora}\n")
    assert {row["profile"] for row in _told("--repo", configured)} == {"dora"}
    months = _told("--repo", configured, "--period", "month")
    assert "velocity_forward" in months[0], "what no profile tells is told by our own"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--environment", "prod"), 2, "error[environment]: there is no environment 'prod' (use one of: production, "),
        (("--by", "component", "--subject", "none"), 2, "error[subject]: no component 'none' was ever deployed to"),
        (("--subject", "api"), 2, "error[subject]: an environment has no subject"),
        (("--period", "all", "--since", "2024-01-01"), 2, "error[period]: --period all begins and ends by itself"),
        (("--profile", "dora", "--by", "component"), 2, "error[profile]: dora is counted for environments"),
        (("--profile", "dora", "--period", "month"), 2, "error[profile]: "),
        (("--profile", "space"), 2, "Usage: "),
        (("--since", "yesterday"), 2, "Usage: "),
        (("--since", "2024-02-01", "--until", "2024-01-01"), 2, "error[since]: --since is not before --until"),
        (("--format", "xml"), 2, "Usage: "),
        (("--evidence", "nowhere"), 4, "error[evidence] nowhere/summary.json: no evidence folder"),
        (("--evidence", "nowhere", "--repo", "."), 2, "error[evidence] nowhere: "),
    ],
)
def test_what_cannot_be_told_is_one_line(
    arguments: tuple[str, ...],
    code: int,
    message: str,
    evidence: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    source = () if "--evidence" in arguments else ("--evidence", str(evidence))
    done = assay_process("metrics", *arguments, *source, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(message)


def test_without_production_there_is_nothing_to_measure(tmp_path: Path) -> None:
    config = CONFIG.replace(", production: true", ", production: false")
    source = gathered(_trees(tmp_path, config=config), tmp_path / "e").folder
    done = assay("metrics", "--evidence", source)
    assert done.exit_code == 0
    assert ("Nothing to measure" in done.stdout) == (not _told("--evidence", source))


def test_what_could_not_be_read_is_said_and_exits_3(tmp_path: Path) -> None:
    repository = _trees(tmp_path, ("s/api=A p/api=A p/db=X", "s/api=A p/api=! p/db=Y"))
    for form in FORMATS:
        done = assay("metrics", "--repo", repository, "--format", form)
        assert done.exit_code == 3
        assert done.stderr.startswith("unreadable[yaml")
        assert done.stdout
        assert "unreadable" not in done.stdout
    assert assay("metrics", "--repo", repository, "--environment", "staging").exit_code == 0, "staging could be read"


def test_badges_are_written_and_results_alone_are_printed(evidence: Path, tmp_path: Path) -> None:
    plain = assay("metrics", "--evidence", evidence).stdout
    done = assay("metrics", "--evidence", evidence, "--badges", tmp_path / "b")
    assert (done.exit_code, done.stdout) == (0, plain)
    names = sorted(path.name for path in (tmp_path / "b").iterdir())
    assert [line.rpartition("/")[2] for line in done.stderr.splitlines()] == names
    before = {path: path.read_bytes() for path in (tmp_path / "b").iterdir()}
    assert len(before) == 7
    assay("metrics", "--evidence", evidence, "--badges", tmp_path / "b")
    assert {path: path.read_bytes() for path in (tmp_path / "b").iterdir()} == before
    assay("metrics", "--evidence", evidence, "--environment", "all", "--badges", tmp_path / "two")
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == ["production", "staging"]


def test_badges_that_cannot_be_written_are_a_fault(evidence: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = assay_process("metrics", "--evidence", evidence, "--badges", tmp_path / "file")
    assert done.returncode == 5
    assert done.stderr.startswith("error[write] ")
    assert one_line(done.stderr.strip()) == done.stderr.strip()


def test_names_that_are_markup_or_formulas_stay_what_they_are(tmp_path: Path) -> None:
    names = ["=1+1", "<b>x", "{{7*7}}"]
    files = {f"deploy/production/{name}.yaml": "image: A\n" for name in names}
    repository = write_trees(tmp_path / "r", [{"assay.yaml": CONFIG, **files, "deploy/staging/a.yaml": "image: A\n"}])
    source = gathered(repository, tmp_path / "e").folder
    rows = _told("--evidence", source, "--by", "component", "--period", "all")
    assert sorted(row["subject"] for row in rows) == ["'=1+1", "<b>x", "{{7*7}}"]
    table = assay("metrics", "--evidence", source, "--by", "component", "--period", "all").stdout
    assert all(name in table for name in names)
