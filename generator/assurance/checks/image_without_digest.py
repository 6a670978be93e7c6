"""Rule: an image by its tag alone, where the others are held by their digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.images import images, shown
from generator.assurance.findings import Family, GraphRule, Level
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component
    from generator.model.topology import Topology


def rule(surroundings: Surroundings) -> GraphRule:
    """Return the rule for an environment; outside of production it finds nothing."""

    def check(topology: Topology) -> Iterator[Finding]:
        """Find images without a digest where more than half of all have one; elsewhere tags are the custom."""
        if not surroundings.production:
            return
        running = [
            (component, field, image)
            for _, component in sorted(topology.components.items())
            if component.role is Role.COMPONENT
            for field, image in images(component)
            if image.tag or image.digest
        ]
        if 2 * sum(bool(image.digest) for _, _, image in running) <= len(running):
            return
        for component, field, image in running:
            if not image.digest:
                named = f"{shown(image.repository)}:{image.tag}"
                yield found.about(
                    component,
                    f"{component.id} runs {named} without a digest; most images here have one",
                    field=field.name,
                )

    found = GraphRule(
        id="image-without-digest",
        level=Level.NOTE,
        family=Family.SUPPLY,
        title="Image without a digest among images with one",
        why=(
            "A tag can be moved in the registry, a digest can't. Here most images are held by their digests, so what "
            "runs is what was tested; for this one only the tag says so."
        ),
        fix="Add the digest that was tested: `name:1.4.2@sha256:…`.",
        example="cart:     shop/cart:2.1@sha256:5f1c…\ncheckout: shop/checkout:1.4.2",
        source="Kubernetes documentation, Images; NIST SP 800-190 on images named by fixed versions",
        values=frozenset({Aspect.ARTIFACT}),
        concerns=_runs_images,
        check=check,
    )
    return found


def _runs_images(component: Component) -> bool:
    return component.role is Role.COMPONENT and any(images(component))
