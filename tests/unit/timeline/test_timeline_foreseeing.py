"""What would be if values of the upstream came here now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.model.component import Aspect, Field, How, Reference, Role, component
from generator.timeline.foreseeing import arrival, brought, transition_to
from generator.timeline.state import EnvironmentState

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model.component import Component
    from generator.readers.reader import Reading

URL = "env.DB_URL"


class NoReadings:
    """Nothing is read here."""

    def read(self, *_: object) -> Reading:
        raise AssertionError


def database(name: str) -> Component:
    return component(name, Role.COMPONENT, "Deployment", names=(name,), path=f"{name}.yaml")


def api(version: str, host: str, line: int) -> Component:
    return component(
        "api",
        Role.COMPONENT,
        "Deployment",
        fields=[
            Field(Aspect.ARTIFACT, "image", f"api:{version}", line),
            Field(Aspect.CONFIG, URL, host, line + 1),
            Field(Aspect.SCALE, "replicas", version, line + 2),
        ],
        references=[Reference(Role.COMPONENT, host, How.INFERRED, URL, line=line + 1)],
        path="api.yaml",
    )


@pytest.fixture
def state() -> Callable[..., EnvironmentState]:
    def made(*components: Component) -> EnvironmentState:
        empty = EnvironmentState(NoReadings())  # type: ignore[arg-type]  # nothing is read
        return empty.foreseen({one.id: one for one in components})

    return made


def test_only_the_named_values_come_and_keep_their_line(state: Callable[..., EnvironmentState]) -> None:
    here, upstream = state(api("1", "db", 10)), state(api("2", "other", 70))
    (found,) = brought(here, upstream, [("api", "artifact", "image")]).values()
    assert [(f.name, f.value, f.line) for f in found.fields] == [
        ("image", "api:2", 10),
        (URL, "db", 11),
        ("replicas", "1", 12),
    ]
    assert [r.target for r in found.references] == ["db"]


def test_what_a_value_refers_to_follows_it(state: Callable[..., EnvironmentState]) -> None:
    here = state(api("1", "db", 10), database("db"), database("other"))
    upstream = state(api("2", "other", 70))
    there = here.foreseen(brought(here, upstream, [("api", "config", URL)]))
    assert [edge.target for edge in there.links.connections["api"]] == ["other"]
    assert [edge.target for edge in here.links.connections["api"]] == ["db"], "the environment itself stays"
    transition = transition_to(here, there)
    assert list(transition.changed) == ["api"]
    assert [d[1:] for d in transition.differences["api"]] == [(URL, "db", "other")]
    assert [edge.target for edge in transition.relinked["api"]] == ["db"]
    assert transition.previous_digest == here.digest != transition.digest == there.digest


def test_a_digest_is_that_of_the_same_environment(state: Callable[..., EnvironmentState]) -> None:
    here, upstream = state(api("1", "db", 10)), state(api("2", "db", 70))
    places = [("api", "artifact", "image"), ("api", "scale", "replicas")]
    assert here.foreseen(brought(here, upstream, places)).digest == upstream.digest


def test_what_is_not_on_both_sides_does_not_come(state: Callable[..., EnvironmentState]) -> None:
    here, upstream = state(api("1", "db", 10)), state(database("db"))
    assert brought(here, upstream, [("api", "artifact", "image"), ("db", "artifact", "image")]) == {}


def test_everything_arrives_at_once(state: Callable[..., EnvironmentState]) -> None:
    there = state(api("1", "db", 10), database("db"))
    found = arrival(there)
    assert (found.previous_digest, found.digest) == ("", there.digest)
    assert found.moved == {"api": None, "db": None}
    assert dict(found.changed) == {"api": None, "db": None}
