"""What an imported result is: an outcome, counts that add up, and what went wrong, the worst first."""

from __future__ import annotations

import re
from heapq import nsmallest
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.errors import Place, Unreadable, one_line
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.config.results import FailsAt
    from generator.readers.reader import Mask

MOST_ITEMS = 5_000
"""Items of one result that are kept."""
MAX_BYTES = 32_000_000
"""Largest report that is read."""
MOST_COUNTED = 1_000_000_000
"""Largest count, and largest line, that a report is believed."""
_PRUNED_AT = 4 * MOST_ITEMS
_DIGITS = re.compile(r"[0-9]{1,9}")
_MESSAGE = 300
_NAME = 200
_LOOKED_AT = 4_000
"""Characters of a text that are looked at."""
_EDGE = 200
"""Characters before a cut that are dropped with it, since half a secret there would not be known as one."""

Outcome = Literal["passed", "failed", "missing"]
"""`missing` where nothing was tested."""
ItemLevel = Literal["error", "failed", "warning", "note", "skipped"]
"""`failed` is a test that said no, `error` one that came to no end, or a finding of that level."""

_RANK: Mapping[ItemLevel, int] = {"error": 0, "failed": 1, "warning": 2, "note": 3, "skipped": 4}


class ResultItem(msgspec.Struct, frozen=True):
    """One test or finding that is more than a pass."""

    name: str
    """Name of the test, or id of the rule."""
    level: ItemLevel
    message: str = ""
    path: str = ""
    """File that it is about, as the tool wrote it."""
    line: int = 0
    """Line in `path`, from 1; 0 when unknown."""


class Counts(msgspec.Struct, frozen=True):
    """How much a result tells of; tests that passed are counted and not listed."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        """Return the sum: tests, or findings."""
        return self.passed + self.failed + self.errors + self.warnings + self.notes + self.skipped

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(
            *(a + b for a, b in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True))
        )

    def over(self, fails_at: FailsAt) -> int:
        """Return how many make the result a failed one."""
        found = self.failed + self.errors
        found += self.warnings if fails_at != "error" else 0
        return found + (self.notes if fails_at == "note" else 0)


class Result(msgspec.Struct, frozen=True):
    """What one report says."""

    format: str
    outcome: Outcome
    counts: Counts
    items: tuple[ResultItem, ...] = ()
    """Everything that is no pass, worst first."""
    left_out: int = 0
    """Items beyond those that are kept."""
    tool: str = ""
    """Program that wrote it, with its version where it says so."""
    reason: str = ""
    """One sentence where the outcome needs one, such as `no test ran`."""


def hidden(value: str) -> str:  # noqa: ARG001 - a mask takes the value that it hides
    """Return what stands for a secret in the words of a test, whatever it was."""
    return "secret"


class Sheet:
    """Takes what a report says, item by item, and makes the result of it."""

    def __init__(self, written: str) -> None:
        """Begin an empty sheet of the format `written`."""
        self._format = written
        self._counts: dict[ItemLevel, int] = dict.fromkeys(_RANK, 0)
        self._items: list[tuple[int, str, int, str, str, ItemLevel]] = []
        self.passed = 0
        """Tests that passed."""
        self.tool = ""
        """Program that wrote it."""
        self.clean = False
        """Whether the report says that something was looked at, even where it names nothing."""
        self.idle = ""
        """Why nothing was tested, where the report says so."""

    def add(self, level: ItemLevel, name: str, message: str = "", path: str = "", line: int = 0) -> None:
        """Add something that is no pass."""
        self._counts[level] += 1
        texts = (path[:_LOOKED_AT], name[:_LOOKED_AT], message[:_LOOKED_AT])
        place = line if 0 < line < MOST_COUNTED else 0
        self._items.append((_RANK[level], texts[0], place, texts[1], texts[2], level))
        if len(self._items) >= _PRUNED_AT:
            self._items = nsmallest(MOST_ITEMS, self._items)

    def bad(self) -> int:
        """Return how many tests failed or came to no end so far."""
        return self._counts["failed"] + self._counts["error"]

    def result(self, fails_at: FailsAt, mask: Mask) -> Result:
        """Return the result; a finding from `fails_at` on makes it a failed one, and `mask` replaces secrets."""
        told = self._counts
        passed = min(self.passed, MOST_COUNTED)
        counts = Counts(passed, told["failed"], told["error"], told["warning"], told["note"], told["skipped"])
        outcome, reason = judged(counts, fails_at, clean=self.clean)
        kept = nsmallest(MOST_ITEMS, self._items)
        listed = counts.total - counts.passed
        return Result(
            format=self._format,
            outcome=outcome,
            counts=counts,
            items=tuple(_item(raw, mask) for raw in kept),
            left_out=listed - len(kept),
            tool=_shown(self.tool, mask, _NAME),
            reason=f"{reason}: {_shown(self.idle, mask, _MESSAGE)}" if reason and self.idle else reason,
        )


def judged(counts: Counts, fails_at: FailsAt, *, clean: bool) -> tuple[Outcome, str]:
    """Return the outcome that `counts` stand for and, where it needs one, the reason.

    Nothing tested is never a pass; `clean` says that something was looked at though nothing is counted.
    """
    if counts.over(fails_at):
        return "failed", ""
    if counts.passed or counts.warnings or counts.notes or clean:
        return "passed", ""
    return "missing", f"no test ran, {counts.skipped} skipped" if counts.skipped else "no test ran"


def ordered(item: ResultItem) -> tuple[int, str, int, str, str]:
    """Return the key by which the worst item comes first."""
    return (_RANK[item.level], item.path, item.line, item.name, item.message)


def number(text: str) -> int:
    """Return the number that a text is; 0 where it is none, or one that no file has as a line."""
    return int(text) if _DIGITS.fullmatch(text) else 0


def unreadable(code: str, reason: str, path: str, fix: str = "", *, line: int = 0) -> Unreadable:
    """Return why a report can't be read; `code` is a slug after `result-`."""
    return Unreadable(f"result-{code}", one_line(mask_within(reason, hidden)), Place(path, line), fix)


def _item(raw: tuple[int, str, int, str, str, ItemLevel], mask: Mask) -> ResultItem:
    _, path, line, name, message, level = raw
    return ResultItem(
        _shown(name, mask, _NAME), level, _shown(message, mask, _MESSAGE), _shown(path, mask, _NAME), line
    )


def _shown(text: str, mask: Mask, limit: int) -> str:
    """Return `text` as one printable line without secrets."""
    masked = mask_within(text, mask)
    return one_line(masked[:-_EDGE] if len(text) >= _LOOKED_AT else masked, limit)
