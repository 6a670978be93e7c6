"""Rule: an image from a place that the upstream does not take it from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.images import artifacts, images, names_images, shown
from generator.assurance.findings import Family, Level, UpstreamRule, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, UpstreamView
    from generator.model.component import Component


def check(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
    """Find images whose repository no container of the component has upstream, and which the upstream never had.

    Containers that the upstream does not have are a difference of structure, shown as drift, and not judged here.
    """
    # What came from upstream, as nearly everything did, needs no closer look.
    id_ = component.id
    strange = {f.name for f in artifacts(component) if not upstream.had(id_, f.aspect, f.name, f.value)}
    above = upstream.component(id_) if strange and upstream.exists else None
    if above is None:
        return
    theirs = {field.name: image.repository for field, image in images(above)}
    known = set(theirs.values())
    for field, image in images(component):
        if field.name in strange and field.name in theirs and image.repository not in known:
            yield RULE.about(
                component,
                f"{component.id} takes `{field.name}` from {shown(image.repository)}; "
                f"{upstream.name} takes it from {listed(sorted(shown(one) for one in known), 3)}",
                field=field.name,
            )


RULE = UpstreamRule(
    id="repository-not-upstream",
    level=Level.WARNING,
    family=Family.SUPPLY,
    title="Image from another place than upstream",
    why=(
        "The same name and tag in another registry or repository can be another build. What was tested upstream says "
        "nothing of it, and who may push there may be somebody else."
    ),
    fix="Take the image from where upstream takes it, or copy it by digest so that both are known to be the same.",
    example="staging:    registry.example/shop/api:1.4.2\nproduction: docker.io/somebody/api:1.4.2",
    source="SLSA, Verifying artifacts; The Twelve-Factor App, Build, release, run",
    values=frozenset({Aspect.ARTIFACT}),
    looks_at=names_images,
    check=check,
)
