"""Files of settings as layers: parsed once for each content, however many environments and commits they stand in."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.documents.formats import parse
from generator.documents.tree import Mapping, Node, Scalar
from generator.errors import Place, Unreadable
from generator.readers.encrypted import encrypted_kind, is_opaque, without_sops

if TYPE_CHECKING:
    from generator.readers.reader import SourceFile

KEPT_BYTES = 4_000_000
"""Bytes of files whose trees are kept: many times what the newest layers of a large repository take. A tree takes some
twenty times the memory of its text."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of settings."""

    path: str
    roots: tuple[Node, ...]
    """Its documents, each a mapping; what SOPS notes for itself is left out."""
    problem: Unreadable | None = None
    """Why the rest of it could not be read."""
    opaque: bytes = b""
    """The whole content, where it is encrypted or no text at all."""

    @property
    def name(self) -> str:
        """Return the file's name without its folders."""
        return self.path.rsplit("/", 1)[-1]


def read_layer(file: SourceFile) -> Layer:
    """Return a file as a layer; never raises for what it holds."""
    if is_opaque(encrypted_kind(file.data, file.path)):
        return Layer(file.path, (), opaque=file.data)
    documents = parse(file.data, file.path)
    roots: list[Node] = []
    problem = documents.problem
    for root in documents.roots:
        if isinstance(root, Mapping):
            roots.append(without_sops(root))
        elif not (isinstance(root, Scalar) and root.null) and problem is None:
            place = Place(file.path, root.line)
            problem = Unreadable("values-shape", "settings are expected as keys and values", place)
    return Layer(file.path, tuple(roots), problem)


class KeptLayers:
    """Layers by path and content, those used last."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[tuple[str, str], tuple[int, Layer]] = OrderedDict()
        self._bytes = 0

    def read(self, file: SourceFile, blob: str) -> Layer:
        """Return the layer of a file whose content has the object id `blob`."""
        key = (file.path, blob)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found[1]
        layer = read_layer(file)
        self._kept[key] = (len(file.data), layer)
        self._bytes += len(file.data)
        while self._bytes > KEPT_BYTES:
            self._bytes -= self._kept.popitem(last=False)[1][0]
        return layer
