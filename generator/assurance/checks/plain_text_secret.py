"""Rule: a password where everybody reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect, Role
from generator.readers.secrets import is_secret_name, only_encrypted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component


_KEY = "key"
_READABLE = re.compile(r"secret:[0-9a-f]{12,}")
"""A value of which all is masked, mostly for its name."""
_MARK = "secret:"
_INSIDE = re.compile(r"(?<![\w:])secret:[0-9a-f]{12}(?![0-9a-f])")
"""What stands in a longer text in place of a secret."""
_ITEM = re.compile(r"\[(?![0-9]+\])[^\[\]]*\]\Z")
_SOFTWARE = re.compile(r"(?:api|app)", re.IGNORECASE)
"""Words for all that runs: a key somewhere below them is not theirs."""


def check(component: Component) -> Iterator[Finding]:
    """Find secret fields outside of secrets; the message never has the value, nor its fingerprint.

    A file or a script in which something was masked has more in it than that, so it is a setting, and a warning.
    What the repository holds in encrypted form is no plain text, wherever it stands. What was masked for a `key` in its
    name alone is often what something is found by, and not told.
    """
    if component.role not in {Role.COMPONENT, Role.CONFIG}:
        return
    for field in component.fields:
        if field.aspect is Aspect.SECRET:
            masked = field.value and not only_encrypted(field.value)
            found = masked and not (_READABLE.fullmatch(field.value) and _finds_something(field.name))
        else:
            found = _MARK in field.value and "\n" in field.value and _INSIDE.search(field.value) is not None
        if found:
            whole = field.aspect is Aspect.SECRET
            yield RULE.about(
                component,
                f"{component.id} has what looks like a secret in plain text, {'in' if whole else 'inside of'} "
                f"`{field.name}`",
                field=field.name,
                level=None if whole else Level.WARNING,
            )


def _finds_something(name: str) -> bool:
    """Return whether a name ends with a `key` that is nobody's, though one further up its way made a secret of it.

    `headers[cache-control].key` of an `api` names a header, and `main_app.ratelimiter_key` what is counted by.
    """
    way, _, last = name.rpartition(".")
    if not last.lower().endswith(_KEY) or not way:
        return False
    if last.lower() != _KEY:
        return not is_secret_name(f"{_SOFTWARE.sub('', way)}.{last}")
    list_ = _ITEM.sub("", way)
    return list_ != way and not is_secret_name(f"{list_.rpartition('.')[2]}.{last}") and not is_secret_name(list_)


RULE = ComponentRule(
    id="plain-text-secret",
    level=Level.ERROR,
    family=Family.CONFIGURATION,
    title="Secret in plain text",
    why=(
        "Everybody who can read the repository, a copy of it or the settings of the running workload has this "
        "secret. Removing it in a new commit does not help: it stays in the history. Inside of "
        "a longer text (a file, a script) it is a warning."
    ),
    fix=(
        "Treat it as known: replace it where it is used. Keep the new one in a secret store or encrypted, and refer "
        "to it by name."
    ),
    example="env:\n  - name: DB_PASSWORD\n    value: (the password itself)   # instead of valueFrom.secretKeyRef",
    source="CWE-312, Cleartext Storage of Sensitive Information; OWASP Secrets Management Cheat Sheet",
    values=frozenset({Aspect.SECRET, Aspect.CONFIG}),
    check=check,
)
