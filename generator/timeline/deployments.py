"""Deployments: what each transition of an environment changed, of which kind it was, and where it came from."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import msgspec

from generator.model.component import Aspect, Role
from generator.model.difference import (
    FieldChange,
    connection_changes,
    field_changes,
    is_edge,
    is_whole,
    offer_changes,
)
from generator.model.expectation import expected_reason
from generator.timeline.changes import BYPASS, NOT_ASSESSED, PROMOTED, SIMULTANEOUS, Change
from generator.timeline.foreseeing import transition_to, unmade
from generator.timeline.kinds import Kind, Stamp, Step, ValueHistory
from generator.timeline.verdicts import verdict
from generator.timeline.weighing import Weighing, validated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.history.commits import Commit
    from generator.model.component import Component
    from generator.model.difference import Difference
    from generator.model.topology import Connection
    from generator.timeline.declared import Declared, Known
    from generator.timeline.partials import Part, Still
    from generator.timeline.state import EnvironmentState, Transition
    from generator.timeline.verdicts import Verdict

_FORWARD = Step(Kind.FORWARD, None)


class Deployment(msgspec.Struct, frozen=True):
    """A commit that changed an environment's digest, or touched its files and left it (a redeploy)."""

    environment: str
    sequence: int
    commit: Commit
    digest: str
    previous_digest: str
    changes: tuple[Change, ...]
    verdict: Verdict
    transition: Transition

    @property
    def bypass(self) -> bool:
        """Return whether an artifact came here that the upstream never had."""
        return validated(self.changes, BYPASS)

    @property
    def simultaneous(self) -> bool:
        """Return whether an artifact came here and upstream in the very same commit."""
        return validated(self.changes, SIMULTANEOUS)


class Timeline:
    """The deployments of one environment, in order. `upstream` is asked where values came from."""

    def __init__(
        self,
        environment: str,
        state: EnvironmentState,
        upstream: Timeline | None,
        bulk: int,
        *,
        apart: bool = False,
        declared: Declared | None = None,
        production: bool = True,
    ) -> None:
        """Follow `state`; a deployment in which `bulk` components move the same way is marked.

        `apart` says that the upstream has a history of its own (another branch), which comes before this one's: what
        stands there in the very same commit was promoted by moving the branch on. `declared` tells what people say of
        deployments; in an environment that is not `production` none is a hotfix.
        """
        self.environment, self.state, self._upstream, self._bulk = environment, state, upstream, bulk
        self._apart = apart
        self.still: Still = self._still
        """The question whether a part stands on a version; kept, so that it is one and the same object."""
        self._weighing = Weighing(environment, declared, self.still, production=production)
        self.sequence = 0
        self._commit = ""
        self.gone_since: Stamp | None = None
        """The deployment that took the last component away; `None` while the environment is there."""
        self._fields: dict[tuple[str, Aspect, str], ValueHistory] = {}
        self._states: dict[str, ValueHistory] = {}

    @property
    def known(self) -> Known:
        """Return its deployments so far, to be found by what people call them."""
        return self._weighing.known

    @property
    def name(self) -> str:
        """Return the environment's name."""
        return self.environment

    @property
    def expected(self) -> Mapping[str, str]:
        """Return what the environment's model declares as its own: pattern → reason."""
        return self.state.expected

    @property
    def exists(self) -> bool:
        """Return whether the environment has anything now."""
        return self.state.exists

    def component(self, identity: str, /) -> Component | None:
        """Return a component as it is now; `None` where there is none of this id."""
        return self.state.components.get(identity)

    def edges(self, identity: str, /) -> tuple[Connection, ...]:
        """Return the connections that start at a component now."""
        return self.state.links.connections.get(identity, ())

    def had(self, subject: str, aspect: Aspect, field: str, value: str, /) -> bool:
        """Return whether this environment has or ever had `value` in that field."""
        history = self._fields.get((subject, aspect, field))
        return history is not None and value in history.seen

    def set_at(self, subject: str, aspect: Aspect, field: str, value: str) -> Stamp | None:
        """Return the deployment that most recently set `value` in that field; `None` where it was never there."""
        history = self._fields.get((subject, aspect, field))
        seen = history.seen.get(value) if history is not None else None
        return seen.latest if seen is not None else None

    def record(self, commit: Commit, transition: Transition) -> Deployment | None:
        """Return the deployment that `transition` is.

        `None` while the environment was never there, and where nothing is known to have changed because what the
        commit brought could not be read: that is no redeploy, but unknown.
        """
        if not transition.digest or (transition.problems and not transition.changed):
            return None
        self.sequence += 1
        self._commit = commit.id
        stamp = Stamp(self.sequence, commit.id, commit.time)
        changes = tuple(self._changes(transition, stamp)) if transition.changed else ()
        if transition.changed:
            self.gone_since = None if self.state.exists else stamp
        upstream = self._upstream.known if self._upstream is not None else None
        first = not transition.previous_digest
        changes, judged = self._weighing.weigh(
            changes, commit, stamp, upstream, apart=self._apart, first=first, bulk=self._bulk
        )
        return Deployment(
            environment=self.environment,
            sequence=self.sequence,
            commit=commit,
            digest=transition.digest,
            previous_digest=transition.previous_digest,
            changes=changes,
            verdict=judged,
            transition=transition,
        )

    def foreseen(self, components: Mapping[str, Component], time: int | None) -> tuple[Timeline, Deployment]:
        """Return the deployment that `components` would be if they came here at `time`, and the timeline after it.

        Nothing of it is taken in. Values that the upstream has are promoted by it, whatever commit brings them.
        """
        then = copy(self)
        return then, then.leap(components, time)

    def leap(self, components: Mapping[str, Component], time: int | None) -> Deployment:
        """Go on to `components`, apart from the timeline that this is a copy of; see `foreseen`."""
        now, commit = self.state, unmade(time)
        self.state = now.foreseen(components)
        transition = transition_to(now, self.state)
        self.sequence, self._commit = self.sequence + 1, commit.id
        self._fields = {key: h.copied() if key[0] in components else h for key, h in self._fields.items()}
        self._states = {name: h.copied() if name in components else h for name, h in self._states.items()}
        changes = tuple(self._changes(transition, Stamp(self.sequence, commit.id, time)))
        judged = verdict(changes, commit, first=False, bulk=self._bulk)
        return Deployment(
            self.environment, self.sequence, commit, transition.digest, now.digest, changes, judged, transition
        )

    def _still(self, part: Part, since: int) -> bool | None:
        """Return whether a component stands on a version that first came at the deployment `since` or later.

        `None` where the component is gone.
        """
        subject, field = part
        if subject not in self.state.components:
            return None
        history = self._fields.get((subject, Aspect.ARTIFACT, field)) if field else self._states.get(subject)
        return history is not None and history.last is not None and history.seen[history.last].first.sequence >= since

    def _changes(self, transition: Transition, stamp: Stamp) -> Iterator[Change]:
        fresh_ids = transition.changed.keys() - self._states.keys()
        for identity, old in transition.changed.items():
            new, differing = transition.after.get(identity), transition.differences[identity]
            states = self._states.get(identity)
            fresh = states is None
            if states is None:
                states = self._states[identity] = ValueHistory()
            whole = states.step(new.state, stamp) if new is not None else _FORWARD
            if old is None or new is None or old.kind != new.kind:
                yield from self._whole_changes(old, new, differing, whole, stamp, fresh=fresh)
                continue
            if not differing:
                for change in offer_changes(old, new):
                    yield self._judged(change, Step(Kind.FORWARD, change.old), new.role)
            for aspect, name, was, now in differing:
                change = FieldChange(identity, aspect, name, was, now)
                yield self._judged(change, self._step(change, whole, stamp, fresh=fresh), new.role)
        for identity, edges in sorted(transition.relinked.items()):
            kind = Kind.INITIAL if identity in fresh_ids else Kind.FORWARD
            for change in connection_changes(edges, self.state.links.connections.get(identity, ())):
                yield self._judged(change, Step(kind, change.old), Role.COMPONENT)

    def _whole_changes(
        self,
        old: Component | None,
        new: Component | None,
        differing: Sequence[Difference],
        whole: Step,
        stamp: Stamp,
        *,
        fresh: bool,
    ) -> Iterator[Change]:
        """Yield the coming, going or change of kind of a component, with the values that come or go with it."""
        known = new if new is not None else old
        if known is None:
            return
        steps = {
            difference[:2]: self._step(
                FieldChange(known.id, *difference), whole if old and new else _FORWARD, stamp, fresh=fresh
            )
            for difference in differing
        }
        for change in field_changes(old, new, differing):
            step = steps.get((change.aspect, change.field))
            if step is None or new is None:
                step = Step(Kind.INITIAL if fresh else Kind.FORWARD, change.old)
            yield self._judged(change, step, known.role)

    def _step(self, change: FieldChange, whole: Step, stamp: Stamp, *, fresh: bool) -> Step:
        """Take a new value into its history, and judge it.

        Artifacts are judged by their own values, settings by the component's whole state; capacity never returns.
        """
        identity, aspect, name, was, now = change
        artifact = aspect is Aspect.ARTIFACT
        if artifact and not now:
            return Step(Kind.GAP, was)
        if now is not None:
            history = self._fields.get((identity, aspect, name))
            if history is None:
                history = self._fields[identity, aspect, name] = ValueHistory()
            own = history.step(now, stamp)
            if artifact and (own.kind is not Kind.INITIAL or fresh):
                return own
        if fresh:
            return Step(Kind.INITIAL, was)
        if artifact or aspect is Aspect.SCALE or whole.kind is Kind.INITIAL or whole.kind is Kind.GAP:
            return Step(Kind.FORWARD, was)
        return Step(whole.kind, was, whole.culprit, whole.returns_to)

    def _judged(self, change: FieldChange, step: Step, role: Role) -> Change:
        old = change.old
        if old is None and change.aspect is Aspect.ARTIFACT and step.kind not in {Kind.INITIAL, Kind.GAP}:
            # A gap is no version: the change is from the last value.
            old = step.previous
        settled = step.kind is Kind.GAP or not change.new
        origin, validation = (None, NOT_ASSESSED) if settled else self._validation(change)
        return Change(
            change.subject,
            change.aspect,
            change.field,
            old,
            change.new,
            step.kind,
            role,
            origin,
            validation,
            step.culprit,
            step.returns_to,
        )

    def _validation(self, change: FieldChange) -> tuple[Stamp | None, str]:
        """Return where the upstream had the value before, and what that makes of the change."""
        upstream = self._upstream
        if upstream is None or not upstream.state.exists or change.new is None:
            return None, NOT_ASSESSED
        if is_whole(change.aspect, change.field) or is_edge(change.aspect, change.field):
            return None, NOT_ASSESSED
        history = upstream._fields.get((change.subject, change.aspect, change.field))
        seen = history.seen.get(change.new) if history is not None else None
        if seen is None:
            own = expected_reason((change.subject, change.aspect, change.field), self.state.expected)
            return None, NOT_ASSESSED if own else BYPASS
        if self._apart or seen.latest.commit != self._commit:
            return seen.latest, PROMOTED
        # Set anew by this very commit: what counts is whether it was there before.
        earlier = next((stamp for stamp in (seen.before, seen.first) if stamp.commit != self._commit), None)
        return (earlier, PROMOTED) if earlier is not None else (None, SIMULTANEOUS)
