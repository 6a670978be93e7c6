"""Terms with what they lead to, gathered while the evidence goes by: a few bytes for each place, sorted at the end."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from generator.site.finding.packing import packed_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KINDS = ("component", "version", "release", "deployment")
ID_DIGITS = 16
"""Hexadecimal digits of a commit or digest that count: enough to tell all apart."""
NUMBER_BYTES = 4


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

    def lines(self) -> Iterator[str]:
        """Yield every term, sorted as JavaScript sorts, with its entries of each kind in steps."""
        every: set[str] = set().union(*self._places)
        for term in sorted(every, key=_units):
            cells = (_numbers(places.get(term)) for places in self._places)
            yield "\t".join((term, *(packed_steps(numbers) for numbers in cells)))


class Ids:
    """Commits and digests by their first digits, each with the deployment that it belongs to."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held: list[bytes] = []

    def add(self, identity: str, kind: int, number: int) -> None:
        """Note that the deployment `number` of the kind at `kind` has the hexadecimal name `identity`."""
        try:
            name = bytes.fromhex(identity[:ID_DIGITS])
        except ValueError:
            return
        self._held.append(name + bytes([kind]) + number.to_bytes(NUMBER_BYTES, "big"))

    def lines(self) -> Iterator[str]:
        """Yield each name with its kind and number, sorted."""
        self._held.sort()
        half = ID_DIGITS // 2
        for held in self._held:
            if len(held) == half + 1 + NUMBER_BYTES:
                yield f"{held[:half].hex()}\t{held[half]}\t{int.from_bytes(held[half + 1 :], 'big')}"


def _numbers(held: int | array[int] | None) -> Iterable[int]:
    if held is None:
        return ()
    return (held,) if isinstance(held, int) else held


def _units(term: str) -> bytes:
    """Return what JavaScript compares texts by: UTF-16 units, which differ from code points beyond the first plane."""
    return term.encode("utf-16-be", "surrogatepass")
