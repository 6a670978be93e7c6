"""What `assay.yaml` says of declarations in commit messages: the names of the trailers that tell something."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from generator.config.cleaning import distinct, one_or_many, refuse
from generator.config.closed import Closed

_TRAILER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


def clean_trailer(value: str) -> str:
    """Return the name of a trailer; raises where git would read none in it."""
    if not _TRAILER.fullmatch(value):
        refuse(f"`{value}` is no name of a trailer", "letters, digits and `-`, as in `Rollback-of`")
    return value


TrailerNames = Annotated[
    tuple[Annotated[str, AfterValidator(clean_trailer)], ...],
    Field(max_length=20),
    BeforeValidator(one_or_many),
    AfterValidator(distinct),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Trailers(Closed):
    """Names of the trailers that say something of a deployment; case does not count, an empty list turns one off."""

    rollback: TrailerNames = ("Rollback-of",)
    """Names the deployment that is rolled back, by its commit or its id."""
    fixes: TrailerNames = ("Fixes-deployment",)
    """Names the failed deployment that a new version mends."""
    hotfix: TrailerNames = ("Hotfix",)
    """`yes` says that the deployment is unplanned."""
    promoted: TrailerNames = ("Promoted-from",)
    """Names the upstream deployment that the artifacts come from, as `COMMIT` or `ENVIRONMENT@COMMIT`."""
    approval: TrailerNames = ("Approved-by", "Reviewed-by")
    """Names who approved."""

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        taken: dict[str, str] = {}
        for key in type(self).model_fields:
            for name in getattr(self, key):
                other = taken.setdefault(name.lower(), key)
                if other != key:
                    refuse(f"`{name}` stands under `{other}` and under `{key}`", "a trailer can say one thing only")
        return self
