"""The blocks of one folder of Terraform files, sorted by what they are, and the local modules that they lead to."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence, find, text
from generator.errors import Place, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NUMBER = re.compile(r"\[\d+\]$")
_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "module": 1,
    "variable": 1,
    "output": 1,
    "provider": 1,
    "terraform": 0,
    "locals": 0,
}
_SEVERAL = frozenset({"terraform", "locals", "provider"})
"""Blocks that may stand several times; of any other, each has its own labels."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a configuration."""

    kind: str
    labels: tuple[str, ...]
    body: Mapping
    path: str
    """File that it stands in."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the files of one folder say together."""

    folder: str
    blocks: tuple[Block, ...]
    """Sorted by kind and labels; those of one name in the order of the files."""
    problems: tuple[Unreadable, ...] = ()

    def of(self, kind: str) -> Iterator[Block]:
        """Yield the blocks of one kind."""
        return (block for block in self.blocks if block.kind == kind)

    def local_modules(self) -> Iterator[tuple[Block, str]]:
        """Yield each call of a module by a path, with the folder; one outside of the repository begins with `..`."""
        for block in self.of("module"):
            folder = local_folder(self.folder, text(block.body, "source"))
            if folder is not None:
                yield block, folder


@dataclass(slots=True)
class _Gathered:
    blocks: dict[tuple[str, tuple[str, ...]], list[Block]] = field(default_factory=dict)
    problems: list[Unreadable] = field(default_factory=list)


def is_configuration(path: str) -> bool:
    """Return whether a file belongs to the configuration of its folder."""
    return path.endswith((".tf", ".tf.json"))


def is_automatic(path: str) -> bool:
    """Return whether a file of variables counts without being named."""
    name = path.rpartition("/")[2]
    return name in {"terraform.tfvars", "terraform.tfvars.json"} or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


def variable_files(paths: Iterable[str]) -> list[str]:
    """Return the files of variables that count without being named, in Terraform's order: the last one wins."""
    found = [path for path in paths if is_automatic(path)]
    return sorted(found, key=lambda path: (path.rpartition("/")[2].partition(".tfvars")[0] != "terraform", path))


def local_folder(folder: str, source: str) -> str | None:
    """Return the folder that a module's source names by its path, from the top of the repository.

    `None` where the source is none in a folder; outside of the repository it begins with `..`.
    """
    if not source.startswith(("./", "../")) and source not in {".", ".."}:
        return None
    found = posixpath.normpath(posixpath.join(folder, source))
    return "" if found == "." else found


def is_outside(folder: str) -> bool:
    """Return whether a path leads out of the repository."""
    return folder == ".." or folder.startswith(("../", "/"))


def gather(folder: str, files: Iterable[tuple[str, Mapping]]) -> Configuration:
    """Return the blocks of the `files` of one folder; those of override files are laid over the others, as Terraform
    does it: an attribute replaces the one before, a nested block all of its name.
    """  # noqa: D205 - one sentence that does not fit on a line
    found = _Gathered()
    for path, root in sorted(files, key=lambda item: (_overrides(item[0]), item[0])):
        for key, node in root.entries.items():
            kind = _NUMBER.sub("", key)
            for labels, body in _bodies(node, _LABELS.get(kind, -1)):
                _take(found, Block(kind, labels, body, path))
    blocks = [block for key in sorted(found.blocks) for block in found.blocks[key]]
    return Configuration(folder, tuple(blocks), tuple(found.problems))


def _overrides(path: str) -> bool:
    name = path.rpartition("/")[2].removesuffix(".json").removesuffix(".tf")
    return name == "override" or name.endswith("_override")


def _bodies(node: Node, labels: int) -> Iterator[tuple[tuple[str, ...], Mapping]]:
    """Yield what stands below a number of labels; in JSON a list may stand at each level."""
    if labels < 0:
        return
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _bodies(item, labels)
    elif isinstance(node, Mapping) and labels == 0:
        yield (), node
    elif isinstance(node, Mapping):
        for key, child in node.entries.items():
            if not key.startswith("//"):
                for rest, body in _bodies(child, labels - 1):
                    yield (_NUMBER.sub("", key), *rest), body


def _take(found: _Gathered, block: Block) -> None:
    known = found.blocks.setdefault((block.kind, block.labels), [])
    if known and _overrides(block.path):
        known[-1] = _laid_over(known[-1], block)
    elif known and block.kind not in _SEVERAL:
        name = ".".join((block.kind, *block.labels))
        reason = f"{name} stands in {known[0].path} on line {known[0].body.line} and again here"
        found.problems.append(Unreadable("terraform-duplicate", reason, Place(block.path, block.body.line)))
    else:
        known.append(block)


def _laid_over(below: Block, above: Block) -> Block:
    names = {_NUMBER.sub("", key) for key in above.body.entries}
    kept = {k: node for k, node in below.body.entries.items() if _NUMBER.sub("", k) not in names}
    lines = {**{k: below.body.lines.get(k, 0) for k in kept}, **above.body.lines}
    return Block(below.kind, below.labels, Mapping({**kept, **above.body.entries}, below.body.line, lines), below.path)


def is_true(node: Node | None, key: str) -> bool:
    """Return whether an argument is written as `true`."""
    found = find(node, key)
    return isinstance(found, Scalar) and found.text == "true"
