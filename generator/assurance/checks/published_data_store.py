"""Rule: a data store that listens on the addresses of its host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.data_stores import data_store
from generator.assurance.findings import ComponentRule, Family, Level, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_COMPOSE = "ComposeService"
_PORT = "ports."
_ANY = "any"
_LOOPBACK = ("127.", "::1:", "[::1]", "localhost:")


def check(component: Component) -> Iterator[Finding]:
    """Find services of a compose file that run a well-known data store or queue and publish a port to everybody.

    Bound to the loopback address it is reached from its host alone; an address from a variable is not known.
    """
    image = data_store(component) if component.kind == _COMPOSE else ""
    if not image:
        return
    for field in component.fields:
        if field.aspect is not Aspect.EXPOSURE or not field.name.startswith(_PORT):
            continue
        open_ = [one for one in field.value.split(", ") if not one.startswith(_LOOPBACK) and "$" not in one]
        if open_:
            inside = field.name.removeprefix(_PORT).partition("/")[0]
            told = ["some port" if one == _ANY else one for one in open_]
            yield RULE.about(
                component,
                f"{component.id} ({image}) is published on {listed(told)} of its host, for port {inside}",
                field=field.name,
            )


def _is_a_service(component: Component) -> bool:
    return component.kind == _COMPOSE


RULE = ComponentRule(
    id="published-data-store",
    level=Level.WARNING,
    family=Family.EXPOSURE,
    title="Data store published to everybody",
    why=(
        "A port that is published without an address is open on every network of the host, often past its firewall, "
        "since the rules of the container engine come first. Others in the same compose file need no published port."
    ),
    fix="Remove the port, or bind it to the host alone: `127.0.0.1:5432:5432`.",
    example='postgres:\n  image: postgres:16\n  ports: ["5432:5432"]',
    source="Docker documentation, Port publishing and mapping",
    values=frozenset({Aspect.ARTIFACT, Aspect.EXPOSURE}),
    looks_at=_is_a_service,
    check=check,
)
