"""Two environments driven commit by commit through state, timeline and trail, without a repository."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from generator.history.commits import Commit, FileChange
from generator.model.component import Aspect, Component, Field, How, Reference, Role, component
from generator.readers.reader import Reading
from generator.timeline.deployments import Timeline
from generator.timeline.state import EnvironmentState
from generator.timeline.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.timeline.deployments import Deployment
    from generator.timeline.readings import Readings
    from generator.timeline.sources import Binding

ENVIRONMENTS = {"s": "staging", "p": "production"}
ASPECTS = {"image": Aspect.ARTIFACT, "sidecar": Aspect.ARTIFACT, "replicas": Aspect.SCALE, "password": Aspect.SECRET}


class _Readings:
    """Reads a blob whose id is the text itself: `api=A,LEVEL:info,replicas:2`; `>db` refers to a component."""

    def read(self, binding: Binding, files: Sequence[tuple[str, str]]) -> Reading:
        """Return the component that the newest file tells."""
        del binding
        return Reading(components=(built(files[-1][1]),))


def built(told: str) -> Component:
    """Return the component that one word of a line tells, without its environment."""
    name, _, rest = told.partition("=")
    image, *settings = rest.split(",")
    fields = [Field(Aspect.ARTIFACT, "image", image)] if image else []
    references = []
    for setting in settings:
        if setting.startswith(">"):
            references.append(Reference(Role.COMPONENT, setting[1:], How.REFERENCE, f"env.{setting[1:]}"))
            continue
        key, _, value = setting.partition(":")
        fields.append(Field(ASPECTS.get(key, Aspect.CONFIG), key, value))
    return component(name, Role.COMPONENT, "Deployment", fields=fields, references=references, names=(name,))


@dataclass
class Side:
    """One environment."""

    timeline: Timeline
    state: EnvironmentState
    trail: Trail
    told: dict[str, str] = field(default_factory=dict)
    deployments: list[Deployment] = field(default_factory=list)


class Driven:
    """Staging and production, each with its trail."""

    def __init__(self) -> None:
        """Start with two environments that have nothing."""
        readings = cast("Readings", _Readings())
        states = {name: EnvironmentState(readings) for name in ENVIRONMENTS.values()}
        above = Timeline("staging", states["staging"], None, 100)
        own = Timeline("production", states["production"], above, 100)
        trail = Trail("staging")
        self.staging = Side(above, states["staging"], trail)
        self.production = Side(own, states["production"], Trail("production", trail))
        self.commits = 0

    def run(self, *lines: str) -> Driven:
        """Take in a commit a line, see `commit`; return this."""
        for line in lines:
            self.commit(line)
        return self

    def commit(self, line: str, *, good: bool = True) -> Deployment | None:
        """Take in one commit that writes the words of `line`: `p/api=A,LEVEL:info`, `p/api` (gone), `p!` (a touch).

        Components that no word names stay as they are. Return production's deployment, if there is one.
        """
        self.commits += 1
        sides = {"s": self.staging, "p": self.production}
        changes: dict[str, list[tuple[FileChange, Binding]]] = {"s": [], "p": []}
        for word in line.split():
            if word.endswith("!"):
                name = next(iter(sides[word[0]].told))
                changes[word[0]].append(_change(name, sides[word[0]].told[name]))
                continue
            where, _, told = word.partition("/")
            name = told.partition("=")[0]
            sides[where].told[name] = told
            changes[where].append(_change(name, told if "=" in told else ""))
        commit = Commit(f"{self.commits:040x}", (), self.commits * 60, "Ada", f"Step {self.commits}", ())
        transitions = {w: sides[w].state.apply(c, commit.id) for w, c in changes.items() if c}
        made = None
        for where, transition in transitions.items():
            made = sides[where].timeline.record(commit, transition)
            if made is not None:
                sides[where].trail.take(made, good=good)
                sides[where].deployments.append(made)
        return made if "p" in transitions else None


def _change(name: str, blob: str) -> tuple[FileChange, Binding]:
    binding = cast("Binding", SimpleNamespace(key=(0, name), rank=0))
    return FileChange(f"{name}.yaml", "100644" if blob else "000000", blob), binding
