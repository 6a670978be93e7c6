"""Whose repository may be read: one's own, or one that the user or the machine has named as safe.

The same settings count as for git itself (`safe.directory` of the system, of the user and of the environment), since
in a pipeline it is the runner that clones, as another user. The repository's own configuration is not asked.
"""

from __future__ import annotations

import configparser
import os
from pathlib import Path
from typing import TYPE_CHECKING

import git

from generator.errors import FaultError, Place, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SYSTEM = "/etc/gitconfig"


def refuse_foreign_owner(git_dir: Path) -> None:
    """Raise `RefusedError` where `git_dir` belongs to somebody else and nothing names it as safe.

    Raises `FaultError` where its owner can't be told.
    """
    try:
        owner = git_dir.stat().st_uid
    except OSError as fault:
        raise FaultError("repository", str(fault), place=Place(str(git_dir))) from fault
    sudo = os.environ.get("SUDO_UID", "")
    allowed = {os.geteuid()} | ({int(sudo)} if sudo.isdigit() else set())
    if owner in allowed or _is_safe(git_dir):
        return
    reason = "the repository belongs to another user"
    fix = f"git config --global --add safe.directory {git_dir.parent if git_dir.name == '.git' else git_dir}"
    raise RefusedError("foreign-owner", reason, place=Place(str(git_dir)), fix=fix)


def _is_safe(git_dir: Path) -> bool:
    """Return whether a configuration that git trusts names this folder; an empty value forgets those before it."""
    safe = False
    for value in _safe_directories():
        safe = bool(value) and (safe or _names(value, git_dir))
    return safe


def _names(value: str, git_dir: Path) -> bool:
    if value == "*":
        return True
    if value.endswith("/*"):
        return Path(value[:-2]) in git_dir.parents
    return value.rstrip("/") in {str(git_dir), str(git_dir.parent)}


def _safe_directories() -> Iterator[str]:
    """Yield every `safe.directory`, in the order in which git reads them."""
    for path in _files():
        # What one may not read says nothing, as to git: a pipeline may run with the home of somebody else.
        if not os.access(path, os.R_OK) or not path.is_file():
            continue
        try:
            with git.GitConfigParser(str(path), read_only=True) as config:
                if config.has_option("safe", "directory"):
                    yield from map(str, config.get_values("safe", "directory"))
        except (configparser.Error, OSError, UnicodeError) as fault:
            raise RefusedError("git-config", str(fault), place=Place(str(path)), fix="mend the file") from fault
    count = os.environ.get("GIT_CONFIG_COUNT", "")
    for number in range(int(count) if count.isdecimal() else 0):
        if os.environ.get(f"GIT_CONFIG_KEY_{number}", "").lower() == "safe.directory":
            yield os.environ.get(f"GIT_CONFIG_VALUE_{number}", "")


def _files() -> Iterator[Path]:
    """Yield the files of the system's and of the user's configuration, whether they are there or not."""
    if os.environ.get("GIT_CONFIG_NOSYSTEM", "").lower() not in {"1", "true", "yes", "on"}:
        yield Path(os.environ.get("GIT_CONFIG_SYSTEM", _SYSTEM))
    if "GIT_CONFIG_GLOBAL" in os.environ:
        yield Path(os.environ["GIT_CONFIG_GLOBAL"])
        return
    home = os.environ.get("HOME", "")
    if own := os.environ.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else ""):
        yield Path(own) / "git" / "config"
    if home:
        yield Path(home) / ".gitconfig"
