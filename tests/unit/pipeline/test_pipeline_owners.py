"""Who looks after what at the newest commit, as the evidence keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.manifests import CONFIG, deployment
from support.plain_git import commit_all
from support.replay import Gathered, gathered, write_trees

from generator.errors import ExitCode
from generator.metrics.codeowners import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

SHOP = {"deploy/api.yaml": deployment("api"), "deploy/web.yaml": deployment("web")}


def told(found: Gathered) -> dict[str, str]:
    return {cell.component: cell.team for cell in found.evidence.summary.environments[0].cells}


def read(folder: Path, *trees: dict[str, str], config: str = CONFIG) -> Gathered:
    return gathered(write_trees(folder / "repository", trees), folder / "evidence", config)


def test_without_owners_nobody_is_named(tmp_path: Path) -> None:
    assert told(read(tmp_path, SHOP)) == {"api": "", "web": ""}


def test_the_newest_owners_count_where_hosting_services_look_first(tmp_path: Path) -> None:
    old = SHOP | {".github/CODEOWNERS": "* @old\n"}
    new = SHOP | {".github/CODEOWNERS": "* @org/all\napi.yaml @org/b @org/a\n", "CODEOWNERS": "* @root\n"}
    assert told(read(tmp_path, old, new)) == {"api": "@org/a, @org/b", "web": "@org/all"}


def test_the_configured_file_counts_alone(tmp_path: Path) -> None:
    tree = SHOP | {"CODEOWNERS": "* @root\n", "who.txt": "api.yaml @org/a\n"}
    config = f"{CONFIG}metrics:\n  teams: {{codeowners: who.txt}}\n"
    assert told(read(tmp_path, tree, config=config)) == {"api": "@org/a", "web": ""}


def test_a_configured_file_that_is_not_there_is_noted(tmp_path: Path) -> None:
    config = f"{CONFIG}metrics:\n  teams: {{codeowners: who.txt}}\n"
    found = read(tmp_path, SHOP | {"CODEOWNERS": "* @root\n"}, config=config)
    assert told(found) == {"api": "", "web": ""}
    assert [(u.code, u.path, u.level) for u in found.evidence.summary.unreadable] == [
        ("codeowners-missing", "who.txt", "note")
    ]
    assert found.outcome.exit_code is ExitCode.OK


def test_a_label_comes_before_the_owners(tmp_path: Path) -> None:
    labelled = deployment("api").replace("metadata: {name: api}", "metadata: {name: api, labels: {team: shop}}", 1)
    tree = SHOP | {"deploy/api.yaml": labelled, "CODEOWNERS": "* @root\n"}
    config = f"{CONFIG}metrics:\n  teams: {{label: team}}\n"
    assert told(read(tmp_path, tree, config=config)) == {"api": "shop", "web": "@root"}


def test_a_bad_line_is_a_note_and_a_file_too_large_is_unreadable(tmp_path: Path) -> None:
    found = read(tmp_path / "1", SHOP | {"CODEOWNERS": "* @root\nweb nobody\n"})
    assert told(found) == {"api": "@root", "web": "@root"}
    assert [(u.code, u.line, u.level) for u in found.evidence.summary.unreadable] == [("codeowners-line", 2, "note")]
    large = read(tmp_path / "2", SHOP | {"CODEOWNERS": "* @root\n" + "#" * MAX_BYTES})
    assert told(large) == {"api": "", "web": ""}
    assert large.outcome.exit_code is ExitCode.UNREADABLE


def test_a_link_is_never_followed(tmp_path: Path) -> None:
    repository = write_trees(tmp_path / "repository", [SHOP | {"owners": "* @root\n"}])
    (repository / "CODEOWNERS").symlink_to("owners")
    commit_all(repository)
    assert told(gathered(repository, tmp_path / "evidence", CONFIG)) == {"api": "", "web": ""}


def test_what_owners_say_stays_inert(tmp_path: Path) -> None:
    found = read(tmp_path, SHOP | {"CODEOWNERS": "* @<script>alert(1)</script>\n* [x](javascript:1)\n"})
    assert told(found) == {"api": "", "web": ""}
    assert "<script>" not in (found.folder / "summary.json").read_text()
