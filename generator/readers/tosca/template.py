"""A TOSCA service template with everything that it imports from the repository, as trees of text."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.documents.tree import Documents, Mapping, Node, Scalar, entries, find, items, text
from generator.documents.yaml_text import parse_yaml
from generator.errors import Place, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_IMPORTS = 200
"""Files that one service template may lead to."""

KEPT = 256
"""Parsed files that are kept."""

TYPES = (
    "artifact_types",
    "capability_types",
    "data_types",
    "group_types",
    "interface_types",
    "node_types",
    "policy_types",
    "relationship_types",
)
_VERSION = re.compile(r"tosca_simple_yaml_1_[0-3](?:_\d+)?|tosca_simple_profile_for_\w+")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CHAIN = 50
"""Types that derive from one another."""


@dataclass(slots=True)
class Definition:
    """A type, with the file that defines it."""

    body: Mapping
    path: str
    prefix: str = ""
    """Namespace prefix that the file was imported with, the colon included."""


@dataclass(slots=True)
class Template:
    """A service template and the types that hold for it."""

    path: str
    root: Mapping
    types: dict[str, dict[str, Definition]] = field(default_factory=dict)
    """Definitions by section and name; the template's own win over imported ones."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Content of the template and of every import, by path."""
    problems: list[Unreadable] = field(default_factory=list)
    notes: list[Unreadable] = field(default_factory=list)
    complete: bool = True
    """False where an import was not followed, or goes by a prefix, so that not every type is known by its name."""
    untold: bool = False
    """True where the file does not say that it is TOSCA."""

    def section(self, name: str) -> dict[str, Node]:
        """Return the entries of a section of the topology template."""
        return entries(self.root, "topology_template", name)

    def chain(self, section: str, name: str) -> Iterator[Definition]:
        """Yield the definition of a type and of those that it derives from, as far as they are known."""
        known = self.types.get(section, {})
        for _ in range(_CHAIN):
            found = known.get(name)
            if found is None:
                return
            yield found
            parent = text(found.body, "derived_from")
            name = found.prefix + parent if found.prefix + parent in known else parent


class ParsedFiles:
    """Trees of files by their content: libraries of types are large, and change seldom."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: dict[bytes, Documents] = {}

    def parse(self, data: bytes, path: str) -> Documents:
        """Return the documents of a file; what can't be read is told anew for each path."""
        key = hashlib.sha256(data).digest()
        found = self._kept.get(key)
        if found is None:
            found = parse_yaml(data, path)
            if found.problem is None:
                if len(self._kept) >= KEPT:
                    self._kept.clear()
                self._kept[key] = found
        return found


def load(path: str, read: Callable[[str], bytes | Unreadable | None], parsed: ParsedFiles) -> Template:
    """Return the template at `path` with its imports; `read` gives a file of the repository, or why there is none."""
    template = Template(path, Mapping({}, 1, {}))
    waiting: list[tuple[str, str, Place]] = [(path, "", Place(path))]
    seen: set[tuple[str, str]] = set()
    while waiting:
        file, prefix, place = waiting.pop(0)
        if (file, prefix) in seen:
            continue
        if len(seen) >= MOST_IMPORTS:
            template.problems.append(Unreadable("tosca-imports", f"more than {MOST_IMPORTS} imported files", place))
            break
        seen.add((file, prefix))
        root = _root(template, file, place, read, parsed)
        if root is None:
            continue
        if file == path:
            template.root = root
            _check_version(template)
        _take_types(template, root, file, prefix)
        waiting += _imports(template, root, file, prefix)
    return template


def _root(
    template: Template,
    path: str,
    place: Place,
    read: Callable[[str], bytes | Unreadable | None],
    parsed: ParsedFiles,
) -> Mapping | None:
    data = read(path)
    if data is None:
        template.problems.append(Unreadable("tosca-import", f"{path} is imported, and no file stands there", place))
        return None
    if isinstance(data, Unreadable):
        template.problems.append(data)
        return None
    template.files[path] = data
    documents = parsed.parse(data, path)
    if documents.problem:
        (template.notes if documents.problem.code == "template" else template.problems).append(documents.problem)
        return None
    root = documents.roots[0] if documents.roots else Mapping({}, 1, {})
    if not isinstance(root, Mapping):
        template.problems.append(Unreadable("tosca-shape", "keys and values are expected", Place(path, root.line)))
        return None
    return root


def _check_version(template: Template) -> None:
    """Refuse what is not the simple profile in YAML; a file that does not speak of TOSCA at all is passed over."""
    version = find(template.root, "tosca_definitions_version")
    line = template.root.lines.get("tosca_definitions_version", 0)
    if version is None:
        place = Place(template.path, template.root.line)
        template.untold = True
        template.notes.append(Unreadable("not-tosca", "no TOSCA: no tosca_definitions_version", place))
    elif not (isinstance(version, Scalar) and _VERSION.fullmatch(version.text)):
        reason = "only the TOSCA Simple Profile in YAML, 1.0 to 1.3, is read"
        template.problems.append(Unreadable("tosca-version", reason, Place(template.path, line)))


def _take_types(template: Template, root: Mapping, path: str, prefix: str) -> None:
    for section in TYPES:
        known = template.types.setdefault(section, {})
        for name, body in entries(root, section).items():
            if isinstance(body, Mapping):
                known.setdefault(f"{prefix}{name}", Definition(body, path, prefix))


def _imports(template: Template, root: Mapping, path: str, prefix: str) -> list[tuple[str, str, Place]]:
    """Return the files of the repository that a file imports; what is anywhere else is noted and never followed."""
    found = []
    for item in items(root, "imports"):
        for file, repository, own in _import_forms(item):
            place = Place(path, item.line)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            reason = ""
            if repository or _ADDRESS.match(file):
                reason = "an import from an address is not fetched"
            elif target == ".." or target.startswith(("../", "/")):
                reason = "an import from outside of the repository is not followed"
            if reason:
                template.complete = False
                template.notes.append(Unreadable("tosca-import", reason, place))
            elif file:
                template.complete = template.complete and not own
                found.append((target, f"{prefix}{own}:" if own else prefix, place))
    return found


def _import_forms(item: Node) -> Iterator[tuple[str, str, str]]:
    """Yield file, repository and namespace prefix of an import in any of its forms."""
    if isinstance(item, Scalar):
        yield item.text, "", ""
    elif isinstance(item, Mapping) and isinstance(item.entries.get("file"), Scalar):
        yield text(item, "file"), text(item, "repository"), text(item, "namespace_prefix")
    elif isinstance(item, Mapping):
        for inner in item.entries.values():
            if isinstance(inner, Scalar):
                yield inner.text, "", ""
            else:
                yield text(inner, "file"), text(inner, "repository"), text(inner, "namespace_prefix")
