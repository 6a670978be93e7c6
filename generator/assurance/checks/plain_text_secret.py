"""Rule: a password where everybody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Level, listed
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


_SOPS = "sops."
"""Where SOPS keeps its own notes in an encrypted file."""


def check(component: Component) -> Iterator[Finding]:
    """Find secret fields outside of secrets; the message never has the value, nor its fingerprint.

    Where a file encrypted by SOPS is among the component's files, its values are no plain text. Which fields came
    from it is not known any more, so all of them become one note instead of a verdict either way.
    """
    if component.role not in {Role.COMPONENT, Role.CONFIG}:
        return
    names = [field.name for field in component.fields if field.aspect is Aspect.SECRET and field.value]
    if any(field.name.startswith(_SOPS) for field in component.fields):
        unclear = [name for name in names if not name.startswith(_SOPS)]
        if unclear:
            yield RULE.about(
                component,
                f"{component.id} has secrets in {listed(unclear)}; a file encrypted by SOPS is involved, so whether "
                "each of them is encrypted could not be told",
                field=_SOPS.rstrip("."),
                level=Level.NOTE,
            )
        return
    for name in names:
        yield RULE.about(
            component, f"{component.id} has what looks like a secret in plain text, in `{name}`", field=name
        )


RULE = ComponentRule(
    id="plain-text-secret",
    level=Level.ERROR,
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
