"""A tree of files in memory for tests of the compose reader, and the way from it to a reading."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from generator.readers.compose.reader import ComposeReader
from generator.readers.reader import SourceFile, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.errors import Unreadable
    from generator.model.component import Component
    from generator.readers.reader import Plan, Reading
    from generator.rendering.jobs import Engine, Job, Rendered


class MemoryTree:
    """Files by their paths; a text that starts with `-> ` is a symbolic link. Notes every path that is read."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self.read_paths: set[str] = set()

    def blob(self, path: str) -> str:
        data = self._data.get(path)
        return "" if data is None or data.startswith(b"-> ") else hashlib.sha1(data).hexdigest()  # noqa: S324 - as git

    def mode(self, path: str) -> str:
        data = self._data.get(path)
        if data is None:
            return "040000" if any(other.startswith(f"{path}/") for other in self._data) else ""
        return "120000" if data.startswith(b"-> ") else "100644"

    def read(self, path: str) -> bytes | Unreadable | None:
        self.read_paths.add(path)
        return self._data[path] if self.blob(path) else None

    def files(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(p for p in self._data if not folder or p.startswith(f"{folder}/")))


def render(engine: Engine, job: Job, tree: MemoryTree) -> Rendered:
    """Return what the engine makes of a job, in a folder that holds the job's files and stubs alone."""
    contents = {file.path: tree.read(file.path) for file in job.files}
    kept = {path: data for path, data in contents.items() if isinstance(data, bytes)}
    stubs = {stub.path: stub.content.encode() for stub in job.stubs}
    with tempfile.TemporaryDirectory() as top:
        (Path(top) / job.folder).mkdir(parents=True, exist_ok=True)
        for path, data in (kept | stubs).items():
            target = Path(top) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return engine.render(job, Path(top), kept)


def mask(value: str) -> str:
    """Stand in for a fingerprint."""
    return f"secret:{hashlib.sha256(value.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"


def read(plan: Plan, tree: MemoryTree, rendered: Rendered | None, root: str, unit: Unit | None = None) -> Reading:
    """Return the reading of a planned project."""
    contents = [(file.path, tree.read(file.path)) for file in plan.files]
    files = [SourceFile(path, data) for path, data in contents if isinstance(data, bytes)]
    return ComposeReader().read_tree(unit or Unit("production"), root, plan, files, rendered, mask)


def reading(
    engine: Engine, files: Mapping[str, str | bytes], root: str = "compose.yaml", unit: Unit | None = None
) -> Reading:
    """Return what the reader and the engine make of `files`."""
    tree = MemoryTree(files)
    unit = unit or Unit("production")
    plan = ComposeReader().plan(unit, root, tree)
    rendered = render(engine, plan.job, tree) if plan.job else None
    return read(plan, tree, rendered, root, unit)


def values(component: Component) -> dict[str, str]:
    """Return the fields of a component by their names."""
    return {field.name: field.value for field in component.fields}


def by_id(reading: Reading) -> dict[str, Component]:
    """Return the components of a reading by their ids."""
    return {component.id: component for component in reading.components}
