"""Rule: a password where everybody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect, Role
from generator.readers.secrets import only_encrypted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


def check(component: Component) -> Iterator[Finding]:
    """Find secret fields outside of secrets; the message never has the value, nor its fingerprint.

    What the repository holds in encrypted form is no plain text, wherever it stands.
    """
    if component.role not in {Role.COMPONENT, Role.CONFIG}:
        return
    for field in component.fields:
        if field.aspect is Aspect.SECRET and field.value and not only_encrypted(field.value):
            yield RULE.about(
                component,
                f"{component.id} has what looks like a secret in plain text, in `{field.name}`",
                field=field.name,
            )


RULE = ComponentRule(
    id="plain-text-secret",
    level=Level.ERROR,
    family=Family.CONFIGURATION,
    title="Secret in plain text",
    why=(
        "Everybody who can read the repository, a copy of it or the settings of the running workload has this "
        "secret. Removing it in a new commit does not help: it stays in the history."
    ),
    fix=(
        "Treat it as known: replace it where it is used. Keep the new one in a secret store or encrypted, and refer "
        "to it by name."
    ),
    example="env:\n  - name: DB_PASSWORD\n    value: (the password itself)   # instead of valueFrom.secretKeyRef",
    source="CWE-312, Cleartext Storage of Sensitive Information; OWASP Secrets Management Cheat Sheet",
    values=frozenset({Aspect.SECRET}),
    check=check,
)
