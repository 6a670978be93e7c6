"""Environments as drift sees them, set by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.component import Aspect, Component, Field, Role, component

if TYPE_CHECKING:
    from generator.model.topology import Connection


def setting(name: str, *, image: str = "", **settings: str) -> Component:
    """Return a component with an image, where one is given, and settings."""
    fields = [Field(Aspect.CONFIG, key, value) for key, value in settings.items()]
    fields += [Field(Aspect.ARTIFACT, "image", image)] if image else []
    return component(name, Role.COMPONENT, "Deployment", fields=fields)


class Side:
    """An environment that remembers what it had."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.now: dict[str, Component] = {}
        self.past: set[tuple[str, Aspect, str, str]] = set()
        self.expected: dict[str, str] = {}

    @property
    def exists(self) -> bool:
        """Return whether there is anything."""
        return bool(self.now)

    def component(self, identity: str, /) -> Component | None:
        """Return a component as it is now."""
        return self.now.get(identity)

    def edges(self, identity: str, /) -> tuple[Connection, ...]:
        """Return nothing: these components are not connected."""
        del identity
        return ()

    def had(self, subject: str, aspect: Aspect, field: str, value: str, /) -> bool:
        """Return whether this value was ever put."""
        return (subject, aspect, field, value) in self.past

    def put(self, name: str, one: Component | None) -> None:
        """Replace a component, `None` takes it away; remember its values."""
        if one is None:
            self.now.pop(name, None)
            return
        self.now[name] = one
        self.past |= {(one.id, f.aspect, f.name, f.value) for f in one.fields}
