"""The closure of a compose file: every file that Compose or the reader opens for it, and none that it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.tree import Mapping, Scalar, Sequence, entries, find, items, text
from generator.errors import Place, Unreadable
from generator.readers.compose.env import read_env
from generator.readers.compose.files import (
    NAMES,
    OVERRIDES,
    folder_of,
    is_remote,
    joined,
    parse_compose,
    place,
    scalars,
)
from generator.readers.compose.interpolation import Use, interpolate, uses
from generator.readers.reader import Plan
from generator.rendering.compose import FILE, RAW, SYMBOLIC, UNNAMED, is_occupied
from generator.rendering.jobs import InputFile, Job, Stub

if TYPE_CHECKING:
    from generator.documents.tree import Node
    from generator.readers.reader import Tree, Unit

_PROJECT = "COMPOSE_PROJECT_NAME"
_LINK = "120000"
_MOST_FILES = 500
"""Files that one project may be put together from."""


def layers_of(unit: Unit, root: str, tree: Tree) -> tuple[str, ...]:
    """Return the compose files that are laid over one another, those that are not there left out.

    Without layers in the configuration that is `root`, with the override beside it where Compose would take both
    without being told.
    """
    if unit.layers:
        return tuple(layer for layer in unit.layers if tree.mode(layer))
    folder, _, name = root.rpartition("/")
    first = next((n for n in NAMES if tree.mode(joined(folder, n))), "")
    override = next((n for n in OVERRIDES if name == first and tree.mode(joined(folder, n))), "")
    return (root, joined(folder, override)) if override else (root,)


def plan_compose(unit: Unit, root: str, tree: Tree) -> Plan:
    """Return the files that reading the project takes and the job for Docker Compose."""
    layers = layers_of(unit, root, tree)
    if not layers:
        return Plan()
    folder = folder_of(layers[0])
    closure = _Closure(tree)
    values = closure.project_env(joined(folder, ".env"))
    for layer in layers:
        closure.compose(layer, folder, values)
    files = tuple(InputFile(path, tree.blob(path)) for path in sorted(closure.compose_files | closure.other_files))
    notes = tuple(dict.fromkeys(closure.notes))
    if closure.problems:
        return Plan(files, problems=tuple(dict.fromkeys(closure.problems)), notes=notes)
    engine_reads = closure.compose_files | closure.env_files
    job = Job(
        "compose",
        folder,
        tuple(file for file in files if file.path in engine_reads),
        tuple(sorted(closure.stubs)),
        (*(f"{FILE}{layer}" for layer in layers), *closure.about_variables(), *closure.about_name(layers)),
    )
    return Plan(files, job, notes=notes)


class _Closure:
    """What has been found so far; it grows with each reference that is followed."""

    def __init__(self, tree: Tree) -> None:
        self.compose_files: set[str] = set()
        """Files that Compose puts together."""
        self.env_files: set[str] = set()
        """Files of variables and labels that Compose opens."""
        self.other_files: set[str] = set()
        """Everything else that is read: these and the files named by `env_file`, `configs` and `secrets`."""
        self.stubs: set[Stub] = set()
        self.problems: list[Unreadable] = []
        self.notes: list[Unreadable] = []
        self._tree = tree
        self._uses: set[Use] = set()
        self._known: set[str] = set()
        self._named: set[str] = set()
        self._visited: set[tuple[str, str]] = set()

    def project_env(self, path: str, outer: dict[str, str] | None = None) -> dict[str, str]:
        """Return the variables of an env file that Compose fills in, with those of `outer`, which win."""
        data = self._content(path, wanted=False)
        if data is None:
            return dict(outer or {})
        self.env_files.add(path)
        self.other_files.add(path)
        found, _ = read_env(data, path, outer or {})
        own = {name: value for name, value in found.items() if value is not None}
        self._known |= own.keys()
        self._uses |= {use for use in uses(data.decode("utf-8", "replace")) if use.name not in own}
        return own | (outer or {})

    def compose(self, path: str, folder: str, values: dict[str, str]) -> None:
        """Take in a compose file whose references count from `folder`."""
        if (path, folder) in self._visited:
            return
        self._visited.add((path, folder))
        if len(self._visited) > _MOST_FILES:
            reason = f"put together from more than {_MOST_FILES} files"
            self.problems.append(Unreadable("compose-size", reason, Place(path)))
            return
        data = self._content(path, wanted=True)
        if data is None:
            # Where it is no link and no fault, Compose itself says that the file is not there.
            return
        self.compose_files.add(path)
        parsed = parse_compose(data, path)
        if parsed.problem:
            self.problems.append(parsed.problem)
        for root in parsed.roots:
            name = interpolate(text(root, "name"), values)
            self._named |= {path} if name and "${" not in name else set()
            self._uses |= {use for scalar in scalars(root) for use in uses(scalar)}
            _Document(self, path, folder, values).take(root)

    def about_variables(self) -> tuple[str, ...]:
        """Return the arguments that say what becomes of variables.

        The engine knows a variable by its name alone, so one that has a default at one place and none at another is
        filled in afterwards, and so is everything that the engine has a value of its own for.
        """
        unset = {use for use in self._uses if use.name not in self._known}
        bare = {use.name for use in unset if use.bare}
        if any(is_occupied(use.name) for use in self._uses) or any(use.name in bare and not use.bare for use in unset):
            return (RAW,)
        return tuple(f"{SYMBOLIC}{name}" for name in sorted(bare))

    def about_name(self, layers: tuple[str, ...]) -> tuple[str, ...]:
        """Return the argument that says that the project has no name of its own."""
        return () if self._named.intersection(layers) or _PROJECT in self._known else (UNNAMED,)

    def label_file(self, path: str) -> None:
        """Take in a file of labels, which Compose opens itself and whose variables it fills in."""
        data = self._content(path, wanted=False)
        self.env_files.add(path)
        self._uses |= set(uses(data.decode("utf-8", "replace"))) if data else set()

    def content_file(self, path: str) -> bool:
        """Take in a file for what it holds; return whether it is there."""
        if not self._tree.blob(path):
            return False
        self.other_files.add(path)
        return True

    def _content(self, path: str, *, wanted: bool) -> bytes | None:
        if self._tree.mode(path) == _LINK:
            reason = f"{path} is a symbolic link, which is never followed"
            (self.problems if wanted else self.notes).append(Unreadable("symlink", reason, Place(path)))
            return None
        data = self._tree.read(path)
        if isinstance(data, Unreadable):
            self.problems.append(data)
            return None
        return data


class _Document:
    """One document of a compose file, with where its references count from."""

    def __init__(self, closure: _Closure, path: str, folder: str, values: dict[str, str]) -> None:
        self._closure = closure
        self._path = path
        self._folder = folder
        self._values = values

    def take(self, root: Node) -> None:
        """Follow every reference of the document."""
        for item in _several(find(root, "include")):
            self._include(item)
        for service in entries(root, "services").values():
            self._extends(find(service, "extends"))
            for item in _several(find(service, "env_file")):
                optional = text(item, "required") == "false"
                self._content_file("env_file", _named(item, "path"), optional=optional)
            for item in _several(find(service, "label_file")):
                path = self._place("label_file", item)
                if path is not None and self._there("label file", path, item.line):
                    self._closure.label_file(path)
        for part in ("configs", "secrets"):
            for definition in entries(root, part).values():
                self._content_file(part, find(definition, "file"))

    def _extends(self, node: Node | None) -> None:
        file = find(node, "file")
        found = self._place("extends", file)
        if found is not None:
            self._closure.compose(found, folder_of(found), self._values)

    def _include(self, node: Node) -> None:
        named = [self._place("include", path) for path in _several(_named(node, "path"))]
        paths = [path for path in named if path is not None]
        if not paths or len(paths) < len(named):
            return
        folder = folder_of(paths[0])
        other = find(node, "project_directory")
        if other is not None:
            found = self._place("include", other)
            if found is None:
                return
            folder = found
        values = self._values
        env_files = _several(find(node, "env_file"))
        for item in env_files:
            path = self._place("include", item)
            if path is not None:
                values = self._include_env(path, item.line, values)
        if not env_files:
            values = self._closure.project_env(joined(folder, ".env"), values)
        for path in paths:
            self._closure.compose(path, folder, values)

    def _include_env(self, path: str, line: int, values: dict[str, str]) -> dict[str, str]:
        self._there("env file", path, line)
        return self._closure.project_env(path, values)

    def _there(self, what: str, path: str, line: int) -> bool:
        """Return whether a file is there that Compose insists on; an empty one stands in where it is not."""
        if self._closure.content_file(path):
            return True
        self._closure.stubs.add(Stub(path, "", f"named as {what} by {self._path} and not in git"))
        reason = f"{what} {path} is not in git: what it holds is provided at deployment time"
        self._closure.notes.append(Unreadable("provided", reason, Place(self._path, line)))
        return False

    def _place(self, what: str, node: Node | None) -> str | None:
        """Return the path of a file that Compose itself opens; what may not be opened is a problem."""
        if not isinstance(node, Scalar) or node.null:
            return None
        reference = interpolate(node.text, self._values)
        where = Place(self._path, node.line)
        if "${" in reference:
            reason = f"{what} names {node.text}, whose variables have no value in git"
            self._closure.problems.append(Unreadable("compose-variable", reason, where))
            return None
        if is_remote(reference):
            reason = f"{what} names a remote file, which is never fetched"
            fix = "keep a copy in the repository"
            self._closure.problems.append(Unreadable("compose-remote", reason, where, fix))
            return None
        found = place(self._folder, reference)
        if found is None:
            reason = f"{what} names {node.text}, which stands outside of the repository and is never read"
            self._closure.problems.append(Unreadable("compose-outside", reason, where))
        return found

    def _content_file(self, what: str, node: Node | None, *, optional: bool = False) -> None:
        """Take in a file that the reader looks into; one that is not in git comes at deployment time."""
        if not isinstance(node, Scalar) or node.null:
            return
        reference = interpolate(node.text, self._values)
        found = place(self._folder, reference) if "${" not in reference else None
        if found is not None and self._closure.content_file(found):
            return
        if not optional:
            reason = f"{what}: {node.text} is not in git: what it holds is provided at deployment time"
            self._closure.notes.append(Unreadable("provided", reason, Place(self._path, node.line)))


def _several(node: Node | None) -> list[Node]:
    """Return what may be written as one item or as a list of them."""
    if isinstance(node, Sequence):
        return items(node)
    return [] if node is None or (isinstance(node, Scalar) and node.null) else [node]


def _named(node: Node, key: str) -> Node | None:
    """Return what may be written by itself or under `key`."""
    return find(node, key) if isinstance(node, Mapping) else node
