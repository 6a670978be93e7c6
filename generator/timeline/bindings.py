"""Which file belongs to which environment, by the configuration: paths and path templates."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from generator.config.globs import matches, pathspec
from generator.timeline.sources import Binding, Source, TreeSource, sources_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config.schema import Config


class Bindings:
    """Answers for each path which environments read it."""

    def __init__(
        self, config: Config, environments: Iterable[str] | None = None, *, declarations: bool = False
    ) -> None:
        """Lay out the sources of `environments` of `config`; of all of them where none are named.

        `declarations` says that the declaration files are told of along this history.
        """
        self._beside = (*config.declarations, *(source.path for source in config.records if source.path))
        self._live = tuple(path for environment in config.environments.values() for path in environment.live)
        self._declarations = config.declarations if declarations else ()
        self._sources: list[Source] = []
        for name in config.environments if environments is None else environments:
            self._sources.extend(sources_of(config, name, config.environments[name]))
        self._known: dict[str, tuple[Binding, ...]] = {}

    @cached_property
    def pathspecs(self) -> tuple[str, ...]:
        """What git has to look at, as pathspecs from the repository's top, sorted."""
        return tuple(sorted({source.pathspec for source in self._sources} | {*map(pathspec, self._declarations)}))

    @property
    def readers(self) -> tuple[str, ...]:
        """Names of the readers in use, sorted."""
        return tuple(sorted({source.reader.name for source in self._sources}))

    @cached_property
    def tree_sources(self) -> tuple[TreeSource, ...]:
        """The sources whose units are planned from the whole tree."""
        return tuple(source for source in self._sources if isinstance(source, TreeSource))

    def declares(self, path: str) -> bool:
        """Return whether a file is a declaration file that belongs to this history."""
        return bool(self._declarations) and matches(self._declarations, path)

    def of(self, path: str) -> tuple[Binding, ...]:
        """Return where one file belongs; empty where no environment reads it."""
        found = self._known.get(path)
        if found is None:
            # What is said of an environment, or seen in it, is no part of it, also where it stands among its files.
            beside = matches(self._beside, path) or is_below(path, self._live)
            sources = () if beside else self._sources
            found = tuple(b for b in (source.bind(path) for source in sources) if b is not None)
            self._known[path] = found
        return found


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Return whether a file is one of `folders`, or stands in one of them."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def places(config: Config, name: str) -> tuple[str, ...]:
    """Return what of the repository is read for one environment: its paths, and its templates with its name in."""
    environment = config.environments[name]
    words = {"{environment}": environment.environment or name, "{cluster}": environment.cluster or "{cluster}"}
    found = [*environment.path]
    for source in config.model:
        found += [*source.templates, *source.values]
        settings = source.compiled_settings()
        found += [settings.text] if settings is not None else []
    for mark, word in words.items():
        found = [text.replace(mark, word) for text in found]
    return tuple(dict.fromkeys(found))


def order_of_promotion(upstreams: Mapping[str, str]) -> tuple[str, ...]:
    """Return environment names so that each comes after its upstream, else in the order given.

    `upstreams` gives for each environment the name of its upstream, empty for the first ones; it has no cycle.
    """
    done: list[str] = []
    while len(done) < len(upstreams):
        ready = [n for n, upstream in upstreams.items() if n not in done and (not upstream or upstream in done)]
        done.extend(ready)
    return tuple(done)
