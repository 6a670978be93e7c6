"""`assay check` as a pipeline calls it: formats and files, what wins over the policy, what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.manifests import deployment
from support.replay import write_trees

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "environments: {staging: {path: s}, production: {path: p, upstream: staging, production: true}}\n"
DANGLING = deployment(env={"DB_HOST": "db:5432"})


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    tree = {"assay.yaml": CONFIG, "s/api.yaml": DANGLING, "p/api.yaml": deployment()}
    return write_trees(tmp_path / "shop", [tree, tree | {"p/api.yaml": DANGLING}])


def test_files_are_written_beside_what_is_printed(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    files = {"sarif": out / "a.sarif", "junit": out / "a.xml", "markdown": out / "a.md"}
    options = [part for name, file in files.items() for part in ("--format", f"{name}={file}")]
    done = assay("check", "--repo", shop, *options, "--format", "github")
    assert done.exit_code == 1
    assert done.stdout.startswith("::error file=p/api.yaml,line=")
    assert json.loads(files["sarif"].read_text())["version"] == "2.1.0"
    assert files["junit"].read_text().startswith("<?xml")
    assert files["markdown"].read_text().startswith("## ")
    assert sorted(out.iterdir()) == sorted(files.values())
    again = assay("check", "--repo", shop, *options, "--format", "github")
    assert again.stdout == done.stdout


def test_a_refusal_writes_no_file(shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.sarif"
    assert assay("check", "--repo", shop, "--commit", "nowhere", "--format", f"sarif={file}").exit_code == 2
    assert not file.exists()


def test_options_win_over_the_policy(shop: Path) -> None:
    assert assay("check", "--repo", shop, "--fail-on", "never").exit_code == 0
    found = assay("check", "--repo", shop, "--environment", "staging", "--environment", "production")
    assert {line.split()[1] for line in found.stdout.splitlines() if line.startswith("error")} == {
        "staging",
        "production",
    }


def test_environments_and_level_are_taken_from_the_policy(shop: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(CONFIG + "check: {environments: staging, fail_on: never}\n")
    found = assay("check", "--repo", shop, "--config", own)
    assert found.exit_code == 0
    assert {line.split()[1] for line in found.stdout.splitlines() if line.startswith("error")} == {"staging"}


def test_what_is_new_is_listed_as_rows_too(shop: Path) -> None:
    every = json.loads(assay("check", "--repo", shop, "--json").stdout)
    new = json.loads(assay("check", "--repo", shop, "--json", "--commit", "HEAD").stdout)
    assert [row["rule"] for row in new if row["level"] == "error"] == ["dangling-reference"]
    assert len(new) < len(every)


@pytest.mark.parametrize(
    "options",
    [
        ("--json", "--format", "sarif"),
        ("--format", "sarif", "--format", "junit"),
        ("--format", "html"),
        ("--commit", "HEAD", "--ref", "HEAD"),
        ("--fail-on", "fatal"),
    ],
)
def test_what_cannot_be_asked_together_is_a_usage_error(shop: Path, options: tuple[str, ...]) -> None:
    done = assay("check", "--repo", shop, *options)
    assert (done.exit_code, done.stdout) == (2, "")


def test_a_repository_without_commits_passes(tmp_path: Path) -> None:
    from support.plain_git import new_repository

    done = assay("check", "--repo", new_repository(tmp_path / "r"), "--format", "junit")
    assert done.exit_code == 0
