"""What really runs against what git says should run, at the newest commit.

The model stands where the upstream stands in any other drift, so the classes say of what runs:

- **pending**: it is an older value of the model. The newest one was not rolled out, or was taken back by hand.
- **ahead**: an artifact runs that git never named.
- **config**: a setting has a value that git never gave it. Somebody, or something, changed it in place.
- **structure**: an object or a field is on one side only.

When it happened is nothing that a snapshot can tell. What the cluster adds of its own is left out where the model says
nothing of it; of objects of kinds that no reader knows the defaults of, only what the model names is compared.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from generator.assurance.drift import DriftRegister
from generator.assurance.findings import listed
from generator.assurance.live.cluster import made_by_cluster, may_be_gone
from generator.assurance.live.images import compare_artifacts
from generator.assurance.live.settling import scaled_by, settled, unseen
from generator.assurance.live.snapshot import COMPOSE, KUBERNETES
from generator.model.component import Aspect, Component, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.assurance.drift import DriftClass
    from generator.assurance.live.images import Had
    from generator.assurance.live.snapshot import Snapshot
    from generator.model.topology import Connection

_COMPOSE = "Compose"
_PREFIX = {"Job": "job/", "CronJob": "cronjob/"}


class LiveItem(msgspec.Struct, frozen=True):
    """One difference between what runs and the model."""

    component: str
    aspect: str
    field: str
    drift: DriftClass
    model: str | None
    """What git says; `None` where it says nothing."""
    live: str | None
    """What runs; `None` where nothing does."""


class LiveComparison(msgspec.Struct, frozen=True):
    """What came of comparing a snapshot with the model."""

    items: tuple[LiveItem, ...]
    """Sorted by component, aspect and field."""
    compared: int
    """Components of the model that something was compared with."""
    left_out: int
    """Live objects that nobody applied, or that stand where the model has nothing."""
    not_assessed: tuple[str, ...]
    """What could not be compared, as sentences, sorted."""


class _Fixed:
    """Components that don't change, as one side of a register."""

    def __init__(self, components: Mapping[str, Component], had: Had) -> None:
        self._components, self._had = components, had
        self.expected: Mapping[str, str] = {}

    @property
    def exists(self) -> bool:
        return bool(self._components)

    def component(self, identity: str, /) -> Component | None:
        return self._components.get(identity)

    def edges(self, identity: str, /) -> tuple[Connection, ...]:
        """Return none: connections follow from what is compared already."""
        del identity
        return ()

    def had(self, subject: str, aspect: Aspect, field: str, value: str, /) -> bool:
        return self._had(subject, aspect, field, value)


class _Matching:
    """Which live object stands for which component of the model."""

    def __init__(self, model: Mapping[str, Component], live: Iterable[Component]) -> None:
        self.live = {(one.namespace, one.id): one for one in live}
        bases = {_base(one) for one in model.values() if not one.namespace}
        spaces = Counter(space for space, base in sorted(self.live) if space and base in bases)
        most = max(spaces.values(), default=0)
        homes = sorted(space for space, count in spaces.items() if count == most)
        # Where several namespaces hold as much of the model, nothing tells which of them is meant.
        self.homes = tuple(homes) if len(homes) > 1 else ()
        home = homes[0] if len(homes) == 1 else ""
        self.pairs: dict[str, Component] = {}
        self.missing: list[Component] = []
        self.unplaced: list[Component] = []
        self._spaces = {space for space, _ in self.live}
        self._unspaced = {one.kind for (space, _), one in self.live.items() if not space}
        self._taken: set[tuple[str, str]] = set()
        for identity in sorted(model):
            one = model[identity]
            base = _base(one)
            places = [(one.namespace or home, base), ("", base)]
            place = next((place for place in places if place in self.live and place not in self._taken), None)
            if place is None:
                where = one.namespace or home
                told = where in self._spaces or one.kind in self._unspaced
                (self.missing if told and (one.namespace or not self.homes) else self.unplaced).append(one)
            else:
                self._taken.add(place)
                self.pairs[identity] = self.live[place]

    def unknown(self) -> Iterator[str]:
        """Yield why some of the model is not looked for, as sentences."""
        spaces = Counter(one.namespace for one in self.unplaced)
        for space, count in sorted(spaces.items()):
            if space:
                yield f"The snapshot holds nothing of the namespace {space}, in which {count} of the model stand."
            elif self.homes:
                yield f"{count} of the model name no namespace, and the snapshot has them in {listed(self.homes)}."
            else:
                yield f"{count} of the model name no namespace, and the snapshot has nothing like them."

    def alone(self) -> tuple[list[Component], int]:
        """Return what runs beside the model in the namespaces where the model's own stand, and how much elsewhere."""
        spaces = {one.namespace for one in self.pairs.values() if one.role in {Role.COMPONENT, Role.EXPOSURE}}
        others = [one for place, one in sorted(self.live.items()) if place not in self._taken]
        here = [one for one in others if one.namespace in spaces]
        return here, len(others) - len(here)


def _base(one: Component) -> str:
    """Return an id without the namespace in it; Compose knows none."""
    if not one.api:
        return one.id
    start = _PREFIX.get(one.kind, "") if one.role is Role.COMPONENT else f"{one.kind}/"
    inside = one.id.removeprefix(start)
    plain = one.id.startswith(start) and "/" not in inside
    return one.id if plain else one.id.partition("/")[2]


def live_drift(model: Mapping[str, Component], snapshot: Snapshot, had: Had) -> LiveComparison:
    """Return how what runs differs from `model`, an environment's components; `had` tells what git ever gave it."""
    if not snapshot.format:
        return LiveComparison((), 0, 0, ("The snapshot holds nothing that could be read, so nothing is compared.",))
    alike = {i: one for i, one in model.items() if _is_alike(one, snapshot.format)}
    others = {i: one for i, one in model.items() if i not in alike}
    found = _compare(alike, snapshot, had) if alike else LiveComparison((), 0, 0, ())
    told = compare_artifacts(others, snapshot.components, had)
    items = [*found.items, *(LiveItem(*one) for one in told.differences)]
    items.sort(key=lambda item: (item.component, item.aspect, item.field))
    return LiveComparison(
        tuple(items),
        found.compared + told.compared,
        found.left_out,
        tuple(sorted({*found.not_assessed, *told.not_assessed})),
    )


def _is_alike(one: Component, form: str) -> bool:
    """Return whether a component of the model was read from the same kind of words as the snapshot."""
    return bool(one.api) if form == KUBERNETES else form == COMPOSE and one.kind.startswith(_COMPOSE)


def _compare(model: Mapping[str, Component], snapshot: Snapshot, had: Had) -> LiveComparison:
    matching = _Matching(model, snapshot.components)
    kinds = {one.kind for one in snapshot.components}
    scalers = scaled_by(snapshot.components)
    reasons: list[str] = []
    theirs: dict[str, Component] = {}
    ours: dict[str, Component] = {}
    for identity, live in matching.pairs.items():
        one = model[identity]
        if one.api != live.api and one.role is not Role.COMPONENT:
            reasons.append(f"{identity} is written for {one.api}, and the snapshot tells it as {live.api}.")
            continue
        theirs[identity], ours[identity] = one, settled(one, live, scalers)
        if hidden := unseen(one):
            reasons.append(f"{identity}: values that git has in encrypted form only, or not at all: {hidden}.")
    compared = len(ours)
    unknown: Counter[str] = Counter()
    for one in matching.missing:
        if one.kind in kinds and not may_be_gone(one.kind):
            theirs[one.id] = one
        else:
            unknown[one.kind] += 1
    reasons += matching.unknown()
    reasons += [f"The snapshot holds no {kind} for {n} of the model." for kind, n in sorted(unknown.items())]
    alone, left_out = matching.alone()
    stateful = [one for one in snapshot.components if one.kind == "StatefulSet"]
    for one in alone:
        if made_by_cluster(one, stateful, model.values()):
            left_out += 1
        else:
            identity = one.id if one.id not in theirs else f"{one.namespace}/{one.id}"
            ours[identity] = one
    if not ours:
        reasons.append("Nothing of the model is in the snapshot.")
        return LiveComparison((), 0, left_out, tuple(reasons))
    register = DriftRegister(_Fixed(theirs, had), _Fixed(ours, had))
    register.update(sorted({*theirs, *ours}), "", None)
    items = tuple(LiveItem(i.component, i.aspect, i.field, i.drift, i.upstream, i.value) for i in register.items)
    return LiveComparison(items, compared, left_out, tuple(reasons))
