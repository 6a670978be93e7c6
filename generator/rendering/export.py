"""A temporary folder that holds exactly the files of one job, at their paths in the repository."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.rendering.jobs import Job

_NEVER = frozenset({"", ".", "..", ".git"})


class UnsafePathError(ValueError):
    """A path that would be written outside of the export."""


@contextmanager
def exported(job: Job, contents: Mapping[str, bytes]) -> Iterator[Path]:
    """Write the job's files, with their `contents` by path, and its stubs; the folder is gone at the end.

    Raises `UnsafePathError` for a path that leads out of the export, and OSError where the machine can't write.
    """
    with tempfile.TemporaryDirectory(prefix="assay-export-") as name:
        top = Path(name).resolve()
        for path, data in contents.items():
            write_inside(top, path, data)
        for stub in job.stubs:
            write_inside(top, stub.path, stub.content.encode("utf-8", "surrogateescape"))
        folder = (top / job.folder).resolve()
        if not folder.is_relative_to(top):
            raise UnsafePathError(job.folder)
        folder.mkdir(parents=True, exist_ok=True)
        yield top


def write_inside(top: Path, path: str, data: bytes) -> None:
    """Write one file below `top`, making the folders on the way; raises as `exported` does."""
    parts = path.split("/")
    # Some file systems don't tell upper case from lower.
    if not _NEVER.isdisjoint(part.lower() for part in parts) or "\0" in path:
        raise UnsafePathError(path)
    target = top.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        file.write(data)
