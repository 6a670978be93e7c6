"""Units of a tree in memory, planned and read, for readers that need no engine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from generator.readers.reader import SourceFile, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.errors import Unreadable
    from generator.model.component import Component
    from generator.readers.reader import Plan, Reading, TreeReader


class FileTree:
    """Regular files by their paths."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}

    def blob(self, path: str) -> str:
        data = self._data.get(path)
        return "" if data is None else hashlib.sha256(data).hexdigest()[:40]

    def mode(self, path: str) -> str:
        if path in self._data:
            return "100644"
        return "040000" if self.files(path) else ""

    def read(self, path: str) -> bytes | Unreadable | None:
        return self._data.get(path)

    def files(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(path for path in self._data if not folder or path.startswith(f"{folder}/")))


def mask(value: str) -> str:
    """Stand in for a fingerprint."""
    return f"secret:{hashlib.sha256(value.encode(errors='surrogatepass')).hexdigest()[:12]}"


def plan_and_read(
    reader: TreeReader, files: Mapping[str, str | bytes], root: str, unit: Unit | None = None
) -> tuple[Plan, Reading]:
    """Return the plan of a unit, and its reading as the timeline makes it: none where the plan has problems."""
    tree, unit = FileTree(files), unit or Unit("production")
    plan = reader.plan(unit, root, tree)
    contents = [(file.path, tree.read(file.path)) for file in plan.files]
    sources = [SourceFile(path, data) for path, data in contents if isinstance(data, bytes)]
    return plan, reader.read_tree(unit, root, plan, sources, None, mask)


def shown(component: Component) -> list[str]:
    """Return the fields of a component, one a line, as the documentation writes them."""
    return [f"{field.aspect} {field.name} = {field.value}" for field in component.fields]


def connections(component: Component) -> set[str]:
    """Return what a component refers to: how, to what, and by which field."""
    return {f"{reference.how} {reference.target} {reference.field}" for reference in component.references}
