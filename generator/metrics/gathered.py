"""What is measured, gathered from deployments one by one, oldest first, so that it can go on with those that follow.

What a later deployment can alter is left to `generator.metrics.measuring`, with the deployments that it is told by: a
few of them. All others are kept encoded, to be looked up.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.metrics.artifacts import Artifact, Came, Waiting, Waits, waits
from generator.metrics.columns import UNDATED, Part, PartState, numbers, order_of
from generator.metrics.facts import Delivery
from generator.metrics.failures import REMEDIES
from generator.metrics.leads import NEW, promoted
from generator.metrics.tally import AGAIN, BYPASS, LEAD, NULL_DEPLOY, PROMOTION, kind_place, of_place
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from generator.metrics.facts import AppChange, EnvironmentFacts

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Delivery)
_WAITS = msgspec.msgpack.Decoder(Waits)
_ARTIFACT = msgspec.msgpack.Decoder(Artifact)
_MENDING = (Kind.ROLL_FORWARD, Kind.HOTFIX)


class Place(NamedTuple):
    """An environment, as far as it matters how deployments are counted."""

    name: str
    production: bool
    first: str = ""
    """First environment of its chain; empty where it is the first itself."""
    teams: Mapping[str, str] = {}
    """Team of each component that has one."""
    app_changes: Iterable[AppChange] | None = None
    parts: bool = True
    """Whether its components and teams are counted too."""


class GatheredState(msgspec.Struct, array_like=True):
    """`Gathered` as plain data."""

    times: bytes
    whole: PartState
    components: dict[str, PartState]
    teams: dict[str, PartState]
    told: list[Delivery]
    encoded: bytes
    ends: bytes
    artifacts: dict[str, bytes]
    newest: dict[str, int]
    remedied: dict[int, int]
    confirmed: int


class _Began(NamedTuple):
    """When something began whose lead time ends with a deployment."""

    component: str
    place: int
    """Of the version or commit within the deployment."""
    time: int | None


class Gathered:
    """What was gathered of one environment."""

    def __init__(self, place: Place, state: GatheredState | None = None) -> None:
        """Go on from `state`."""
        self.place = place
        self.times = numbers(state.times if state is not None else b"")
        """Time of each deployment by its number less one, `UNDATED` where it has none."""
        self.whole = Part(state.whole if state is not None else None)
        parts = state.components.items() if state is not None else ()
        teams = state.teams.items() if state is not None else ()
        self.components = {name: Part(part) for name, part in parts}
        self.teams = {name: Part(part) for name, part in teams}
        self.told = list(state.told) if state is not None else []
        """Deployments that take back or mend, bring something back, or have an incident."""
        self.remedied = dict(state.remedied) if state is not None else {}
        """By number of a deployment that versions alone show to have failed: the first one that remedied it."""
        self.confirmed = state.confirmed if state is not None else 0
        """How many deployments have the time of a record."""
        self._encoded = bytearray(state.encoded if state is not None else b"")
        self._ends = numbers(state.ends if state is not None else b"")
        self._artifacts: dict[str, bytes | Artifact] = dict(state.artifacts) if state is not None else {}
        self._newest = dict(state.newest) if state is not None else {}
        self.remember: Callable[[bytes, Callable[[], bytes]], bytes] = _make
        """Asked for what takes long to make, with what it is made from: it may be known already."""
        self.changes = place.app_changes is not None
        """Whether the application's own history tells which commits came."""
        self._changes: dict[int, list[tuple[str, int | None]]] = {}
        for change in place.app_changes or ():
            self._changes.setdefault(change.deployment, []).append((change.component, change.time))
        self._leads = place.production and (self.changes or bool(place.first))
        self._owned: dict[str, set[str]] = {}
        for component, team in place.teams.items():
            self._owned.setdefault(team, set()).add(component)

    def __len__(self) -> int:
        """Return how many deployments there were."""
        return len(self.times)

    def owned(self, team: str) -> frozenset[str]:
        """Return the components of a team."""
        return frozenset(self._owned.get(team, ()))

    def time(self, number: int) -> int | None:
        """Return the time of a deployment; `None` where it has none."""
        found = self.times[number - 1]
        return None if found == UNDATED else found

    def delivery(self, number: int) -> Delivery:
        """Return a deployment by its number."""
        if not 0 < number <= len(self._ends):
            raise IndexError(number)
        begin = self._ends[number - 2] if number > 1 else 0
        return _DECODER.decode(memoryview(self._encoded)[begin : self._ends[number - 1]])

    def take(self, delivery: Delivery) -> None:
        """Take in the next deployment."""
        self.times.append(UNDATED if delivery.time is None else delivery.time)
        self.confirmed += delivery.confirmed
        self._encoded += _ENCODER.encode(delivery)
        self._ends.append(len(self._encoded))
        redone = any(arrival.kind is Kind.REDO for arrival in delivery.arrivals)
        if redone or delivery.kind in REMEDIES or delivery.incidents:
            self.told.append(delivery)
        if self.place.production:
            self._bring(delivery)
        begun = self._begun(delivery)
        self._count(self.whole, delivery, begun, None)
        if self.place.parts:
            for scope, part in self._parts(delivery.components):
                self._count(part, delivery, begun, scope)

    def bring(self, delivery: Delivery) -> None:
        """Take in the next deployment of the first environment of the chain."""
        for arrival in delivery.arrivals:
            artifact = self._artifact(arrival.component, _key(arrival.component, arrival.field))
            for waiting in artifact.bring(arrival.version, delivery.time):
                self._settle(arrival.component, waiting, delivery.time)

    def waits(self, failed: Collection[int]) -> Iterator[Waits]:
        """Yield how long the versions of each artifact waited, where the deployments of `failed` deployed nothing."""
        found: dict[str, set[int]] = {}
        for number in failed:
            for arrival in self.delivery(number).arrivals:
                found.setdefault(_key(arrival.component, arrival.field), set()).add(number)
        for key, artifact in self._artifacts.items():
            data = artifact if isinstance(artifact, bytes) else _ENCODER.encode(artifact)
            now = sorted(found.get(key, ()))
            yield _WAITS.decode(self.remember(data + _ENCODER.encode(now), partial(_waits, data, now)))

    def state(self) -> GatheredState:
        """Return it as plain data."""
        return GatheredState(
            self.times.tobytes(),
            self.whole.state(),
            {name: part.state() for name, part in self.components.items()},
            {name: part.state() for name, part in self.teams.items()},
            list(self.told),
            bytes(self._encoded),
            self._ends.tobytes(),
            {key: one if isinstance(one, bytes) else _ENCODER.encode(one) for key, one in self._artifacts.items()},
            dict(self._newest),
            dict(self.remedied),
            self.confirmed,
        )

    def _parts(self, components: Sequence[str]) -> Iterator[tuple[AbstractSet[str], Part]]:
        """Yield the components and teams that a deployment of `components` changed, each with its components."""
        for name in components:
            yield frozenset((name,)), _of(self.components, name)
        if self._owned:
            for team in sorted({self.place.teams[name] for name in components if self.place.teams.get(name)}):
                yield self._owned[team], _of(self.teams, team)

    def _count(self, part: Part, delivery: Delivery, begun: Sequence[_Began], scope: AbstractSet[str] | None) -> None:
        """Count a deployment for `part`, whose components are `scope`."""
        time, kind = delivery.time, delivery.kind
        part.numbers.append(delivery.sequence)
        part.count(kind_place(kind, bulk=delivery.bulk), time)
        if delivery.bypass:
            part.count(BYPASS, time)
        again = kind is Kind.REDEPLOY
        for component, index, at in begun:
            if scope is None or component in scope:
                measure = AGAIN if again else LEAD
                part.count(of_place(measure), time)
                if at is not None and time is not None:
                    part.span(measure, order_of(delivery.sequence, index), time, time - at)
        if again:
            part.count(of_place(NULL_DEPLOY), time)
            seconds = _null_deploy(delivery)
            if seconds is not None and time is not None:
                part.span(NULL_DEPLOY, order_of(delivery.sequence, 0), time, seconds)
        elif delivery.arrivals:
            for index, at in enumerate(promoted(delivery, scope)):
                part.count(of_place(PROMOTION), time)
                if at is not None and time is not None:
                    part.span(PROMOTION, order_of(delivery.sequence, index), time, time - at)

    def _begun(self, delivery: Delivery) -> list[_Began]:
        """Return when that began whose lead time ends with a deployment. A bulk deployment ends none.

        What was in production before it was in the first environment did not come from there, so it has no lead either.
        """
        if not self._leads or delivery.bulk:
            return []
        if self.changes:
            found = [_Began(*one) for one in _numbered(self._changes.get(delivery.sequence, ()))]
        else:
            found = [
                _Began(arrival.component, index, self._known(arrival.component, arrival.field, arrival.version))
                for index, arrival in enumerate(delivery.arrivals)
                if arrival.kind in NEW
            ]
        until = delivery.time
        if until is None:
            return found
        return [one if one.time is None or one.time <= until else one._replace(time=None) for one in found]

    def _known(self, component: str, field: str, version: str) -> int | None:
        made = self._artifact(component, _key(component, field)).made.get(version)
        return made.known if made is not None else None

    def _bring(self, delivery: Delivery) -> None:
        """Take in the versions that came to production."""
        number = delivery.sequence
        for index, arrival in enumerate(delivery.arrivals):
            version, new = arrival.version, arrival.kind in NEW
            artifact = self._artifact(arrival.component, _key(arrival.component, arrival.field))
            artifact.came.append(Came(number, delivery.time, version, new))
            made = artifact.made.get(version)
            if made is None or made.known is None:
                waiting = artifact.waiting.setdefault(version, [])
                if new and not delivery.bulk and not self.changes:
                    again = delivery.kind is Kind.REDEPLOY
                    waiting.append(Waiting(number, index, delivery.time, again))
            culprit = artifact.replace(number, version)
            if culprit is not None:
                self.remedied.setdefault(culprit, number)
        if delivery.kind in _MENDING:
            known = [self._newest[name] for name in delivery.components if name in self._newest]
            linked = [undone for undone in delivery.undone if 0 < undone < number]
            for undone in linked or ([max(known)] if known else []):
                self.remedied.setdefault(undone, number)
        self._newest.update(dict.fromkeys(delivery.components, number))

    def _settle(self, component: str, waiting: Waiting, time: int | None) -> None:
        """Add the lead time of what came to production before the first environment had it, by clocks that differ."""
        if waiting.until is None or time is None or time > waiting.until:
            return
        order, seconds = order_of(waiting.number, waiting.index), waiting.until - time
        measure = AGAIN if waiting.again else LEAD
        self.whole.span(measure, order, waiting.until, seconds)
        if self.place.parts:
            for scope, part in self._parts(self.delivery(waiting.number).components):
                if component in scope:
                    part.span(measure, order, waiting.until, seconds)

    def _artifact(self, component: str, key: str) -> Artifact:
        found = self._artifacts.get(key)
        if found is None:
            found = self._artifacts[key] = Artifact(component, {}, [], {})
        elif isinstance(found, bytes):
            found = self._artifacts[key] = _ARTIFACT.decode(found)
        return found


class Gathering:
    """What is gathered of several environments, deployment by deployment."""

    def __init__(self, places: Iterable[Place], states: Mapping[str, GatheredState] | None = None) -> None:
        """Go on from `states`, by environment."""
        known = states or {}
        self.found = {place.name: Gathered(place, known.get(place.name)) for place in places}
        self._after: dict[str, list[Gathered]] = {}
        for gathered in self.found.values():
            if gathered.place.production and gathered.place.first:
                self._after.setdefault(gathered.place.first, []).append(gathered)

    def take(self, name: str, delivery: Delivery) -> None:
        """Take in the next deployment of the environment `name`."""
        self.found[name].take(delivery)
        for gathered in self._after.get(name, ()):
            gathered.bring(delivery)

    def states(self) -> dict[str, GatheredState]:
        """Return everything as plain data, by environment."""
        return {name: gathered.state() for name, gathered in self.found.items()}


def gathered_of(facts: EnvironmentFacts) -> Gathered:
    """Return what there is to gather from the deployments of an environment."""
    first = facts.first
    place = Place(facts.name, facts.production, "", facts.teams, facts.app_changes)
    if first is None or not facts.production:
        found = Gathered(place)
    else:
        found = Gathered(place._replace(first=first.name))
        for delivery in first.deliveries:
            found.bring(delivery)
    for delivery in facts.deliveries:
        found.take(delivery)
    return found


def _of(parts: dict[str, Part], name: str) -> Part:
    part = parts.get(name)
    if part is None:
        part = parts[name] = Part()
    return part


def _numbered(changes: Iterable[tuple[str, int | None]]) -> Iterator[tuple[str, int, int | None]]:
    return ((component, index, time) for index, (component, time) in enumerate(changes))


def _make(key: bytes, make: Callable[[], bytes]) -> bytes:
    del key
    return make()


def _waits(data: bytes, failed: Collection[int]) -> bytes:
    return _ENCODER.encode(waits(_ARTIFACT.decode(data), failed))


def _key(component: str, field: str) -> str:
    return f"{component}\0{field}"


def _null_deploy(delivery: Delivery) -> int | None:
    known = delivery.confirmed and delivery.verified is not False
    if not known or delivery.started is None or delivery.time is None or delivery.time < delivery.started:
        return None
    return delivery.time - delivery.started
