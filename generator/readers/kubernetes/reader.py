"""Kubernetes manifests as they stand in git: every file a unit, every object of it a component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.documents.formats import parse
from generator.readers.encrypted import encrypted_kind, encrypted_note, encrypted_resource, is_opaque
from generator.readers.kubernetes.exposures import is_exposure, read_exposure
from generator.readers.kubernetes.manifests import Manifest, is_note, manifests
from generator.readers.kubernetes.resources import read_resource
from generator.readers.kubernetes.workloads import is_workload, read_workload
from generator.readers.reader import Reading
from generator.readers.validation.schemas import schemas_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.documents.tree import Node
    from generator.errors import Unreadable
    from generator.model.component import Component
    from generator.readers.reader import Mask, SourceFile, Unit
    from generator.readers.validation.schemas import Schemas

_SUFFIXES = (".yaml", ".yml", ".json")
_HELM_FILES = frozenset({"Chart.yaml", "values.yaml", "values.yml"})


class KubernetesReader:
    """Reads plain manifests; what must be rendered first (Kustomize, Helm templates) is noted and passed over."""

    name = "kubernetes"
    whole_environment = False

    def accepts(self, path: str) -> bool:
        """Return whether the file is YAML or JSON and not one of a Helm chart's own."""
        return path.endswith(_SUFFIXES) and path.rsplit("/", 1)[-1] not in _HELM_FILES

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return the objects of `files` as components; a broken document costs what stands after it in its file."""
        schemas = schemas_for(unit.target)
        components: list[Component] = []
        problems: list[Unreadable] = []
        notes: list[Unreadable] = []
        lost: tuple[str, ...] | None = ()
        for file in files:
            sealed = encrypted_resource(file, mask)
            if sealed is not None:
                components.append(sealed)
                if is_opaque(encrypted_kind(file.data, file.path)):
                    notes.append(encrypted_note(file))
                continue
            documents = parse(file.data, file.path)
            reasons = [documents.problem] if documents.problem else []
            lost = None if documents.problem else lost
            found, faults = read_manifests(documents.roots, file.path, mask, schemas)
            components += found
            reasons += faults
            for reason in reasons:
                (notes if is_note(reason) else problems).append(reason)
        return Reading(tuple(components), tuple(problems), lost, tuple(notes))


def read_manifests(
    roots: tuple[Node, ...], path: str, mask: Mask, schemas: Schemas
) -> tuple[list[Component], list[Unreadable]]:
    """Return the objects of the documents `roots` as components, and for each other document why it is none.

    Where objects are to be held against `schemas` that are not at hand, a reason without a path says so.
    """
    components: list[Component] = []
    reasons: list[Unreadable] = []
    for found in manifests(roots, path, mask):
        if isinstance(found, Manifest):
            remarks = schemas.remarks(found.api, found.kind, found.raw)
            components.append(msgspec.structs.replace(_read(found), api=found.api, remarks=remarks))
        else:
            reasons.append(found)
    if components and schemas.note:
        reasons.append(schemas.note)
    return components, reasons


def _read(manifest: Manifest) -> Component:
    if is_workload(manifest):
        return read_workload(manifest)
    return read_exposure(manifest) if is_exposure(manifest) else read_resource(manifest)
