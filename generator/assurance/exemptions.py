"""What may stand for a while: waivers of findings and acceptances of drift, from the commit that brought them on.

An entry holds until the commit that takes it away, and until its day of expiry by the time of the commit that is
judged. A commit without a usable time is judged at the time of the one before it. Several entries may hold for the
same thing: the one that lasts longest is named, and all of them count as used.

In a pattern `*` stands for any text, and every other character for itself. A field's pattern is its whole name, or
the end of it from a dot on, as in the configuration's `ignore`: `env.TIMEOUT` is that setting in whatever container.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from generator.config.patterns import Pattern
from generator.declarations.entries import Acceptance, Waiver

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from generator.assurance.findings import Finding
    from generator.declarations.entries import Declarations

Entry = Waiver | Acceptance
_Thing = tuple[str, ...]
"""What an entry held for: environment and identity."""


class Differing(Protocol):
    """A drift item, as far as an acceptance looks at it."""

    @property
    def component(self) -> str:
        """Return the component."""
        ...

    @property
    def field(self) -> str:
        """Return the field."""
        ...

    @property
    def drift(self) -> StrEnum:
        """Return its class."""
        ...

    @property
    def expected(self) -> str:
        """Return why it is expected; empty where it is not."""
        ...


class Exempt(msgspec.Struct, frozen=True):
    """Why something stands and does not count."""

    owner: str
    reason: str
    expires: int
    """First second, since 1970 UTC, at which it counts again."""
    source: str
    """`path:line` of the declaration."""


class ExemptionStanding(StrEnum):
    """What became of an entry."""

    IN_FORCE = "in force"
    """It holds, and held for something."""
    UNUSED = "unused"
    """It holds, and nothing ever matched it."""
    EXPIRED = "expired"
    """Its day is over; what it matches counts again."""
    UNKNOWN_RULE = "unknown rule"
    """It names a rule that there is not."""
    WITHDRAWN = "withdrawn"
    """A commit took it away."""


class ExemptionState(msgspec.Struct, frozen=True):
    """One entry that was ever declared, at the report time."""

    kind: Literal["waiver", "acceptance"]
    entry: Entry
    """As it was last written."""
    state: ExemptionStanding
    since: str
    """Commit that brought it."""
    since_time: int | None
    """Its time, seconds since 1970 UTC."""
    until: str
    """Commit that took it away; empty while it is there."""
    until_time: int | None
    matched: int
    """How many different findings or drift items it ever held for, in all environments."""
    standing: int
    """How many of those that stand at the report time match it: where it expired, so many count again."""


class _Known:
    """One entry from the commit that brought it to the one that took it away."""

    def __init__(self, entry: Entry, commit: str, time: int | None) -> None:
        self.since, self.since_time = commit, time
        self.until = ""
        self.until_time: int | None = None
        self.matched: set[_Thing] = set()
        self._component, self._field = Pattern(entry.component), Pattern(entry.field)
        self._environment = Pattern(entry.environment)
        # A waiver is told by the rule of a finding, an acceptance by the class of an item.
        self._sort = Pattern(entry.rule if isinstance(entry, Waiver) else entry.drift)
        self.written(entry)

    def written(self, entry: Entry) -> None:
        """Take the entry as it stands now: it may have moved in its file."""
        self.entry = entry
        self.exempt = Exempt(entry.owner, entry.reason, entry.expires, f"{entry.path}:{entry.line}")

    def concerns(self, environment: str) -> bool:
        return self._environment.fits(environment)

    def matches(self, sort: str, component: str, field: str) -> bool:
        return self._sort.fits(sort) and self._component.fits(component) and self._field.fits_field(field)

    def expired(self, time: int | None) -> bool:
        return time is not None and time >= self.entry.expires


class Exemptions:
    """Every waiver and acceptance of a run, following the commits that bring them and take them away."""

    def __init__(self) -> None:
        """Start with none."""
        self._ever: list[_Known] = []
        self._now: dict[Entry, _Known] = {}
        self._views: dict[str, Exempting] = {}
        self._from: int | None = None
        self._to: int | None = None
        self.time: int | None = None
        """Time of the commit that is judged, seconds since 1970 UTC; `None` before any that has one."""
        self.version = 0
        """Another number whenever what is in force may be other than before."""

    def of(self, environment: str) -> Exempting:
        """Return what holds in one environment; the same object for the same name."""
        view = self._views.get(environment)
        if view is None:
            view = self._views[environment] = Exempting(self, environment)
        return view

    def set(self, declarations: Declarations, commit: str, time: int | None) -> None:
        """Let `declarations` be what holds from `commit` on; an entry that only moved in its file is the same one."""
        now: dict[Entry, _Known] = {}
        moved = False
        entries: tuple[Entry, ...] = (*declarations.waivers, *declarations.acceptances)
        for entry in entries:
            key = _placeless(entry)
            if key in now:
                continue
            known = self._now.get(key)
            if known is None:
                known = _Known(entry, commit, time)
                self._ever.append(known)
            elif known.entry != entry:
                known.written(entry)
                moved = True
            now[key] = known
        gone = self._now.keys() - now.keys()
        for key in gone:
            self._now[key].until, self._now[key].until_time = commit, time
        came = now.keys() - self._now.keys()
        self._now = now
        if came or gone or moved:
            self._renew()
        self.advance(time)

    def advance(self, time: int | None) -> None:
        """Judge by `time` from here on (`None`: as before); nothing is looked at until an entry's day is passed."""
        if time is None:
            return
        self.time = time
        if (self._from is not None and time < self._from) or (self._to is not None and time >= self._to):
            self._renew()

    def _renew(self) -> None:
        """Note between which moments what is in force stays the same."""
        ends = sorted({known.entry.expires for known in self._now.values()})
        time = self.time
        self._from = max((end for end in ends if time is not None and end <= time), default=None)
        self._to = min((end for end in ends if time is None or end > time), default=None)
        self.version += 1

    def in_force(self, environment: str, kind: type[Entry]) -> Iterator[_Known]:
        """Yield the entries of one kind that hold in an environment now, the one that lasts longest first."""
        mine = [k for k in self._now.values() if isinstance(k.entry, kind) and k.concerns(environment)]
        mine.sort(key=lambda k: (-k.entry.expires, k.exempt.source, k.entry.owner, k.entry.reason))
        return (known for known in mine if not known.expired(self.time))

    def states(
        self,
        as_of: int | None,
        known_rules: Collection[str],
        findings: Iterable[tuple[str, Finding]] = (),
        items: Iterable[tuple[str, Differing]] = (),
    ) -> tuple[ExemptionState, ...]:
        """Return every entry ever declared, by its place in the files, at the report time `as_of`.

        `known_rules` are the ids of all rules, those that are switched off included; `findings` and `items` are those
        that stand at the report time, each with the name of its environment.
        """
        time = self.time if as_of is None else as_of
        stand = {
            Waiver: [(e, f.rule, f.subject, f.field) for e, f in findings],
            Acceptance: [(e, i.drift.value, i.component, i.field) for e, i in items if not i.expected],
        }
        found = []
        for known in self._ever:
            matching = (t for t in stand[type(known.entry)] if known.concerns(t[0]) and known.matches(*t[1:]))
            found.append(_state(known, time, known_rules, sum(1 for _ in matching)))
        return tuple(sorted(found, key=lambda s: (s.kind, s.entry.path, s.entry.line)))


class Exempting:
    """What is exempt in one environment."""

    def __init__(self, exemptions: Exemptions, environment: str) -> None:
        """Follow `exemptions`."""
        self._all, self._environment = exemptions, environment
        self._version = -1
        self._waivers: tuple[_Known, ...] = ()
        self._acceptances: tuple[_Known, ...] = ()

    @property
    def idle(self) -> bool:
        """Return whether nothing was ever declared, in any environment."""
        return not self._all.version

    @property
    def version(self) -> int:
        """Return another number whenever what is exempt may be other than before."""
        return self._all.version

    def advance(self, time: int | None) -> None:
        """Judge by `time` from here on, in all environments; `None`: as before."""
        self._all.advance(time)

    def waived(self, finding: Finding) -> Exempt | None:
        """Return why a finding may stand; `None` where nothing says so."""
        self._follow()
        return self._first(self._waivers, finding.rule, finding.subject, finding.field)

    def accepted(self, component: str, aspect: str, field: str, drift: str) -> Exempt | None:
        """Return why a drift item of the class `drift` may stand; `None` where nothing says so."""
        self._follow()
        return self._first(self._acceptances, drift, component, field, aspect)

    def _follow(self) -> None:
        if self._version != self._all.version:
            self._version = self._all.version
            self._waivers = tuple(self._all.in_force(self._environment, Waiver))
            self._acceptances = tuple(self._all.in_force(self._environment, Acceptance))

    def _first(
        self, entries: Iterable[_Known], sort: str, component: str, field: str, aspect: str = ""
    ) -> Exempt | None:
        first: Exempt | None = None
        for known in entries:
            if known.matches(sort, component, field):
                # The class of an item may change while it stands; it stays one item.
                known.matched.add((self._environment, aspect or sort, component, field))
                first = first or known.exempt
        return first


def _placeless(entry: Entry) -> Entry:
    if isinstance(entry, Waiver):
        return msgspec.structs.replace(entry, path="", line=0)
    return msgspec.structs.replace(entry, path="", line=0)


def _state(known: _Known, time: int | None, known_rules: Collection[str], standing: int) -> ExemptionState:
    entry = known.entry
    state = ExemptionStanding.IN_FORCE if known.matched else ExemptionStanding.UNUSED
    if known.until:
        state = ExemptionStanding.WITHDRAWN
    elif isinstance(entry, Waiver) and "*" not in entry.rule and entry.rule not in known_rules:
        state = ExemptionStanding.UNKNOWN_RULE
    elif known.expired(time):
        state = ExemptionStanding.EXPIRED
    return ExemptionState(
        kind="waiver" if isinstance(entry, Waiver) else "acceptance",
        entry=entry,
        state=state,
        since=known.since,
        since_time=known.since_time,
        until=known.until,
        until_time=known.until_time,
        matched=len(known.matched),
        standing=standing,
    )
