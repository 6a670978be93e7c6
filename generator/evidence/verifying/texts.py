"""JSON that is not trusted: read within limits, and held against the one form in which it may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from generator.errors import one_line
from generator.evidence.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_LINE_BYTES = 1 << 26
"""Longest line that is read."""
MOST_DOCUMENT_BYTES = 1 << 29
"""Largest document that is read as a whole."""
TWICE = "is not as it is written: a key stands twice, or keys are out of order"
DEEP = "is nested too deep"


class TextError(Exception):
    """A text that can't be taken; its line (0 for the whole) and why."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep the `line` and the `reason`."""
        self.line, self.reason = line, reason
        super().__init__(reason)

    def __str__(self) -> str:
        """Return the reason with its line."""
        return f"line {self.line} {self.reason}" if self.line else self.reason


class Canon:
    """Tells whether JSON stands in the one form in which Assay writes it, so that two readers read the same."""

    def __init__(self) -> None:
        """Keep a coder for all that is looked at."""
        self._decoder = msgspec.json.Decoder()
        self._encoder = msgspec.json.Encoder(order="sorted")

    def fault(self, text: bytes, *, spaced: bool = False) -> str:
        """Return what is wrong with `text`, empty where nothing is; `spaced` lets it have spaces and line ends."""
        try:
            compact = bytes(msgspec.json.format(text, indent=-1)) if spaced else text
            told = self._encoder.encode(self._decoder.decode(text))
            return "" if compact == told or compact == canonical(told) else TWICE
        except RecursionError:
            return DEEP
        except (msgspec.MsgspecError, ValueError) as fault:
            return f"is no JSON: {one_line(str(fault), 120)}"


def lines_within(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and text of each line, without its line feed; raises `TextError` for one that can't be taken."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MOST_LINE_BYTES):
            number += 1
            if not line.endswith(b"\n"):
                most = len(line) >= MOST_LINE_BYTES
                raise TextError(number, f"has more than {MOST_LINE_BYTES} bytes" if most else "has no end: cut off")
            yield number, line[:-1]


def canonical_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and text of each line, without its line feed; raises `TextError` for one not as it is written."""
    canon = Canon()
    for number, text in lines_within(path):
        if fault := canon.fault(text):
            raise TextError(number, fault)
        yield number, text


def decoded(decoder: msgspec.json.Decoder[Any], text: bytes, line: int = 0) -> Any:  # noqa: ANN401 - of any type
    """Return `text` by `decoder`; raises `TextError` where it is not what the decoder expects."""
    try:
        return decoder.decode(text)
    except RecursionError:
        raise TextError(line, DEEP) from None
    except (msgspec.MsgspecError, ValueError) as fault:
        raise TextError(line, f"is no such record: {one_line(str(fault), 160)}") from fault
