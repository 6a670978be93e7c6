"""Rule: a host that is served without encryption."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.outside import hosts
from generator.assurance.findings import ComponentRule, Family, Level, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_TLS = "spec.tls"
_TLS_HOST = re.compile(r"spec\.tls\[.*\]\.hosts\[.*\]")
_ELSEWHERE = re.compile(r"cert|ssl|tls|secure|https|443", re.IGNORECASE)
"""What an annotation says where the load balancer in front, or its controller, sees to encryption."""
_NOT_PUBLIC = re.compile(r"localhost|.*\.(?:localhost|local|internal|test|svc|svc\.cluster\.local)")


def check(component: Component) -> Iterator[Finding]:
    """Find hosts of an Ingress that no entry of its `tls` covers.

    An Ingress with an annotation on certificates or encryption is not judged, nor is a host that only a private
    network can know, nor a route, whose encryption is its gateway's.
    """
    if component.kind != "Ingress" or _encrypted_elsewhere(component):
        return
    served = [(host, field) for host, field in hosts(component) if not _NOT_PUBLIC.fullmatch(host)]
    if not any(field.name.startswith(_TLS) for field in component.fields):
        if served:
            names = listed(list(dict.fromkeys(host for host, _ in served)))
            yield RULE.about(component, f"{component.id} serves {names} without TLS", field=_TLS, line=_line(component))
        return
    covered = {field.value.lower() for field in component.fields if _TLS_HOST.fullmatch(field.name)}
    if not covered:
        return  # an entry without hosts stands for all of them
    for host, field in served:
        if host not in covered and f"*.{host.partition('.')[2]}" not in covered:
            yield RULE.about(component, f"{component.id} serves {host}, which its `tls` does not cover", field=field)


def _encrypted_elsewhere(ingress: Component) -> bool:
    return any(
        field.name.startswith("annotations.") and _ELSEWHERE.search(f"{field.name.partition('.')[2]}={field.value}")
        for field in ingress.fields
    )


def _line(ingress: Component) -> int:
    return min((f.line for f in ingress.fields if f.name.startswith("spec.rules") and f.line and not f.path), default=0)


RULE = ComponentRule(
    id="ingress-without-tls",
    level=Level.WARNING,
    family=Family.EXPOSURE,
    title="Host without TLS",
    why=(
        "Whoever sits on the way between user and cluster can read and change what they exchange, sessions and "
        "passwords included. Where something in front of the cluster encrypts, this rule can't see it; then switch "
        "it off or waive it with that as the reason."
    ),
    fix="Add the host to `spec.tls` with the secret of its certificate, or let a certificate be issued for it.",
    example="kind: Ingress\nspec:\n  rules:\n    - host: shop.example.org   # and no spec.tls",
    source="Kubernetes documentation, Ingress: TLS",
    values=frozenset({Aspect.CONFIG, Aspect.EXPOSURE}),
    check=check,
)
