"""The table behind the filter of releases: all of them in columns, oldest first, a few dozen bytes each.

Sentences are most of its weight, and mostly made of the same words: each word is written once, in the order in which
words first come. Where one comes first it is told by 0, for the next of them; from then on by its place, from 1, which
is short for words that are used from the beginning.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from generator.site.finding.packing import literal, packed, packed_signed
from generator.site.finding.places import page_pattern
from generator.site.names import release_page
from generator.site.verdicts import components, verdict
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context

DATA_FILE = "releases/releases.js"
FLAGS = ("bypass", "bulk", "partial")
COLUMNS = ("environment", "sequence", "minute", "kind", "flag", "components", "verdicts")
MOST_COMPONENTS = 60
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class TableState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The table as it stands."""

    count: int = 0
    sequence: int = 0
    """Of the last release."""
    minute: int = 0
    kinds: tuple[str, ...] = ()
    columns: tuple[str, ...] = ("",) * len(COLUMNS)
    """Packed, in the order of `COLUMNS`."""
    tags: dict[int, str] = {}
    pages: dict[int, str] = {}
    """Of releases whose page no pattern names."""
    component_words: tuple[str, ...] = ()
    verdict_words: tuple[str, ...] = ()


class ReleaseTable:
    """Takes releases in, oldest first."""

    def __init__(self, context: Context, state: TableState) -> None:
        """Go on where `state` stands."""
        self._names = [environment.name for environment in context.productions]
        self._upstreams = context.upstreams
        self._patterns = {name: page_pattern(name, production=True) for name in self._names}
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._count, self._sequence, self._minute = state.count, state.sequence, state.minute
        self._kinds = {kind: number for number, kind in enumerate(state.kinds)}
        self._columns = tuple([text] for text in state.columns)
        self._tags, self._pages = dict(state.tags), dict(state.pages)
        self._component_words, self._verdict_words = _Words(state.component_words), _Words(state.verdict_words)

    def take(self, record: DeploymentRecord) -> None:
        """Take in the next release."""
        sequence, minute = record.sequence, _minute(record.commit.committed_at)
        flags = record.bypass, record.bulk, record.partial
        cells = (
            packed((self._numbers[record.environment],)),
            packed_signed((sequence - self._sequence,)),
            packed_signed((minute - self._minute,)),
            packed((self._kinds.setdefault(record.kind, len(self._kinds)),)),
            packed((sum(1 << at for at, held in enumerate(flags) if held),)),
            self._component_words.packed(components(record)[:MOST_COMPONENTS]),
            self._verdict_words.packed(verdict(record, self._upstreams[record.environment]).split(" ")),
        )
        for column, cell in zip(self._columns, cells, strict=True):
            column.append(cell)
        if record.commit.tags:
            self._tags[self._count] = shown(", ".join(record.commit.tags))
        if not self._patterns[record.environment]:
            self._pages[self._count] = release_page(record.id)
        self._count += 1
        self._sequence, self._minute = sequence, minute

    def state(self) -> TableState:
        """Return how it stands."""
        return TableState(
            self._count,
            self._sequence,
            self._minute,
            tuple(self._kinds),
            tuple("".join(column) for column in self._columns),
            dict(self._tags),
            dict(self._pages),
            tuple(self._component_words.numbers),
            tuple(self._verdict_words.numbers),
        )

    def text(self) -> str:
        """Return the script that sets the table."""
        lines = (f"{name}:{literal(value)},\n" for name, value in self._parts())
        return "".join(("globalThis.assayReleases={\n", *lines, "};\n"))

    def _parts(self) -> Iterator[tuple[str, object]]:
        yield "count", self._count
        yield "environments", [shown(name) for name in self._names]
        yield "patterns", [self._patterns[name] for name in self._names]
        yield "kinds", list(self._kinds)
        yield "flags", FLAGS
        yield "tags", self._tags
        yield "pages", self._pages
        yield "componentWords", self._component_words.text()
        yield "verdictWords", self._verdict_words.text()
        for name, column in zip(COLUMNS, self._columns, strict=True):
            yield name, "".join(column)


class _Words:
    """Words as they are shown, each with its number."""

    def __init__(self, words: Iterable[str]) -> None:
        self.numbers = {word: number for number, word in enumerate(words)}

    def packed(self, words: Iterable[str]) -> str:
        """Return how many `words` there are, and which."""
        found, known = [0], self.numbers
        for word in words:
            number = known.get(word)
            if number is None:
                told = shown(word).replace("\n", " ")
                number = known.get(told, -1)
                if number < 0:
                    known[told] = len(known)
            found.append(number + 1)
        found[0] = len(found) - 1
        return packed(found)

    def text(self) -> str:
        """Return every word, a line each, in the order of their numbers."""
        return "\n".join(self.numbers)


def _minute(iso: str) -> int:
    """Return the minutes since the year 1 began, from 1; 0 where `iso` is no time."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return 0
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - BEGINNING) // timedelta(minutes=1) + 1
