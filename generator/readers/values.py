"""Settings of one component in one file: any YAML, JSON, TOML or .env, the artifact named by its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.formats import parse
from generator.documents.tree import Mapping, leaves
from generator.errors import Place, Unreadable
from generator.model.component import Aspect, Component, Field, How, Reference, Role, component
from generator.readers.addresses import find_addresses
from generator.readers.reader import Reading
from generator.readers.secrets import mask_within, protect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.documents.tree import Scalar
    from generator.readers.addresses import Address
    from generator.readers.reader import Mask, SourceFile, Unit

_SCALE = frozenset({"replicas", "replicaCount", "replica_count", "instances", "minReplicas", "maxReplicas"})


KEPT = 8192
"""Settings without a secret whose addresses are kept: settings hardly change from one version of a file to the next."""


class ValuesReader:
    """Reads the files of one component in one environment; later files win, key by key, as Helm merges values."""

    name = "values"
    whole_environment = False

    def __init__(self) -> None:
        """Start with no setting looked through."""
        self._plain: dict[tuple[str, str], tuple[Address, ...]] = {}

    def accepts(self, path: str) -> bool:
        """Return true: the path template alone says which files are meant."""
        return bool(path)

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return one component, whose fields are the settings of all `files` by their path in dots."""
        fields: dict[str, Field] = {}
        references: dict[str, list[Reference]] = {}
        problems: list[Unreadable] = []
        notes: list[Unreadable] = []
        for file in files:
            documents = parse(file.data, file.path)
            if documents.problem:
                (notes if documents.problem.code == "template" else problems).append(documents.problem)
            for root in documents.roots:
                if not isinstance(root, Mapping):
                    reason = "settings are expected as keys and values"
                    problems.append(Unreadable("values-shape", reason, Place(file.path, root.line)))
                    continue
                for name, scalar in leaves(root):
                    fields.pop(name, None)
                    references.pop(name, None)
                    if not scalar.null and not (name in unit.artifact and not scalar.text.strip()):
                        fields[name], references[name] = self._setting(unit, name, scalar, mask)
        if problems and not fields:
            return Reading(problems=tuple(problems), notes=tuple(notes))
        made = _component(unit, files[-1].path, list(fields.values()), [r for n in references for r in references[n]])
        return Reading((made,), tuple(problems), notes=tuple(notes))

    def _setting(self, unit: Unit, name: str, scalar: Scalar, mask: Mask) -> tuple[Field, list[Reference]]:
        text, line = scalar.text, scalar.line
        if name in unit.artifact:
            return Field(Aspect.ARTIFACT, name, mask_within(text.strip(), mask), line), []
        found = self._plain.get((name, text))
        if found is None:
            found, shown = find_addresses(name, text), protect(name, text, mask)
            if shown.secret:
                return Field(Aspect.SECRET, name, shown.text, line), []
            if shown.text == text:
                if len(self._plain) >= KEPT:
                    self._plain.clear()
                self._plain[name, text] = found
            text = shown.text
        aspect = Aspect.SCALE if name.rpartition(".")[2] in _SCALE else Aspect.CONFIG
        references = [Reference(a.role, a.host, How.INFERRED, name, port=a.port, line=line) for a in found]
        return Field(aspect, name, text, line), references


def _component(unit: Unit, path: str, fields: list[Field], references: list[Reference]) -> Component:
    return component(
        unit.component,
        Role.COMPONENT,
        "values",
        fields=fields,
        references=references,
        names=(unit.component,),
        path=path,
        line=1,
    )
