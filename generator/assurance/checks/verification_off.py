"""Rule: a setting by which certificates are not looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_ON_IS_BAD = re.compile(
    r"(?:GIT_SSL_NO_VERIFY|GLOBAL_AGENT_REJECT_NO|(?:[a-z0-9]+_)*(?:insecure_skip_(?:tls_)?verify|tls_insecure"
    r"|ssl_insecure|skip_tls_verify|skip_ssl_verif(?:y|ication)|disable_(?:ssl|tls|certificate)_verification))",
    re.IGNORECASE,
)
_OFF_IS_BAD = re.compile(
    r"(?:NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY|(?:[a-z0-9]+_)*(?:(?:ssl|tls)_verify(?:_peer|_certs?)?"
    r"|verify_(?:ssl|tls|certs?|certificates?)))",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ON = frozenset({"true", "yes", "on", "1"})
_OFF = frozenset({"false", "no", "off", "0", "none"})
_EITHER = frozenset(form for word in _ON | _OFF for form in (word, word.upper(), word.capitalize()))
"""What a value has to be to count, so that nearly all fields are told by one look."""


def check(component: Component) -> Iterator[Finding]:
    """Find settings whose name says that they switch the check of certificates off, and whose value does so."""
    if component.role not in {Role.COMPONENT, Role.CONFIG}:
        return
    for field in component.fields:
        if field.value not in _EITHER or field.aspect is not Aspect.CONFIG:
            continue
        value = field.value.lower()
        name = _CAMEL.sub("_", field.name.rpartition(".")[2])
        if (value in _ON and _ON_IS_BAD.fullmatch(name)) or (value in _OFF and _OFF_IS_BAD.fullmatch(name)):
            yield RULE.about(
                component, f"{component.id} does not check certificates, by `{field.name}`", field=field.name
            )


RULE = ComponentRule(
    id="verification-off",
    level=Level.WARNING,
    family=Family.CONFIGURATION,
    title="Certificates are not checked",
    why=(
        "Without the check, encryption protects from nobody who can answer in the other's place: each call, with the "
        "login in it, can be read and changed on the way."
    ),
    fix="Switch the check on, and give the software the certificate of the authority that it should trust.",
    example='env:\n  - name: NODE_TLS_REJECT_UNAUTHORIZED\n    value: "0"',
    source="CWE-295, Improper Certificate Validation",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
