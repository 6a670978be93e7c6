"""The files and folders that a report follows from, and whether they are as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

GIT_STATE = ("HEAD", "refs", "packed-refs", "logs/HEAD")
"""What of a repository changes with each commit; folders are watched with all that is in them."""
CONFIGURATION = "assay.yaml"


def watched(repository: Path, config: Path | None) -> Sequence[Path]:
    """Return what of a repository and its configuration to watch; files that are not there are left out."""
    homes = (repository / ".git", repository)
    git = next((home for home in homes if (home / "HEAD").is_file()), None)
    found = [config or repository / CONFIGURATION, *(git / name for name in GIT_STATE if git is not None)]
    return tuple(path for path in found if path.exists())


def stamps(paths: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    """Yield (path, time, size) of each of `paths` and of all that is in them, in an order that stays."""
    for top in paths:
        if not top.exists():
            continue
        for path in sorted([top, *top.rglob("*")] if top.is_dir() else [top]):
            found = path.stat()
            yield str(path), found.st_mtime_ns, found.st_size
