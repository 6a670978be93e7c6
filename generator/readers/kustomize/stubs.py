"""Files that exist only at deployment time: how that is known, and what stands in for them in the export."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from generator.documents.tree import Mapping, Node, Scalar, find, text
from generator.documents.yaml_text import parse_yaml
from generator.errors import Unreadable
from generator.readers.kustomize.contents import Use
from generator.readers.kustomize.ignored import ignored_by, provided_by
from generator.readers.kustomize.paths import KUSTOMIZATION_FILES, parents
from generator.rendering.jobs import Stub
from generator.rendering.kustomize import STUB_GROUP, STUB_KIND, STUB_MARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers.kustomize.closure import Closure, Missing
    from generator.readers.reader import Tree

VALUE_MARK = "assay: unknown, provided at deployment time"
"""Content of a stub whose content becomes a value."""
UNKNOWN = "unknown: provided at deployment time"
"""What is shown in place of a value that a stub holds."""

_WRAPPED = (".enc", ".encrypted", ".sops", ".age", ".gpg", ".pgp", ".asc", ".vault")
_INNER = (".enc", ".sops", ".encrypted", ".sealed")
_FOLDERLESS = (".yaml", ".yml", ".json")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?|true|false|null")
_COMMENT = f"# {VALUE_MARK}\n"
_HARMLESS = {
    Use.ENV: _COMMENT,
    Use.PATCH: _COMMENT,
    Use.PLUGIN: _COMMENT,
    Use.REPLACEMENT: "[]\n",
    Use.SETTINGS: "{}\n",
}
_UNCOMMITTED = "no file or pattern of the repository says so, and the engine would only miss it"


class Stubs(NamedTuple):
    """What stands in for the missing files of a closure."""

    stubs: tuple[Stub, ...]
    """Sorted by path."""
    encrypted: dict[str, str]
    """Path → blob of the encrypted forms that the stubs are made from."""
    problems: tuple[Unreadable, ...]
    """Files that are missing and can't be stood in for."""


def stubs_for(closure: Closure, provided: Sequence[str], tree: Tree) -> Stubs:
    """Return a stub for each missing file of `closure` that comes at deployment time."""
    stubs: list[Stub] = []
    encrypted: dict[str, str] = {}
    problems: list[Unreadable] = []
    for path in sorted(closure.missing):
        missing = closure.missing[path]
        problem = _contradiction(missing, closure)
        if problem:
            problems.append(problem)
            continue
        form = path if missing.lock else _encrypted_form(path, tree)
        how = _how(missing, form, provided, tree)
        if not how and not _may_come_unsaid(missing):
            problems.append(_absent(missing))
            continue
        # Content of the repository may stand in only where the engine takes it for an object and obeys nothing in it.
        plain = missing.uses <= {Use.RESOURCE, Use.PATCH} and not _is_kustomization(missing)
        content = _object_of(form, tree) if form and plain else ""
        if form and (content or missing.lock):
            encrypted[form] = tree.blob(form)
        stubs.append(Stub(path, content or _content(missing, tree.blob(form) if form else ""), how or _UNCOMMITTED))
    return Stubs(tuple(stubs), encrypted, tuple(problems))


def _contradiction(missing: Missing, closure: Closure) -> Unreadable | None:
    """Return why nothing can stand in for a file: what is good for one of its uses may be harmful in another."""
    path = missing.path
    if any(folder in closure.missing for folder in parents(path)):
        reason = f"{path} and a folder of its path are both named as files, and neither is in the repository"
    elif len(missing.uses) > 1 or path in closure.files:
        reason = f"{path} can't be read here, and is named in more than one way: {', '.join(sorted(missing.uses))}"
    else:
        return None
    return Unreadable("kustomize-missing", reason, missing.place)


def _how(missing: Missing, form: str, provided: Sequence[str], tree: Tree) -> str:
    path = missing.path
    if missing.lock:
        return f"what stands in the repository is made unreadable by {missing.lock}"
    pattern = provided_by(provided, path)
    if pattern:
        return f"named under provided by {pattern}"
    if form:
        return f"{form} is its encrypted form"
    ignored = ignored_by(path, tree)
    return f"kept out of the repository by {ignored}" if ignored else ""


def _may_come_unsaid(missing: Missing) -> bool:
    """Return whether a file without a trace may be left out: without a folder or a patch nothing else holds true."""
    return missing.uses <= {Use.VALUE, Use.ENV} or (
        missing.uses == {Use.RESOURCE} and missing.path.endswith(_FOLDERLESS) and not _is_kustomization(missing)
    )


def _is_kustomization(missing: Missing) -> bool:
    return posixpath.basename(missing.path) in KUSTOMIZATION_FILES


def _absent(missing: Missing) -> Unreadable:
    if _is_kustomization(missing):
        reason = f"no kustomization stands in {posixpath.dirname(missing.path) or 'the top of the repository'}"
    else:
        reason = f"{missing.path} is missing, and nothing says that it comes at deployment time"
    fix = "commit it, or name it under provided where it comes at deployment time"
    return Unreadable("kustomize-missing", reason, missing.place, fix)


def _encrypted_form(path: str, tree: Tree) -> str:
    """Return the file beside a missing one that is its encrypted form; empty where none stands."""
    folder, name = posixpath.split(path)
    stem, ending = posixpath.splitext(name)
    names = [f"{stem}{inner}{ending}" for inner in _INNER] + [f"{name}{outer}" for outer in _WRAPPED]
    names += [f"{name}{outer}{ending}" for outer in _WRAPPED[:3] if ending]
    names += [f"enc.{name}", f"sops.{name}"]
    for candidate in names:
        found = posixpath.join(folder, candidate)
        if tree.blob(found):
            return found
    return ""


def _content(missing: Missing, blob: str) -> str:
    (use,) = missing.uses
    if _is_kustomization(missing):
        kind, version = ("Component", "v1alpha1") if use is Use.COMPONENT else ("Kustomization", "v1beta1")
        # The engine refuses an empty one.
        made = {"apiVersion": f"kustomize.config.k8s.io/{version}", "kind": kind, "buildMetadata": []}
        return json.dumps(made, sort_keys=True) + "\n"
    if use is Use.VALUE:
        return f"{VALUE_MARK}; encrypted content {blob[:8]}" if blob else VALUE_MARK
    if use in _HARMLESS:
        return _HARMLESS[use]
    name = f"stub-{hashlib.sha256(missing.path.encode()).hexdigest()[:12]}"
    metadata = {"name": name, "annotations": {STUB_MARK: missing.path}}
    stand_in = {"apiVersion": f"{STUB_GROUP}/v1", "kind": STUB_KIND, "metadata": metadata}
    return json.dumps(stand_in, sort_keys=True) + "\n"


def _object_of(form: str, tree: Tree) -> str:
    """Return the objects of a file that SOPS encrypted in part, as they would stand with their values encrypted."""
    data = tree.read(form)
    documents = parse_yaml(data, form) if isinstance(data, bytes) else None
    if documents is None or documents.problem:
        return ""
    made = []
    for root in documents.roots:
        if isinstance(root, Scalar) and root.null:
            continue
        named = text(root, "metadata", "name")
        readable = not any("ENC[" in part for part in (named, text(root, "kind"), text(root, "apiVersion")))
        if not isinstance(root, Mapping) or find(root, "sops") is None or not (named and readable):
            return ""
        rest = {key: node for key, node in root.entries.items() if key != "sops"}
        made.append(_json(Mapping(rest, root.line, root.lines)))
    return "".join(f"---\n{one}\n" for one in made)


def _json(node: Node) -> str:
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)}: {_json(child)}" for key, child in node.entries.items()) + "}"
    if isinstance(node, Scalar):
        bare = node.plain and _NUMBER.fullmatch(node.text)
        return "null" if node.null else node.text if bare else json.dumps(node.text)
    return "[" + ", ".join(_json(child) for child in node.items) + "]"
