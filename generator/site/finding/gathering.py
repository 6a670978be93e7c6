"""Terms with what they lead to, gathered while the evidence goes by: a few bytes for each place, sorted at the end."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from generator.site.finding.packing import packed_newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KINDS = ("component", "version", "release", "deployment")
ID_DIGITS = 16
"""Hexadecimal digits of a commit or digest that count: enough to tell all apart."""
HEXADECIMAL = frozenset("0123456789abcdef")


class Terms:
    """For each term the numbers of its entries, by kind."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        # Most terms stand for one entry: a bare number then weighs a quarter of a list.
        self._places: tuple[dict[str, int | array[int]], ...] = tuple({} for _ in KINDS)

    def add(self, kind: int, number: int, terms: Iterable[str]) -> None:
        """Note that entry `number` of the kind at `kind` is found by `terms`; numbers never fall."""
        places = self._places[kind]
        for term in terms:
            held = places.get(term)
            if held is None:
                places[term] = number
            elif isinstance(held, int):
                if held != number:
                    places[term] = array("I", (held, number))
            elif held[-1] != number:
                held.append(number)

    def sorted(self) -> list[tuple[bytes, str]]:
        """Return every term with the key that it is sorted by, sorted as JavaScript sorts."""
        every: set[str] = set().union(*self._places)
        return sorted((units(term), term) for term in every)

    def line(self, term: str, before: str = "") -> str:
        """Return `term` with its entries of each kind, the newest first.

        `before` is the line that it had, of entries with smaller numbers; empty for none.
        """
        cells = before.split("\t")[1:] if before else ("",) * len(KINDS)
        every = (
            packed_newest(_numbers(places.get(term)), cell) for places, cell in zip(self._places, cells, strict=True)
        )
        return "\t".join((term, *every))


def id_term(identity: str) -> tuple[str, ...]:
    """Return what a commit or digest is found by: its first digits, or nothing where it is no hexadecimal name."""
    name = identity[:ID_DIGITS]
    return (name,) if len(name) == ID_DIGITS and HEXADECIMAL.issuperset(name) else ()


def units(term: str) -> bytes:
    """Return what JavaScript compares texts by: UTF-16 units, which differ from code points beyond the first plane."""
    return term.encode("utf-16-be", "surrogatepass")


def _numbers(held: int | array[int] | None) -> Sequence[int]:
    if held is None:
        return ()
    return (held,) if isinstance(held, int) else held
