"""The `expected` of `assay.yaml`: differences that an environment has on purpose, beside those of an explicit model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from generator.config.cleaning import clean_text, refuse
from generator.config.closed import Closed
from generator.config.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_EXPECTED = 500
"""Entries of one file."""
_ANY = "*"
_LONGEST = 500


def _said(value: str) -> str:
    if not clean_text(value).strip():
        refuse("is empty", "say why it differs on purpose: this text stands on the page")
    return value.strip()


def _pattern(value: str) -> str:
    clean_text(value)
    if not value or value != value.strip():
        refuse(f"`{value}` is no pattern", "a name, with `*` for any text; leave the key out for any")
    return value


def _component(value: str) -> str:
    if " " in _pattern(value):
        refuse(f"`{value}` is no component", "put the component under `component` and the field under `field`")
    return value


def _environment(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9._*-]+", _pattern(value)):
        refuse(f"`{value}` is no environment", "the name of an environment, with `*` for any text")
    return value


_Length = Field(max_length=_LONGEST)


class Expected(Closed):
    """A difference from the upstream that is meant to be."""

    component: Annotated[str, _Length, AfterValidator(_component)] = _ANY
    """Pattern of component ids, with `*` for any text."""
    field: Annotated[str, _Length, AfterValidator(_pattern)] = _ANY
    """Pattern of field names, or of the end of them from a dot on, with `*` for any text."""
    environment: Annotated[str, _Length, AfterValidator(_environment)] = _ANY
    """Pattern of environments that have it."""
    reason: Annotated[str, _Length, AfterValidator(_said)]
    """Why it differs on purpose."""

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.component == self.field == _ANY:
            refuse("every difference would be meant to be", "name a `component`, a `field`, or both")
        return self


ExpectedEntries = Annotated[tuple[Expected, ...], Field(max_length=MOST_EXPECTED)]
"""The value of the key `expected`."""


def expected_of(environment: str, entries: Iterable[Expected]) -> dict[str, str]:
    """Return what `environment` has on purpose: pattern `COMPONENT FIELD` → reason, as models declare it.

    Of two entries with the same patterns the first counts.
    """
    found: dict[str, str] = {}
    for entry in entries:
        if not Pattern(entry.environment).fits(environment):
            continue
        component, field = _literal(entry.component), _literal(entry.field)
        for pattern in [f"{component} {field}"] + ([f"{component} *.{field}"] if field != _ANY else []):
            found.setdefault(pattern, entry.reason)
    return found


def unknown_environments(entries: Iterable[Expected], environments: Mapping[str, object]) -> list[tuple[int, str]]:
    """Return the place and the pattern of each entry that fits no environment of the file."""
    return [
        (place, entry.environment)
        for place, entry in enumerate(entries)
        if not any(Pattern(entry.environment).fits(name) for name in environments)
    ]


def _literal(pattern: str) -> str:
    """Return a pattern in which only `*` is special as one of the shell's, where `[` and `?` are too."""
    return pattern.replace("[", "[[]").replace("?", "[?]")
