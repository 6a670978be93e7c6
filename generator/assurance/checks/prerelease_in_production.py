"""Rule: production on a version that was not released."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.images import FLOATING, versions
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component

_EDGE = r"(?<![a-z0-9])"
_MARKS = re.compile(
    rf"{_EDGE}(?P<mark>(?:alpha|beta|rc|cr|pre|preview|prerelease|snapshot|dev|devel|develop|nightly|canary|unstable|wip"
    r"|dirty|experimental)[0-9]*(?![a-z0-9])"
    r"|(?:pr|mr)[-._]?[0-9]+(?![a-z0-9])"
    r"|(?:feature|feat|bugfix|branch)(?=[-._/][a-z0-9]))"
    r"|^v?[0-9]+(?:\.[0-9]+)+(?P<short>(?:a|b|rc|alpha|beta|dev)[0-9]+)(?![a-z0-9])"
)
"""Words by which a version says that it is a step on the way to a release, or the state of a branch."""


def rule(surroundings: Surroundings) -> ComponentRule:
    """Return the rule for an environment; outside of production it finds nothing."""

    def check(component: Component) -> Iterator[Finding]:
        """Find versions that say of themselves that they are no release; a tag that moves is another rule's."""
        if not surroundings.production:
            return
        for field, version in versions(component):
            if version.lower() not in FLOATING and (mark := prerelease_mark(version)):
                yield found.about(
                    component,
                    f"{component.id} runs the version {version} (`{field.name}`), by `{mark}` no release",
                    field=field.name,
                )

    found = ComponentRule(
        id="prerelease-in-production",
        level=Level.WARNING,
        family=Family.SUPPLY,
        title="Version in production that is no release",
        why=(
            "Who made it says that it is not finished: it may change without notice, is often not supported, and may "
            "have been built from a branch that nobody reviewed."
        ),
        fix="Deploy the release that followed it, or waive it with the reason why it can't wait.",
        example="production: shop/checkout:2.0.0-rc.1",
        source="Semantic Versioning 2.0.0, item 9; PEP 440, Pre-releases",
        values=frozenset({Aspect.ARTIFACT}),
        production_only=True,
        check=check,
    )
    return found


def prerelease_mark(version: str) -> str:
    """Return the part of a version that says that it is no release; empty where none does."""
    match = _MARKS.search(version.lower())
    return (match["mark"] or match["short"]) if match else ""
