"""Snapshots of what runs, compared with the model at the newest commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.live.comparison import live_drift
from generator.assurance.live.snapshot import MAX_BYTES, read_snapshot
from generator.errors import FaultError, Place, Unreadable, UsageError
from generator.evidence.summary import DriftRow, LiveDrift
from generator.readers.reader import SourceFile
from generator.timeline.bindings import is_below

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.config.schema import Config
    from generator.history.blobs import Blobs
    from generator.history.repository import Repository
    from generator.pipeline.request import Request
    from generator.pipeline.stage import Stage
    from generator.readers.reader import Mask

MOST_FILES = 1000
"""Files of one snapshot."""


class Snapshots:
    """The snapshots that the newest commit has, and those that were given."""

    def __init__(self, config: Config, request: Request, repository: Repository, head: str) -> None:
        """Look for them; raises `UsageError` where one is given for an environment that is not configured."""
        self._given = request.live
        for name in self._given:
            if name not in config.environments:
                known = ", ".join(sorted(config.environments))
                raise UsageError("live", f"there is no environment {name!r}", fix=f"use one of: {known}")
        self._paths = {name: environment.live for name, environment in config.environments.items()}
        self._head = head
        self._files = repository.files(head) if any(self._paths.values()) else {}

    def compare(self, stage: Stage, blobs: Blobs, mask: Mask) -> tuple[LiveDrift | None, Sequence[Unreadable]]:
        """Return how what runs differs from the model, `None` where nothing tells what runs, and what can't be read."""
        if stage.name not in self._given and not self._paths[stage.name]:
            return None, ()
        files, problems = self._read(stage.name, blobs)
        model = stage.state.components
        snapshot = read_snapshot(files, model, mask, stage.ignore)
        found = live_drift(model, snapshot, stage.timeline.had)
        rows = [
            DriftRow(i.component, i.aspect, i.field, i.drift.value, i.model, i.live, "", "", 0) for i in found.items
        ]
        sources = ", ".join(dict.fromkeys([file.path for file in files[:3]]))
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""  # noqa: PLR2004 - those named above
        live = LiveDrift(f"{sources}{more}", self._head, found.compared, tuple(rows), found.not_assessed)
        return live, (*problems, *snapshot.problems)

    def _read(self, name: str, blobs: Blobs) -> tuple[list[SourceFile], list[Unreadable]]:
        if name in self._given:
            given = _given(self._given[name])
            return [SourceFile(path.name, _content(path)) for path in given[:MOST_FILES]], _too_many(len(given), name)
        files: list[SourceFile] = []
        paths = [p for p in sorted(self._files) if is_below(p, self._paths[name])]
        problems = _too_many(len(paths), ", ".join(self._paths[name]))
        for path in paths[:MOST_FILES]:
            content = blobs.get(self._files[path], path)
            if isinstance(content, bytes):
                files.append(SourceFile(path, content))
            else:
                problems.append(content)
        return files, problems


def live_of(snapshots: Snapshots, stage: Stage, blobs: Blobs, mask: Mask) -> Sequence[Unreadable]:
    """Put what runs beside the model of a stage; return what of it could not be read."""
    stage.sources.live, problems = snapshots.compare(stage, blobs, mask)
    return problems


def _given(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return [p for p in sorted(path.rglob("*")) if p.is_file() and not p.is_symlink()]


def _too_many(number: int, path: str) -> list[Unreadable]:
    """Return that not all files of a snapshot are read: what is missing then may well be there."""
    if number <= MOST_FILES:
        return []
    reason = f"{number} files of one snapshot, of which the first {MOST_FILES} are read"
    return [Unreadable("live-count", reason, Place(path), "put what runs into fewer files")]


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise FaultError("live", str(fault), place=Place(str(path))) from fault
