"""The `check:` of `assay.yaml`: what makes `assay check` fail in a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from generator.config.cleaning import clean_name, distinct, flag, one_or_many
from generator.config.closed import Closed
from generator.config.gates import DriftTerms
from generator.config.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection

    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

FailOn = Literal["error", "warning", "note", "never"]
Unread = Literal["fail", "warn"]

_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_Flag = Annotated[bool, BeforeValidator(flag)]


class _OneOrMany:
    """Says in the published schema that one mapping may stand in the place of a list."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema of either form."""
        many = handler(schema)
        return {"anyOf": [many["items"], many]}


def _limit_alone(value: object) -> object:
    return (value,) if isinstance(value, dict) else value


class Check(Closed):
    """What makes a check fail."""

    fail_on: FailOn = "error"
    """Findings of this level, or of a worse one, fail the check; `never` for none. Waived ones never do."""
    environments: Annotated[
        tuple[Annotated[str, AfterValidator(clean_name)], ...],
        Field(max_length=200),
        BeforeValidator(one_or_many),
        AfterValidator(distinct),
        WithJsonSchema(_TEXTS),
    ] = ()
    """Environments that are looked at; empty for production ones, and for all where a change is looked at."""
    gates: _Flag = True
    """Whether a gate that failed or is missing fails the check."""
    drift: Annotated[tuple[DriftTerms, ...], Field(max_length=100), BeforeValidator(_limit_alone), _OneOrMany()] = ()
    """How far each environment may be from its upstream."""
    new_only: _Flag = True
    """Whether a commit, a range, a pull request or the next release answers only for what it brings."""
    unreadable: Unread = "fail"
    """Whether something that can't be read fails the check, or is only told."""


def check_faults(check: Check, environments: Collection[str]) -> list[tuple[tuple[str | int, ...], str, str]]:
    """Return the environments of `check` that the file does not have: where it stands, the reason, what to do."""
    return [
        (
            ("check", "environments"),
            f"`{name}` is no environment of this file",
            suggestion(name, environments, "environments"),
        )
        for name in check.environments
        if name not in environments
    ]
