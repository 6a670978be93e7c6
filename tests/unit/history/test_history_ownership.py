from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.plain_git import new_repository

from generator.errors import RefusedError
from generator.history.ownership import refuse_foreign_owner

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the git directory of a repository of somebody else, in an environment that names nothing as safe."""
    for name in [name for name in os.environ if name.startswith(("GIT_CONFIG", "XDG_", "SUDO_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "system"))
    (tmp_path / "home").mkdir()
    repository = new_repository(tmp_path / "a" / "repository")
    owner = repository.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    return repository / ".git"


def _name(file: Path, *values: str | Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    for value in values:
        subprocess.run(["git", "config", "--file", file, "--add", "safe.directory", str(value)], check=True)


def test_the_owner_may_read(foreign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: foreign.stat().st_uid)
    refuse_foreign_owner(foreign)


def test_nobody_else_may_and_the_line_that_allows_it_is_told(foreign: Path) -> None:
    with pytest.raises(RefusedError, match=r"git config --global --add safe\.directory") as refused:
        refuse_foreign_owner(foreign)
    assert refused.value.fix.endswith(str(foreign.parent))


@pytest.mark.parametrize("file", ["home/.gitconfig", "home/.config/git/config", "system"])
def test_a_configuration_that_git_trusts_names_it(foreign: Path, tmp_path: Path, file: str) -> None:
    _name(tmp_path / file, foreign.parent)
    refuse_foreign_owner(foreign)


def test_the_folder_for_configurations_may_be_another(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _name(tmp_path / "other" / "git" / "config", foreign.parent)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "other"))
    refuse_foreign_owner(foreign)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    with pytest.raises(RefusedError):
        refuse_foreign_owner(foreign)


def test_the_environment_names_it_as_it_does_for_git(foreign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "2")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.pager")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
    monkeypatch.setenv("GIT_CONFIG_KEY_1", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_1", str(foreign.parent))
    refuse_foreign_owner(foreign)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    with pytest.raises(RefusedError):
        refuse_foreign_owner(foreign)


def test_the_configuration_of_the_repository_itself_says_nothing(foreign: Path) -> None:
    _name(foreign / "config", "*")
    with pytest.raises(RefusedError):
        refuse_foreign_owner(foreign)


@pytest.mark.parametrize(
    ("values", "safe"),
    [
        (("*",), True),
        (("{}/a/*",), True),
        (("{}/b/*",), False),
        (("{}/a",), False),
        (("{}/a/repository/",), True),
        (("{}/a/repository/.git",), True),
        (("*", ""), False),
        (("*", "", "{}/a/repository"), True),
    ],
)
def test_values_mean_what_they_mean_to_git(foreign: Path, tmp_path: Path, values: tuple[str, ...], safe: bool) -> None:  # noqa: FBT001 - a column of the table
    _name(tmp_path / "home" / ".gitconfig", *(value.format(tmp_path) for value in values))
    if safe:
        refuse_foreign_owner(foreign)
        return
    with pytest.raises(RefusedError):
        refuse_foreign_owner(foreign)


def test_a_configuration_that_is_none_is_told(foreign: Path, tmp_path: Path) -> None:
    (tmp_path / "home" / ".gitconfig").write_text("no section = 1\n", "utf-8")
    with pytest.raises(RefusedError, match=r"error\[git-config\] .*\.gitconfig"):
        refuse_foreign_owner(foreign)


def test_a_system_that_is_not_to_be_asked_is_not(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _name(tmp_path / "system", "*")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    with pytest.raises(RefusedError):
        refuse_foreign_owner(foreign)


def test_a_home_that_may_not_be_looked_into_says_nothing(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _name(tmp_path / "system", foreign.parent)
    _name(tmp_path / "home" / ".gitconfig", "")
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "/home/" not in str(path) and allowed(path, mode))
    refuse_foreign_owner(foreign)
