"""Rule: the same software in several versions, side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.images import FIRST, images, names_images, shown
from generator.assurance.findings import Family, GroupRule, Level, listed
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_ONCE = frozenset({"Job", "Pod"})
"""Kinds that run once, with the version of their day."""
_MAKE = re.compile(r"(?:[-_.][A-Za-z]+)+$")
_SHOWN = 4
"""Versions that a message names."""


def facts(component: Component) -> Iterator[tuple[str, str]]:
    """Yield repository and version of each image that goes on running in the component."""
    if component.role is Role.COMPONENT and component.kind not in _ONCE:
        for field, image in images(component):
            if not field.name.startswith(FIRST) and (image.tag or image.digest):
                yield image.repository, image.tag or image.digest


def check(
    repository: str, members: Mapping[str, tuple[str, ...]], components: Mapping[str, Component]
) -> Iterator[Finding]:
    """Find a repository that runs in several versions, as one finding on its first component.

    Tags that differ by a word at the end alone (`2.1-web`, `2.1-worker`) are one version in several makes.
    """
    versions: dict[str, list[str]] = {}
    for id_, running in members.items():
        for version in sorted(set(running)):
            versions.setdefault(version, []).append(id_)
    if len({_numbers(version) for version in versions}) > 1:
        told = [f"{version} ({listed(versions[version], 3)})" for version in sorted(versions)]
        yield RULE.about(
            components[min(members)],
            f"{shown(repository)} runs in {len(versions)} versions: {listed(told, _SHOWN)}",
            field=repository,
        )


def _numbers(version: str) -> str:
    """Return a version without the words at its end; all of it where it is nothing but words."""
    return _MAKE.sub("", version) or version


RULE = GroupRule(
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
    looks_at=names_images,
    facts=facts,
    check=check,
)
