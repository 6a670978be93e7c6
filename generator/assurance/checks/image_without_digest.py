"""Rule: an image by its tag alone, where the others are held by their digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.images import images, names_images, shown
from generator.assurance.findings import Family, GroupRule, Level
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component

_ALL = "images"
"""The one group: all images of an environment."""


def rule(surroundings: Surroundings) -> GroupRule:
    """Return the rule for an environment; outside of production it finds nothing."""

    def facts(component: Component) -> Iterator[tuple[str, str]]:
        """Yield what each image of a component is held by: nothing where a digest does, else its field and its tag."""
        if surroundings.production and component.role is Role.COMPONENT:
            for field, image in images(component):
                if image.tag or image.digest:
                    yield _ALL, "" if image.digest else f"{field.name} {shown(image.repository)}:{image.tag}"

    def check(
        name: str, members: Mapping[str, tuple[str, ...]], components: Mapping[str, Component]
    ) -> Iterator[Finding]:
        """Find images without a digest where more than half of all have one; elsewhere tags are the custom."""
        del name
        counts = [(len(said), said.count("")) for said in members.values()]
        if 2 * sum(held for _, held in counts) <= sum(every for every, _ in counts):
            return
        for id_, said in members.items():
            for field, _, named in (one.partition(" ") for one in said if one):
                message = f"{id_} runs {named} without a digest; most images here have one"
                yield found.about(components[id_], message, field=field)

    found = GroupRule(
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
        looks_at=names_images,
        production_only=True,
        facts=facts,
        check=check,
    )
    return found
