"""What a verification found: every mismatch by its file, what was checked, and what could not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import one_line
from generator.evidence.manifest import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_MISMATCHES = 10_000
"""Mismatches that are kept; those beyond are counted."""
_LONGEST_REASON = 600


class Verdict(msgspec.Struct, frozen=True):
    """What became of one verification."""

    mismatches: tuple[Mismatch, ...]
    """What is not as it should be, by file."""
    left_out: int
    """Mismatches beyond `MOST_MISMATCHES`."""
    checked: tuple[str, ...]
    """What was checked and holds, each a sentence."""
    not_checked: tuple[str, ...]
    """What could not be checked, or was not asked for, each a sentence with its reason."""
    gaps: tuple[str, ...]
    """What was erased for good reason and is accepted, each a sentence."""
    notes: tuple[str, ...]
    """What a reader should know and what is no mismatch, each a sentence."""
    signers: tuple[str, ...]
    """Whose signatures were found good: file, name and key."""
    digest: str = ""
    """SHA-256 of the manifest; empty where there is none."""
    sequence: int = 0
    """Number of the bundle in its chain."""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong; what was not checked is no part of it."""
        return not self.mismatches


class Report:
    """Gathers a verdict while parts are checked."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.digest = ""
        self.sequence = 0
        self.above = ""
        """Folder, ending in `/`, that paths are told below."""
        self._mismatches: dict[Mismatch, None] = {}
        self._left_out = 0
        self._checked: list[str] = []
        self._not_checked: list[str] = []
        self._gaps: list[str] = []
        self._notes: list[str] = []
        self._signers: list[str] = []

    def wrong(self, path: str, reason: str) -> None:
        """Note that the file `path` is not as it should be."""
        if len(self._mismatches) < MOST_MISMATCHES:
            self._mismatches[Mismatch(self.above + path, one_line(reason, _LONGEST_REASON))] = None
        else:
            self._left_out += 1

    def wrong_all(self, mismatches: Iterable[Mismatch]) -> None:
        """Note several mismatches."""
        for mismatch in mismatches:
            self.wrong(mismatch.path, mismatch.reason)

    def checked(self, sentence: str) -> None:
        """Note what was checked and holds."""
        self._checked.append(sentence)

    def not_checked(self, sentence: str) -> None:
        """Note what was not checked, and why."""
        self._not_checked.append(sentence)

    def gap(self, sentence: str) -> None:
        """Note what was erased for good reason."""
        self._gaps.append(sentence)

    def note(self, sentence: str) -> None:
        """Note what a reader should know."""
        self._notes.append(sentence)

    def signed(self, sentence: str) -> None:
        """Note a good signature."""
        self._signers.append(sentence)

    @property
    def count(self) -> int:
        """How many mismatches there are so far."""
        return len(self._mismatches) + self._left_out

    def is_wrong(self, *paths: str) -> bool:
        """Return whether one of the files is not as it should be, as far as is known."""
        found = {mismatch.path for mismatch in self._mismatches}
        return any(self.above + path in found for path in paths)

    def verdict(self) -> Verdict:
        """Return what was found."""
        return Verdict(
            mismatches=tuple(sorted(self._mismatches, key=lambda each: each.path)),
            left_out=self._left_out,
            checked=tuple(self._checked),
            not_checked=tuple(dict.fromkeys(self._not_checked)),
            gaps=tuple(self._gaps),
            notes=tuple(dict.fromkeys(self._notes)),
            signers=tuple(self._signers),
            digest=self.digest,
            sequence=self.sequence,
        )
