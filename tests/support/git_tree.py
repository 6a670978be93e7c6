"""The files of a commit of a bare repository as a reader's `Tree`, by plain git commands and nothing of ours."""

from __future__ import annotations

import subprocess
from typing import IO, TYPE_CHECKING, Self, cast

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.errors import Unreadable
    from generator.rendering.jobs import InputFile, Job


class Objects:
    """A repository's blobs, from one `git cat-file` that stays open."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        self._git = ["git", "-C", str(repository)]
        self._process = subprocess.Popen(
            [*self._git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._kept: dict[str, bytes] = {}
        self._trees: dict[str, GitTree] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            cast("IO[bytes]", pipe).close()
        self._process.wait()

    def first_parents(self, *paths: str) -> list[str]:
        """Return the first-parent chain of the newest commit, oldest first; of `paths` alone where given."""
        told = self._run("rev-list", "--first-parent", "--reverse", "HEAD", "--", *paths)
        return told.split()

    def all_commits(self) -> list[str]:
        """Return every commit that the newest one builds on, oldest first."""
        return self._run("rev-list", "--reverse", "HEAD").split()

    def blob(self, name: str) -> bytes:
        """Return the content of a blob."""
        if name not in self._kept:
            into, out = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
            into.write(f"{name}\n".encode())
            into.flush()
            size = int(out.readline().split()[2])
            self._kept[name] = out.read(size)
            out.read(1)
        return self._kept[name]

    def tree(self, commit: str) -> GitTree:
        """Return the files of a commit."""
        root = self._run("rev-parse", f"{commit}^{{tree}}").strip()
        if root not in self._trees:
            told = self._run("ls-tree", "-r", "-t", "-z", root)
            standing = {}
            for line in told.split("\0")[:-1]:
                head, _, path = line.partition("\t")
                mode, _, name = head.split()
                standing[path] = (mode, name)
            self._trees[root] = GitTree(self, standing)
        return self._trees[root]

    def _run(self, *arguments: str) -> str:
        return subprocess.run([*self._git, *arguments], capture_output=True, check=True).stdout.decode()


class GitTree:
    """A `Tree` over `git ls-tree`."""

    def __init__(self, objects: Objects, standing: dict[str, tuple[str, str]]) -> None:
        self._objects = objects
        self._standing = standing

    def blob(self, path: str) -> str:
        mode, name = self._standing.get(path, ("", ""))
        return name if mode.startswith("100") else ""

    def mode(self, path: str) -> str:
        return self._standing.get(path, ("", ""))[0]

    def read(self, path: str) -> bytes | Unreadable | None:
        name = self.blob(path)
        return self._objects.blob(name) if name else None

    def files(self, folder: str) -> tuple[str, ...]:
        start = f"{folder}/" if folder else ""
        return tuple(sorted(path for path in self._standing if path.startswith(start) and self.blob(path)))


def write_export(job: Job, objects: Objects, folder: Path) -> dict[str, bytes]:
    """Write exactly the files and stubs of a job below `folder`, and return the content of its files by path."""
    kept = {file.path: objects.blob(file.blob) for file in job.files}
    stubs = {stub.path: stub.content.encode() for stub in job.stubs}
    for path, content in {**kept, **stubs}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return kept


def contents(files: Iterable[InputFile], objects: Objects) -> list[tuple[str, bytes]]:
    """Return path and content of each planned file."""
    return [(file.path, objects.blob(file.blob)) for file in files]
