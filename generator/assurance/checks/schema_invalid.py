"""Rule: an object that is not as the schema of its kind wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.api_versions import retirement
from generator.assurance.findings import ComponentRule, Family, Level
from generator.assurance.remarks import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


def check(component: Component) -> Iterator[Finding]:
    """Tell what the reader found by the schema; that a kind was removed is told by a rule of its own."""
    retired = retirement(component.api, component.kind) is not None
    for finding in told(RULE, component, f"{component.id}: "):
        if not (retired and finding.field == "apiVersion"):
            yield finding


RULE = ComponentRule(
    id="schema-invalid",
    level=Level.ERROR,
    family=Family.SCHEMA,
    title="Object that Kubernetes does not take",
    why=(
        "A value of the wrong kind or a field that is missing makes the cluster refuse the whole object, and what is "
        "applied after it may never come. Objects are held against the schemas of the version that `kubernetes:` of "
        "the environment names; those of custom resources are not known, so nothing is said of them."
    ),
    fix="Write the field as the schema wants it: a text in quotes, a number without, a list with its dashes.",
    example='env:\n  - name: WORKERS\n    value: 4     # a number; "4" is the text that it must be',
    source="Kubernetes API reference, as published in its OpenAPI document",
    values=frozenset(),
    check=check,
)
