"""The command line: exit codes, one-line errors, what goes to which stream, and that a refusal writes nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.command import assay, assay_process
from support.manifests import CONFIG, deployment
from support.plain_git import commit_all, new_repository
from support.replay import START, gathered, write_trees

if TYPE_CHECKING:
    from pathlib import Path

DANGLING = deployment(env={"DB_HOST": "db:5432"})
TWO = {
    f"deploy/overlays/{name}/api.yaml": deployment(image=f"shop/api:{n}")
    for n, name in enumerate(("staging", "production"), 1)
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_trees(tmp_path / "repository", [{"assay.yaml": CONFIG, "deploy/api.yaml": deployment()}])


def test_a_build_gives_a_site_and_its_result_as_json(repository: Path, tmp_path: Path) -> None:
    done = assay_process("build", "--repo", repository, "--output", tmp_path / "site", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert (result["deployments"], result["unreadable"]) == (1, 0)
    assert result["as_of"] == "2024-01-01T12:00:00Z"
    assert (tmp_path / "site" / "index.html").is_file()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == [], "nothing is left beside the site"
    verified = assay("verify", tmp_path / "site")
    assert (verified.exit_code, verified.stderr) == (0, "")


def test_progress_is_on_standard_error_alone(repository: Path, tmp_path: Path) -> None:
    done = assay_process("build", "--repo", repository, "--output", tmp_path / "site")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("1 deployment, 1 release among them, in ")
    assert done.stdout.splitlines()[1].startswith("Open file://")
    assert "Layout: assay.yaml" in done.stderr
    assert "\x1b" not in done.stderr + done.stdout, "no colours where nobody looks"


def test_quiet_says_nothing(repository: Path, tmp_path: Path) -> None:
    done = assay_process("build", "--repo", repository, "--output", tmp_path / "site", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "code", "start"),
    [
        (["--repo", "nowhere"], 4, "error[no-repository] nowhere: "),
        (["--repo", "empty"], 4, "error[no-repository] empty: "),
        (["--repo", "repository", "--ref", "nowhere"], 4, "error[ref]: no commit is named 'nowhere'"),
        (["--repo", "repository", "--config", "nowhere.yaml"], 2, "error[config-missing] nowhere.yaml: "),
        (["--repo", "plain"], 4, "error[no-layout]: "),
    ],
)
@pytest.mark.parametrize("command", ["build", "check"])
def test_what_is_not_there_is_one_line_and_nothing_is_written(
    arguments: list[str],
    command: str,
    *,
    code: int,
    start: str,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "empty").mkdir()
    plain = new_repository(tmp_path / "plain")
    (plain / "README").write_text("x")
    commit_all(plain)
    monkeypatch.chdir(tmp_path)
    before = sorted(p.name for p in tmp_path.iterdir())
    options = ["--output", "site", "--quiet"] if command == "build" else []
    found = assay(command, *arguments, *options)
    assert (found.exit_code, found.stdout) == (code, "")
    (line,) = found.stderr.splitlines()
    assert line.startswith(start)
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    del repository


def test_a_refusal_leaves_the_old_site_as_it_was(repository: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert assay_process("build", "--repo", repository, "--output", site, "--quiet").returncode == 0
    before = {p: p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}
    assert assay("build", "--repo", repository, "--ref", "nowhere", "--output", site).exit_code == 4
    assert {p: p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()} == before


def test_every_error_of_the_configuration_is_told_at_once(repository: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(
        "titel: Shop\nenvironments:\n  staging: {path: s, upstream: nobody}\n"
        "  production: {path: p, reader: helmm}\nbulk: many\n"
    )
    found = assay("build", "--repo", repository, "--config", config, "--output", tmp_path / "site", "--quiet")
    assert (found.exit_code, found.stdout) == (4, "")
    places = [line.split(": ")[0].removeprefix(f"error[config] {config}:") for line in found.stderr.splitlines()]
    assert places == ["1:1", "3:32", "4:33", "5:7"]
    assert not (tmp_path / "site").exists()


def test_a_broken_configuration_of_the_repository_is_refused(tmp_path: Path) -> None:
    repository = write_trees(
        tmp_path / "r", [{"assay.yaml": "environments: [\n", "deploy/api.yaml": deployment()}], bare=True
    )
    found = assay("check", "--repo", repository)
    assert found.exit_code == 4
    (line,) = found.stderr.splitlines()
    assert line.startswith("error[config] assay.yaml:2")


def test_check_lists_findings_and_fails_on_an_error(tmp_path: Path) -> None:
    repository = write_trees(tmp_path / "r", [{"assay.yaml": CONFIG, "deploy/api.yaml": f"# why\n{DANGLING}"}])
    found = assay("check", "--repo", repository)
    assert found.exit_code == 1
    errors = [line for line in found.stdout.splitlines() if line.startswith("error[")]
    (line,) = errors
    assert line.startswith("error[dangling-reference] production deploy/api.yaml:14: api ")
    told = found.stdout.splitlines()
    after = told[told.index(line) + 1]
    assert after.startswith("    do: "), "what to do stands below what fails"
    findings = len([one for one in told if not one.startswith(" ")])
    assert found.stderr == f"{findings} findings. The check failed: dangling-reference in production.\n"


def test_check_as_json(tmp_path: Path) -> None:
    repository = write_trees(tmp_path / "r", [{"assay.yaml": CONFIG, "deploy/api.yaml": DANGLING}])
    found = assay("check", "--repo", repository, "--json")
    rows = json.loads(found.stdout)
    (row,) = [r for r in rows if r["level"] == "error"]
    assert (row["environment"], row["rule"], row["subject"], row["path"]) == (
        "production",
        "dangling-reference",
        "api",
        "deploy/api.yaml",
    )
    assert rows[0] == row, "worst first"


def test_check_without_an_error_passes(repository: Path) -> None:
    found = assay("check", "--repo", repository)
    assert found.exit_code == 0
    assert "error[" not in found.stdout


def test_check_looks_at_production_unless_told(tmp_path: Path) -> None:
    files = {"s/a.yaml": DANGLING, "p/a.yaml": deployment()}
    config = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging, production: true}\n"
    repository = write_trees(tmp_path / "r", [{"assay.yaml": config, **files}])
    assert assay("check", "--repo", repository).exit_code == 0
    assert assay("check", "--repo", repository, "--environment", "staging").exit_code == 1
    found = assay("check", "--repo", repository, "--environment", "prod")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr == "error[environment]: there is no environment 'prod' (use one of: production, staging)\n"


def test_check_of_an_unreadable_file_exits_3(tmp_path: Path) -> None:
    repository = write_trees(tmp_path / "r", [{"assay.yaml": CONFIG, "deploy/api.yaml": "a: [\n"}])
    assert assay("check", "--repo", repository).exit_code == 3


def test_init_writes_what_a_build_would_detect(tmp_path: Path) -> None:
    repository = write_trees(tmp_path / "r", [TWO])
    detected = gathered(repository, tmp_path / "detected")
    written = assay("init", "--repo", repository)
    assert (written.exit_code, written.stdout) == (0, f"Wrote {repository / 'assay.yaml'}\n")
    told = gathered(repository, tmp_path / "told")
    assert told.evidence.summary.config_digest == detected.evidence.summary.config_digest
    assert told.topologies == detected.topologies
    assert (detected.evidence.summary.coverage.detected, told.evidence.summary.coverage.detected) == (True, False)
    assert [e.name for e in told.evidence.summary.environments] == ["staging", "production"]
    again = assay("init", "--repo", repository)
    assert again.exit_code == 4
    assert again.stderr.splitlines()[-1].startswith(f"error[exists] {repository / 'assay.yaml'}: ")


def test_init_of_a_bare_repository_needs_a_place(tmp_path: Path) -> None:
    repository = write_trees(tmp_path / "r", [TWO], bare=True)
    assert assay("init", "--repo", repository).exit_code == 2
    shown = assay("init", "--repo", repository, "--stdout")
    assert shown.exit_code == 0
    assert assay("init", "--repo", repository, "--output", tmp_path / "a.yaml").exit_code == 0
    assert (tmp_path / "a.yaml").read_text("utf-8") == shown.stdout


def test_init_without_commits_or_layout_is_refused(tmp_path: Path) -> None:
    empty = new_repository(tmp_path / "empty")
    found = assay("init", "--repo", empty)
    assert (found.exit_code, found.stdout) == (4, "")
    assert found.stderr.startswith("error[no-commits]")
    assert sorted(p.name for p in empty.iterdir()) == [".git"]


@pytest.mark.parametrize("name", ["config", "summary", "deployment", "component", "object", "manifest"])
def test_every_schema_is_printed(name: str) -> None:
    found = assay("schema", name)
    assert found.exit_code == 0
    assert json.loads(found.stdout)["$schema"].startswith("https://json-schema.org/")


def test_an_unknown_schema_is_a_usage_error() -> None:
    found = assay("schema", "nothing")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.startswith("error[schema]: there is no schema 'nothing' (use one of: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--nothing"],
        ["nothing"],
        ["build", "--limit", "0"],
        ["build", "--as-of", "soon"],
        ["verify"],
        ["serve", "--port", "x"],
    ],
)
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    found = assay(*arguments)
    assert (found.exit_code, found.stdout) == (2, "")


def test_as_of_takes_a_date_or_a_moment(repository: Path, tmp_path: Path) -> None:
    found = gathered(repository, tmp_path / "evidence", as_of=START + 86_400)
    assert found.evidence.summary.as_of == "2024-01-02T12:00:00Z"
    for number, moment in enumerate(("2024-01-02T12:00:00Z", "2024-01-02T13:00:00+01:00", "2024-01-02T12:00:00")):
        done = assay("build", "--repo", repository, "--output", tmp_path / str(number), "--as-of", moment, "--json")
        assert json.loads(done.stdout)["as_of"] == "2024-01-02T12:00:00Z"
        shutil.rmtree(tmp_path / str(number))


def test_verify_of_no_evidence_is_refused(tmp_path: Path) -> None:
    found = assay("verify", tmp_path)
    assert (found.exit_code, found.stdout) == (4, "")
    assert len(found.stderr.splitlines()) == 1


def test_serve_needs_a_site(tmp_path: Path) -> None:
    found = assay("serve", "--output", tmp_path)
    assert found.exit_code == 4
    assert found.stderr.startswith(f"error[no-site] {tmp_path}: ")


def test_a_place_that_cannot_be_written_is_a_fault(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    found = assay("build", "--repo", repository, "--output", tmp_path / "file" / "site", "--quiet")
    assert (found.exit_code, found.stdout) == (5, "")
    (line,) = found.stderr.splitlines()
    assert line.startswith("error[")


def test_the_help_of_every_command_is_short_and_the_version_told() -> None:
    assert assay("--version").stdout.startswith("assay ")
    for command in ("init", "build", "serve", "check", "verify", "show", "diff", "demo", "schema"):
        found = assay(command, "--help")
        assert found.exit_code == 0
        assert found.stdout.startswith(f"Usage: main {command}")


def test_a_command_that_needs_no_engine_loads_none() -> None:
    heavy = ("mkdocs", "vl_convert", "networkx", "jinja2")
    code = f"import sys; import generator.cli; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
