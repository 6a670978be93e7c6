"""Components and connections of one environment at one commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.component import How, Reference  # noqa: TC001 - structs are decoded by their annotations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.component import Component


class Connection(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A directed edge between two components, or from a component to a resource."""

    source: str
    target: str
    how: How
    port: str = ""


class Dangling(msgspec.Struct, frozen=True, array_like=True):
    """A reference whose target is not in the topology."""

    source: str
    reference: Reference


class Topology(msgspec.Struct, frozen=True):
    """What one environment consists of at one commit, linked: what every check looks at."""

    components: Mapping[str, Component]
    """Every node by its id, exposures and resources included."""
    connections: frozenset[Connection]
    """Edges whose two ends are in `components`, or whose target is an external host."""
    selected: Mapping[str, tuple[str, ...]]
    """For each exposure, the components that it leads to, sorted."""
    dangling: tuple[Dangling, ...]
    duplicates: tuple[tuple[str, str, str], ...] = ()
    """Ids given twice: (id, path of the one that counts, path of the other)."""
