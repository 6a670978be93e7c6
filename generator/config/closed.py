"""The base of every part of `assay.yaml`: closed, frozen, and with values that come as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, model_validator

from generator.config.cleaning import refuse

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


class Closed(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, value: Any) -> Any:  # noqa: ANN401 - input that is not yet validated
        """Read a known key without a value as one that is not there, and no settings at all as none."""
        if isinstance(value, dict):
            return {key: inner for key, inner in value.items() if inner is not None or key not in cls.model_fields}
        return {} if value is None else value


@dataclass(frozen=True, slots=True)
class OrWords:
    """Says in the published schema that one of some words may stand in the place of a mapping."""

    words: tuple[str, ...]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, object]:
        """Return the schema of either form."""
        return {"anyOf": [{"enum": list(self.words)}, handler(schema)]}


def seconds(value: object) -> object:
    """Return the seconds that a text such as `30m`, `24h`, `7d` or `2w` means; anything but a text is left alone."""
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value.strip())
    if found is None:
        refuse(f"`{value}` is no duration", "a number and a unit: `90s`, `30m`, `24h`, `7d`, `2w`")
    return int(found[1]) * _SECONDS[found[2]]


Duration = Annotated[
    int,
    BeforeValidator(seconds),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,6} *(s|m|h|d|w)$"}),
]
"""A duration in seconds, written as a number and a unit."""
