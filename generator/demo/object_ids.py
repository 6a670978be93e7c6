"""The ids that git gives to what the demo writes, so that its own files can name earlier commits."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING

from generator.history.importing import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Mapping

_Folder = dict[str, "str | _Folder"]


class ObjectIds:
    """Works out ids of commits that follow on one another."""

    def __init__(self) -> None:
        """Start before the first commit."""
        self._blobs: dict[str, str] = {}
        self._parent = ""

    def commit(self, files: Mapping[str, str], author: str, at: int, message: str) -> str:
        """Return the id of the next commit; `files` are all files of its tree, and `at` is in seconds since 1970."""
        who = f"{author} <{ADDRESS}> {at} +0000"
        parent = f"parent {self._parent}\n" if self._parent else ""
        content = f"tree {self._tree(files)}\n{parent}author {who}\ncommitter {who}\n\n{message}"
        self._parent = _id("commit", content.encode())
        return self._parent

    def _tree(self, files: Mapping[str, str]) -> str:
        root: _Folder = {}
        for path, text in files.items():
            *folders, name = path.split("/")
            place = root
            for folder in folders:
                inner = place.setdefault(folder, {})
                assert isinstance(inner, dict), f"{path} lies below a file"  # noqa: S101 - of our own story
                place = inner
            place[name] = self._blob(text)
        return _tree_id(root)

    def _blob(self, text: str) -> str:
        if text not in self._blobs:
            self._blobs[text] = _id("blob", text.encode())
        return self._blobs[text]


def _tree_id(folder: _Folder) -> str:
    entries = []
    for name, held in folder.items():
        mode, key, id_ = ("40000", f"{name}/", _tree_id(held)) if isinstance(held, dict) else ("100644", name, held)
        entries.append((key.encode(), f"{mode} {name}\0".encode() + bytes.fromhex(id_)))
    return _id("tree", b"".join(entry for _, entry in sorted(entries)))


def _id(kind: str, content: bytes) -> str:
    return sha1(f"{kind} {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()
