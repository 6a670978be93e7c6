"""What one kustomization names: files by the way they are used, objects that it generates, and affixes of names."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from generator.documents.tree import Mapping, Node, Scalar, find
from generator.errors import Place, Unreadable
from generator.readers.kustomize.shape import SHAPE, mappings, texts, unknown_key

if TYPE_CHECKING:
    from collections.abc import Iterable


class Use(StrEnum):
    """What a named file is to the engine."""

    RESOURCE = "resource"
    """A manifest, or a folder with a kustomization of its own."""
    COMPONENT = "component"
    """A folder with a kustomization of its own."""
    PATCH = "patch"
    VALUE = "value"
    """Its content becomes the value of a key."""
    ENV = "env"
    """Its lines become keys and values."""
    PLUGIN = "plugin"
    """Configs of generators, transformers or validators, or a folder of them."""
    REPLACEMENT = "replacement"
    SETTINGS = "settings"
    """Anything that steers the engine and names no file: `configurations`, `crds`, `openapi`."""


class Named(NamedTuple):
    """A file or folder as a kustomization names it."""

    use: Use
    text: str
    line: int


class Generated(NamedTuple):
    """A config map or secret that a kustomization generates."""

    kind: str
    name: str
    hashed: bool
    """True where the engine adds a hash of the content to the name."""
    path: str
    line: int


@dataclass
class Contents:
    """What was found in one kustomization, while it is collected and after."""

    path: str
    named: list[Named] = field(default_factory=list)
    problems: list[Unreadable] = field(default_factory=list)
    generated: list[Generated] = field(default_factory=list)
    prefixes: set[str] = field(default_factory=set)
    suffixes: set[str] = field(default_factory=set)

    def refuse(self, code: str, reason: str, line: int, fix: str = "") -> None:
        """Add a problem of this file."""
        self.problems.append(Unreadable(code, reason, Place(self.path, line), fix))

    def add_texts(self, use: Use, node: Node | None, key: str) -> None:
        """Add every text of a list as a file of this use."""
        found = texts(node, key, self.path)
        if isinstance(found, Unreadable):
            self.problems.append(found)
        else:
            self.named += [Named(use, item.text, item.line) for item in found]

    def maps(self, node: Node | None, key: str, known: Iterable[str]) -> list[Mapping]:
        """Return the mappings of a list whose keys are all `known`; the others are problems."""
        found = mappings(node, key, self.path)
        if isinstance(found, Unreadable):
            self.problems.append(found)
            return []
        return [item for item in found if self.only(item, known, f"an entry of {key}")]

    def only(self, mapping: Mapping, known: Iterable[str], what: str) -> bool:
        """Return whether all keys are `known`; else add a problem."""
        problem = unknown_key(mapping, known, what, self.path)
        if problem:
            self.problems.append(problem)
        return problem is None

    def add_path(self, use: Use, item: Mapping, key: str = "path") -> None:
        """Add the file that stands under `key`."""
        node = item.entries.get(key)
        if isinstance(node, Scalar):
            if node.text and not node.null:
                self.named.append(Named(use, node.text, node.line))
        elif node is not None:
            self.refuse(SHAPE, f"{key} has to be a text", node.line)

    def add_sources(self, item: Mapping) -> None:
        """Add the files of a generator: `envs`, `env`, and `files` as a path or `KEY=PATH`."""
        self.add_path(Use.ENV, item, "env")
        self.add_texts(Use.ENV, find(item, "envs"), "envs")
        files = texts(find(item, "files"), "files", self.path)
        if isinstance(files, Unreadable):
            self.problems.append(files)
            return
        for file in files:
            key, equals, path = file.text.rpartition("=")
            if "=" in key or (equals and not (key and path)):
                self.refuse(SHAPE, "a file of a generator is a path or KEY=PATH", file.line)
            else:
                self.named.append(Named(Use.VALUE, path, file.line))

    def take(self, other: Contents, line: int) -> None:
        """Add all that was found in a text that stands on this line."""
        self.named += [named._replace(line=line) for named in other.named]
        for problem in other.problems:
            self.refuse(problem.code, problem.reason, line, problem.fix)
        self.generated += [made._replace(line=line) for made in other.generated]
        self.prefixes |= other.prefixes
        self.suffixes |= other.suffixes
