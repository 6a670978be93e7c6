"""Compose files as parsed trees, and the places that their references name."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence
from generator.documents.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.errors import Unreadable
    from generator.readers.compose.interpolation import Plain

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""Names that docker compose looks for by itself, the one it prefers first."""
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
"""Names of the file that it lays over one of `NAMES`, the one it prefers first."""

_MERGE_TAG = re.compile(rb"(?<=[\s\[{,:])!(?:reset|override)(?=[\s\]},]|\Z)")
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/?/|oci:|git@|github\.com/")
_ABSOLUTE = re.compile(r"[/~\\]|[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class ComposeFile:
    """One parsed file."""

    path: str
    roots: tuple[Node, ...]
    """Its documents; Compose lays them over one another."""
    problem: Unreadable | None
    tagged: bool
    """True where it uses `!reset` or `!override`, which are left out of the tree."""


def parse_compose(data: bytes, path: str) -> ComposeFile:
    """Return the file's documents; Compose's own tags are taken out before, since no other tag is taken at all."""
    plain = _MERGE_TAG.sub(lambda found: b" " * len(found[0]), data)
    documents = parse_yaml(plain, path)
    return ComposeFile(path, documents.roots, documents.problem, plain != data)


def to_plain(node: Node) -> Plain:
    """Return a tree as plain values."""
    if isinstance(node, Scalar):
        return None if node.null else node.text
    if isinstance(node, Sequence):
        return [to_plain(item) for item in node.items]
    return {key: to_plain(value) for key, value in node.entries.items()}


def from_plain(value: Plain, line: int) -> Node:
    """Return plain values as a tree whose every node stands on `line`."""
    if isinstance(value, dict):
        return Mapping({k: from_plain(v, line) for k, v in value.items()}, line, dict.fromkeys(value, line))
    if isinstance(value, list):
        return Sequence([from_plain(item, line) for item in value], line)
    return Scalar(f"{value or ''}", line, plain=value is None)


def scalars(node: Node) -> Iterator[str]:
    """Yield the text of every value below `node`."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Scalar):
            yield here.text
        else:
            waiting += here.entries.values() if isinstance(here, Mapping) else here.items


def is_remote(reference: str) -> bool:
    """Return whether Compose would fetch what `reference` names."""
    return _REMOTE.match(reference) is not None


def place(folder: str, reference: str) -> str | None:
    """Return the path inside the repository that `reference` names from `folder`; `None` where it leads out of it."""
    if is_remote(reference) or _ABSOLUTE.match(reference) or "\0" in reference:
        return None
    path = posixpath.normpath(posixpath.join(folder, reference))
    return None if path == ".." or path.startswith("../") else path.removeprefix("./") if path != "." else ""


def folder_of(path: str) -> str:
    """Return the folder of `path`; empty for the top of the repository."""
    return path.rpartition("/")[0]


def joined(folder: str, name: str) -> str:
    """Return the path of `name` in `folder`."""
    return f"{folder}/{name}" if folder else name
