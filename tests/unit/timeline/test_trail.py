"""The trail: what is kept of each component, how far back it goes, and what it tells of former states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.trails import Driven

from generator.model.component import Aspect
from generator.timeline.trail import KEPT

IMAGE, LEVEL = (Aspect.ARTIFACT, "image"), (Aspect.CONFIG, "LEVEL")


def test_a_step_is_kept_for_each_component_that_changed() -> None:
    driven = Driven().run("p/api=A p/db=X", "p/api=B", "p!", "p/db=Y")
    trail = driven.production.trail
    assert [s.stamp.sequence for s in trail.steps("api", 1, 9)] == [1, 2]
    assert [s.stamp.sequence for s in trail.steps("db", 2, 9)] == [4]
    assert trail.steps("nobody", 1, 9) == ()
    assert trail.sequence == 4


def test_former_states_are_told_going_back() -> None:
    driven = Driven().run("p/api=A,LEVEL:info", "p/api=B,LEVEL:info", "p/api=B", "p/api=B,LEVEL:debug")
    told = [(at.sequence if at else 0, fields) for at, fields in driven.production.trail.states("api", 3)]
    assert told == [
        (3, {IMAGE: "B"}),
        (2, {IMAGE: "B", LEVEL: "info"}),
        (1, {IMAGE: "A", LEVEL: "info"}),
    ]


def test_a_component_that_was_gone_has_no_state_then() -> None:
    driven = Driven().run("p/db=X p/api=A", "p/api", "p/api=B")
    told = [(at.sequence, fields) for at, fields in driven.production.trail.states("api", 3) if at]
    assert told == [(3, {IMAGE: "B"}), (1, {IMAGE: "A"})]


def test_what_is_older_than_the_bound_is_forgotten_and_said_to_be() -> None:
    driven = Driven().run(*[f"p/api=v{n}" for n in range(KEPT)])
    trail = driven.production.trail
    assert trail.reaches("api", 1), "every step is kept still"
    driven.run("p/api=w", "p/api=x")
    assert [s.stamp.sequence for s in trail.steps("api", 0, 99)] == list(range(3, KEPT + 3))
    assert not trail.reaches("api", 2)
    assert trail.reaches("api", 3)
    states = list(trail.states("api", 99))
    assert len(states) == KEPT + 1
    assert states[-1] == (None, {IMAGE: "v1"}), "the state before the oldest step is known, when it came is not"


def test_a_connection_belongs_to_the_component_that_it_starts_at() -> None:
    driven = Driven().run("p/api=A,>db", "p/db=X")
    step = driven.production.trail.steps("api", 2, 2)[0]
    assert [(c.subject, c.field) for c in step.changes] == [("api -> db", "connection")]


def test_the_upstream_counts_as_it_was_then_also_in_the_same_commit() -> None:
    driven = Driven().run("s/api=A", "s/api=B p/api=B", "s/api=C")
    assert driven.production.trail.steps("api", 1, 1)[0].upstream == 2
    assert driven.staging.trail.steps("api", 1, 1)[0].upstream == 0


@pytest.mark.parametrize(("sequence", "version"), [(1, "A"), (2, "B"), (3, "B"), (4, "C")])
def test_an_artifact_is_known_by_the_change_that_brought_it(sequence: int, version: str) -> None:
    driven = Driven().run("p/api=A", "p/api=B", "p/api=B,LEVEL:info", "p/api=C,LEVEL:info")
    arrival = driven.production.trail.arrival("api", "image", sequence)
    assert arrival is not None
    assert arrival[0].new == version


def test_an_artifact_is_known_when_its_step_is_forgotten() -> None:
    driven = Driven().run("s/api=A", "p/api=A", *[f"p/api=A,LEVEL:{n}" for n in range(KEPT + 1)])
    trail = driven.production.trail
    driven.commit("p/api=B,LEVEL:0")
    arrival = trail.arrival("api", "image", KEPT + 2)
    assert arrival is not None
    assert (arrival[0].new, arrival[1].sequence) == ("A", 1)
    assert arrival[0].origin is not None


def test_the_last_good_deployment_passes_over_those_known_to_have_failed() -> None:
    driven = Driven().run("p/api=A")
    driven.commit("p/api=B", good=False)
    driven.commit("p!")
    driven.commit("p/api=C")
    good = driven.production.trail.steps("api", 4, 4)[0].good
    assert good is not None
    assert (good.stamp.sequence, good.digest) == (1, driven.production.deployments[0].digest)


_WORDS = st.sampled_from(
    ["p/api=A", "p/api=B,L:1", "p/api=B,L:2", "p/api=,L:1", "p/api", "p/db=X", "p/api=A,L:1 p/db=Y"]
)


@given(st.lists(_WORDS, max_size=12))
def test_going_back_tells_what_every_deployment_left(lines: list[str]) -> None:
    driven = Driven().run("p/keep=Z", *lines)
    trail = driven.production.trail
    for made in driven.production.deployments:
        for name in ("api", "db"):
            now = made.transition.after.get(name)
            told = next((fields for _, fields in trail.states(name, made.sequence)), None)
            if now is not None and now.fields:
                assert told == {(f.aspect, f.name): f.value for f in now.fields}
