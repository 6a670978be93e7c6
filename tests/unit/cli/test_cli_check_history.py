"""`assay check --previous` finds what git has no more of a published bundle, before anything is built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.history_cases import CONFIG, release, shop
from support.plain_git import commit_all, git
from support.replay import gathered

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

RULES = {"tag-moved", "tag-deleted", "branch-rewritten", "release-vanished"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = shop(tmp_path / "repository")
    (made / "assay.yaml").write_text(CONFIG)
    commit_all(made, "Configure")
    gathered(made, tmp_path / "published")
    return made


def _check(repository: Path, *options: str | Path) -> Result:
    return assay("check", "--repo", repository, "--format", "json", *options)


def _cases(found: Result) -> dict[str, str]:
    return {case["name"]: case["verdict"] for case in json.loads(found.stdout)["cases"] if case["name"] in RULES}


def test_without_a_bundle_before_no_rule_on_history_is_judged(repository: Path) -> None:
    found = _check(repository)
    assert found.exit_code == 0, found.output
    assert _cases(found) == {}


def test_where_all_of_it_stands_every_rule_passes(repository: Path, tmp_path: Path) -> None:
    release(repository, "4")
    found = _check(repository, "--previous", tmp_path / "published")
    assert found.exit_code == 0, found.output
    assert _cases(found) == dict.fromkeys(RULES, "passed")


def test_what_is_lost_fails_it(repository: Path, tmp_path: Path) -> None:
    git(repository, "tag", "--force", "light-2", "HEAD")
    git(repository, "tag", "--delete", "v1")
    found = _check(repository, "--previous", tmp_path / "published")
    assert found.exit_code == 1, found.output
    expected = {
        "tag-moved": "failed",
        "tag-deleted": "told",
        "branch-rewritten": "passed",
        "release-vanished": "passed",
    }
    assert _cases(found) == expected


def test_an_older_commit_or_a_change_takes_nothing_away(repository: Path, tmp_path: Path) -> None:
    for options in (("--ref", "HEAD~3"), ("--commit", "HEAD~2"), ("--base", "HEAD~1", "--head", "HEAD")):
        found = _check(repository, *options, "--previous", tmp_path / "published")
        assert _cases(found) == dict.fromkeys(RULES, "passed"), (options, found.output)


def test_a_bundle_that_is_not_there_is_a_wrong_call(repository: Path, tmp_path: Path) -> None:
    assert _check(repository, "--previous", tmp_path / "nowhere").exit_code == 2
