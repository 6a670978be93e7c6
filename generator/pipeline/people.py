"""Who takes part in a history, learnt before the first record is written, so that no text names them by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.gates.yes import person
from generator.evidence.people import People
from generator.evidence.redaction import Erased, bundles_of, read_redactions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.assurance.gates.facts import Yes
    from generator.assurance.gates.people import Person
    from generator.config.schema import Config
    from generator.declarations.entries import Declarations
    from generator.history.repository import Repository
    from generator.pipeline.chaining import Following
    from generator.pipeline.request import Request
    from generator.pipeline.tracks import Histories


def erased_in(following: Following, request: Request) -> Erased | None:
    """Return what was erased from the bundle that a run follows, to be erased again; `None` where it follows none.

    Raises `RefusedError` where the key is not there that knows it again.
    """
    former = following.former
    if former is None:
        return None
    links = (*former.chain, former.link)
    return Erased(read_redactions(former.folder), request.fingerprint_key, bundles_of(links))


def people_at(
    repository: Repository, histories: Histories, config: Config, key: Callable[[], bytes], erased: Erased | None
) -> People:
    """Return the people of a run, those known whom its histories name; `key` makes pseudonyms.

    Where names are shown nobody has to be known before.
    """
    people = People(config.authors, key, erased)
    if config.authors != "names":
        for head in dict.fromkeys(history.head for history in histories.all if history.head):
            people.learn(repository.people(head))
    return people


def learn_declared(people: People, declarations: Declarations) -> None:
    """Take in who stands in declarations: owners, and those who approved."""
    people.learn((who.name, who.address) for who in map(person, _named(declarations)))


def _named(declarations: Declarations) -> Iterator[str]:
    for entries in (declarations.waivers, declarations.acceptances, declarations.overrides):
        yield from (entry.owner for entry in entries)
    yield from (entry.by for entry in declarations.approvals)


def called(people: People | None, given: Iterable[Yes]) -> dict[Person, str]:
    """Return what the report calls each person who said yes; nothing where it calls them by their names."""
    if people is None or people.mode == "names":
        return {}
    everybody = [yes.person for yes in given]
    people.learn((who.name, who.address) for yes in given for who in (yes.person, *yes.also))
    return {who: people.person(who.words) for who in everybody}
