"""What would be if values of the upstream came to an environment now: its components, and what that would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from rpds import HashTrieMap

from generator.history.commits import Commit
from generator.model.component import rebuilt
from generator.model.difference import differing_fields
from generator.timeline.state import Transition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.model.component import Aspect, Component, Field, Reference
    from generator.timeline.state import EnvironmentState

Place = tuple[str, str, str]
"""Component, aspect and field."""


def unmade(time: int | None) -> Commit:
    """Return a commit that nobody made yet: nothing is known of it but that it would be of `time`."""
    return Commit("", (), time, "", "", ())


def brought(here: EnvironmentState, upstream: EnvironmentState, places: Iterable[Place]) -> dict[str, Component]:
    """Return the components of `here` as they would be with the values that `upstream` has at `places`, by id.

    A value keeps the line that it has here. What a field refers to follows its value.
    """
    wanted: dict[str, set[tuple[str, str]]] = {}
    for component, aspect, field in places:
        wanted.setdefault(component, set()).add((aspect, field))
    found = {}
    for identity in sorted(wanted):
        own, theirs = here.components.get(identity), upstream.components.get(identity)
        if own is not None and theirs is not None:
            found[identity] = _brought(own, theirs, wanted[identity])
    return found


def _brought(own: Component, theirs: Component, places: set[tuple[str, str]]) -> Component:
    values = {(f.aspect, f.name): f.value for f in theirs.fields}
    fields = [_valued(field, values) if (field.aspect, field.name) in places else field for field in own.fields]
    names = {name for _, name in places}
    lines = {r.field: r.line for r in own.references}
    kept = [r for r in own.references if r.field not in names]
    came = [_placed(r, lines.get(r.field, 0)) for r in theirs.references if r.field in names]
    return rebuilt(own, fields=fields, references=[*kept, *came])


def _valued(field: Field, values: Mapping[tuple[Aspect, str], str]) -> Field:
    return msgspec.structs.replace(field, value=values.get((field.aspect, field.name), field.value))


def _placed(reference: Reference, line: int) -> Reference:
    return msgspec.structs.replace(reference, line=line)


def transition_to(here: EnvironmentState, there: EnvironmentState) -> Transition:
    """Return what would lead from `here` to `there`, which has the same components with other values."""
    before, after = here.components, there.components
    changed = {i: before.get(i) for i in sorted(after) if _digest(before.get(i)) != _digest(after.get(i))}
    differences = {identity: differing_fields(old, after.get(identity)) for identity, old in changed.items()}
    links, former = there.links.connections, here.links.connections
    relinked = {i: former.get(i, ()) for i in sorted({*links, *former}) if links.get(i, ()) != former.get(i, ())}
    return Transition(
        before,
        after,
        changed,
        differences,
        dict.fromkeys(sorted({*changed, *relinked})),
        relinked,
        (),
        (),
        there.digest,
        here.digest,
        stale=here.stale,
    )


def arrival(state: EnvironmentState) -> Transition:
    """Return what would lead from nothing to `state`: for what follows transitions and has seen none of its own."""
    every = sorted(state.components)
    return Transition(
        HashTrieMap(),
        state.components,
        dict.fromkeys(every),
        {identity: differing_fields(None, state.components[identity]) for identity in every},
        dict.fromkeys(every),
        dict.fromkeys(every, ()),
        (),
        (),
        state.digest,
        "",
        duplicates_changed=bool(state.duplicates),
    )


def _digest(component: Component | None) -> str:
    return component.digest if component is not None else ""
