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
    edits: tuple[Edit, ...]

    @property
    def at(self) -> int:
        """Return the time in seconds since 1970 UTC."""
        moment = datetime.strptime(f"{YEAR}-{self.when} +0000", "%Y-%m-%d %H:%M %z")
        return int(moment.astimezone(UTC).timestamp())


def step(when: str, author: str, message: str, *edits: Edit) -> Step:
    """Return a step."""
    return Step(when, author, message, edits)


def journey(name: str, version: str, what: str, author: str, *when: str) -> Iterator[Step]:
    """Yield the steps of a version through integration, staging and production, as far as times are given."""
    setting = {name.replace("-", "_"): version}
    subjects = (
        (author, f"{name} {version}: {what}"),
        (TOMASZ, f"Promote {name} {version} to staging"),
        (PRIYA if len(what) % 3 == 0 else TOMASZ, f"Promote {name} {version} to production"),
    )
    for where, moment, (who, message) in zip((INTEGRATION, STAGING, PRODUCTION), when, subjects, strict=False):
        yield step(moment, who, message, versions(where, **setting))
