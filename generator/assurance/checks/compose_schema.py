"""Rule: a key of a compose file that the Compose specification does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level
from generator.assurance.remarks import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


def check(component: Component) -> Iterator[Finding]:
    """Tell the keys of a service that the reader did not find in the specification."""
    yield from told(RULE, component)


RULE = ComponentRule(
    id="compose-schema",
    level=Level.WARNING,
    family=Family.SCHEMA,
    title="Key that Docker Compose does not know",
    why=(
        "Docker Compose refuses a file with a key that it does not know, and with it every service of the file; older "
        "versions passed it over, so that what was meant was not there."
    ),
    fix="Look for the right name of the key; what is meant for another tool stands under a key that begins with `x-`.",
    example="services:\n  shop:\n    image: shop:1.4\n    enviroment:     # it is `environment`\n      LOG_LEVEL: info",
    source="Compose specification",
    values=frozenset(),
    check=check,
)
