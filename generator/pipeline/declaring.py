"""Declaration files, followed along the run's own chain, so that a report tells what was declared at the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.globs import matches
from generator.declarations.entries import Declarations
from generator.errors import Place, Unreadable
from generator.history.commits import SUBMODULE, SYMLINK
from generator.pipeline.appended import GrowingFile
from generator.pipeline.masking import parse_masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import msgspec

    from generator.config.schema import Config
    from generator.history.blobs import Blobs
    from generator.history.commits import FileChange
    from generator.history.repository import Repository


_SECTIONS = Declarations.__struct_fields__
_OF_AN_ENTRY = "declaration-"
"""What the code of a fault begins with that costs a part of a file and not the whole of it."""


class DeclarationFiles:
    """What the declaration files say at the commit that was last taken in."""

    def __init__(self) -> None:
        """Start without any."""
        self._growing: dict[str, GrowingFile] = {}
        self._sections: dict[str, dict[str, tuple[msgspec.Struct, ...]]] = {name: {} for name in _SECTIONS}
        self.problems: tuple[Unreadable, ...] = ()
        """What of the files last taken in could not be read."""

    def take(self, changes: Iterable[FileChange], blobs: Blobs) -> Declarations:
        """Return all entries after `changes`, all of declaration files; one that can't be read stands as it was."""
        problems: list[Unreadable] = []
        for change in changes:
            if not change.blob or change.mode in {SYMLINK, SUBMODULE}:
                self._growing.pop(change.path, None)
                self._put(change.path, Declarations())
                continue
            content = blobs.get(change.blob, change.path)
            if isinstance(content, Unreadable):
                problems.append(content)
                continue
            known = change.path in self._growing
            declared, faults = self._growing.setdefault(change.path, GrowingFile()).read(content, change.path)
            problems += faults
            if not known or all(fault.code.startswith(_OF_AN_ENTRY) for fault in faults):
                self._put(change.path, declared)
        self.problems = tuple(problems)
        return _joined(self._sections)

    def _put(self, path: str, declared: Declarations) -> None:
        for name, files in self._sections.items():
            entries = getattr(declared, name)
            if entries:
                files[path] = entries
            else:
                files.pop(path, None)


def declared_at(repository: Repository, commit: str, patterns: tuple[str, ...]) -> Declarations:
    """Return what the declaration files of one commit say; what can't be read is told where the file is followed."""
    files = repository.files(commit)
    sections: dict[str, dict[str, tuple[msgspec.Struct, ...]]] = {name: {} for name in _SECTIONS}
    with repository.blobs() as blobs:
        for path in sorted(files):
            content = blobs.get(files[path], path) if matches(patterns, path) else b""
            if isinstance(content, bytes) and content:
                declared, _ = parse_masked(content, path)
                for name, found in sections.items():
                    found[path] = getattr(declared, name)
    return _joined(sections)


def unmatched(repository: Repository, commit: str, config: Config, source: str) -> tuple[Unreadable, ...]:
    """Return a note for each pattern of `config` that fits no file of a commit, though somebody wrote it down."""
    said = [("policies", pattern) for pattern in config.policies]
    if "declarations" in config.model_fields_set:
        said += [("declarations", pattern) for pattern in config.declarations]
    files = list(repository.files(commit)) if said else []
    return tuple(
        Unreadable(
            "pattern-unmatched",
            f"`{pattern}` under `{key}` fits no file at the newest commit",
            Place(source),
            "check the pattern: it is taken from the top of the repository, and `**` is any folders",
        )
        for key, pattern in said
        if not any(matches((pattern,), path) for path in files)
    )


def _joined(sections: Mapping[str, Mapping[str, tuple[msgspec.Struct, ...]]]) -> Declarations:
    """Return the entries of several files, by section and path, as those of one file."""
    found = {name: [entry for path in sorted(files) for entry in files[path]] for name, files in sections.items()}
    return Declarations(**{name: tuple(entries) for name, entries in found.items()})  # type: ignore[arg-type]  # each section holds the entries of its own kind
