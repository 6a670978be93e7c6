"""Rule: a field that no schema knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level
from generator.assurance.remarks import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


def check(component: Component) -> Iterator[Finding]:
    """Tell the fields that the reader found in no schema."""
    yield from told(RULE, component, f"{component.id}: ")


RULE = ComponentRule(
    id="unknown-field",
    level=Level.WARNING,
    family=Family.SCHEMA,
    title="Field that Kubernetes does not know",
    why=(
        "A field that is misspelt or stands one level off is left out without a word, unless strict validation is "
        "asked for: the object is taken, and what was meant (a limit, a probe, a rule) is not there."
    ),
    fix="Look for the right name and the right level of indentation, or take the field away.",
    example="containers:\n  - name: server\n    resource:     # it is `resources`\n      limits: {memory: 64Mi}",
    source="Kubernetes API reference, as published in its OpenAPI document",
    values=frozenset(),
    check=check,
)
