"""Files that kustomizations name and the repository doesn't hold: decrypted or made on the way to the cluster."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from typing import TYPE_CHECKING

from generator.config.findings import listed
from generator.config.looking import KUSTOMIZATIONS, above, can_be_named, folder_of, join, name_of
from generator.documents.tree import Scalar, items, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.config.looking import Looker
    from generator.documents.tree import Node

_MOST_FILES = 60
_MOST_PATTERNS = 20
_LISTS = ("resources", "bases", "components", "patchesStrategicMerge")
_GENERATORS = ("configMapGenerator", "secretGenerator")
_ENCRYPTED = ("enc", "encrypted", "sops")
_ENDINGS = (".age", ".asc", ".enc", ".gpg")


def provided_files(looker: Looker, reading: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return patterns of files that are decrypted at deployment time, and sentences about all that are missing.

    `reading` are the folders whose kustomizations are rendered; what stands above them is looked at too.
    """
    present = looker.present
    folders = {folder for path in looker.paths for folder in above(path)}
    missing = {path for path in _named(looker, reading) if path not in present and path not in folders}
    decrypted = {path for path in missing if not present.isdisjoint(_encrypted_names(path))}
    patterns = _patterns(decrypted)
    reasons = []
    if patterns:
        reasons.append(
            f"{len(decrypted)} files that kustomizations name aren't there, and encrypted ones are beside: "
            f"{listed(patterns)} {'are' if len(patterns) > 1 else 'is'} taken to exist only at deployment time."
        )
    if unknown := sorted(missing - decrypted):
        reasons.append(
            f"Kustomizations name {listed(unknown)}, which {'are' if len(unknown) > 1 else 'is'} not there: if made at "
            "deployment time, add them to `provided`."
        )
    return tuple(patterns[:_MOST_PATTERNS]), reasons


def _patterns(paths: Iterable[str]) -> list[str]:
    """Return patterns that `paths` fit: by folder and ending, in any place where several folders have that name."""
    places: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        ending = posixpath.splitext(path)[1]
        places[f"{name_of(folder_of(path))}/{f'*{ending}' if ending else name_of(path)}"].add(folder_of(path))
    return sorted(
        f"**/{last}" if len(folders) > 1 else join(folder_of(min(folders)), last).lstrip("/")
        for last, folders in places.items()
    )


def _named(looker: Looker, reading: Sequence[str]) -> set[str]:
    """Return the local paths that the kustomizations of `reading` name, and those of what these name, and so on."""
    named: set[str] = set()
    waiting, seen = sorted(reading), set(reading)
    for folder in waiting:
        if len(seen) > _MOST_FILES:
            break
        files = [join(folder, name) for name in sorted(KUSTOMIZATIONS) if join(folder, name) in looker.present]
        for path in files[:1]:
            for root in looker.documents(path):
                found = {posixpath.normpath(posixpath.join(folder, text)) for text in _references(root)}
                named |= {text for text in found if can_be_named(text) and not text.startswith(".")}
                waiting += sorted(named & looker.kustomized - seen)
                seen |= named & looker.kustomized
    return named


def _references(root: Node) -> Iterator[str]:
    yield from _local(item for key in _LISTS for item in items(root, key))
    for patch in items(root, "patches"):
        if path := text(patch, "path"):
            yield path
    for key in _GENERATORS:
        for generator in items(root, key):
            for item in _local(items(generator, "files") + items(generator, "envs")):
                yield item.rpartition("=")[2]


def _local(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield texts that are paths: no address, and no patch written in place."""
    for node in nodes:
        if isinstance(node, Scalar) and not node.null and "\n" not in node.text and "://" not in node.text:
            told = node.text
            if "?" not in told and not told.startswith(("git@", "github.com/", "/")):
                yield told


def _encrypted_names(path: str) -> set[str]:
    """Return what the encrypted file of `path` may be called."""
    stem, ending = posixpath.splitext(path)
    before = {f"{stem}.{mark}{ending}" for mark in _ENCRYPTED}
    marked = {join(folder_of(path), f"{mark}.{name_of(path)}") for mark in _ENCRYPTED}
    return before | marked | {f"{path}{mark}" for mark in _ENDINGS}
