"""Declaration files, followed along the run's own chain, so that a report tells what was declared at the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.globs import matches
from generator.declarations.entries import Declarations
from generator.declarations.files import parse_declarations
from generator.errors import Unreadable
from generator.history.commits import SUBMODULE, SYMLINK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.history.blobs import Blobs
    from generator.history.commits import FileChange
    from generator.history.repository import Repository


class DeclarationFiles:
    """What the declaration files say at the commit that was last taken in."""

    def __init__(self) -> None:
        """Start without any."""
        self._files: dict[str, Declarations] = {}
        self.problems: tuple[Unreadable, ...] = ()
        """What of the files last taken in could not be read."""

    def take(self, changes: Iterable[FileChange], blobs: Blobs) -> Declarations:
        """Return all entries after `changes`, all of declaration files; one that can't be read stands as it was."""
        problems: list[Unreadable] = []
        for change in changes:
            if not change.blob or change.mode in {SYMLINK, SUBMODULE}:
                self._files.pop(change.path, None)
                continue
            content = blobs.get(change.blob, change.path)
            if isinstance(content, Unreadable):
                problems.append(content)
                continue
            declared, faults = parse_declarations(content, change.path)
            problems += faults
            self._files[change.path] = declared
        self.problems = tuple(problems)
        return joined([self._files[path] for path in sorted(self._files)])


def declared_at(repository: Repository, commit: str, patterns: tuple[str, ...]) -> Declarations:
    """Return what the declaration files of one commit say; what can't be read is told where the file is followed."""
    files = repository.files(commit)
    found = []
    with repository.blobs() as blobs:
        for path in sorted(files):
            content = blobs.get(files[path], path) if matches(patterns, path) else b""
            if isinstance(content, bytes) and content:
                found.append(parse_declarations(content, path)[0])
    return joined(found)


def joined(parts: Sequence[Declarations]) -> Declarations:
    """Return the entries of several files as those of one."""
    return Declarations(
        waivers=tuple(entry for part in parts for entry in part.waivers),
        acceptances=tuple(entry for part in parts for entry in part.acceptances),
        overrides=tuple(entry for part in parts for entry in part.overrides),
        incidents=tuple(entry for part in parts for entry in part.incidents),
        approvals=tuple(entry for part in parts for entry in part.approvals),
    )
