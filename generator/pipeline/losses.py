"""What could not be read, each thing once, with every commit that brought it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.summary import UnreadableRecord
from generator.history.commits import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.errors import Unreadable
    from generator.history.commits import Commit

MOST_ALSO = 1000
"""Commits that are kept of one thing that could not be read, beside the first."""
_Key = tuple[str, str, str, str]
UNREADABLE, NOTE = "unreadable", "note"


class Losses:
    """Keeps what could not be read, and what was passed over on purpose, in the order in which it was met."""

    def __init__(self) -> None:
        """Start with nothing lost."""
        self._records: dict[_Key, UnreadableRecord] = {}
        self._also: dict[_Key, dict[str, None]] = {}

    def add(self, environment: str, commit: Commit, problems: Iterable[Unreadable], level: str = UNREADABLE) -> None:
        """Keep each problem with the commit that brought it; `environment` is empty for what belongs to none."""
        for problem in problems:
            key = (environment, problem.place.path, problem.code, problem.reason)
            if key not in self._records:
                self._records[key] = UnreadableRecord(
                    code=problem.code,
                    reason=problem.reason,
                    environment=environment,
                    path=problem.place.path,
                    line=problem.place.line,
                    commit=commit.id,
                    at=rfc3339(commit.time),
                    fix=problem.fix,
                    level=level,
                )
            elif level == UNREADABLE and commit.id != self._records[key].commit:
                also = self._also.setdefault(key, {})
                if len(also) < MOST_ALSO:
                    also[commit.id] = None

    def records(self) -> tuple[UnreadableRecord, ...]:
        """Return each thing once, with every commit that brought it."""
        return tuple(
            msgspec.structs.replace(record, also=tuple(self._also[key])) if key in self._also else record
            for key, record in self._records.items()
        )

    def count(self, environment: str) -> int:
        """Return how many things of one environment could not be read."""
        return sum(r.environment == environment and r.level == UNREADABLE for r in self._records.values())

    @property
    def any(self) -> bool:
        """Return whether anything could not be read."""
        return any(record.level == UNREADABLE for record in self._records.values())
