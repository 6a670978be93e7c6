"""Which file belongs to which environment, by the configuration: paths and path templates."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from generator.timeline.sources import Binding, Source, TreeSource, sources_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config.schema import Config


class Bindings:
    """Answers for each path which environments read it."""

    def __init__(self, config: Config, environments: Iterable[str] | None = None) -> None:
        """Lay out the sources of `environments` of `config`; of all of them where none are named."""
        self._sources: list[Source] = []
        for name in config.environments if environments is None else environments:
            self._sources.extend(sources_of(config, name, config.environments[name]))
        self._known: dict[str, tuple[Binding, ...]] = {}

    @cached_property
    def pathspecs(self) -> tuple[str, ...]:
        """What git has to look at, as pathspecs from the repository's top, sorted."""
        return tuple(sorted({source.pathspec for source in self._sources}))

    @property
    def readers(self) -> tuple[str, ...]:
        """Names of the readers in use, sorted."""
        return tuple(sorted({source.reader.name for source in self._sources}))

    @cached_property
    def tree_sources(self) -> tuple[TreeSource, ...]:
        """The sources whose units are planned from the whole tree."""
        return tuple(source for source in self._sources if isinstance(source, TreeSource))

    def of(self, path: str) -> tuple[Binding, ...]:
        """Return where one file belongs; empty where no environment reads it."""
        found = self._known.get(path)
        if found is None:
            found = tuple(b for b in (source.bind(path) for source in self._sources) if b is not None)
            self._known[path] = found
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
