"""How the demo's story is told: steps with a time, an author and edits; a journey is a version on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator.demo.state import INTEGRATION, PRODUCTION, STAGING, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.demo.state import Edit

YEAR = 2026
ADAEZE, JONAH, SANNA = "Adaeze Obi", "Jonah Pereira", "Sanna Lehto"
"""Developers."""
MIRA, PRIYA, TOMASZ = "Mira Halvorsen", "Priya Raman", "Tomasz Wilk"
"""Platform, operations, releases."""


@dataclass(frozen=True)
class Step:
    """One commit of the story, as what it changes."""

    when: str
    """Month, day and time of day in UTC: `02-12 16:40`."""
    author: str
    message: str
    """Subject, body and trailers; `<commit: SUBJECT>` stands for the id of an earlier commit."""
    edits: tuple[Edit, ...]

    @property
    def at(self) -> int:
        """Return the time in seconds since 1970 UTC."""
        moment = datetime.strptime(f"{YEAR}-{self.when} +0000", "%Y-%m-%d %H:%M %z")
        return int(moment.astimezone(UTC).timestamp())


def step(when: str, author: str, message: str, *edits: Edit, says: tuple[str, ...] = ()) -> Step:
    """Return a step; `says` are the trailers of its message."""
    return Step(when, author, "\n\n".join([message, "\n".join(says)] if says else [message]), edits)


def approved(by: str) -> str:
    """Return the trailer of somebody who says yes."""
    return f"Approved-by: {by}"


def journey(
    name: str, version: str, what: str, author: str, *when: str, says: tuple[str, ...] = (), trailer: bool = True
) -> Iterator[Step]:
    """Yield the steps of a version through integration, staging and production, as far as times are given.

    The one to production has a trailer by which somebody else approves it, unless `trailer` is false, and those that
    it `says` beside.
    """
    setting = {name.replace("-", "_"): version}
    operator = PRIYA if len(what) % 3 == 0 else TOMASZ
    yes = (f"Reviewed-by: {author}" if operator == PRIYA else approved(PRIYA),) if trailer else ()
    told = (
        (author, f"{name} {version}: {what}", ()),
        (TOMASZ, f"Promote {name} {version} to staging", ()),
        (operator, f"Promote {name} {version} to production", (*says, *yes)),
    )
    for where, moment, (who, message, trailers) in zip((INTEGRATION, STAGING, PRODUCTION), when, told, strict=False):
        yield step(moment, who, message, versions(where, **setting), says=trailers)
