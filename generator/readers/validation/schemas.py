"""The JSON schemas of Kubernetes' own objects, a version at a time; each kind's is read when the first one is met."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.documents.tree import Mapping
from generator.errors import Place, Unreadable
from generator.readers.validation.remarks import MISSING, remarks_on, unknown_kind
from generator.readers.validation.typed import typed

if TYPE_CHECKING:
    from generator.documents.tree import Node
    from generator.model.component import Remark

_PACKAGE = "kubernetes_validate"
_DISTRIBUTIONS = ("kubernetes-validate", "jsonschema-rs")
_FOLDER = "kubernetes-json-schema"
_DEFINITIONS = "_definitions.json"
_ADDRESS = f"json-schema:///api/{_DEFINITIONS}"
_MINOR = re.compile(r"v?(\d+\.\d+)(?:\..*)?")
_FIRST_LABEL = re.compile(r"([^./]*)(?:\.[^/]*)?/")
_KEPT = 4096
"""Kinds that are remembered; a version has about 250 of its own."""
_SIMPLE = re.compile(r"[A-Za-z0-9.-]{1,120}")
"""What a kind, and a version with its group, may be for a file to be looked for under that name."""
_OURS = frozenset({"status", "sops"})
"""Entries at the top that no one applies: what the platform says, and what a tool notes on its encryption."""
_GROUPS = frozenset(
    {"", "apps", "autoscaling", "batch", "extensions", "policy"}
    | {f"{n}.k8s.io" for n in ("admissionregistration", "apiextensions", "apiregistration", "certificates")}
    | {f"{n}.k8s.io" for n in ("coordination", "discovery", "events", "networking", "node", "scheduling", "storage")}
    | {"rbac.authorization.k8s.io", "flowcontrol.apiserver.k8s.io"}
)
"""Groups whose every kind is the platform's own, so that one without a schema is one that it does not have."""


class Schemas:
    """The schemas of one version of Kubernetes; without any where they are not at hand, and `note` says why."""

    def __init__(self, target: str, folder: Path | None, note: Unreadable | None = None) -> None:
        """Take the schemas of version `target` from `folder`."""
        self.target, self.note, self._folder = target, note, folder
        self._registry: Any = None
        self._validators: dict[tuple[str, str], Any] = {}

    def remarks(self, api: str, kind: str, root: Node) -> tuple[Remark, ...]:
        """Return what is wrong with an object by its schema, sorted; nothing for a kind of somebody else's."""
        if self._folder is None or not isinstance(root, Mapping):
            return ()
        key = (api, kind)
        if key not in self._validators:
            if len(self._validators) >= _KEPT:
                self._validators.clear()
            self._validators[key] = self._validator(api, kind)
        validator = self._validators[key]
        if validator is None:
            return unknown_kind(api, kind, self.target, root) if _is_own(api) else ()
        value = typed(root)
        if isinstance(value, dict):
            for name in _OURS:
                value.pop(name, None)
            # An item of a list gets them from the list.
            value |= {"apiVersion": api, "kind": kind}
        return () if validator.is_valid(value) else remarks_on(validator.iter_errors(value), root, kind)

    def _validator(self, api: str, kind: str) -> Any:  # noqa: ANN401 - of a package that may be missing
        """Return what tells the errors of a kind; `None` where this version has no such kind."""
        found = self._schema(api, kind)
        if found is None:
            return None
        rust = import_module("jsonschema_rs")
        if self._registry is None:
            self._registry = rust.Registry([(_ADDRESS, self._read(_DEFINITIONS))])
        return rust.validator_for(found, registry=self._registry, offline=True, validate_formats=False)

    def _schema(self, api: str, kind: str) -> dict[str, Any] | None:
        if self._folder is None or not _SIMPLE.fullmatch(kind) or not _SIMPLE.fullmatch(api.replace("/", "-", 1)):
            return None
        first = _FIRST_LABEL.sub(r"\1-", api)
        name = f"{kind.lower()}-{first}.json"
        if not (self._folder / name).is_file():
            return None
        schema = self._read(name)
        # Files go by the first word of a group alone, which somebody else's group may share.
        group, _, of = api.rpartition("/")
        wanted = {"group": group, "kind": kind, "version": of}
        return schema if wanted in schema.get("x-kubernetes-group-version-kind", []) else None

    def _read(self, name: str) -> dict[str, Any]:
        folder = self._folder or Path()
        found: dict[str, Any] = json.loads((folder / name).read_bytes())
        if "properties" in found:
            found["$id"] = f"json-schema:///api/{name}"
        return found


def _is_own(api: str) -> bool:
    return api.rpartition("/")[0] in _GROUPS


@cache
def schemas_for(target: str) -> Schemas:
    """Return the schemas of the version of Kubernetes that an environment runs, such as `1.31`; none where empty."""
    found = _MINOR.fullmatch(target)
    if found is None:
        return Schemas(target, None)
    spec = find_spec(_PACKAGE)
    if spec is None or find_spec("jsonschema_rs") is None:
        reason = "manifests are not held against the schemas of Kubernetes: they are not on this machine"
        return Schemas(target, None, Unreadable(MISSING, reason, Place(), "pip install 'assay[schemas]'"))
    top = Path(next(iter(spec.submodule_search_locations or ()), "")) / _FOLDER
    # The strict form also tells of fields that no version knows, which is what most slips come to.
    folder = top / f"v{found[1]}.0-local-strict"
    if folder.is_dir():
        return Schemas(found[1], folder)
    known = sorted({m[1] for p in top.glob("v*-strict") if (m := _MINOR.fullmatch(p.name))}, key=_order)
    reason = f"manifests are not held against the schemas of Kubernetes {target}: there are none of that version"
    fix = f"name one from {known[0]} to {known[-1]}, or update kubernetes-validate" if known else ""
    return Schemas(target, None, Unreadable(MISSING, reason, Place(), fix))


def _order(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


@cache
def schemas_version() -> str:
    """Return which packages of schemas are installed: a reading that was made with others is made anew."""
    found = []
    for name in _DISTRIBUTIONS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} none")
    return ", ".join(found)
