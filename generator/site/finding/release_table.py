"""The table behind the filter of releases: all of them in columns, newest first, a few dozen bytes each.

Sentences are most of its weight, and mostly made of the same words: each word is written once, those that are used
most with the smallest numbers.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from generator.site.finding.packing import literal, packed, packed_signed
from generator.site.finding.write import page_pattern
from generator.site.names import release_page
from generator.site.release_view import release_flags
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.context import Context
    from generator.site.index import Release

DATA_FILE = "releases/releases.js"
FLAGS = ("bypass", "bulk", "partial")
MOST_COMPONENTS = 60
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


def write_release_table(context: Context, site: Path) -> None:
    """Write the table of all releases into `site`, as a script that the page Releases loads when someone filters."""
    rows = context.index.releases[::-1]
    with (site / DATA_FILE).open("w", encoding="ascii") as file:
        file.write("globalThis.assayReleases={\n")
        file.writelines(f"{name}:{literal(value)},\n" for name, value in _columns(context, rows))
        file.write("};\n")


def _columns(context: Context, rows: list[Release]) -> Iterator[tuple[str, object]]:
    names = [environment.name for environment in context.productions]
    patterns = {name: page_pattern(name, production=True) for name in names}
    numbers = {name: number for number, name in enumerate(names)}
    kinds = list(dict.fromkeys(row.kind for row in rows))
    yield "count", len(rows)
    yield "environments", [shown(name) for name in names]
    yield "patterns", [patterns[name] for name in names]
    yield "kinds", kinds
    yield "flags", FLAGS
    yield "environment", packed(numbers[row.environment] for row in rows)
    yield "sequence", packed_signed(_steps([row.sequence for row in rows]))
    yield "minute", packed_signed(_steps([_minute(row.at) for row in rows]))
    yield "kind", packed(kinds.index(row.kind) for row in rows)
    yield "flag", packed(sum(1 << FLAGS.index(flag) for flag in release_flags(row)) for row in rows)
    yield "tags", {at: shown(", ".join(row.tags)) for at, row in enumerate(rows) if row.tags}
    yield "pages", {at: release_page(row.id) for at, row in enumerate(rows) if not patterns[row.environment]}
    yield from _words("component", [row.components[:MOST_COMPONENTS] for row in rows])
    yield from _words("verdict", [row.verdict.split(" ") for row in rows])


def _words(name: str, texts: list[tuple[str, ...]] | list[list[str]]) -> Iterator[tuple[str, object]]:
    """Yield the words of `texts`, the commonest first, and each text as how many words it has and which."""
    counts = Counter(word for text in texts for word in text)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    numbers = {word: number for number, word in enumerate(ranked)}
    yield f"{name}Words", "\n".join(shown(word).replace("\n", " ") for word in ranked)
    yield f"{name}s", packed(number for text in texts for number in (len(text), *(numbers[word] for word in text)))


def _steps(values: list[int]) -> Iterator[int]:
    before = 0
    for value in values:
        yield value - before
        before = value


def _minute(iso: str) -> int:
    """Return the minutes since the year 1 began, from 1; 0 where `iso` is no time."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return 0
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - BEGINNING) // timedelta(minutes=1) + 1
