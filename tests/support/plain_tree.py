"""Files in memory as a reader's `Tree`, and what a reader makes of them with an engine, where one is there."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from generator.readers.reader import Reading, SourceFile, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.errors import Unreadable
    from generator.readers.reader import Plan, TreeReader
    from generator.rendering.jobs import Engine, Rendered


class PlainTree:
    """A `Tree` of texts; `odd` gives other modes than that of a file: links and submodules."""

    def __init__(self, files: Mapping[str, str | bytes], odd: Mapping[str, str] | None = None) -> None:
        self.data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self._modes = dict.fromkeys(self.data, "100644") | dict(odd or {})
        for path in list(self._modes):
            parts = path.split("/")
            self._modes |= {"/".join(parts[:n]): "040000" for n in range(1, len(parts))}
        self.looked: set[str] = set()

    def blob(self, path: str) -> str:
        self.looked.add(path)
        return hashlib.sha256(self.data[path]).hexdigest()[:40] if path in self.data else ""

    def mode(self, path: str) -> str:
        self.looked.add(path)
        return self._modes.get(path, "")

    def read(self, path: str) -> bytes | Unreadable | None:
        self.looked.add(path)
        return self.data.get(path)

    def files(self, folder: str) -> tuple[str, ...]:
        start = f"{folder}/" if folder else ""
        return tuple(sorted(path for path in self.data if path.startswith(start)))


def rendered(plan: Plan, tree: PlainTree, engine: Engine, export: Path) -> Rendered:
    """Return what the engine makes of a plan in the folder `export`."""
    assert plan.job is not None
    kept = {file.path: tree.data[file.path] for file in plan.job.files}
    for path, content in {**kept, **{stub.path: stub.content.encode() for stub in plan.job.stubs}}.items():
        (export / path).parent.mkdir(parents=True, exist_ok=True)
        (export / path).write_bytes(content)
    return engine.render(plan.job, export, kept)


def reading(
    reader: TreeReader, root: str, tree: PlainTree, engine: Engine, export: Path, provided: tuple[str, ...] = ()
) -> Reading:
    """Return the reading of a root: planned, rendered where it has to be, read."""
    unit = Unit("production", provided=provided)
    plan = reader.plan(unit, root, tree)
    done = rendered(plan, tree, engine, export) if plan.job else None
    files = [SourceFile(file.path, tree.data[file.path]) for file in plan.files]
    return reader.read_tree(unit, root, plan, files, done, mask)


def mask(value: str) -> str:
    """Return a mark that tells values apart and nothing else."""
    return f"secret:{hashlib.sha256(value.encode()).hexdigest()[:12]}"
