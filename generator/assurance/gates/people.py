"""People as git knows them, by name and address: who is the same, who is a machine, and how many there are."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_HIDDEN = re.compile(r"\d+\+(.*@users\.noreply\.[^@]+)")
"""How a hosting service hides an address: the number before it is not always written."""
_SERVICES = frozenset({"noreply@github.com", "noreply@gitlab.com", "noreply@bitbucket.org"})
_SERVICE_NAMES = frozenset({"github", "gitlab", "gitea", "bitbucket", "web-flow"})


_BOT = re.compile(r"\[bot\]$|[-_.](?:ro)?bot$|^bot$")


class Person(msgspec.Struct, frozen=True, order=True):
    """Somebody, as a commit, a trailer, a key or a file names them; the address is never shown."""

    name: str = ""
    address: str = ""

    @property
    def words(self) -> str:
        """Return the name for a sentence, without the address."""
        return self.name or self.address.partition("@")[0] or "somebody without a name"


NOBODY = Person()


def plain_name(name: str) -> str:
    """Return a name as it is compared: without case, accents of another form, or more than one space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def plain_address(address: str) -> str:
    """Return an address as it is compared: without case, and in one form where a hosting service hides it."""
    folded = address.strip().casefold()
    hidden = _HIDDEN.fullmatch(folded)
    return hidden[1] if hidden else folded


def same(one: Person, other: Person) -> bool:
    """Return whether two may be one person: the same address, or the same name.

    Either is enough: somebody with two addresses must not be two people.
    """
    address, name = plain_address(one.address), plain_name(one.name)
    return bool(address and address == plain_address(other.address)) or bool(name and name == plain_name(other.name))


def among(person: Person, others: Iterable[Person]) -> bool:
    """Return whether a person may be one of `others`."""
    return any(same(person, other) for other in others)


def one_person(person: Person, known: Sequence[Sequence[Person]]) -> Person:
    """Return one name for a person whom `known`, lists of the names of one person each, may know by several.

    Lists that share a name or an address are of one person, by way of any number of others.
    """
    group: list[Person] = [person]
    waiting = [list(names) for names in known]
    while found := next((names for names in waiting if any(among(name, group) for name in names)), None):
        waiting.remove(found)
        group += found
    # A list may begin with nobody: who is known by something else is not nobody for that.
    return min((one for one in group[1:] if one.name or one.address), default=person)


def machine(person: Person) -> bool:
    """Return whether it is an account of a service, or one that calls itself a bot."""
    name, address = plain_name(person.name), plain_address(person.address)
    login = address.partition("@")[0]
    return address in _SERVICES or name in _SERVICE_NAMES or bool(_BOT.search(name) or _BOT.search(login))


def how_many(people: Sequence[Person]) -> int:
    """Return the most of `people` of whom no two may be the same person.

    With each person as an edge between an address and a name, this is the size of a maximum matching; naming one more
    person never makes it smaller.
    """
    edges: dict[str, list[str]] = {}
    for person in sorted(set(people)):
        address, name = plain_address(person.address), plain_name(person.name)
        if address or name:
            edges.setdefault(f"a {address}" if address else f"n {name}", []).append(name or f"\0{address}")
    taken: dict[str, str] = {}
    return sum(_place(address, edges, taken, set()) for address in edges)


def _place(address: str, edges: Mapping[str, Sequence[str]], taken: dict[str, str], seen: set[str]) -> bool:
    """Give `address` a name that no other has, moving others where they can be moved."""
    for name in edges[address]:
        if name in seen:
            continue
        seen.add(name)
        if name not in taken or _place(taken[name], edges, taken, seen):
            taken[name] = address
            return True
    return False
