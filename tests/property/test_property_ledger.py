"""After every commit the ledger and the drift register hold what an assessment of everything would find.

A rule's scope, `values` and `concerns` promise what its findings depend on. Here the components of the rules' own
cases come, go and change in any order, in an environment and its upstream, and each promise has to hold at every step.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple, cast

import msgspec
import pytest
import support
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.scenes import PRODUCTION, STAGING, Case, cases, every_rule, kubernetes

from generator.assurance.drift import DriftRegister
from generator.assurance.findings import Scope
from generator.assurance.ledger import FindingsLedger
from generator.history.commits import Commit, FileChange
from generator.model.component import Aspect, Component, rebuilt
from generator.readers.reader import Reading
from generator.timeline.deployments import Timeline
from generator.timeline.state import EnvironmentState, Transition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DataObject

    from generator.assurance.drift import DriftItem
    from generator.assurance.findings import Rule, Surroundings
    from generator.timeline.readings import Readings
    from generator.timeline.sources import Binding

_TABLES = sorted(path.stem for path in Path(next(iter(support.__path__))).glob("check_cases_*.py"))
CASES: dict[str, Case] = cases(*(importlib.import_module(f"support.{name}").CASES for name in _TABLES))
SPACES = ("", "shop", "cache")
FOLDERS = ("one", "two")
Told = tuple[str, str, str]
"""Rule, subject and field, level and message of a finding, as texts."""


class Edit(NamedTuple):
    """One file is written, or deleted where it holds no component."""

    above: bool
    folder: str
    name: str
    now: Component | None


class _Readings:
    """Gives for an object id the component that was put there."""

    def __init__(self) -> None:
        self.blobs: dict[str, Component] = {}

    def put(self, one: Component, path: str) -> str:
        blob = f"{len(self.blobs) + 1:040x}"
        self.blobs[blob] = msgspec.structs.replace(one, path=path)
        return blob

    def read(self, binding: Binding, files: Sequence[tuple[str, str]]) -> Reading:
        """Return the component of the newest file."""
        del binding
        return Reading(components=(self.blobs[files[-1][1]],))


class _Side:
    """One environment with its findings."""

    def __init__(
        self, readings: _Readings, around: Surroundings, upstream: Timeline | None, rules: Sequence[str]
    ) -> None:
        self.state = EnvironmentState(cast("Readings", readings))
        self.upstream = upstream
        self.timeline = Timeline(around.environment, self.state, upstream, 100)
        known = every_rule(around)
        self.rules: tuple[Rule, ...] = tuple(known[id_] for id_ in rules)
        self.ledger = FindingsLedger(self.state, upstream, self.rules)
        self.drift = DriftRegister(upstream, self.timeline) if upstream is not None else None

    def differing(self) -> list[DriftItem]:
        """Return the drift that stands, without its beginnings."""
        return _since_ever(self.drift) if self.drift is not None else []

    def differing_anew(self) -> list[DriftItem]:
        """Return what comparing everything once finds."""
        if self.upstream is None:
            return []
        register = DriftRegister(self.upstream, self.timeline)
        register.update(sorted({*self.state.components, *self.upstream.state.components}), "", None)
        return _since_ever(register)

    def told(self) -> list[Told]:
        return _told(self.ledger)

    def anew(self) -> list[Told]:
        """Return what a ledger that knows nothing of the way here finds."""
        state = EnvironmentState(cast("Readings", _Readings()))
        state.components, state.duplicates = self.state.components, self.state.duplicates
        state.links.update(state.components, dict.fromkeys(state.components))
        ledger = FindingsLedger(state, self.upstream, self.rules)
        everything = sorted(state.components)
        ledger.update(_coming(state, everything), "", None)
        ledger.compare_all(everything, "", None)
        return _told(ledger)

    def judge(self, own: Transition | None, above: Transition | None, commit: Commit) -> None:
        """Take a commit into the findings, as a run does."""
        if own is not None:
            self.ledger.update(own, commit.id, commit.time)
        if self.upstream is None or self.drift is None:
            return
        transitions = [t for t in (own, above) if t is not None]
        moved = {i for t in transitions for i in (*t.changed, *t.relinked, *t.moved)}
        if (self.state.exists and self.upstream.exists) is not self.drift.assessed:
            moved |= {*self.state.components, *self.upstream.state.components}
            self.ledger.compare_all(sorted(moved), commit.id, commit.time)
        else:
            self.ledger.compare(transitions, sorted(moved), commit.id, commit.time, own=own)
        self.drift.update(sorted(moved), commit.id, commit.time)


def _coming(state: EnvironmentState, everything: Sequence[str]) -> Transition:
    """Return the transition in which all that `state` holds comes at once."""
    return Transition(
        before=type(state.components)(),
        after=state.components,
        changed=dict.fromkeys(everything),
        differences={},
        moved=dict.fromkeys(everything),
        relinked={},
        problems=(),
        notes=(),
        digest="",
        previous_digest="",
        duplicates_changed=True,
    )


def _since_ever(register: DriftRegister) -> list[DriftItem]:
    return [msgspec.structs.replace(item, since="", since_time=None) for item in register.items]


def _told(ledger: FindingsLedger) -> list[Told]:
    found = [one.finding for one in ledger.standing]
    return sorted((f"{f.rule} {f.subject} {f.field}", f.level, f.message) for f in found)


def follow(rules: Sequence[str], commits: Sequence[Sequence[Edit]]) -> None:
    """Follow `commits`, and assert after each that both environments hold what `rules` find anew."""
    readings = _Readings()
    above = _Side(readings, STAGING, None, rules)
    here = _Side(readings, PRODUCTION, above.timeline, rules)
    for number, edits in enumerate(commits, 1):
        changes: dict[bool, dict[str, tuple[FileChange, Binding]]] = {True: {}, False: {}}
        for edit in edits:
            path = f"{edit.folder}/{edit.name.replace('/', '_')}.yaml"
            blob = readings.put(edit.now, path) if edit.now is not None else ""
            binding = cast("Binding", SimpleNamespace(key=(0, path), rank=0))
            changes[edit.above][path] = (FileChange(path, "100644" if blob else "000000", blob), binding)
        commit = Commit(f"{number:040x}", (), number * 60, "Ada", "", ())
        transitions: dict[bool, Transition] = {}
        for side in (above, here):
            if changes[side is above]:
                made = transitions[side is above] = side.state.apply(changes[side is above].values(), commit.id)
                side.timeline.record(commit, made)
        for side in (above, here):
            side.judge(transitions.get(side is above), transitions.get(True) if side is here else None, commit)
            assert side.told() == side.anew()
            assert side.differing() == side.differing_anew()


def _blended(one: Component, other: Component) -> Component:
    """Return `one` with the values of `other` where both have a field."""
    values = {(field.aspect, field.name): field.value for field in other.fields}
    fields = [msgspec.structs.replace(f, value=values.get((f.aspect, f.name), f.value)) for f in one.fields]
    return rebuilt(one, id=one.id, fields=fields)


@cache
def _values() -> dict[tuple[Aspect, str], tuple[str, ...]]:
    """Return every value that the cases of any rule have in a field."""
    found: dict[tuple[Aspect, str], dict[str, None]] = {}
    for case in CASES.values():
        for scene in (*case.fires, *case.silent):
            for field in (f for one in (*scene.components, *(scene.above or ())) for f in one.fields):
                found.setdefault((field.aspect, field.name), {})[field.value] = None
    return {key: tuple(values) for key, values in found.items()}


def _revalued(one: Component, seed: int) -> Component:
    """Return `one` with another value in one of its fields, as `seed` tells."""
    if not one.fields:
        return one
    place = seed % len(one.fields)
    field = one.fields[place]
    values = _values()[field.aspect, field.name]
    other = msgspec.structs.replace(field, value=values[seed // len(one.fields) % len(values)])
    return rebuilt(one, id=one.id, fields=[*one.fields[:place], other, *one.fields[place + 1 :]])


def _placed(one: Component, namespace: str) -> Component:
    return rebuilt(msgspec.structs.replace(one, namespace=namespace), id=one.id)


def _variants(rules: Sequence[str]) -> dict[str, list[Component]]:
    """Return every form in which the cases of `rules` have a component, by its id."""
    found: dict[str, dict[Component, None]] = {}
    for rule in rules:
        for scene in (*CASES[rule].fires, *CASES[rule].silent):
            for one in (*scene.components, *(scene.above or ())):
                found.setdefault(one.id, {})[one] = None
    return {identity: list(forms) for identity, forms in sorted(found.items())}


def _edits(variants: dict[str, list[Component]]) -> st.SearchStrategy[Edit]:
    def of(identity: str) -> st.SearchStrategy[Edit]:
        forms = st.sampled_from(variants[identity])
        placed = st.builds(_placed, forms, st.sampled_from(SPACES))
        revalued = st.builds(_revalued, forms, st.integers(0, 9999))
        made = st.one_of(forms, st.builds(_blended, forms, forms), revalued, placed, st.none())
        return st.builds(Edit, st.booleans(), st.sampled_from((*FOLDERS[:1] * 4, *FOLDERS)), st.just(identity), made)

    return st.sampled_from(sorted(variants)).flatmap(of)


GROUPS = {
    scope.value: sorted(id_ for id_, rule in every_rule().items() if rule.scope is scope)
    for scope in (Scope.COMPONENT, Scope.LINKS, Scope.GRAPH, Scope.GROUP, Scope.UPSTREAM)
}


@pytest.mark.parametrize("scope", sorted(GROUPS))
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_ledger_holds_what_is_found_anew(scope: str, data: DataObject) -> None:
    rules = data.draw(st.lists(st.sampled_from(GROUPS[scope]), min_size=1, max_size=2, unique=True))
    edits = _edits(_variants(rules))
    follow(rules, data.draw(st.lists(st.lists(edits, min_size=1, max_size=4), min_size=2, max_size=8)))


def _written(text: str) -> list[Edit]:
    return [Edit(above=False, folder="one", name=one.id, now=one) for one in kubernetes(text)]


_SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {{name: db, namespace: {}}}\n"
    "spec: {{type: {}, selector: {{app: db}}, ports: [{{port: 5432}}]}}\n"
)
_STORE = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: db, namespace: {}}}\nspec:\n"
    "  selector: {{matchLabels: {{app: db}}}}\n  template:\n    metadata: {{labels: {{app: db}}}}\n"
    "    spec: {{containers: [{{name: db, image: '{}'}}]}}\n"
)
_IN, _OUT = _SERVICE.format("shop", "NodePort"), _SERVICE.format("cache", "NodePort")
_PLAIN, _DATA = _STORE.format("shop", "shop/api:1"), _STORE.format("shop", "postgres:16")


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("selector-matches-nothing", (_IN, _DATA, _OUT, _IN)),
        ("data-store-outside", (_IN, _DATA, _PLAIN, _STORE.format("shop", "mysql:8"))),
        (
            "data-store-outside",
            (_DATA, _SERVICE.format("shop", "ClusterIP"), _IN, _SERVICE.format("shop", "ClusterIP")),
        ),
    ],
    ids=["a namespace", "an image behind a service", "the type of a service"],
)
def test_what_moves_by_itself_is_seen(rule: str, texts: tuple[str, ...]) -> None:
    follow([rule], [_written(text) for text in texts])
