"""How much is read of one file of records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.events.rows import Item

MAX_BYTES = 16 * 1024 * 1024
"""Bytes of one file in JSON or CSV; of YAML as much as `generator.documents` parses."""
MAX_RECORDS = 200_000
"""Entries of one file."""
MAX_BROKEN = 10_000
"""Lines of one file that are no JSON or CSV; what comes after them is not read."""
MAX_PROBLEMS = 10_000
"""Things that are wrong with the records of one file, each told with its line; those beyond are counted."""
MAX_PROBLEMS_OF_RECORD = 20
"""The same of one record."""
MAX_SUGGESTIONS = 1000
"""Words of one file, or names of environments, for which the nearest one is looked up, which is slow."""


class Refusing(Protocol):
    """Takes what is wrong with a file."""

    def refuse(self, what: str, reason: str, line: int, fix: str, /) -> None:
        """Tell a fault with its line and what to do."""
        ...


def few(gathering: Refusing, items: Iterable[Item]) -> Iterator[Item]:
    """Yield items up to the limit, and tell where one was passed."""
    for count, item in enumerate(items):
        if count >= MAX_RECORDS:
            reason = f"more than {MAX_RECORDS} entries; from here on nothing was read"
            gathering.refuse("limit", reason, item.line, "split the file")
            return
        yield item
