"""What Argo CD and Flux declare in the repository: which of its folders are deployed."""

from __future__ import annotations

import fnmatch
import itertools
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.config.looking import MANIFEST_SUFFIXES, above, name_of
from generator.documents.tree import Mapping, Scalar, entries, find, items, leaves, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.config.looking import Looker
    from generator.documents.tree import Node

_MOST_FILES = 60
_MOST_ELEMENTS = 1000
_TELLING = re.compile(r"argo|flux|appset|application|clusters?/|bootstrap|gitops", re.IGNORECASE)
_FIELD = re.compile(r"\{\{-?\s*\.?([\w.\[\]-]+)\s*-?\}\}")


@dataclass(frozen=True, slots=True)
class Declared:
    """A folder of the repository that something declares to be deployed."""

    path: str
    revision: str
    """Branch, tag or commit that it is taken from; empty where nothing is said."""
    by: str
    """File that says so."""
    kind: str
    """What says so: `Application`, `ApplicationSet` or `Kustomization`."""
    key: str = ""
    """Key of the revision in that file; empty where the file holds several documents or makes several of them."""


def declared_places(looker: Looker) -> tuple[Declared, ...]:
    """Return what is declared, of folders that are there, in the order of their paths."""
    folders = frozenset(folder for path in looker.paths for folder in above(path))
    telling = [path for path in looker.paths if path.endswith(MANIFEST_SUFFIXES) and _TELLING.search(path)]
    found: dict[tuple[str, str], Declared] = {}
    for path in sorted(telling, key=lambda path: ("appl" not in name_of(path), path.count("/"), path))[:_MOST_FILES]:
        roots = looker.documents(path)
        for root in roots:
            for declared in _of_document(root, path, folders, lone=len(roots) == 1):
                if declared.path in folders:
                    found.setdefault((declared.path, declared.revision), declared)
    return tuple(found[key] for key in sorted(found))


def _of_document(root: Node, by: str, folders: frozenset[str], *, lone: bool) -> Iterator[Declared]:
    kind, version = text(root, "kind"), text(root, "apiVersion").partition("/")[0]
    if kind == "Kustomization" and version == "kustomize.toolkit.fluxcd.io":
        yield Declared(_folder(text(root, "spec", "path")), "", by, kind)
    elif kind == "Application" and version == "argoproj.io":
        for source in _sources(find(root, "spec")):
            key = "spec.source.targetRevision" if lone and source is find(root, "spec", "source") else ""
            yield Declared(_folder(text(source, "path")), text(source, "targetRevision"), by, kind, key)
    elif kind == "ApplicationSet" and version == "argoproj.io":
        elements = [e for node in items(root, "spec", "generators") for e in _elements(node, folders)]
        sources = _sources(find(root, "spec", "template", "spec"))
        for element, source in itertools.product(elements[:_MOST_ELEMENTS], sources):
            path, revision = _filled(text(source, "path"), element), _filled(text(source, "targetRevision"), element)
            if "{{" not in path + revision:
                yield Declared(_folder(path), revision, by, kind)


def _sources(spec: Node | None) -> list[Node]:
    one = find(spec, "source")
    return [*([one] if one is not None else []), *items(spec, "sources")]


def _folder(path: str) -> str:
    """Return a path as git writes it; empty where it names no folder below the top."""
    normal = posixpath.normpath(path.strip("/") or ".")
    return "" if normal == "." or normal.startswith("..") else normal


def _elements(generator: Node, folders: frozenset[str]) -> list[dict[str, str]]:
    """Return what a generator makes: a mapping of fields for each Application; none where it asks a cluster."""
    if listed := items(generator, "list", "elements"):
        return [_fields(element) for element in listed]
    if directories := items(generator, "git", "directories"):
        globs = [text(item, "path") for item in directories if text(item, "exclude") != "true"]
        without = [text(item, "path") for item in directories if text(item, "exclude") == "true"]
        fitting = [f for f in sorted(folders) if _fits(f, globs) and not _fits(f, without)]
        return [_directory(folder) for folder in fitting]
    for several in ("matrix", "merge"):
        inner = [_elements(node, folders) for node in items(generator, several, "generators")]
        if inner and several == "matrix":
            combined = itertools.islice(itertools.product(*inner), _MOST_ELEMENTS)
            return [{key: value for part in parts for key, value in part.items()} for parts in combined]
        if inner:
            return inner[0]
    return []


def _fields(element: Node) -> dict[str, str]:
    values = {name: scalar.text for name, scalar in leaves(element)} if isinstance(element, Mapping) else {}
    nested = entries(element, "values")
    return values | {f"values.{key}": node.text for key, node in nested.items() if isinstance(node, Scalar)}


def _directory(folder: str) -> dict[str, str]:
    fields = {"path": folder, "path.path": folder, "path.basename": name_of(folder)}
    for place, part in enumerate(folder.split("/")):
        fields |= {f"path[{place}]": part, f"path.segments[{place}]": part}
    return fields


def _fits(folder: str, globs: list[str]) -> bool:
    depth = folder.count("/")
    return any(glob.count("/") == depth and fnmatch.fnmatchcase(folder, glob) for glob in globs)


def _filled(template: str, fields: dict[str, str]) -> str:
    return _FIELD.sub(lambda found: fields.get(found.group(1), found.group()), template)
