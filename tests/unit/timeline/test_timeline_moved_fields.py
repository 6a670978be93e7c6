"""A field that is read from another file is told there, though nothing of it counts as changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from generator.history.commits import FileChange
from generator.model.component import Aspect, Component, Field, Role, component
from generator.readers.reader import Reading, Unit
from generator.readers.values.reader import ValuesReader
from generator.timeline.sources import Binding
from generator.timeline.state import EnvironmentState

if TYPE_CHECKING:
    from generator.timeline.readings import Readings
    from generator.timeline.state import Transition

BINDING = Binding("prod", (0, "api"), Unit("prod", "api"), ValuesReader(), 0)


class Read:
    """Readings by the object id of the file."""

    def __init__(self, components: dict[str, Component]) -> None:
        self._components = components

    def read(self, binding: Binding, files: list[tuple[str, str]]) -> Reading:
        del binding
        return Reading((self._components[files[-1][1]],))


def api(level: str, path: str) -> Component:
    fields = [Field(Aspect.CONFIG, "level", level, 2), Field(Aspect.SECRET, "password", "secret:1", 1, path)]
    return component("api", Role.COMPONENT, "values", fields=fields, path="prod.yaml", line=1)


def last(*versions: Component) -> Transition:
    state = EnvironmentState(cast("Readings", Read({str(n): one for n, one in enumerate(versions)})))
    steps = [state.apply([(FileChange("prod.yaml", "100644", str(n)), BINDING)], "c") for n in range(len(versions))]
    return steps[-1]


def test_where_only_values_differ_only_their_aspects_are_looked_at_again() -> None:
    assert last(api("info", "common.yaml"), api("debug", "common.yaml")).moved == {"api": frozenset([Aspect.CONFIG])}


def test_a_field_of_another_file_moves_the_whole_component() -> None:
    step = last(api("info", "common.yaml"), api("debug", ""))
    assert step.moved == {"api": None}
    assert step.differences == {"api": [(Aspect.CONFIG, "level", "info", "debug")]}


def test_a_move_alone_is_no_change() -> None:
    step = last(api("info", "common.yaml"), api("info", ""))
    assert (step.changed, step.moved, step.digest) == ({}, {}, step.previous_digest)
    assert [field.path for field in step.after["api"].fields] == ["", ""]
