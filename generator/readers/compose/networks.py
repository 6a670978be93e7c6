"""Which service of a compose model reaches which, by which name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.readers.compose.plain import mapping, several

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.readers.compose.plain import Model

_DEFAULT = "default"
_NONE = "none"
_HOST = "host"
_DEEPEST = 20


class Networks:
    """The names of services and the networks that they share: on none in common, two can't reach each other."""

    def __init__(self, services: Mapping[str, Model]) -> None:
        """Learn the names of all `services`, which are in one form."""
        self._services = services
        self._of = {name: self._networks(name) for name in services}
        self._named: dict[str, list[str]] = {}
        for name in sorted(services):
            for host in self.names(name):
                self._named.setdefault(host.lower(), []).append(name)

    def names(self, name: str) -> Iterator[str]:
        """Yield the host names of a service: its own, its container's, and its aliases."""
        service = self._services[name]
        yield name
        for key in ("container_name", "hostname"):
            value = service.get(key)
            if isinstance(value, str) and value:
                yield value
        for how in mapping(service.get("networks")).values():
            yield from (alias for alias in several(mapping(how).get("aliases")) if isinstance(alias, str))

    def knows(self, host: str) -> bool:
        """Return whether a service of the project has this host name, on whatever network."""
        return host.lower() in self._named

    def reached(self, source: str, host: str) -> tuple[str, ...] | None:
        """Return the services that `host` leads to from the service `source`; `None` where no service has the name.

        Empty where one has it, on networks that `source` is not on.
        """
        for link in several(self._services[source].get("links")):
            target, _, alias = f"{link}".partition(":")
            if host.lower() in {target.lower(), alias.lower()} and target in self._services:
                return (target,)
        named = self._named.get(host.lower())
        if named is None:
            return None
        mine = self._of[source]
        return tuple(sorted({name for name in named if name == source or mine & self._of[name]}))

    def _networks(self, name: str, depth: int = 0) -> frozenset[str]:
        service = self._services.get(name, {})
        mode = service.get("network_mode")
        if isinstance(mode, str) and mode:
            kind, _, other = mode.partition(":")
            if kind == "service" and depth < _DEEPEST:
                return self._networks(other, depth + 1)
            # The network of the machine leads to everything that is published there, under no name of a service.
            return frozenset() if mode in {_NONE, _HOST} else frozenset({mode})
        return frozenset(mapping(service.get("networks"))) or frozenset({_DEFAULT})
