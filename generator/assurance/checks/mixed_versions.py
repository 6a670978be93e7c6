"""Rule: the same software in several versions, side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.images import FIRST, images, shown
from generator.assurance.findings import Family, GraphRule, Level, listed
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.topology import Topology

_ONCE = frozenset({"Job", "Pod"})
"""Kinds that run once, with the version of their day."""
_MAKE = re.compile(r"(?:[-_.][A-Za-z]+)+$")
_SHOWN = 4
"""Versions that a message names."""


def check(topology: Topology) -> Iterator[Finding]:
    """Find image repositories that run in several versions, one finding a repository, on its first component.

    Tags that differ by a word at the end alone (`2.1-web`, `2.1-worker`) are one version in several makes.
    """
    running: dict[str, dict[str, set[str]]] = {}
    for id_ in topology.components:
        component = topology.components[id_]
        if component.role is not Role.COMPONENT or component.kind in _ONCE:
            continue
        for field, image in images(component):
            if not field.name.startswith(FIRST) and (image.tag or image.digest):
                version = image.tag or image.digest
                running.setdefault(image.repository, {}).setdefault(version, set()).add(id_)
    for repository, by_version in sorted(running.items()):
        if len({_numbers(version) for version in by_version}) > 1:
            ids = sorted(id_ for found in by_version.values() for id_ in found)
            told = [f"{version} ({listed(sorted(by_version[version]), 3)})" for version in sorted(by_version)]
            yield RULE.about(
                topology.components[ids[0]],
                f"{shown(repository)} runs in {len(by_version)} versions: {listed(told, _SHOWN)}",
                field=repository,
            )


def _numbers(version: str) -> str:
    """Return a version without the words at its end; all of it where it is nothing but words."""
    return _MAKE.sub("", version) or version


RULE = GraphRule(
    id="mixed-versions",
    level=Level.NOTE,
    family=Family.SUPPLY,
    title="One image in several versions",
    why=(
        "Components that run the same software usually move together. One that stays behind misses the corrections "
        "of the others, and two versions that share data or talk to each other may not have been tried together."
    ),
    fix="Bring all of them to one version, or waive it where the difference is wanted.",
    example="worker:    shop/backend:2.4.0\nscheduler: shop/backend:2.3.1",
    values=frozenset({Aspect.ARTIFACT}),
    check=check,
)
