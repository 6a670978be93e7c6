"""Where the parts of a model stand in the files: the engine's output has no lines of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Scalar, Sequence, find

if TYPE_CHECKING:
    from collections.abc import Sequence as Items

    from generator.documents.tree import Node
    from generator.readers.compose.files import ComposeFile


class Lines:
    """Places of services, their keys, and resources; the files in the order in which they are laid over one another."""

    def __init__(self, files: Items[ComposeFile], root: str) -> None:
        """Look into `files`; what none of them has stands at line 0 of `root`."""
        self._files = files
        self._root = root

    def service(self, name: str) -> tuple[str, int]:
        """Return path and line of the first file that describes the service."""
        return self._first("services", name)

    def resource(self, part: str, name: str) -> tuple[str, int]:
        """Return path and line of the first file that describes a volume, config, secret or network."""
        return self._first(part, name)

    def key(self, name: str, *keys: str) -> int:
        """Return the line of a setting of a service; 0 where several files say something about the service."""
        owners = [node for _, node, _ in self._described("services", name)]
        if len(owners) != 1:
            return 0
        node: Node | None = owners[0]
        line = 0
        for key in keys:
            if isinstance(node, Mapping):
                line, node = node.lines.get(key, line), node.entries.get(key)
            elif isinstance(node, Sequence):
                line = next((i.line for i in node.items if isinstance(i, Scalar) and _is(i.text, key)), line)
                node = None
            else:
                break
        return line

    def _first(self, part: str, name: str) -> tuple[str, int]:
        for path, _, line in self._described(part, name):
            return path, line
        return self._root, 0

    def _described(self, part: str, name: str) -> list[tuple[str, Node, int]]:
        found = []
        for file in self._files:
            for root in file.roots:
                group = find(root, part)
                if group is None and part == "services" and find(root, "version") is None:
                    group = root
                if isinstance(group, Mapping) and name in group.entries:
                    found.append((file.path, group.entries[name], group.lines[name]))
        return found


def _is(item: str, key: str) -> bool:
    return item == key or item.startswith(f"{key}=")
