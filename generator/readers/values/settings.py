"""Leaves of settings as fields: the artifact by its key, scale by its name, secrets masked, addresses as references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.model.component import Aspect, Field, How, Reference
from generator.readers.addresses import find_addresses
from generator.readers.secrets import mask_within, protect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.documents.tree import Scalar
    from generator.readers.reader import Mask

KEPT = 32_768
"""Settings without a secret that are kept as fields: they hardly change from one version of a file to the next."""
KEPT_CHARACTERS = 16_000_000
"""Characters of their texts, since whole files stand in some."""
_SCALE = frozenset({"replicas", "replicaCount", "replica_count", "instances", "minReplicas", "maxReplicas"})
_ANY_FIRST = r"[^.\[\]]+"
_ANY = r"(?:\.[^.\[\]]+|\[[^\[\]]*\])"


class Sheet(NamedTuple):
    """What the leaves of one component say."""

    fields: list[Field]
    references: list[Reference]


class Settings:
    """Turns leaves into fields and references."""

    def __init__(self) -> None:
        """Start with no setting looked through."""
        self._plain: dict[tuple[str, str], tuple[Field, tuple[Reference, ...]]] = {}
        self._characters = 0
        self._artifacts: dict[tuple[str, ...], re.Pattern[str]] = {}

    def sheet(
        self,
        leaves: Iterable[tuple[str, Scalar, int]],
        artifact: tuple[str, ...],
        lined: int,
        mask: Mask,
        paths: Sequence[str] = (),
    ) -> Sheet:
        """Return the fields of `leaves`: path, scalar and number of its layer.

        The layer of the number `lined` is the component's own file. Fields of the others are told with their files
        where `paths` has those of all layers, and else without file and line; references, in the own file alone. Of two
        leaves with one name the last one counts; a null, an artifact without text, and a mapping without any setting
        are none.
        """
        is_artifact = self._artifact(artifact).fullmatch
        fields: dict[str, Field] = {}
        references: dict[str, tuple[Reference, ...]] = {}
        for name, scalar, number in leaves:
            own, text = number == lined, scalar.text
            path = paths[number] if paths and not own else ""
            line = scalar.line if own or path else 0
            if fields.pop(name, None) is not None:
                references.pop(name, None)
            if scalar.null or not name:
                continue
            if is_artifact(name):
                if text.strip():
                    fields[name] = Field(Aspect.ARTIFACT, name, mask_within(text.strip(), mask), line, path)
                continue
            known = self._plain.get((name, text)) or self._setting(name, text, mask)
            fields[name] = _at(known[0], line, path) if line or path else known[0]
            if known[1]:
                references[name] = tuple(_reference_at(r, line) for r in known[1]) if own else known[1]
        return Sheet(list(fields.values()), [r for found in references.values() for r in found])

    def _setting(self, name: str, text: str, mask: Mask) -> tuple[Field, tuple[Reference, ...]]:
        found, shown = find_addresses(name, text), protect(name, text, mask)
        if shown.secret:
            return Field(Aspect.SECRET, name, shown.text), ()
        aspect = Aspect.SCALE if name.rpartition(".")[2] in _SCALE else Aspect.CONFIG
        references = tuple(Reference(a.role, a.host, How.INFERRED, name, port=a.port) for a in found)
        made = (Field(aspect, name, text), references)
        self._characters += len(text)
        if len(self._plain) >= KEPT or self._characters > KEPT_CHARACTERS:
            self._plain.clear()
            self._characters = len(text)
        self._plain[name, text] = made
        return made

    def _artifact(self, keys: tuple[str, ...]) -> re.Pattern[str]:
        found = self._artifacts.get(keys)
        if found is None:
            found = self._artifacts[keys] = re.compile("|".join(_pattern(key) for key in keys) if keys else r"(?!)")
        return found


def _pattern(key: str) -> str:
    """Return the regular expression of an artifact's key, in which a part `*` stands for any one part."""
    first, *rest = key.split(".")
    parts = [_ANY_FIRST if first == "*" else re.escape(first)]
    parts += [_ANY if part == "*" else rf"\.{re.escape(part)}" for part in rest]
    return "".join(parts)


def _at(field: Field, line: int, path: str) -> Field:
    return Field(field.aspect, field.name, field.value, line, path)


def _reference_at(reference: Reference, line: int) -> Reference:
    return Reference(reference.role, reference.target, reference.how, reference.field, port=reference.port, line=line)
