"""The engines there are, each imported and looked for only when a job asks for it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.rendering.jobs import Engine

ADAPTERS = {
    "compose": ("generator.rendering.compose", "ComposeEngine"),
    "helm": ("generator.rendering.helm", "HelmEngine"),
    "kustomize": ("generator.rendering.kustomize", "KustomizeEngine"),
}
"""Name → module and class of its adapter."""


class Engines:
    """Gives engines by name. Programs come from the machine's owner alone: named by them, on PATH, or from an extra."""

    def __init__(self, named: Mapping[str, str]) -> None:
        """Use the programs in `named`, engine → path, before those that are found."""
        self._named = dict(named)
        self._known: dict[str, Engine] = {}

    def get(self, name: str) -> Engine:
        """Return the engine of that name; KeyError where there is no such kind."""
        if name not in self._known:
            module, adapter = ADAPTERS[name]
            self._known[name] = cast("Engine", getattr(import_module(module), adapter)(self._named.get(name, "")))
        return self._known[name]

    def version(self, name: str) -> str:
        """Return the program that renders for `name`, with its version; empty where there is none."""
        return self.get(name).version()

    def used(self) -> tuple[str, ...]:
        """Return the programs that were asked for so far, with their versions, sorted."""
        return tuple(sorted(filter(None, (engine.version() for engine in self._known.values()))))
