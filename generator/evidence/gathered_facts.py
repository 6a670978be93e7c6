"""The facts that measures are made of, gathered from deployments so that the next report goes on with new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.facts import About
from generator.evidence.folding import NotKept
from generator.metrics.gathered import GatheredState, Gathering

if TYPE_CHECKING:
    from generator.evidence.folding import Folds
    from generator.evidence.memo import Memo
    from generator.evidence.reading import Evidence
    from generator.evidence.records import DeploymentRecord
    from generator.metrics.facts import EnvironmentFacts


class FactsState(msgspec.Struct, array_like=True):
    """What was gathered, as plain data."""

    about: bytes
    """Digest of what it depends on beside deployments."""
    as_of: int | None
    """The report time then."""
    late: int | None
    """Earliest time of a deployment that was after the report time, and so had none."""
    environments: dict[str, GatheredState]


class FactsFold:
    """Gathers what is measured of every environment."""

    def __init__(self, about: About, state: FactsState | None, *, parts: bool) -> None:
        """Go on from `state`; with `parts`, components and teams of production are counted too."""
        self._about, self._digest = about, about.digest()
        self._late = None if state is None else state.late
        if state is not None:
            self._refuse(state)
        self.gathering = Gathering(about.places(parts=parts), None if state is None else state.environments)

    def _refuse(self, state: FactsState) -> None:
        """Raise `NotKept` where what was gathered would be other at this report time."""
        as_of = self._about.as_of
        if state.about != self._digest or (as_of is None) is not (state.as_of is None):
            raise NotKept
        back = as_of is not None and state.as_of is not None and as_of < state.as_of
        if back or (state.late is not None and (as_of is None or as_of >= state.late)):
            raise NotKept

    def take(self, line: int, record: DeploymentRecord) -> None:
        """Take in the next deployment."""
        del line
        delivery = self._about.delivery(record, self._time_of)
        late = self._about.late(record, delivery)
        if late is not None:
            self._late = late if self._late is None else min(late, self._late)
        self.gathering.take(record.environment, delivery)

    def _time_of(self, name: str, number: int) -> int | None:
        known = self.gathering.found.get(name)
        return known.time(number) if known is not None and number <= len(known) else None

    def state(self) -> FactsState:
        """Return how it stands."""
        return FactsState(self._digest, self._about.as_of, self._late, self.gathering.states())


def gathered_facts(
    evidence: Evidence, folds: Folds, name: str, *, parts: bool, memo: Memo | None = None
) -> tuple[EnvironmentFacts, ...]:
    """Return the facts of each environment, in the order of the summary, from the fold called `name`.

    Their deployments are gathered already: with `parts`, components and teams of production too. What takes long to
    make of them is looked up in `memo`. Raises `RefusedError` where a line can't be read.
    """
    about = About(evidence)
    fold = folds.bring(name, FactsState, lambda state: FactsFold(about, state, parts=parts))
    found: dict[str, EnvironmentFacts] = {}
    for environment, gathered in fold.gathering.found.items():
        if memo is not None:
            gathered.remember = memo.get
        facts = about.facts(environment, gathered.told)
        first = found.get(about.firsts[environment])
        found[environment] = msgspec.structs.replace(facts, first=first, gathered=gathered)
    return tuple(found.values())
