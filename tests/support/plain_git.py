"""Plain git for tests: repositories as no well-meaning tool would write them."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

WHO = "Ada Example <nobody@example.org>"
TIME = 1_704_110_400
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Ada Example",
    "GIT_AUTHOR_EMAIL": "nobody@example.org",
    "GIT_COMMITTER_NAME": "Ada Example",
    "GIT_COMMITTER_EMAIL": "nobody@example.org",
    "GIT_AUTHOR_DATE": f"{TIME} +0000",
    "GIT_COMMITTER_DATE": f"{TIME} +0000",
}


def git(repository: Path, *arguments: str | Path, data: bytes = b"", check: bool = True) -> str:
    """Return what git prints, run in `repository` with fixed names and dates."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=repository,
        input=data,
        capture_output=True,
        check=check,
        timeout=60,
        env={"PATH": os.environ["PATH"], **ENVIRONMENT},
    )
    return done.stdout.decode("utf-8", "backslashreplace").strip()


def new_repository(path: Path) -> Path:
    """Make an empty repository with a checkout at `path` and return it."""
    path.mkdir(parents=True)
    git(path, "init", "--quiet", "--initial-branch=main", "--template=")
    return path


def commit_all(repository: Path, message: str = "Change") -> str:
    """Commit everything in the checkout and return the commit's id."""
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", message)
    return git(repository, "rev-parse", "HEAD")


def blob(repository: Path, content: bytes) -> str:
    """Write a blob and return its id."""
    return git(repository, "hash-object", "-w", "--stdin", data=content)


def raw_tree(repository: Path, entries: Iterable[tuple[str, bytes, str]]) -> str:
    """Write a tree of (mode, name, id) as it is, whatever git thinks of it, and return its id."""
    data = b"".join(f"{mode} ".encode() + name + b"\0" + bytes.fromhex(id_) for mode, name, id_ in entries)
    return git(repository, "hash-object", "-t", "tree", "--literally", "-w", "--stdin", data=data)


def raw_commit(
    repository: Path,
    tree: str,
    parents: Iterable[str] = (),
    *,
    author: str = f"{WHO} {TIME} +0000",
    committer: str = f"{WHO} {TIME} +0000",
    headers: str = "",
    message: str = "Change",
) -> str:
    """Write a commit as it is, move `main` to it, and return its id."""
    lines = [f"tree {tree}", *(f"parent {p}" for p in parents)]
    lines += [f"author {author}"] if author else []
    lines += [f"committer {committer}"] if committer else []
    data = "\n".join(lines) + f"\n{headers}\n{message}\n"
    made = git(repository, "hash-object", "-t", "commit", "--literally", "-w", "--stdin", data=data.encode())
    git(repository, "update-ref", "refs/heads/main", made)
    return made


def tree_of(repository: Path, files: Mapping[str, bytes]) -> str:
    """Write a tree with one folder `deploy` that holds `files` by their names, and return its id."""
    entries = [("100644", name.encode(), blob(repository, content)) for name, content in sorted(files.items())]
    return raw_tree(repository, [("40000", b"deploy", raw_tree(repository, entries))])
