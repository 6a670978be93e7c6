"""What a declared rule asks of one value: the operators, each on the raw text of a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from generator.assurance.checks.quantities import quantity
from generator.config.user_rules import compiled

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.config.user_rules import Must

Ask: TypeAlias = Callable[[str], str]
"""Takes a value and returns what is wrong with it, as the rest of a sentence; empty where nothing is."""

NOT_A_NUMBER = "is not a number"


def amount(text: str) -> Decimal | None:
    """Return the number that a text is: `3`, `-0.5`, or an amount of Kubernetes, `500m`, `2Gi`; else `None`."""
    text = text.strip()
    sign = text[:1] if text[:1] in {"+", "-"} else ""
    found = quantity(text[len(sign) :]) if text[len(sign) : len(sign) + 1].strip() else None
    return -found if found is not None and sign == "-" else found


def asked(must: Must) -> Ask:
    """Return the question that `must` asks of each value; one that is never answered where it asks for no value."""
    for make in (_equal, _not_equal, _match, _one_of, _at_least, _at_most):
        ask = make(must)
        if ask is not None:
            return ask
    return lambda _: ""


def _equal(must: Must) -> Ask | None:
    wanted = must.equal
    return None if wanted is None else lambda value: "" if value == wanted else f"is not `{wanted}`"


def _not_equal(must: Must) -> Ask | None:
    refused = must.not_equal
    return None if refused is None else lambda value: f"is `{refused}`" if value == refused else ""


def _match(must: Must) -> Ask | None:
    if must.match is None:
        return None
    wanted, found = must.match, compiled(must.match)
    return lambda value: "" if found(value) else f"does not match `{wanted}`"


def _one_of(must: Must) -> Ask | None:
    if not must.one_of:
        return None
    wanted = frozenset(must.one_of)
    told = ", ".join(f"`{one}`" for one in must.one_of)
    return lambda value: "" if value in wanted else f"is none of {told}"


def _at_least(must: Must) -> Ask | None:
    return _bound(must.at_least, lambda value, bound: value >= bound, "is less than")


def _at_most(must: Must) -> Ask | None:
    return _bound(must.at_most, lambda value, bound: value <= bound, "is more than")


def _bound(text: str | None, holds: Callable[[Decimal, Decimal], bool], told: str) -> Ask | None:
    bound = None if text is None else amount(text)
    if bound is None:
        return None

    def ask(value: str) -> str:
        found = amount(value)
        if found is None:
            return f"{NOT_A_NUMBER}, so it can't be compared with {text}"
        return "" if holds(found, bound) else f"{told} {text}"

    return ask
