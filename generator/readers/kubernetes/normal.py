"""Kubernetes objects without what says nothing: stated defaults, the bookkeeping of tools, the order of sets.

What is left is still the file's own text at its own lines, so two objects that mean the same have the same fields.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence, leaves
from generator.readers.kubernetes.defaults import NO_SHAPE, Shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping as Entries

_METADATA_NOISE = frozenset(
    {
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "generation",
        "managedFields",
        "namespace",
        "resourceVersion",
        "selfLink",
        "uid",
    }
)
_LABEL_NOISE = re.compile(
    r"""
      helm\.sh/chart                                      # the chart's version is no version of the software
    | app\.kubernetes\.io/managed-by                      # by which tool it was applied
    | argocd\.argoproj\.io/instance
    | (?:kustomize|helm)\.toolkit\.fluxcd\.io/(?:name|namespace|checksum)
    | objectset\.rio\.cattle\.io/hash
    | pod-template-(?:hash|generation) | controller-revision-hash
    """,
    re.VERBOSE,
)
_ANNOTATION_NOISE = re.compile(
    r"""
      kubectl\.kubernetes\.io/(?:last-applied-configuration|restartedAt)
    | deployment\.kubernetes\.io/revision | deprecated\.daemonset\.template\.generation
    | kubernetes\.io/change-cause
    | pv\.kubernetes\.io/(?:bind-completed|bound-by-controller)
    | meta\.helm\.sh/.*
    | checksum/.*                                         # of a config that is itself read
    | argocd\.argoproj\.io/tracking-id
    | kustomize\.toolkit\.fluxcd\.io/checksum
    | config\.kubernetes\.io/(?:id|index|origin|path|package-path)
    | (?:internal|alpha)\.config\.kubernetes\.io/.*
    | objectset\.rio\.cattle\.io/.*
    """,
    re.VERBOSE,
)
_HELM_TWO = frozenset({"chart", "heritage"})
"""Labels that Helm's charts of old set together: the chart with its version, and who applied it."""


class Bag(Sequence):
    """A list whose order says nothing: its items are sorted, and each word stands in it once."""

    __slots__ = ()


def normal(api: str, kind: str, root: Mapping) -> Mapping:
    """Return an object without what says nothing, `root` itself where there is nothing of that."""
    return _mapping(root, shape_of(api, kind), "")


def telling_labels(entries: Entries[str, Node]) -> dict[str, Node]:
    """Return the labels that tell something of the software, and not of the tool that applied it."""
    helm_two = entries.keys() >= _HELM_TWO
    return {
        key: node
        for key, node in entries.items()
        if not _LABEL_NOISE.fullmatch(key) and not (helm_two and key in _HELM_TWO)
    }


def _mapping(node: Mapping, shape: Shape, key: str) -> Mapping:
    entries = node.entries
    if key == "metadata":
        entries = {
            name: _metadata(name, child)
            for name, child in entries.items()
            if name not in _METADATA_NOISE and not (isinstance(child, Scalar) and child.null)
        }
    kept: dict[str, Node] = {}
    same = entries is node.entries
    for name, child in entries.items():
        below = shape.keys.get(name)
        if isinstance(child, Scalar):
            if below is None or not (child.text in below.values or child.null):
                kept[name] = child
            continue
        known = below or NO_SHAPE
        found = _mapping(child, known, name) if isinstance(child, Mapping) else _sequence(child, known)
        if not _is_nothing(found, known, within=key, name=name):
            kept[name] = found
            same = same and found is child
    if shape.stated is not None:
        kept.pop(shape.stated(entries), None)
    return node if same and len(kept) == len(entries) else Mapping(kept, node.line, node.lines)


def _metadata(key: str, node: Node) -> Node:
    """Return one entry of an object's metadata without the bookkeeping of tools."""
    if key == "labels" and isinstance(node, Mapping):
        return Mapping(telling_labels(node.entries), node.line, node.lines)
    if key == "annotations" and isinstance(node, Mapping):
        left = {name: child for name, child in node.entries.items() if not _ANNOTATION_NOISE.fullmatch(name)}
        return Mapping(left, node.line, node.lines)
    if key == "finalizers" and isinstance(node, Sequence):
        return _bag(node.items, node.line)
    return node


def _is_nothing(node: Mapping | Sequence, shape: Shape, *, within: str, name: str) -> bool:
    if node.entries if isinstance(node, Mapping) else node.items:
        return False
    return shape.optional or name == "metadata" or within == "metadata"


def _sequence(node: Sequence, shape: Shape) -> Sequence:
    known = shape.item or NO_SHAPE
    items: list[Node] = []
    same = True
    for item in node.items:
        found = item
        if isinstance(item, Mapping):
            found = _mapping(item, known, "")
        elif isinstance(item, Sequence):
            found = _sequence(item, known)
        same = same and found is item
        items.append(found)
    if shape.unordered:
        return _bag(items, node.line)
    return node if same else Sequence(items, node.line)


def _bag(items: list[Node], line: int) -> Bag:
    words: dict[tuple[tuple[str, str], ...], Node] = {}
    for item in items:
        words.setdefault(tuple((path, leaf.text) for path, leaf in leaves(item)), item)
    return Bag([words[key] for key in sorted(words)], line)
