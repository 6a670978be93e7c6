"""An application's own repository is trusted no more than the one that is reported on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.manifests import CONFIG, deployment
from support.plain_git import commit_all, git, new_repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def main(tmp_path: Path) -> Path:
    """Return a repository to report on."""
    repository = new_repository(tmp_path / "main")
    (repository / "assay.yaml").write_text(CONFIG)
    (repository / "deploy").mkdir()
    for version in ("1.0", "1.1"):
        (repository / "deploy" / "api.yaml").write_text(deployment(image=f"shop/api:{version}"))
        commit_all(repository)
    return repository


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return the repository of its application."""
    repository = new_repository(tmp_path / "app")
    for version in ("1.0", "1.1"):
        (repository / "code").write_text(version)
        commit_all(repository)
        git(repository, "tag", version)
    return repository


def build(main: Path, application: str) -> tuple[int, str]:
    output = main.parent / "site"
    done = assay("build", "--repo", str(main), "--output", str(output), "--application", application)
    return done.exit_code, done.stderr


def test_its_settings_run_nothing(main: Path, app: Path, tmp_path: Path) -> None:
    mark, program = tmp_path / "mark", tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho ran >> {mark}\nexit 1\n")
    program.chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "credential.helper"):
        git(app, "config", setting, str(program))
    git(app, "config", "log.showSignature", "true")
    git(app, "config", "core.hooksPath", str(tmp_path))
    git(app, "config", "remote.origin.url", "ssh://nowhere.example/app")
    git(app, "config", "remote.origin.promisor", "true")
    git(app, "config", "extensions.partialClone", "origin")
    code, told = build(main, f"api={app}")
    assert (code, mark.exists()) == (0, False), told
    assert b"committed_at" in (main.parent / "site" / "evidence" / "changes.jsonl").read_bytes()


def test_names_of_its_tags_are_data(main: Path, app: Path, tmp_path: Path) -> None:
    target = tmp_path / "written"
    packed = app / ".git" / "packed-refs"
    head = git(app, "rev-parse", "HEAD")
    packed.write_text(f"# pack-refs with: peeled fully-peeled sorted \n{head} refs/tags/--output={target.name}\n")
    (main / "deploy" / "api.yaml").write_text(deployment(image=f"'shop/api:--output={target.name}'"))
    commit_all(main)
    code, told = build(main, f"api={app}")
    assert (code, target.exists(), (app / target.name).exists()) == (0, False, False), told


def test_objects_borrowed_from_elsewhere_are_refused(main: Path, app: Path, tmp_path: Path) -> None:
    (app / ".git" / "objects" / "info" / "alternates").write_text(f"{tmp_path}\n")
    code, told = build(main, f"api={app}")
    assert code == 4
    assert "application `api`: objects are borrowed" in told
    assert not (main.parent / "site").exists()


def test_the_repository_itself_names_no_place_of_the_machine(main: Path, app: Path) -> None:
    (main / "assay.yaml").write_text(f"{CONFIG}applications:\n  api: {app}\n")
    commit_all(main)
    done = assay("build", "--repo", str(main), "--output", str(main.parent / "site"))
    assert done.exit_code == 4
    assert "applications" in done.stderr


@pytest.mark.parametrize("given", ["api", "=app", "api="])
def test_an_option_without_its_parts_is_a_usage_error(main: Path, given: str) -> None:
    code, told = build(main, given)
    assert code == 2
    assert "--application checkout=../checkout" in told


def test_a_place_that_is_not_there_is_a_usage_error(main: Path, tmp_path: Path) -> None:
    code, told = build(main, f"api={tmp_path / 'nowhere'}")
    assert code == 2
    assert "check --application" in told
