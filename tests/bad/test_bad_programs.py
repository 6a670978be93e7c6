"""A hostile repository's settings name programs; none of them may run (rows 1 to 4 and 6)."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

import pytest
from support.command import assay, assay_process
from support.manifests import CONFIG, deployment
from support.plain_git import blob, commit_all, git, new_repository, raw_commit, tree_of

if TYPE_CHECKING:
    from pathlib import Path

HOOKS = ("post-checkout", "post-index-change", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman")
SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEzBAABCAAdFiEE\n -----END PGP SIGNATURE-----\n"
MEMORY = 2_000_000_000
"""Bytes of address space that a run may take where a file without an end is near."""


class Trap:
    """A repository whose settings name a program that leaves a mark when it runs."""

    def __init__(self, folder: Path) -> None:
        """Make the repository in `folder`."""
        self.mark = folder / "mark"
        self.program = folder / "program"
        self.program.write_text(f"#!/bin/sh\necho ran >> {self.mark}\nexit 1\n")
        self.program.chmod(0o755)
        self.repository = new_repository(folder / "repository")
        (self.repository / "deploy").mkdir()
        (self.repository / "deploy" / "api.yaml").write_text(deployment())
        (self.repository / "assay.yaml").write_text(CONFIG)
        (self.repository / ".gitattributes").write_text("*.yaml diff=trap filter=trap\n")
        commit_all(self.repository)

    def set(self, **settings: str) -> None:
        """Put settings (`core__pager` for `core.pager`) into the repository's own configuration."""
        for name, value in settings.items():
            git(self.repository, "config", name.replace("__", "."), value)

    @property
    def ran(self) -> bool:
        """Return whether the program ran."""
        return self.mark.exists()

    def sprung(self, *command: str) -> bool:
        """Return whether plain git falls into the trap; the mark is taken away again."""
        git(self.repository, *command, check=False)
        found = self.ran
        self.mark.unlink(missing_ok=True)
        return found


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path)


def _run_everything(trap: Trap, tmp_path: Path, expected: int = 0) -> None:
    repository = trap.repository
    checked = assay("check", "--repo", repository, "--json")
    assert checked.exit_code == expected, checked.output
    assert assay("init", "--repo", repository, "--stdout").exit_code == 0
    built = assay_process("build", "--repo", repository, "--output", tmp_path / "site", "--quiet")
    assert built.returncode == expected, built.stderr
    assert not trap.ran


def test_programs_of_the_settings_do_not_run(trap: Trap, tmp_path: Path) -> None:
    program = str(trap.program)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in HOOKS:
        (hooks / name).symlink_to(program)
    trap.set(core__fsmonitor=program)
    assert trap.sprung("status"), "the trap itself works"
    trap.set(
        core__pager=program,
        pager__log=program,
        core__hooksPath=str(hooks),
        core__sshCommand=program,
        core__editor=program,
        core__gitProxy=program,
        credential__helper=program,
        core__askPass=program,
    )
    _run_everything(trap, tmp_path)


def test_programs_of_attributes_do_not_run(trap: Trap, tmp_path: Path) -> None:
    program = str(trap.program)
    trap.set(diff__trap__textconv=program)
    assert trap.sprung("log", "-p"), "the trap itself works"
    trap.set(
        diff__trap__command=program,
        diff__external=program,
        filter__trap__clean=program,
        filter__trap__smudge=program,
        filter__trap__process=program,
        filter__trap__required="true",
    )
    _run_everything(trap, tmp_path)


def test_the_program_for_signatures_does_not_run(trap: Trap, tmp_path: Path) -> None:
    tree = git(trap.repository, "rev-parse", "HEAD^{tree}")
    raw_commit(trap.repository, tree, [git(trap.repository, "rev-parse", "HEAD")], headers=SIGNATURE)
    trap.set(log__showSignature="true", gpg__program=str(trap.program), gpg__format="openpgp")
    assert trap.sprung("log"), "the trap itself works"
    _run_everything(trap, tmp_path)


def test_a_missing_object_is_not_fetched(trap: Trap) -> None:
    repository = trap.repository
    lost = blob(repository, deployment(image="shop/api:2").encode())
    raw_commit(repository, tree_of(repository, {"api.yaml": deployment(image="shop/api:2").encode()}))
    (repository / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    trap.set(
        core__repositoryFormatVersion="1",
        extensions__partialClone="origin",
        remote__origin__url="ssh://git@example.invalid/shop.git",
        remote__origin__promisor="true",
        core__sshCommand=str(trap.program),
    )
    assert trap.sprung("cat-file", "blob", lost), "the trap itself works"
    found = assay("check", "--repo", repository, "--json")
    assert found.exit_code == 3, found.output
    assert not trap.ran


@pytest.mark.parametrize("kind", ["pipe", "/dev/zero"])
def test_a_configuration_that_never_ends_is_refused(kind: str, trap: Trap, tmp_path: Path) -> None:
    included = tmp_path / "pipe"
    if kind == "pipe":
        os.mkfifo(included)
    target = str(included) if kind == "pipe" else kind
    with (trap.repository / ".git" / "config").open("a") as file:
        file.write(f"[include]\n\tpath = {target}\n")
    done = assay_process(
        *("build", "--repo", trap.repository, "--output", tmp_path / "site"),
        before=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        timeout=20,
    )
    assert done.returncode == 4, done.stderr
    assert done.stderr.splitlines()[-1].startswith("error[")
    assert not (tmp_path / "site").exists()


def test_a_work_tree_elsewhere_is_neither_read_nor_written(trap: Trap, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "assay.yaml").write_text("environments:\n  outside: {path: deploy}\n")
    git(trap.repository, "rm", "--quiet", "assay.yaml")
    git(trap.repository, "commit", "--quiet", "--message", "Without")
    trap.set(core__worktree=str(elsewhere))
    found = assay("check", "--repo", trap.repository, "--environment", "outside")
    assert found.exit_code in {2, 4}, "there is no environment of that name in this repository"
    (elsewhere / "assay.yaml").unlink()
    assay("init", "--repo", trap.repository)
    assert list(elsewhere.iterdir()) == []


def test_a_configuration_that_is_a_link_is_not_followed(trap: Trap, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("environments:\n  outside: {path: deploy}\n")
    (trap.repository / "assay.yaml").unlink()
    (trap.repository / "assay.yaml").symlink_to(outside)
    commit_all(trap.repository)
    found = assay("check", "--repo", trap.repository, "--environment", "outside")
    assert found.exit_code in {2, 4}, "what stands outside of the repository is not read"
