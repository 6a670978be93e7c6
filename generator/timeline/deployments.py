"""Deployments: what each transition of an environment changed, of which kind it was, and where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.component import Aspect, Role
from generator.model.difference import EDGE, WHOLE, FieldChange, connection_changes, field_changes
from generator.timeline.kinds import Kind, Stamp, Step, ValueHistory
from generator.timeline.verdicts import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.history.commits import Commit
    from generator.model.component import Component
    from generator.model.topology import Connection
    from generator.timeline.state import EnvironmentState, Transition

PROMOTED, BYPASS, SIMULTANEOUS, NOT_ASSESSED = "promoted", "bypass", "simultaneous", "not assessed"


class Change(msgspec.Struct, frozen=True):
    """One change of one field, judged."""

    subject: str
    aspect: Aspect
    field: str
    old: str | None
    new: str | None
    kind: Kind
    role: Role
    origin: Stamp | None = None
    """The upstream deployment the value came from."""
    validation: str = NOT_ASSESSED
    """`promoted`, `bypass`, `simultaneous`, or `not assessed` where no upstream can tell."""
    culprit: Stamp | None = None
    returns_to: Stamp | None = None


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
        return any(c.validation == BYPASS and c.aspect is Aspect.ARTIFACT for c in self.changes)

    @property
    def simultaneous(self) -> bool:
        """Return whether an artifact came here and upstream in the very same commit."""
        return any(c.validation == SIMULTANEOUS and c.aspect is Aspect.ARTIFACT for c in self.changes)


class Timeline:
    """The deployments of one environment, in order. `upstream` is asked where values came from."""

    def __init__(self, environment: str, state: EnvironmentState, upstream: Timeline | None, bulk: int) -> None:
        """Follow `state`; a deployment in which `bulk` components move the same way is marked."""
        self.environment, self.state, self._upstream, self._bulk = environment, state, upstream, bulk
        self.sequence = 0
        self._commit = ""
        self.gone_since: Stamp | None = None
        """The deployment that took the last component away; `None` while the environment is there."""
        self._fields: dict[tuple[str, Aspect, str], ValueHistory] = {}
        self._states: dict[str, ValueHistory] = {}

    @property
    def name(self) -> str:
        """Return the environment's name."""
        return self.environment

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
        changes = tuple(self._changes(transition, stamp))
        if transition.changed:
            self.gone_since = None if self.state.exists else stamp
        first = not transition.previous_digest
        return Deployment(
            environment=self.environment,
            sequence=self.sequence,
            commit=commit,
            digest=transition.digest,
            previous_digest=transition.previous_digest,
            changes=changes,
            verdict=verdict(changes, commit, first=first, bulk=self._bulk),
            transition=transition,
        )

    def _changes(self, transition: Transition, stamp: Stamp) -> Iterator[Change]:
        for identity, old in transition.changed.items():
            new = transition.after.get(identity)
            yield from self._component_changes(old, new, stamp)
        for identity, edges in transition.relinked.items():
            now = self.state.links.connections.get(identity, ())
            for change in connection_changes(edges, now):
                kind = Kind.INITIAL if transition.before.get(identity) is None else Kind.FORWARD
                yield self._judged(change, Step(kind, change.old), Role.COMPONENT)

    def _component_changes(self, old: Component | None, new: Component | None, stamp: Stamp) -> Iterator[Change]:
        subject = (new or old).id  # type: ignore[union-attr]  # one of the two is a component: they differ
        role = (new or old).role  # type: ignore[union-attr]  # as above
        fresh = subject not in self._states
        states = self._states.setdefault(subject, ValueHistory())
        whole = states.step(new.state, stamp) if new is not None else Step(Kind.FORWARD, None)
        steps = self._field_steps(old, new, stamp)
        for change in field_changes(old, new):
            if change.field == WHOLE and change.aspect is Aspect.TOPOLOGY:
                step = Step(Kind.INITIAL if fresh else Kind.FORWARD, change.old)
            elif change.new is None:
                gap = change.aspect is Aspect.ARTIFACT and new is not None
                step = Step(Kind.GAP if gap else Kind.FORWARD, change.old)
            else:
                step = self._step(change, steps.get((change.aspect, change.field)), whole, fresh=fresh)
            yield self._judged(change, step, role)

    def _field_steps(
        self, old: Component | None, new: Component | None, stamp: Stamp
    ) -> dict[tuple[Aspect, str], Step]:
        """Take every value that is new here into its history; unchanged ones are there already."""
        before = {(f.aspect, f.name): f.value for f in old.fields} if old else {}
        steps = {}
        for field in new.fields if new else ():
            key = (field.aspect, field.name)
            if before.get(key) == field.value or (field.aspect is Aspect.ARTIFACT and not field.value):
                continue
            history = self._fields.setdefault((new.id, *key), ValueHistory())  # type: ignore[union-attr]  # has fields
            steps[key] = history.step(field.value, stamp)
        return steps

    def _step(self, change: FieldChange, own: Step | None, whole: Step, *, fresh: bool) -> Step:
        """Artifacts are judged by their own values, settings by the component's whole state; capacity never returns."""
        if change.aspect is Aspect.ARTIFACT and own is not None:
            return own if own.kind is not Kind.INITIAL or fresh else msgspec.structs.replace(own, kind=Kind.FORWARD)
        if fresh:
            return Step(Kind.INITIAL, change.old)
        if change.aspect is Aspect.SCALE or whole.kind in {Kind.INITIAL, Kind.GAP}:
            return Step(Kind.FORWARD, change.old)
        return msgspec.structs.replace(whole, previous=change.old)

    def _judged(self, change: FieldChange, step: Step, role: Role) -> Change:
        old = change.old
        if old is None and change.aspect is Aspect.ARTIFACT and step.kind not in {Kind.INITIAL, Kind.GAP}:
            # A gap is no version: the change is from the last value.
            old = step.previous
        origin, validation = self._validation(change)
        return Change(
            subject=change.subject,
            aspect=change.aspect,
            field=change.field,
            old=old,
            new=change.new,
            kind=step.kind,
            role=role,
            origin=origin,
            validation=validation,
            culprit=step.culprit,
            returns_to=step.returns_to,
        )

    def _validation(self, change: FieldChange) -> tuple[Stamp | None, str]:
        """Return where the upstream had the value before, and what that makes of the change."""
        upstream = self._upstream
        if upstream is None or not upstream.state.exists or change.new is None or change.field in {WHOLE, EDGE}:
            return None, NOT_ASSESSED
        history = upstream._fields.get((change.subject, change.aspect, change.field))  # noqa: SLF001 - its own class
        seen = history.seen.get(change.new) if history is not None else None
        if seen is None:
            return None, BYPASS
        for stamp in (seen.latest, seen.before, seen.first):
            if stamp.commit != self._commit:
                return stamp, PROMOTED
        return None, SIMULTANEOUS
