"""The drift register: what differs between an environment and its upstream, since when, and of which class.

The register follows the two environments: when a component changes on either side, that component is compared again
and nothing else. An item's age runs from the commit at which the current unbroken inequality on its path began; a
change of value does not reset it, equality does (DEFINITIONS, "Drift"). An accepted item stands and keeps its age; it
is counted apart until its acceptance ends.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import msgspec

from generator.model.component import Aspect, Component
from generator.model.difference import EDGE, WHOLE, differing_fields
from generator.model.expectation import expected_reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.assurance.exemptions import Exempt, Exempting
    from generator.model.topology import Connection

Path = tuple[str, str, str]
"""Where an item stands: component, aspect, field."""


class DriftClass(StrEnum):
    """What kind of difference an item is."""

    PENDING = "pending"
    """The value here is an older value of the upstream: it waits for promotion."""
    AHEAD = "ahead"
    """The upstream never had the artifact that runs here."""
    CONFIG = "config"
    """Both sides have the setting, with values that are not meant to be equal or have diverged."""
    STRUCTURE = "structure"
    """A component, a connection or a field stands on one side only."""


class DriftItem(msgspec.Struct, frozen=True):
    """One difference that stands."""

    component: str
    aspect: str
    field: str
    drift: DriftClass
    upstream: str | None
    value: str | None
    since: str
    """Commit at which the current unbroken inequality began."""
    since_time: int | None
    """Its time, seconds since 1970 UTC."""
    expected: str = ""
    """Why the model says that this environment alone should have it; empty where it does not."""
    exempt: Exempt | None = None
    """Why it may stand for a while; `None` where nothing says so, and where it is expected anyway."""

    @property
    def counted(self) -> bool:
        """Return whether it counts in its class."""
        return not self.expected and self.exempt is None


_Found = dict[Path, tuple[DriftClass, str | None, str | None]]


class Side(Protocol):
    """One of the two environments, as far as drift looks at it."""

    @property
    def exists(self) -> bool:
        """Return whether the environment has anything now."""
        ...

    def component(self, identity: str, /) -> Component | None:
        """Return a component as it is now."""
        ...

    def edges(self, identity: str, /) -> tuple[Connection, ...]:
        """Return the connections that start at a component now."""
        ...

    @property
    def expected(self) -> Mapping[str, str]:
        """Return what the environment's model declares as its own: pattern → reason; another object once it changes."""
        ...

    def had(self, subject: str, aspect: Aspect, field: str, value: str, /) -> bool:
        """Return whether the environment has or ever had this value."""
        ...


class Witness(Protocol):
    """Is told of every item that begins and that ends."""

    def began(self, item: DriftItem, /) -> None:
        """Take an item that was not there before."""
        ...

    def ended(self, item: DriftItem, commit: str, time: int | None, /, *, absent: bool) -> None:
        """Take an item as it last was, and the commit that ended it.

        `absent` says that the component or a whole side went away, so that no equality ended it.
        """
        ...


class DriftRegister:
    """Drift of one environment from its upstream."""

    def __init__(
        self, upstream: Side, here: Side, exempting: Exempting | None = None, witness: Witness | None = None
    ) -> None:
        """Compare `here` with `upstream`; `exempting` tells what is accepted, without it nothing is."""
        self._upstream, self._here, self._exempting, self._witness = upstream, here, exempting, witness
        self._exempted = exempting.version if exempting else 0
        self._by_component: dict[str, dict[Path, DriftItem]] = {}
        self.counts: dict[DriftClass, int] = dict.fromkeys(DriftClass, 0)
        """Items that stand now, by class, without those that are expected or accepted."""
        self.expected = 0
        """Items that stand now and are expected: what this environment alone should have, as declared."""
        self.accepted = 0
        """Items that stand now and are accepted for a while."""
        self._declared: Mapping[str, str] = {}
        self.touched: dict[Path, DriftItem | None] = {}
        """What changed since `settle` was last called: the item, or `None` where it ended."""
        self.assessed = False
        """False while one of the two sides does not exist."""

    @property
    def items(self) -> Iterator[DriftItem]:
        """Yield every item that stands, sorted by path."""
        for component in sorted(self._by_component):
            standing = self._by_component[component]
            yield from (standing[path] for path in sorted(standing))

    @property
    def outdated(self) -> bool:
        """Return whether what is declared as this environment's own, or accepted, changed since the last update."""
        if self._exempting is not None and self._exempted != self._exempting.version:
            return True
        return self._here.expected is not self._declared

    def is_exempt(self, path: Path) -> bool:
        """Return whether a difference stands there that is expected or accepted."""
        item = self._by_component.get(path[0], {}).get(path)
        return item is not None and not item.counted

    def settle(self) -> dict[Path, DriftItem | None]:
        """Return what changed since the last call, acceptances included."""
        changed, self.touched = self.touched, {}
        return changed

    def exempt(self, time: int | None) -> None:
        """See anew what is accepted, where that is another matter at `time`; `update` does so by itself."""
        if self._exempting is None or self._exempting.idle:
            return
        self._exempting.advance(time)
        if self._exempted == self._exempting.version:
            return
        self._exempted = self._exempting.version
        for standing in self._by_component.values():
            for path, old in standing.items():
                exempt = self._accepted(path, old.drift) if not old.expected else None
                if exempt != old.exempt:
                    new = msgspec.structs.replace(old, exempt=exempt)
                    self._count(old, -1)
                    self._count(new, 1)
                    standing[path] = self.touched[path] = new

    def update(self, identities: Iterable[str], commit: str, time: int | None) -> None:
        """Compare the components that changed on either side at `commit`.

        Where one side has just come or gone, `identities` must name all components of both.
        """
        self.exempt(time)
        self.assessed = self._upstream.exists and self._here.exists
        if self._here.expected is not self._declared:
            self._declared = self._here.expected
            identities = sorted({*identities, *self._by_component})
        for identity in identities:
            found = self._compare(identity) if self.assessed else {}
            standing = self._by_component.get(identity)
            if found or standing:
                self._replace(identity, found, standing or {}, commit, time)

    def _replace(
        self, identity: str, found: _Found, standing: Mapping[Path, DriftItem], commit: str, time: int | None
    ) -> None:
        now: dict[Path, DriftItem] = {}
        for path, (drift, upstream, value) in found.items():
            old = standing.get(path)
            since, since_time = (commit, time) if old is None else (old.since, old.since_time)
            expected = expected_reason(path, self._declared) if self._declared else ""
            if old is not None and old.drift is drift and old.expected == expected:
                exempt = old.exempt
            else:
                exempt = self._accepted(path, drift) if not expected else None
            item = DriftItem(*path, drift, upstream, value, since, since_time, expected, exempt)
            if old == item:
                now[path] = item
                continue
            if old is not None:
                self._count(old, -1)
            elif self._witness is not None:
                self._witness.began(item)
            self._count(item, 1)
            now[path] = self.touched[path] = item
        absent = not self.assessed or (identity, Aspect.TOPOLOGY, WHOLE) in found
        for path, old in standing.items():
            if path not in found:
                self.touched[path] = None
                self._count(old, -1)
                if self._witness is not None:
                    self._witness.ended(old, commit, time, absent=absent)
        if now:
            self._by_component[identity] = now
        else:
            self._by_component.pop(identity, None)

    def _accepted(self, path: Path, drift: DriftClass) -> Exempt | None:
        return self._exempting.accepted(*path, drift) if self._exempting is not None else None

    def _count(self, item: DriftItem, number: int) -> None:
        if item.expected:
            self.expected += number
        elif item.exempt is not None:
            self.accepted += number
        else:
            self.counts[item.drift] += number

    def _compare(self, identity: str) -> _Found:
        """Return every difference of one component, by its path."""
        up, here = self._upstream.component(identity), self._here.component(identity)
        if up is None or here is None:
            kinds = (up.kind if up else None, here.kind if here else None)
            return {} if up is here else {(identity, Aspect.TOPOLOGY, WHOLE): (DriftClass.STRUCTURE, *kinds)}
        found: _Found = {}
        if up.kind != here.kind:
            found[identity, Aspect.TOPOLOGY, "kind"] = (DriftClass.STRUCTURE, up.kind, here.kind)
        if up.digest != here.digest:
            for aspect, name, upstream, value in differing_fields(up, here):
                drift = self._classify(identity, aspect, name, upstream, value)
                found[identity, aspect, name] = (drift, upstream, value)
        edges, own = self._upstream.edges(identity), self._here.edges(identity)
        if edges != own:
            found |= _edges(identity, edges, own)
        return found

    def _classify(
        self, identity: str, aspect: Aspect, name: str, upstream: str | None, value: str | None
    ) -> DriftClass:
        if upstream is None or value is None or (aspect is Aspect.ARTIFACT and not (upstream and value)):
            return DriftClass.STRUCTURE
        if self._upstream.had(identity, aspect, name, value):
            return DriftClass.PENDING
        return DriftClass.AHEAD if aspect is Aspect.ARTIFACT else DriftClass.CONFIG


def _edges(identity: str, upstream: Iterable[Connection], here: Iterable[Connection]) -> _Found:
    theirs = {c.target: c.how for c in upstream}
    ours = {c.target: c.how for c in here}
    return {
        (identity, Aspect.TOPOLOGY, f"{EDGE} to {target}"): (
            DriftClass.STRUCTURE,
            theirs.get(target),
            ours.get(target),
        )
        for target in sorted(theirs.keys() ^ ours.keys())
    }
