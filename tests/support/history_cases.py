"""What happens to a history between two bundles: for each rule of the family `history`, cases on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from support.manifests import deployment
from support.plain_git import commit_all, git, new_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CONFIG = """
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
"""
BY_TAG = """
environments:
  production: {path: production, production: true, tags: "v*"}
"""


@dataclass(frozen=True)
class HistoryCase:
    """A rule, and what is done to a repository between two bundles."""

    fires: Mapping[str, Callable[[Path], object]]
    """What makes it find something, by a name."""
    silent: Mapping[str, Callable[[Path], object]]
    """What only looks like it."""
    config: str = CONFIG


def shop(path: Path, versions: int = 3) -> Path:
    """Write a repository with `versions` releases, each with the tags `vN` (with a message) and `light-N`."""
    made = new_repository(path)
    for number in range(1, versions + 1):
        release(made, str(number))
    return made


def release(repository: Path, version: str, *, where: str = "production") -> str:
    """Put a version into production by way of staging, with its tags; return the commit's id."""
    for name in ("staging", where):
        (repository / name).mkdir(exist_ok=True)
        (repository / name / "api.yaml").write_text(deployment(image=f"shop/api:{version}"))
        commit = commit_all(repository, f"{version} to {name}")
    git(repository, "tag", f"light-{version}")
    git(repository, "tag", "--annotate", "--message", f"Release {version}", f"v{version}")
    return commit


def _rewritten(repository: Path) -> None:
    git(repository, "reset", "--quiet", "--hard", "HEAD~2")
    release(repository, "other")


def _amended(repository: Path) -> None:
    git(repository, "commit", "--quiet", "--amend", "--message", "Another message")


def _again(repository: Path) -> None:
    release(repository, "next")


def _other_branch(repository: Path) -> None:
    """Rewrite a branch that no environment is read from."""
    git(repository, "branch", "aside", "HEAD~1")
    git(repository, "branch", "--force", "aside", "HEAD~2")


def _taken_in(repository: Path) -> None:
    """Lead on by a merge whose second parent is what the branch was: nothing is lost, only the chain is another."""
    old = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "--detach", "HEAD~2")
    (repository / "README").write_text("Read me")
    commit_all(repository, "Words")
    git(repository, "merge", "--quiet", "--no-ff", "--message", "Take in", old)
    git(repository, "branch", "--force", "main", "HEAD")
    git(repository, "checkout", "--quiet", "main")


def _tag(*arguments: str) -> Callable[[Path], object]:
    return lambda repository: git(repository, "tag", *arguments)


CASES: Mapping[str, HistoryCase] = {
    "tag-moved": HistoryCase(
        fires={
            "to another commit": _tag("--force", "light-2", "HEAD"),
            "with a message, to another commit": _tag("--force", "--annotate", "--message", "Again", "v2", "HEAD"),
            "made anew on the same commit": _tag("--force", "--annotate", "--message", "Again", "v2", "v2^{commit}"),
            "to a file": _tag("--force", "light-2", "HEAD:production/api.yaml"),
        },
        silent={
            "a new tag": _tag("light-new", "HEAD"),
            "set again where it is": _tag("--force", "light-2", "light-2"),
            "gone": _tag("--delete", "v2"),
            "nothing": lambda _: None,
        },
    ),
    "tag-deleted": HistoryCase(
        fires={"light": _tag("--delete", "light-2"), "with a message": _tag("--delete", "v2")},
        silent={"moved": _tag("--force", "light-2", "HEAD"), "one more release": _again},
    ),
    "branch-rewritten": HistoryCase(
        fires={
            "overwritten": _rewritten,
            "amended": _amended,
            "put back": lambda repository: git(repository, "reset", "--quiet", "--hard", "HEAD~1"),
        },
        silent={"one more release": _again, "another branch": _other_branch, "merged into": _taken_in},
    ),
    "release-vanished": HistoryCase(
        fires={"overwritten": _rewritten, "amended": _amended, "left the chain": _taken_in},
        silent={
            "one more release": _again,
            "a tag moved": _tag("--force", "v2", "HEAD"),
            "a tag deleted": _tag("--delete", "v2"),
        },
    ),
}
"""By rule."""
BY_TAGS = HistoryCase(
    fires={"deleted": _tag("--delete", "v2"), "moved": _tag("--force", "v2", "v3^{commit}")},
    silent={"a tag that is no release": _tag("--delete", "light-2"), "one more release": _again},
    config=BY_TAG,
)
"""Of `release-vanished`, where tags are the releases."""
