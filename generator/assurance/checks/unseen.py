"""Objects that bring others along which are not read here: a release of a chart, a folder of another repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.model.topology import Topology

BRING_MORE = frozenset({"HelmRelease", "HelmChart", "Application", "ApplicationSet", "Kustomization"})
"""Kinds of such objects."""


def brings_more(topology: Topology) -> bool:
    """Return whether something in the topology brings objects along that are not seen in it."""
    return any(component.kind in BRING_MORE for component in topology.components.values())
