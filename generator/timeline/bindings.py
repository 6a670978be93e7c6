"""Which file belongs to which environment, by the configuration: paths and path templates."""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import msgspec

from generator.config.path_templates import compile_template
from generator.readers.reader import Reader, Unit
from generator.readers.registry import reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config.schema import Config, Environment, ModelSource


_TOP = frozenset({"", "."})
"""Paths that mean the whole repository."""


class Binding(msgspec.Struct, frozen=True):
    """The place of one file in one environment's model."""

    environment: str
    key: tuple[int, str]
    """Names the unit inside its environment: number of the source, and component or path."""
    unit: Unit
    reader: Reader
    rank: int
    """Place among the files of the unit: later layers win."""


class _Source(Protocol):
    """One entry of the configuration, for one environment."""

    pathspec: str
    reader: Reader

    def bind(self, path: str) -> Binding | None:
        """Return where `path` belongs, `None` where this source does not mean it."""
        ...


class _PathSource:
    """A folder or a file that an environment stands in; every file a unit, or all of them one."""

    def __init__(self, number: int, environment: str, path: str, reader_: Reader, rank: int) -> None:
        self._number, self._environment, self._rank = number, environment, rank
        self.reader = reader_
        self._path = path.strip("/")
        self.pathspec = f":(top,literal){self._path}" if self._path not in _TOP else ":(top)"

    def bind(self, path: str) -> Binding | None:
        inside = path == self._path or path.startswith(f"{self._path}/") or self._path in _TOP
        if not inside or not self.reader.accepts(path):
            return None
        whole = self.reader.whole_environment
        unit = Unit(self._environment) if whole else Unit("", _stem(path), _ending(path))
        return Binding(self._environment, (self._number, "" if whole else path), unit, self.reader, self._rank)


class _TemplateSource:
    """Files found by a path template in which the environment's name is already put."""

    def __init__(self, number: int, environment: str, source: ModelSource, template: str, rank: int) -> None:
        self._number, self._environment, self._rank = number, environment, rank
        self.reader = reader(source.reader)
        self._artifact = tuple(source.artifact)
        self._template = compile_template(template)
        prefix = self._template.prefix
        # A plain folder is what git compares fastest; what does not fit the template is told apart here.
        self.pathspec = f":(top,literal){prefix}" if prefix else self._template.pathspec

    def bind(self, path: str) -> Binding | None:
        found = self._template.match(path)
        if found is None or not self.reader.accepts(path):
            return None
        whole = self.reader.whole_environment
        name = found.get("component", "") or ("" if whole else _stem(path))
        unit = Unit(self._environment if whole else "", name, "" if whole else _ending(path), self._artifact)
        key = (self._number, "" if whole else name or path)
        return Binding(self._environment, key, unit, self.reader, self._rank)


def _ending(path: str) -> str:
    return posixpath.splitext(path)[1]


def _stem(path: str) -> str:
    """Return a file's name without its ending: what a component is called that nothing else names."""
    return posixpath.basename(path).partition(".")[0] or posixpath.basename(path)


class Bindings:
    """Answers for each path which environments read it."""

    def __init__(self, config: Config) -> None:
        """Lay out the sources of every environment of `config`."""
        self._sources: list[_Source] = []
        for name, environment in config.environments.items():
            self._sources.extend(_sources(config, name, environment))
        self._known: dict[str, tuple[Binding, ...]] = {}

    @cached_property
    def pathspecs(self) -> tuple[str, ...]:
        """What git has to look at, as pathspecs from the repository's top, sorted."""
        return tuple(sorted({source.pathspec for source in self._sources}))

    @property
    def readers(self) -> tuple[str, ...]:
        """Names of the readers in use, sorted."""
        return tuple(sorted({source.reader.name for source in self._sources}))

    def of(self, path: str) -> tuple[Binding, ...]:
        """Return where one file belongs; empty where no environment reads it."""
        found = self._known.get(path)
        if found is None:
            found = tuple(b for b in (source.bind(path) for source in self._sources) if b is not None)
            self._known[path] = found
        return found


def _sources(config: Config, name: str, environment: Environment) -> list[_Source]:
    found: list[_Source] = []
    if environment.path:
        chosen = reader(environment.reader)
        # Former paths come first: where both stand for a while, the current one wins.
        for rank, path in enumerate(reversed(environment.path)):
            found.append(_PathSource(0, name, path, chosen, rank))
    for number, source in enumerate(config.model, 1):
        folder = posixpath.dirname(source.template)
        templates = [source.template, *([posixpath.join(folder, source.settings)] if source.settings else [])]
        for rank, template in enumerate(templates):
            filled = template.replace("{environment}", name)
            found.append(_TemplateSource(number, name, source, filled, rank))
    return found


def order_of_promotion(upstreams: Mapping[str, str]) -> tuple[str, ...]:
    """Return environment names so that each comes after its upstream, else in the order given.

    `upstreams` gives for each environment the name of its upstream, empty for the first ones; it has no cycle.
    """
    done: list[str] = []
    while len(done) < len(upstreams):
        ready = [n for n, upstream in upstreams.items() if n not in done and (not upstream or upstream in done)]
        done.extend(ready)
    return tuple(done)
