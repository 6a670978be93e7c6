"""Rule: production on an artifact that is named after another environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.images import artifacts, image_of, is_image_key
from generator.assurance.checks.stage_names import names_environment
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component, Field


def rule(surroundings: Surroundings) -> ComponentRule:
    """Return the rule for an environment; outside of production it finds nothing."""

    def check(component: Component) -> Iterator[Finding]:
        """Find artifacts with the name of another environment as a word of the tag, or as a folder of the registry."""
        if not surroundings.production:
            return
        for field in artifacts(component):
            other = _named(field, surroundings)
            if other:
                yield found.about(
                    component,
                    f"{component.id} runs {field.value} (`{field.name}`), which is named after {other}",
                    field=field.name,
                )

    found = ComponentRule(
        id="artifact-of-another-environment",
        level=Level.WARNING,
        family=Family.SUPPLY,
        title="Artifact that is named after another environment",
        why=(
            "An artifact with the name of an environment in its tag or its repository was built for that one: with "
            "its settings, its addresses, or its debug switches."
        ),
        fix="Build once and set by configuration what differs, or take the artifact that was built for production.",
        example="production: shop/web:1.4.2-staging",
        source="The Twelve-Factor App, Build, release, run",
        values=frozenset({Aspect.ARTIFACT}),
        production_only=True,
        check=check,
    )
    return found


def _named(field: Field, surroundings: Surroundings) -> str:
    """Return the other environment that an artifact is named after; empty where there is none."""
    image = image_of(field.value) if is_image_key(field.name) else None
    folders = image.repository.split("/")[:-1] if image is not None else []
    version = image.tag if image is not None else field.value
    text = field.value.lower()
    for other in surroundings.others:
        if not all(word in text for word in other.lower().replace("_", "-").replace(".", "-").split("-")):
            continue
        if names_environment(version, other) and not names_environment(version, surroundings.environment):
            return other
        if other.lower() in folders:
            return other
    return ""
