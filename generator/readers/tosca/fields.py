"""Parts of a TOSCA template as fields: which side of a component they belong to, and which of them hide a secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar
from generator.model.component import Aspect, Field, How, Reference
from generator.readers.addresses import find_addresses
from generator.readers.kubernetes.fields import FieldSheet, shortened
from generator.readers.secrets import is_secret_name, mask_within
from generator.readers.tosca.functions import is_symbolic
from generator.readers.tosca.scripts import NAMED, content_field, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping as ContentMapping

    from generator.readers.reader import Mask

    ContentByPath = ContentMapping[str, bytes]

MOST_FIELDS = 50_000
"""Fields of one reading: some seconds of work, and far more than a topology that is written by hand."""

_ARTIFACT = re.compile(
    r"artifacts\.[^.]+(?:\.(?:file|version|artifact_version|checksum|repository))?"
    r"|properties\.(?:(?:\w+_)?image(?:_(?:name|tag|version))?|(?:component_|software_|app_)?version)"
    r"|interfaces\..*\.implementation(?:\.primary)?(?:\.file)?|(?:metadata\.)?template_version"
)
"""Names of fields that tell what runs: deployment artifacts, images, versions, the scripts of operations."""
_SCALE = re.compile(
    r".*\.(?:(?:min|max|default)_instances|(?:default|minimum|maximum)_instances|replicas|instances"
    r"|num_cpus|cpu_frequency|mem_size|disk_size)"
)
_EXPOSURE = re.compile(
    r"capabilities\.[^.]+\.properties\.(?:port|protocol|port_name|url_path|secure|ports(?:[.\[].*)?)"
)
_TAKEN = re.compile(r"\{ get_\w+: [^{}\"]* \}")
"""A function that names where a value is taken from, and holds none itself."""


class TooManyFieldsError(Exception):
    """A reading that grew beyond any bound; it never leaves the reader of TOSCA."""


class ToscaSheet(FieldSheet):
    """The fields of one component, while they are collected."""

    def __init__(
        self, mask: Mask, left: list[int], artifacts: frozenset[str], lines: str, contents: ContentByPath
    ) -> None:
        """Start a sheet for a component of the file `lines`; `left` holds how many fields may still come.

        `contents` holds the files that artifacts and operations may name.
        """
        super().__init__(mask)
        self._mask = mask
        self._left = left
        self._artifacts = artifacts
        self._lines = lines
        self._contents = contents

    def setting(self, aspect: Aspect, name: str, scalar: Scalar, setting: str, *, text_stays: bool = True) -> None:
        """Add a value; a function is masked by what is written in it, and wholly where its name says a secret."""
        self._left[0] -= 1
        if self._left[0] < 0:
            raise TooManyFieldsError
        if aspect is Aspect.CONFIG:
            if name in self._artifacts or _ARTIFACT.fullmatch(name):
                aspect = Aspect.ARTIFACT
            elif _EXPOSURE.fullmatch(name):
                aspect = Aspect.EXPOSURE
            elif _SCALE.fullmatch(name):
                aspect = Aspect.SCALE
        if not is_symbolic(scalar.text):
            super().setting(aspect, name, scalar, setting, text_stays=text_stays)
        elif _TAKEN.fullmatch(scalar.text):
            self.put(aspect, name, scalar.text, scalar.line)
        elif is_secret_name(setting):
            self.secret(name, scalar.text, scalar.line)
        else:
            shown = mask_within(scalar.text, self._mask)
            aspect = aspect if shown == scalar.text else Aspect.SECRET
            self.fields.append(Field(aspect, name, shortened(shown), scalar.line))

    def part(self, name: str, node: Node, path: str) -> None:
        """Add everything below `name`; `path` is the file that it stands in."""
        before = len(self.fields)
        self.tree(Aspect.CONFIG, node, name, name.rpartition(".")[2])
        for item in self.fields[before:]:
            target = target_of(path, item.value) if NAMED.fullmatch(item.name) else ""
            if target in self._contents:
                aspect, shown = content_field(self._contents[target], self._mask)
                self.put(aspect, f"{item.name}.content", shown, item.line)
        if path != self._lines:
            self.fields[before:] = [Field(f.aspect, f.name, f.value) for f in self.fields[before:]]

    def parts(self, name: str, node: Node | None, path: str) -> None:
        """Add each entry of a mapping under its own name; an empty one adds nothing."""
        if isinstance(node, Mapping):
            for key, child in node.entries.items():
                self.part(f"{name}.{key}", child, path)

    def addresses(self) -> list[Reference]:
        """Return the addresses in the settings collected so far, as inferred references."""
        found = []
        for item in self.fields:
            if item.aspect is Aspect.CONFIG and not is_symbolic(item.value):
                for host, port, role in find_addresses(item.name, item.value):
                    found.append(Reference(role, host, How.INFERRED, item.name, port, line=item.line))
        return found
