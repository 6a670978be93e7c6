"""Rule: something runs here that was never tried upstream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, Level, UpstreamRule
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding, UpstreamView
    from generator.model.component import Component


def check(component: Component, upstream: UpstreamView) -> Iterator[Finding]:
    """Find artifacts that the upstream never had.

    A component that the upstream does not have at all is a difference of structure, shown as drift, and not judged
    here; neither is an empty value, which is no version.
    """
    if not upstream.exists or upstream.component(component.id) is None:
        return
    for field in component.fields:
        if field.aspect is not Aspect.ARTIFACT or not field.value:
            continue
        if not upstream.had(component.id, field.aspect, field.name, field.value):
            yield RULE.about(
                component,
                f"{component.id} runs {field.value} (`{field.name}`), which {upstream.name} never had",
                field=field.name,
            )


RULE = UpstreamRule(
    id="never-in-upstream",
    level=Level.WARNING,
    family=Family.PROMOTION,
    title="Version that was never upstream",
    why=(
        "This version came here without passing the environment before it, so nothing that was tested there speaks "
        "for it. It stays a finding for as long as it runs here and upstream has not had it."
    ),
    fix="Deploy the version upstream and test it there, or go back to one that was. Record it where it is a hotfix.",
    example="staging:    checkout:1.4.1, then 1.4.3\nproduction: checkout:1.4.2",
    source="",
    values=frozenset({Aspect.ARTIFACT}),
    heals=True,
    check=check,
)
