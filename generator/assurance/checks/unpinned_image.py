"""Rule: an artifact whose name can mean something else tomorrow."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.assurance.checks.images import FLOATING, artifacts, image_of
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component, Field

_VERSION_KEY = re.compile(r"(?:tag|version|digest|sha)$", re.IGNORECASE)


def check(component: Component) -> Iterator[Finding]:
    """Find artifact fields that name no fixed version.

    An image without a tag counts only where nothing else can supply the tag: no field beside it does, no chart
    fills it in (`values`), and it is not built from this repository.
    """
    for field in artifacts(component):
        if not _is_doubtful(field.name, field.value):
            continue
        image = image_of(field.value)
        tag = image.tag if image is not None else ""
        floating = tag or field.value
        if floating.lower() in FLOATING and not (field.name.lower().endswith("image") and not tag):
            yield RULE.about(
                component,
                f"{component.id} runs {field.value} (`{field.name}`), and what `{floating}` stands for can change "
                "without a commit",
                field=field.name,
            )
        elif (
            image is not None
            and not tag
            and field.name.lower().endswith("image")
            and not _tagged_elsewhere(component, field)
        ):
            yield RULE.about(
                component,
                f"{component.id} runs {field.value} (`{field.name}`) without a tag, which means `latest`",
                field=field.name,
            )


@lru_cache(maxsize=1 << 14)
def _is_doubtful(name: str, value: str) -> bool:
    """Return whether an artifact has to be looked at; the same few come again in each environment."""
    named = name.lower().endswith("image")
    if not named and ":" not in value and "@" not in value:
        # Nothing but a version, as in most files of values: there is no image to take apart.
        return value.lower() in FLOATING
    image = image_of(value)
    if image is not None and image.digest:
        return False
    tag = image.tag if image is not None else ""
    return (tag or value).lower() in FLOATING or (image is not None and not tag and named)


def _tagged_elsewhere(component: Component, image: Field) -> bool:
    """Return whether something other than the image's own text decides on its version."""
    beside = image.name.rpartition(".")[0]
    return component.kind == "values" or any(
        field.name == "build"
        or field.name.startswith("build.")
        or (
            field.aspect is Aspect.ARTIFACT
            and field.name.rpartition(".")[0] in {beside, image.name}
            and _VERSION_KEY.search(field.name)
        )
        for field in component.fields
    )


RULE = ComponentRule(
    id="unpinned-image",
    level=Level.WARNING,
    family=Family.SUPPLY,
    title="Image without a fixed version",
    why=(
        "A tag such as `latest` is moved to a new build whenever somebody pushes one. What was tested and what runs "
        "can then differ although no commit says so, two replicas can run different builds, and going back to the "
        "previous commit does not bring the previous software back."
    ),
    fix="Name a version tag that is never moved, or better the digest (`name:1.4.2@sha256:…`).",
    example="image: registry.example/checkout:latest",
    source="Kubernetes documentation, Images; NIST SP 800-190 on images named by fixed versions",
    check=check,
)
