"""Arguments of Terraform as fields: which side of a component they belong to, and which of them hide a secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Node, Scalar, leaves, text
from generator.model.component import Aspect, Field, How, Reference
from generator.readers.addresses import find_addresses
from generator.readers.kubernetes.fields import FieldSheet, shortened
from generator.readers.secrets import is_secret_name, mask_within

if TYPE_CHECKING:
    from collections.abc import Container

    from generator.readers.reader import Mask

MOST_FIELDS = 50_000
"""Fields of one reading: some seconds of work, and five times what the largest folders have."""

_ARTIFACTS = re.compile(
    r"(?:\w+_)?(?:image|image_uri|image_id|image_tag|image_version|docker_image|ami|ami_id)|engine_version|app_version"
    r"|chart_version|kubernetes_version"
)
"""Last parts of names that tell what runs."""
_SCALE = re.compile(
    r"count|for_each|replicas|replica_count|instance_count|node_count|(?:desired|min|max|minimum|maximum)_"
    r"(?:count|capacity|size|instances|replicas|nodes|node_count|instance_count|scale)|(?:min|max)_instance_count"
)
_TRAVERSED = re.compile(r"\$\{[A-Za-z_][\w.*\[\]-]*\}")
"""An insertion that names where a value is taken from, and holds none itself."""
_SECRET_TYPE = re.compile(r"secret|password|credential|(?:^|_)token|ssm_parameter")
_SECRET_CONTENT = frozenset({"value", "data", "binary_data", "data_json", "plaintext_value", "content"})
_INDEX = re.compile(r"\[[^\]]*\]$")
_CHART = frozenset({"chart", "version"})


class TerraformSizeError(Exception):
    """A reading that grew beyond any bound, with the reason; it never leaves the reader of Terraform."""


class TerraformSheet(FieldSheet):
    """The fields of one block, while they are collected."""

    def __init__(self, mask: Mask, left: list[int], artifacts: frozenset[str] = frozenset(), path: str = "") -> None:
        """Start a sheet for a component of the file `path`; `left` holds how many fields may still come."""
        super().__init__(mask)
        self._mask = mask
        self._left = left
        self._artifacts = artifacts
        self._path = path

    def setting(self, aspect: Aspect, name: str, scalar: Scalar, setting: str, *, text_stays: bool = True) -> None:
        """Add a value; an expression is masked by what is written in it, and wholly where its name says a secret."""
        self._left[0] -= 1
        if self._left[0] < 0:
            reason = f"more than {MOST_FIELDS} fields once modules and values are followed"
            raise TerraformSizeError(reason)
        last = _INDEX.sub("", name).rpartition(".")[2]
        if aspect is Aspect.CONFIG:
            if name in self._artifacts or _ARTIFACTS.fullmatch(last):
                aspect = Aspect.ARTIFACT
            elif _SCALE.fullmatch(last):
                aspect = Aspect.SCALE
        if "${" not in scalar.text and "%{" not in scalar.text:
            super().setting(aspect, name, scalar, setting, text_stays=text_stays)
        elif _TRAVERSED.fullmatch(scalar.text):
            self.put(aspect, name, scalar.text, scalar.line)
        elif is_secret_name(setting) or scalar.text.startswith("${sensitive("):
            self.secret(name, scalar.text, scalar.line)
        else:
            shown = mask_within(scalar.text, self._mask)
            aspect = aspect if shown == scalar.text or "\n" in shown.strip() else Aspect.SECRET
            self.fields.append(Field(aspect, name, shortened(shown), scalar.line))

    def tree(
        self, aspect: Aspect, node: Node, path: str, setting: str = "", skip: Container[str] = frozenset()
    ) -> None:
        """Add every leaf below `node`; an object with a secret name is hidden wholly, a block `{name, value}` by it."""
        if isinstance(node, Mapping):
            last = path.rpartition(".")[2]
            if "[" not in last and is_secret_name(last) and is_written(node):
                self.secret_tree(node, path)
                return
            setting = (text(node, "name") or text(node, "key") or setting) if "value" in node.entries else setting
        super().tree(aspect, node, path, setting, skip)

    def argument(self, name: str, node: Node, path: str, *, hidden: bool = False) -> None:
        """Add an argument by its `name`, each leaf of it; `path` is the file that it stands in.

        An absent value (null) is as if the argument were not there.
        """
        if isinstance(node, Scalar) and node.null:
            return
        before = len(self.fields)
        if hidden:
            self.secret_tree(node, name)
        else:
            self.tree(Aspect.CONFIG, node, name, name.rpartition(".")[2])
        if path != self._path:
            self.fields[before:] = [Field(f.aspect, f.name, f.value) for f in self.fields[before:]]

    def addresses(self) -> list[Reference]:
        """Return the addresses in the settings collected so far, as inferred references."""
        found = []
        for item in self.fields:
            if item.aspect is Aspect.CONFIG and "${" not in item.value:
                for host, port, role in find_addresses(item.name, item.value):
                    found.append(Reference(role, host, How.INFERRED, item.name, port, line=item.line))
        return found


def body_fields(sheet: TerraformSheet, kind: str, body: Mapping, path: str, skip: frozenset[str]) -> None:
    """Add the arguments of a resource of the type `kind`, but those of `skip`."""
    secret_type = _SECRET_TYPE.search(kind) is not None or is_secret_name(text(body, "name") or text(body, "key"))
    for key, node in body.entries.items():
        if key in skip or key.startswith("//"):
            continue
        if kind == "helm_release" and key in _CHART and isinstance(node, Scalar):
            sheet.artifact(key, node)
            continue
        hidden = (secret_type and key in _SECRET_CONTENT) or _INDEX.sub("", key) == "set_sensitive"
        sheet.argument(key, node, path, hidden=hidden and is_written(node))


def is_written(node: Node) -> bool:
    """Return whether some of `node` is more than the name of where a value is taken from."""
    return any(not _TRAVERSED.fullmatch(leaf.text) for _, leaf in leaves(node))
