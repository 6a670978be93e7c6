"""The entries of the configuration, each for one environment: which files they mean, and as what."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import msgspec

from generator.config.path_templates import compile_template
from generator.readers.reader import Reader, TreeReader, Unit
from generator.readers.registry import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.config.path_templates import PathTemplate
    from generator.config.schema import Config, Environment, ModelSource

TOP = frozenset({"", "."})
"""Paths that mean the whole repository."""
PLANNED = "//"
"""Marks the path of a unit that is planned from a tree: git writes no path with it."""


class Binding(msgspec.Struct, frozen=True):
    """The place of one file in one environment's model."""

    environment: str
    key: tuple[int, str]
    """Names the unit inside its environment: number of the source, and component or path."""
    unit: Unit
    reader: Reader
    rank: int
    """Place among the files of the unit: later layers win."""


class PathSource:
    """A folder or a file that an environment stands in; every file a unit, or all of them one."""

    def __init__(self, number: int, environment: str, path: str, reader_: Reader, rank: int, target: str = "") -> None:
        """Mean the files at or below `path`; `target` is the version of Kubernetes that takes them."""
        self._number, self._environment, self._rank, self._target = number, environment, rank, target
        self.reader = reader_
        self._path = path.strip("/")
        self.pathspec = f":(top,literal){self._path}" if self._path not in TOP else ":(top)"

    def bind(self, path: str) -> Binding | None:
        """Return where `path` belongs, `None` where this source does not mean it."""
        if not _inside(path, self._path) or not self.reader.accepts(path):
            return None
        whole = self.reader.whole_environment
        component, ending = ("", "") if whole else (stem(path), _ending(path))
        unit = Unit(self._environment if whole else "", component, ending, target=self._target)
        return Binding(self._environment, (self._number, "" if whole else path), unit, self.reader, self._rank)


class TemplateSource:
    """Files found by a path template in which the environment's name is already put."""

    def __init__(
        self, number: int, environment: str, source: ModelSource, template: str, rank: int, target: str = ""
    ) -> None:
        """Mean the files that fit `template`; `target` is the version of Kubernetes that takes them."""
        self._number, self._environment, self._rank, self._target = number, environment, rank, target
        self.reader = reader(source.reader)
        self._artifact, self._components = tuple(source.artifact), source.components
        self._template = compile_template(template)
        prefix = self._template.prefix
        # A plain folder is what git compares fastest; what does not fit the template is told apart here.
        self.pathspec = f":(top,literal){prefix}" if prefix else self._template.pathspec

    def bind(self, path: str) -> Binding | None:
        """Return where `path` belongs, `None` where this source does not mean it."""
        found = self._template.match(path)
        if found is None or not self.reader.accepts(path):
            return None
        whole = self.reader.whole_environment
        name = _component(found) or ("" if whole else stem(path))
        unit = Unit(
            self._environment if whole else "",
            name,
            "" if whole else _ending(path),
            self._artifact,
            components=self._components,
            target=self._target,
        )
        key = (self._number, "" if whole else name or path)
        return Binding(self._environment, key, unit, self.reader, self._rank)


class Root(msgspec.Struct, frozen=True):
    """A unit of a tree, as a file makes it by standing where it stands."""

    name: str
    """Name of the unit inside its source; its path, or that with the component behind it."""
    path: str
    """What the reader plans from: a folder or a file."""
    unit: Unit
    space: str = ""
    """What keeps its names apart from those of other units: a cluster, or a project of compose files."""


class TreeSource:
    """Units that take more than the files below their own path: each has a root, or is made of layers."""

    pathspec = ":(top)"
    """What such a unit needs may stand anywhere."""
    nested = False
    """Whether one root may stand below another, and is part of it then."""

    def __init__(self, number: int, environment: str, reader_: TreeReader, rank: int = 0) -> None:
        """Set up what all of them have."""
        self.number, self.environment, self.reader, self._rank = number, environment, reader_, rank

    def roots(self, path: str) -> Iterator[Root]:
        """Yield the root that a file makes by standing at `path`; nothing where it makes none."""
        raise NotImplementedError

    def bind(self, path: str) -> Binding | None:
        """Return where the planned unit of that name belongs, `None` for anything else."""
        name, mark, owner = path.rpartition(PLANNED)
        if not mark or owner != self._owner:
            return None
        return Binding(self.environment, (self.number, name), Unit("", name), self.reader, self._rank)

    @property
    def _owner(self) -> str:
        return f"{self.environment}/{self.number}/{self._rank}"

    def planned_path(self, name: str) -> str:
        """Return the path that stands for the unit `name` among the changes of a commit."""
        return f"{name}{PLANNED}{self._owner}"


class RootSource(TreeSource):
    """Roots at or below a path: the topmost ones, as a base below a root is part of it."""

    nested = True

    def __init__(
        self,
        number: int,
        environment: str,
        path: str,
        reader_: TreeReader,
        rank: int,
        provided: tuple[str, ...],
        *,
        target: str = "",
    ) -> None:
        """Mean what stands at or below `path`; `target` is the version of Kubernetes that takes it."""
        super().__init__(number, environment, reader_, rank)
        self._path = path.strip("/") if path not in TOP else ""
        self._unit = Unit("", provided=provided, target=target)

    def roots(self, path: str) -> Iterator[Root]:
        """Yield the root that a file makes at or below the path."""
        if not _inside(path, self._path):
            return
        # A file that is named as the path itself is meant, whatever it is called.
        root = path if path == self._path else self.reader.root(path)
        if root is not None and _inside(root, self._path):
            yield Root(root, root, self._unit)


class StackSource(TreeSource):
    """Roots or layers found by path templates, in which the environment's name is already put."""

    def __init__(
        self,
        number: int,
        environment: str,
        source: ModelSource,
        root: str,
        layers: tuple[str, ...],
        *,
        common: Unit,
    ) -> None:
        """Mean the units of the template `root` (empty where layers alone make them), with `layers` over them.

        `common` is what every unit has of its environment, which is called in it as it is in the templates.
        """
        super().__init__(number, environment, _tree_reader(source.reader))
        self._root, self._layers = root, layers
        self._common = msgspec.structs.replace(common, artifact=tuple(source.artifact), components=source.components)
        naming = [t for t in (root, *layers) if "{component}" in t or "{cluster}" in t]
        makers = naming or ([root] if root else list(layers))
        self._makers = [(template, compile_template(template)) for template in makers]
        self._names_root = root in naming or not naming

    def roots(self, path: str) -> Iterator[Root]:
        """Yield the root of the unit that a file belongs to by its template."""
        for template, compiled in self._makers:
            found = self._match(path, template, compiled)
            if found is None:
                continue
            root = _filled(self._root or self._makers[-1][0], found)
            if root is None:
                continue
            layers = tuple(filled for layer in self._layers if (filled := _filled(layer, found)) is not None)
            name = _component(found)
            unique = root if self._names_root or not self._root else f"{root}:{name}"
            if not (name or self._root or self._common.components):
                name = stem(root)
            space = found.get("cluster", "") or (name if self.reader.name == "compose" else "")
            unit = msgspec.structs.replace(self._common, component=name, layers=layers)
            yield Root(unique, root, unit, space)

    def _match(self, path: str, template: str, compiled: PathTemplate) -> Mapping[str, str] | None:
        if template != self._root:
            return compiled.match(path)
        made = self.reader.root(path)
        if template in TOP:
            return {} if made in TOP else None
        found = compiled.match(made) if made is not None else None
        # A template that names files means them, whatever they are called.
        return found if found is not None else compiled.match(path)


def _filled(template: str, found: Mapping[str, str]) -> str | None:
    """Return the path in which each placeholder is replaced; `None` where one is unknown here."""
    try:
        return compile_template(template).fill(found)
    except KeyError:
        return None


def _inside(path: str, folder: str) -> bool:
    return folder in TOP or path == folder or path.startswith(f"{folder}/")


def _component(found: Mapping[str, str]) -> str:
    """Return the component's name: with its cluster before it where one environment has several."""
    return "/".join(part for part in (found.get("cluster", ""), found.get("component", "")) if part)


def _ending(path: str) -> str:
    return posixpath.splitext(path)[1]


def stem(path: str) -> str:
    """Return a file's name without its ending: what a component is called that nothing else names."""
    return posixpath.basename(path).partition(".")[0] or posixpath.basename(path)


def is_tree_reader(found: Reader) -> bool:
    """Return whether a reader plans its units from a tree."""
    return hasattr(found, "plan") and hasattr(found, "read_tree")


def _tree_reader(name: str) -> TreeReader:
    found = reader(name)
    if not is_tree_reader(found):
        raise TypeError(name)
    return found  # type: ignore[return-value]  # just looked at


Source = PathSource | TemplateSource | TreeSource


def sources_of(config: Config, name: str, environment: Environment) -> Iterator[Source]:
    """Yield what one environment is made of, in the order of the configuration."""
    if environment.path:
        chosen = reader(environment.reader)
        # Former paths come first: where both stand for a while, the current one wins.
        for rank, path in enumerate(reversed(environment.path)):
            place = _placed(path, name, environment)
            if is_tree_reader(chosen) and environment.reader != "values":
                planned = _tree_reader(environment.reader)
                yield RootSource(0, name, place, planned, rank, config.provided, target=environment.kubernetes)
            else:
                yield PathSource(0, name, place, chosen, rank, environment.kubernetes)
    for number, source in enumerate(config.model, 1):
        yield from _of_model(config, name, environment, number, source)


def _of_model(
    config: Config, name: str, environment: Environment, number: int, source: ModelSource
) -> Iterator[Source]:
    templates = [_placed(template, name, environment) for template in source.templates]
    if is_tree_reader(reader(source.reader)) and (source.reader != "values" or len(templates) > 1):
        layered = source.reader in {"values", "compose"}
        layers = templates if layered else [_placed(template, name, environment) for template in source.values]
        root = "" if layered else templates[0]
        called = environment.environment or name
        common = Unit(called, provided=config.provided, target=environment.kubernetes)
        yield StackSource(number, name, source, root, tuple(layers), common=common)
        return
    folder = posixpath.dirname(source.template)
    if source.settings:
        templates.append(_placed(posixpath.join(folder, source.settings), name, environment))
    for rank, template in enumerate(templates):
        yield TemplateSource(number, name, source, template, rank, environment.kubernetes)


def _placed(template: str, name: str, environment: Environment) -> str:
    """Return a template in which what the environment is called there stands."""
    placed = template.replace("{environment}", environment.environment or name)
    return placed.replace("{cluster}", environment.cluster) if environment.cluster else placed
