"""What a hostile record, pattern or list of owners once did to a run, and must not do again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.manifests import CONFIG, deployment
from support.plain_git import commit_all, git, new_repository

from generator.config.globs import matches
from generator.declarations.files import parse_declarations
from generator.metrics.codeowners import MOST_WILD, parse_codeowners
from generator.pipeline.applications import Applications
from generator.pipeline.masking import prose

if TYPE_CHECKING:
    from pathlib import Path

BEYOND = ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00")
"""Times whose zones carry them beyond the calendar."""
BOMBS = [
    ("*a" * 12 + "b", "a" * 60),
    ("**/" * 11 + "z", "d/" * 200 + "y"),
    ("**a" * 20 + "b", "a" * 2000),
    ("**/*a*b" * 9, "a/" * 500),
]


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """Return a repository to report on."""
    repository = new_repository(tmp_path / "main")
    (repository / "assay.yaml").write_text(CONFIG)
    (repository / "deploy").mkdir()
    (repository / "deploy" / "api.yaml").write_text(deployment())
    commit_all(repository)
    return repository


@pytest.mark.parametrize("when", BEYOND)
def test_a_time_beyond_the_calendar_costs_its_record_alone(main: Path, tmp_path: Path, when: str) -> None:
    records = tmp_path / "records"
    records.mkdir()
    (records / "downtime.csv").write_text(
        f"environment,start,end\nproduction,{when},\nproduction,2020-01-01,2020-01-02\n"
    )
    done = assay("check", "--repo", str(main), "--records", str(records))
    assert done.exit_code == 3
    assert "downtime.csv:2" in done.stderr
    assert "1 item could not be read" in done.stderr


@pytest.mark.parametrize("when", BEYOND)
def test_so_does_one_of_a_declared_approval(when: str) -> None:
    text = f"approvals:\n  - {{commit: production-1, by: a, reason: b, at: '{when}'}}\n"
    declared, problems = parse_declarations(text.encode(), ".assay/a.yaml")
    assert not declared.approvals
    assert [problem.place.line for problem in problems] == [2]


@pytest.mark.parametrize(("pattern", "path"), BOMBS)
def test_no_pattern_of_paths_takes_long(pattern: str, path: str) -> None:
    start = time.process_time()
    assert not matches((pattern,), path)
    assert time.process_time() - start < 1


def test_a_pattern_of_records_cannot_hold_a_run_up(main: Path) -> None:
    (main / "x").mkdir()
    (main / "x" / f"{'a' * 60}.yaml").write_text("downtime: []\n")
    (main / "assay.yaml").write_text(f"{CONFIG}records:\n  - {{path: 'x/{'*a' * 12}b'}}\n")
    commit_all(main)
    start = time.process_time()
    assert assay("check", "--repo", str(main)).exit_code == 0
    assert time.process_time() - start < 20


def test_masses_of_owners_with_wildcards_take_bounded_time() -> None:
    line = "**/*a*/" * 8 + "*b @team\n"
    owners, problems = parse_codeowners((line * 19_000).encode(), "CODEOWNERS")
    assert any(f"more than the {MOST_WILD} names" in problem.reason for problem in problems)
    start = time.process_time()
    for number in range(200):
        assert owners.of(f"deploy/d{number}/x/y/c.yaml") == ()
    assert time.process_time() - start < 5


@pytest.mark.parametrize("word", ["Bearer", "Basic", "bearer"])
def test_a_header_in_a_sentence_is_no_scope_of_it(word: str) -> None:
    assert "CANARY" not in prose(f"Authorization: {word} CANARYtoken1234567890abcd was leaked")
    assert prose("sealed-secrets: bump to 2.1") == "sealed-secrets: bump to 2.1"


def test_names_of_applications_are_shown_without_secrets_and_on_one_line(main: Path) -> None:
    (note,) = Applications([(f"ghp_{'A1' * 18}\x1b[2J", main)]).notes()
    assert "ghp_" not in note
    assert note.isprintable()


def test_what_is_wrong_with_an_application_is_told_in_gits_own_words_alone(main: Path, tmp_path: Path) -> None:
    app = new_repository(tmp_path / "app")
    (app / "code").write_text("x")
    commit_all(app)
    git(app, "tag", "1.0")
    (app / ".git" / "refs" / "tags" / "1.0").write_text(f"{'1' * 40}\n")
    output = str(tmp_path / "site")
    done = assay("build", "--repo", str(main), "--output", output, "--application", f"api={app}")
    assert done.exit_code == 4
    assert "bad object refs/tags/1.0" in done.stderr
    assert "hint" not in done.stderr
