"""The documents of a file as Kubernetes manifests: lists opened, names checked, the rest set aside with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, Sequence, entries, find, text
from generator.errors import Place, Unreadable
from generator.model.component import Aspect
from generator.readers.kubernetes.fields import FieldSheet
from generator.readers.kubernetes.normal import normal, telling_labels
from generator.readers.validation.remarks import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.readers.reader import Mask

_KUSTOMIZATION_FILES = frozenset({"kustomization.yaml", "kustomization.yml"})
_KIND = re.compile("[A-Za-z][A-Za-z0-9]{0,62}")
"""What a kind looks like; a file that SOPS encrypted whole has another."""
_NO_SPEC = frozenset({"kind", "metadata", "status", "sops"})
_NO_METADATA = frozenset({"metadata.name", "metadata.generateName", "metadata.labels", "metadata.annotations"})


@dataclass(frozen=True, slots=True)
class Manifest:
    """One Kubernetes object with a name."""

    api: str
    """`apiVersion` as written: `apps/v1`."""
    kind: str
    name: str
    namespace: str
    root: Mapping
    """The object without what says nothing."""
    raw: Mapping
    """The object as it stands."""
    path: str
    mask: Mask

    @property
    def resource_id(self) -> str:
        """Return `Kind/NAME`."""
        return f"{self.kind}/{self.name}"

    def labels(self, *way: str) -> tuple[tuple[str, str], ...]:
        """Return the labels, or the selector, found by following `way` from the root, less the bookkeeping of tools."""
        found = telling_labels(entries(self.root, *way))
        return tuple((key, node.text) for key, node in found.items() if isinstance(node, Scalar))

    def sheet(self) -> FieldSheet:
        """Return a sheet with what every object has: its version, labels, annotations and other metadata."""
        sheet = FieldSheet(self.mask)
        sheet.put(Aspect.CONFIG, "apiVersion", self.api, self.root.lines.get("apiVersion", 0))
        for part in ("labels", "annotations"):
            node = find(self.root, "metadata", part)
            if isinstance(node, Mapping) and node.entries:
                sheet.tree(Aspect.CONFIG, node, part)
        metadata = find(self.root, "metadata")
        if isinstance(metadata, Mapping):
            sheet.tree(Aspect.CONFIG, metadata, "metadata", skip=_NO_METADATA)
        return sheet

    def rest(self, *without: str) -> Iterator[tuple[str, Node]]:
        """Yield the entries of the root that say what the object is, but those named."""
        for key, node in self.root.entries.items():
            if key not in _NO_SPEC and key != "apiVersion" and key not in without:
                yield key, node


def manifests(roots: tuple[Node, ...], path: str, mask: Mask) -> Iterator[Manifest | Unreadable]:
    """Yield the objects of a file, those inside lists one by one, and for each other document why it is none."""
    waiting = [(root, "", "") for root in reversed(roots)]
    while waiting:
        root, api, kind = waiting.pop()
        if isinstance(root, Scalar) and root.null:
            continue
        api, kind = text(root, "apiVersion") or api, text(root, "kind") or kind
        inside = find(root, "items")
        if kind.endswith("List") and isinstance(inside, Sequence):
            of = (api, kind.removesuffix("List")) if kind != "List" else ("", "")
            waiting += [(item, *of) for item in reversed(inside.items)]
        else:
            yield _manifest(root, api, kind, path, mask)


def is_note(reason: Unreadable) -> bool:
    """Return whether a document was passed over on purpose, and is no fault."""
    return reason.code in {"not-kubernetes", "not-rendered", "template", MISSING}


def _manifest(root: Node, api: str, kind: str, path: str, mask: Mask) -> Manifest | Unreadable:
    place = Place(path, root.line)
    is_kustomize = api.startswith("kustomize.config.k8s.io") or api == "builtin"
    if is_kustomize or path.rsplit("/", 1)[-1] in _KUSTOMIZATION_FILES:
        return Unreadable("not-rendered", "a kustomization; it is rendered where the reader is `kustomize`", place)
    if not isinstance(root, Mapping) or not api or not _KIND.fullmatch(kind):
        return Unreadable("not-kubernetes", "a document without apiVersion and kind", place)
    name = text(root, "metadata", "name")
    if name:
        namespace = text(root, "metadata", "namespace")
        return Manifest(api, kind, name, namespace, normal(api, kind, root), root, path, mask)
    if text(root, "metadata", "generateName"):
        reason = f"a {kind} with generateName gets another name each time, so nothing can be compared with it"
        return Unreadable("kubernetes-name", reason, place, "give it a metadata.name")
    return Unreadable("kubernetes-name", f"a {kind} without a name", place, "give it a metadata.name")
