"""Where people say yes to a deployment: trailers, merges, signatures, entries of files; each as a `Yes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.assurance.gates.facts import Yes
from generator.assurance.gates.people import NOBODY, Person, machine
from generator.config.patterns import Pattern
from generator.errors import one_line
from generator.history.signing.signers import SignatureOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.config.gates import Way
    from generator.declarations.entries import Approval
    from generator.history.signing.signers import Signature

_LONGEST = 120
_SHORTEST = 7
"""Fewest digits by which a commit can be named."""
_UNREAD = Person("an unread signature")


def person(text: str) -> Person:
    """Return who `Name <address>` names; without brackets, what holds an `@` and no space is an address."""
    name, bracket, rest = text.partition("<")
    address = rest.partition(">")[0].strip() if bracket else ""
    if not bracket and "@" in text and " " not in text.strip():
        name, address = "", text.strip()
    return Person(one_line(name.strip().strip('"'), _LONGEST), address[:_LONGEST])


def by_trailers(trailers: Iterable[tuple[str, str]]) -> Iterator[Yes]:
    """Yield the approval of each trailer (key, value) that names somebody."""
    for key, value in trailers:
        who = person(value)
        if who.name or who.address:
            yield Yes("trailer", who, f"trailer {key}")


def by_merge(parents: int, author: Person, committer: Person) -> Iterator[Yes]:
    """Yield the approval of who merged: the author of a merge, or its committer where a service is the author."""
    if parents > 1:
        yield Yes("merge", committer if machine(author) and committer != NOBODY else author, "merge")


def by_signature(signature: Signature | None, tag: str = "") -> Iterator[Yes]:
    """Yield the approval of who signed the commit, or `tag` where one is named; a bad signature approves nothing."""
    way: Way = "tag" if tag else "commit"
    source = f"signature of tag {tag}" if tag else "signature of the commit"
    if signature is None:
        return
    if signature.good:
        name, address = signature.signers[0] if signature.signers else (f"key {signature.key[-16:]}", "")
        yield Yes(way, Person(name, address), source, also=tuple(Person(*each) for each in signature.signers[1:]))
    elif signature.outcome is SignatureOutcome.NOT_ASSESSED:
        yield Yes(way, _UNREAD, source, doubt=f"the {'tag' if tag else 'commit'} {signature.reason}")


def by_entries(entries: Iterable[tuple[Approval, int | None]]) -> Iterator[Yes]:
    """Yield the approvals of files that name the deployment, each with the time at which it became known.

    The time that an entry gives is taken; where it gives none, that of the commit which brought it.
    """
    for entry, known in entries:
        at = known if entry.at is None else entry.at
        place = f"{entry.path}:{entry.line}" if entry.line else entry.path
        yield Yes("file", person(entry.by), place or "approval file", gate=entry.gate, at=at)


def all_yes(
    *,
    trailers: Iterable[tuple[str, str]] = (),
    parents: int = 1,
    author: Person = NOBODY,
    committer: Person = NOBODY,
    signature: Signature | None = None,
    tags: Iterable[tuple[str, Signature]] = (),
    entries: Iterable[tuple[Approval, int | None]] = (),
) -> tuple[Yes, ...]:
    """Return every approval of one deployment: of its trailers, its merge, its signatures and of files."""
    found = [*by_trailers(trailers), *by_merge(parents, author, committer), *by_signature(signature)]
    for tag, signed in tags:
        found.extend(by_signature(signed, tag))
    return (*found, *by_entries(entries))


class ApprovalIndex:
    """Entries of approval files by what they name, so that many deployments can be asked about."""

    def __init__(self) -> None:
        """Start without entries."""
        self._now: dict[int, Approval] = {}
        """The entries themselves, by their identity: most of them stay the same from commit to commit."""
        self._known: dict[Approval, tuple[int, int | None]] = {}
        """What an entry says, wherever it stands → how many say it, and since when (seconds since 1970 UTC)."""
        self._by_name: dict[str, dict[int, tuple[Approval, Pattern]]] = {}

    def set(self, entries: Iterable[Approval], time: int | None) -> None:
        """Let `entries` be those that there are, from a commit of `time` on; one that only moved is the same one."""
        before, self._now = self._now, {id(entry): entry for entry in entries}
        came = [(number, entry) for number, entry in self._now.items() if number not in before]
        gone = [(number, entry) for number, entry in before.items() if number not in self._now]
        for number, entry in came:
            count, since = self._known.get(_said(entry), (0, time))
            self._known[_said(entry)] = (count + 1, since)
            self._by_name.setdefault(_name(entry), {})[number] = (entry, Pattern(entry.environment))
        for number, entry in gone:
            count, since = self._known.pop(_said(entry))
            if count > 1:
                self._known[_said(entry)] = (count - 1, since)
            del self._by_name[_name(entry)][number]

    def of(
        self, commits: Sequence[str], deployments: Sequence[str], environment: str
    ) -> Sequence[tuple[Approval, int | None]]:
        """Return the entries that name one of `commits`, by the beginning of its id, or one of `deployments`.

        They come by their place, each with the time of the commit that brought it.
        """
        if not self._now:
            return []
        named = [one for name in deployments for one in self._by_name.get(name, {}).values()]
        begun = [
            one
            for commit in commits
            for one in self._by_name.get(commit[:_SHORTEST], {}).values()
            if commit.startswith(one[0].commit.lower())
        ]
        found = [entry for entry, where in (*begun, *named) if where.fits(environment)]
        found.sort(key=lambda entry: (entry.path, entry.line))
        return [(entry, self._known[_said(entry)][1]) for entry in found]


def _name(entry: Approval) -> str:
    """Return what an entry is found by: the id of a deployment, or the first digits of a commit's."""
    return entry.commit if "-" in entry.commit else entry.commit[:_SHORTEST].lower()


def _said(entry: Approval) -> Approval:
    """Return an entry without its place."""
    return msgspec.structs.replace(entry, path="", line=0)
