"""The files of the repository as they stand at one commit of a history, followed from commit to commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generator.history.commits import SUBMODULE, SYMLINK, TREE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.errors import Unreadable
    from generator.history.commits import FileChange


class Contents(Protocol):
    """Where the bytes of a file come from."""

    def get(self, blob: str, path: str) -> bytes | Unreadable:
        """Return the content, or why there is none."""
        ...


_Folder = dict[str, "_Folder | tuple[str, str]"]


class CommitTree:
    """Every file at one commit. It is changed by `apply` alone; `looking` hands out views that note their looks."""

    def __init__(self, contents: Contents) -> None:
        """Start without files; take bytes from `contents`."""
        self._contents = contents
        self._top: _Folder = {}

    def apply(self, change: FileChange) -> None:
        """Take in what a commit did to one file."""
        *folders, name = change.path.split("/")
        if not change.blob:
            self._remove(folders, name)
            return
        folder = self._top
        for part in folders:
            inner = folder.get(part)
            if not isinstance(inner, dict):
                inner = folder[part] = {}
            folder = inner
        folder[name] = (change.mode, change.blob)

    def _remove(self, folders: list[str], name: str) -> None:
        """Take a file away, and the folders that are empty without it: git knows none."""
        way: list[_Folder] = [self._top]
        for part in folders:
            inner = way[-1].get(part)
            if not isinstance(inner, dict):
                return
            way.append(inner)
        # A file that became a folder is told as gone after the folder came.
        if not isinstance(way[-1].get(name), dict):
            way[-1].pop(name, None)
        for folder, part in zip(reversed(way[:-1]), reversed(folders), strict=True):
            if folder.get(part) == {}:
                del folder[part]

    def found(self, path: str) -> _Folder | tuple[str, str] | None:
        """Return what stands at `path`: a folder, (mode, object id), or nothing."""
        at: _Folder | tuple[str, str] | None = self._top
        for part in path.split("/") if path not in {"", "."} else ():
            if not isinstance(at, dict):
                return None
            at = at.get(part)
        return at

    def below(self, folder: str) -> Iterator[str]:
        """Yield the paths of all regular files below `folder`, sorted."""
        start = self.found(folder)
        if isinstance(start, dict):
            yield from _files(start, f"{folder}/" if folder not in {"", "."} else "")

    def content(self, blob: str, path: str) -> bytes | Unreadable:
        """Return the bytes of an object, or why there are none."""
        return self._contents.get(blob, path)

    def looking(self) -> LookedAt:
        """Return a view that notes what is looked at."""
        return LookedAt(self)


class LookedAt:
    """A `readers.reader.Tree` of one commit that notes every path that was asked for, present or not."""

    def __init__(self, tree: CommitTree) -> None:
        """Look at `tree` as it is now."""
        self._tree = tree
        self.paths: set[str] = set()
        """Paths that were asked for; a folder stands for everything below it."""

    def blob(self, path: str) -> str:
        """Return the object id of a file; empty where no regular file stands at `path`."""
        self.paths.add(path)
        at = self._tree.found(path)
        return at[1] if isinstance(at, tuple) and at[0] not in {SYMLINK, SUBMODULE} else ""

    def mode(self, path: str) -> str:
        """Return the mode of what stands at `path`; empty where nothing stands."""
        self.paths.add("" if path == "." else path)
        at = self._tree.found(path)
        if at is None:
            return ""
        return at[0] if isinstance(at, tuple) else TREE

    def read(self, path: str) -> bytes | Unreadable | None:
        """Return a file's content, why there is none, or `None` where no regular file stands at `path`."""
        blob = self.blob(path)
        return self._tree.content(blob, path) if blob else None

    def files(self, folder: str) -> tuple[str, ...]:
        """Return the paths of all regular files below `folder` (empty for the top), sorted."""
        self.paths.add("" if folder == "." else folder)
        return tuple(self._tree.below(folder))


def _files(folder: _Folder, prefix: str) -> Iterator[str]:
    # A stack of its own: folders may be nested deeper than calls can be.
    waiting = [(prefix, _backwards(folder))]
    while waiting:
        prefix, names = waiting[-1]
        if not names:
            waiting.pop()
            continue
        name, at = names.pop()
        if isinstance(at, dict):
            waiting.append((f"{prefix}{name}/", _backwards(at)))
        elif at[0] not in {SYMLINK, SUBMODULE}:
            yield f"{prefix}{name}"


def _backwards(folder: _Folder) -> list[tuple[str, _Folder | tuple[str, str]]]:
    """Return what stands in a folder, the last one first."""
    # git sorts a folder as if its name ended in a slash; paths sort the same way.
    return sorted(folder.items(), key=lambda e: e[0] + ("/" if isinstance(e[1], dict) else ""), reverse=True)
