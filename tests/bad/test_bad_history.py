"""A history that was rewritten since the last bundle: tags moved or deleted, branches force-pushed (rows 20 and 21)."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.history_cases import CONFIG, release, shop
from support.plain_git import commit_all, git, new_repository

from generator.evidence.breaks import read_breaks, read_vanished
from generator.evidence.manifest import read_manifest
from generator.evidence.reading import Evidence

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """Return a bare repository that others push to, with three releases."""
    work = shop(tmp_path / "work")
    bare = tmp_path / "upstream.git"
    git(tmp_path, "clone", "--quiet", "--bare", work, bare)
    git(work, "remote", "add", "origin", bare)
    return bare


def _build(repository: Path, tmp_path: Path, *options: str | Path, code: int = 0) -> Result:
    config = tmp_path / "assay.yaml"
    config.write_text(CONFIG)
    arguments = ("--repo", repository, "--config", config, "--output", tmp_path / "site", "--no-cache", "--quiet")
    found = assay("build", *arguments, *options)
    assert found.exit_code == code, found.output
    return found


def _evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "site" / "evidence")


def test_row_20_a_moved_tag_is_a_finding_with_both_ids(upstream: Path, tmp_path: Path) -> None:
    _build(upstream, tmp_path)
    before = git(upstream, "rev-parse", "v2^{commit}")
    git(tmp_path / "work", "tag", "--force", "--annotate", "--message", "Again", "v2", "v3^{commit}")
    git(tmp_path / "work", "push", "--quiet", "--force", "origin", "v2")
    after = git(upstream, "rev-parse", "v2^{commit}")
    _build(upstream, tmp_path)
    (told,) = _evidence(tmp_path).summary.history_findings
    assert (told.finding.rule, told.finding.level, told.finding.subject) == ("tag-moved", "error", "refs/tags/v2")
    assert before[:12] in told.finding.message
    assert after[:12] in told.finding.message
    (broken,) = read_breaks(tmp_path / "site" / "evidence")
    assert (broken.old, broken.new, broken.bundle) == (before, after, 1)
    page = (tmp_path / "site" / "checks.html").read_text("utf-8")
    assert before[:12] in page
    assert after[:12] in page
    assert assay("verify", tmp_path / "site").exit_code == 0


def test_row_21_a_deleted_tag_and_a_forced_push_are_findings_and_the_old_record_is_kept(
    upstream: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    _build(upstream, tmp_path)
    lost = [one for one in _evidence(tmp_path).deployments() if one.sequence == 3]
    old = git(upstream, "rev-parse", "main")
    git(work, "push", "--quiet", "--delete", "origin", "v1")
    git(work, "reset", "--quiet", "--hard", "HEAD~2")
    git(work, "tag", "--delete", "v3", "light-3")
    new = release(work, "4")
    git(work, "push", "--quiet", "--force", "origin", "main")
    _build(upstream, tmp_path)
    bundle = tmp_path / "site" / "evidence"
    told = {one.finding.rule: one.finding for one in _evidence(tmp_path).summary.history_findings}
    assert told.keys() == {"tag-deleted", "branch-rewritten", "release-vanished"}
    assert old[:12] in told["branch-rewritten"].message
    assert new[:12] in told["branch-rewritten"].message
    assert [(one.bundle, one.record) for one in read_vanished(bundle)] == [(1, one) for one in lost]
    assert len(lost) == 2
    for page in ("methods.html", "audit/index.html"):
        assert lost[-1].commit.id in (tmp_path / "site" / page).read_text("utf-8"), page
    assert assay("verify", tmp_path / "site").exit_code == 0


def test_a_build_again_says_the_same(upstream: Path, tmp_path: Path) -> None:
    _build(upstream, tmp_path)
    git(upstream, "tag", "--delete", "v1")
    _build(upstream, tmp_path)
    manifest = (tmp_path / "site" / "evidence" / "manifest.json").read_bytes()
    page = (tmp_path / "site" / "methods.html").read_bytes()
    _build(upstream, tmp_path)
    assert (tmp_path / "site" / "evidence" / "manifest.json").read_bytes() == manifest
    assert (tmp_path / "site" / "methods.html").read_bytes() == page


def test_a_changed_bundle_is_not_followed_and_stays_as_it_is(upstream: Path, tmp_path: Path) -> None:
    _build(upstream, tmp_path)
    records = tmp_path / "site" / "evidence" / "deployments.jsonl"
    records.write_bytes(records.read_bytes().replace(b"shop/api:2", b"shop/api:9"))
    before = {p: p.read_bytes() for p in sorted((tmp_path / "site").rglob("*")) if p.is_file()}
    found = _build(upstream, tmp_path, code=4)
    (line,) = found.stderr.splitlines()
    assert line.startswith("error[previous]")
    assert "deployments.jsonl: changed" in line
    assert "--previous none" in line
    assert {p: p.read_bytes() for p in sorted((tmp_path / "site").rglob("*")) if p.is_file()} == before
    _build(upstream, tmp_path, "--previous", "none")
    assert read_manifest(tmp_path / "site" / "evidence").sequence == 1


def test_another_site_can_be_followed_by_its_path(upstream: Path, tmp_path: Path) -> None:
    _build(upstream, tmp_path)
    shutil.move(tmp_path / "site", tmp_path / "published")
    git(upstream, "tag", "--delete", "v1")
    _build(upstream, tmp_path, "--previous", tmp_path / "published")
    manifest = read_manifest(tmp_path / "site" / "evidence")
    assert manifest.sequence == 2
    assert str(tmp_path) not in json.dumps(manifest.files)
    assert "--previous" in _build(upstream, tmp_path, "--previous", tmp_path / "nowhere", code=2).stderr


def test_a_bundle_of_another_repository_is_refused(upstream: Path, tmp_path: Path) -> None:
    _build(upstream, tmp_path)
    other = new_repository(tmp_path / "another")
    (other / "README").write_text("Another one")
    commit_all(other, "Begin")
    release(other, "1")
    (line,) = _build(other, tmp_path, code=4).stderr.splitlines()
    assert line.startswith("error[previous]")
    assert "another repository" in line
