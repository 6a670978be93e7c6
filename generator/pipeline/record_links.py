"""Which deployment a record belongs to, once all deployments are known; and which record gives one its time."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.summarising import short_version
from generator.model.component import Aspect
from generator.pipeline.record_names import Unknown
from generator.timeline.declared import deployment_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.events.entries import DeploymentEvent
    from generator.pipeline.record_names import CommitNames
    from generator.timeline.deployments import Deployment

SUCCEEDED = "succeeded"


class Made(NamedTuple):
    """A deployment, as far as records are linked to it."""

    id: str
    sequence: int
    commit: str
    tree: str
    """Commit whose files are deployed, where those are not its own."""
    time: int | None
    brought: tuple[tuple[str, str], ...]
    """Component and artifact of each version that came with it."""


class Links:
    """All deployments of a run, to be found by what records call them."""

    def __init__(self, names: CommitNames) -> None:
        """Look commits up by `names`."""
        self._names = names
        self._made: dict[str, list[Made]] = {}
        self._places: dict[str, list[int]] = {}
        self._caused: dict[str, list[tuple[str, str]]] = {}

    def take(self, deployment: Deployment) -> None:
        """Take in the next deployment of its environment."""
        commit, environment = deployment.commit, deployment.environment
        artifacts = [c for c in deployment.changes if c.aspect is Aspect.ARTIFACT and c.new]
        brought = tuple([(c.subject, c.new or "") for c in artifacts])
        name = deployment_id(environment, deployment.sequence)
        made = Made(name, deployment.sequence, commit.id, commit.tree, commit.time, brought)
        self._made.setdefault(environment, []).append(made)
        for incident in deployment.verdict.incidents:
            self._caused.setdefault(incident, []).append((environment, name))

    def caused(self, incident: str, environments: Sequence[str]) -> tuple[str, ...]:
        """Return the deployments of `environments` that are linked to an incident as its cause, sorted."""
        return tuple(sorted({name for where, name in self._caused.get(incident, ()) if where in environments}))

    def named(self, environment: str, name: str, until: int | None = None) -> Made | Unknown:
        """Return the deployment that `name` means: of several of one pinned commit the newest one not after `until`."""
        full = self._names.full(environment, name)
        if isinstance(full, Unknown):
            return full
        made = self._made.get(environment, [])
        if full.startswith(f"{environment}-"):
            number = int(full.rpartition("-")[2])
            return made[number - 1] if number <= len(made) else Unknown(f"There is no deployment `{name}`.")
        pinned = [one for one in made if one.tree == full]
        if pinned:
            before = [one for one in pinned if until is None or one.time is None or one.time <= until]
            return (before or pinned)[-1]
        places = self._names.steps(environment).places
        if environment not in self._places:
            self._places[environment] = [places[one.commit] for one in made]
        at = bisect_right(self._places[environment], places[full]) if full in places else 0
        return made[at - 1] if at else Unknown(f"`{name}` is older than the first deployment of {environment}.")

    def of_event(self, event: DeploymentEvent) -> Made | Unknown:
        """Return the deployment that the record of a pipeline tells of."""
        until = event.finished if event.finished is not None else event.started
        if event.commit:
            return self.named(event.environment, event.commit, until)
        if not event.version:
            return Unknown("It names neither a commit nor a version.")
        if until is None:
            return Unknown("It names no commit, and no time by which its version could be looked for.")
        for one in reversed(self._made.get(event.environment, [])):
            if one.time is not None and one.time <= until and _brought(one, event.component, event.version):
                return one
        whose = f" of {event.component}" if event.component else ""
        return Unknown(f"No deployment of {event.environment} until then brought version {event.version}{whose}.")

    def is_own(self, event: DeploymentEvent, made: Made) -> bool:
        """Return whether the record is of the deployment itself, and not of a later commit that deployed nothing."""
        return not event.commit or self._names.full(event.environment, event.commit) in {
            made.commit,
            made.tree,
            made.id,
        }


def _brought(made: Made, component: str, version: str) -> bool:
    return any(
        (not component or component in {subject, subject.rpartition("/")[2]})
        and version in {artifact, short_version(artifact)}
        for subject, artifact in made.brought
    )


class Finish(NamedTuple):
    """A record that could give its deployment its time."""

    finished: int
    id: str
    source: str
    line: int


def confirming(events: Iterable[tuple[str, DeploymentEvent]]) -> Mapping[str, Finish]:
    """Return, by deployment, the record that gives it its time: of those that succeeded the one that finished first."""
    found: dict[str, Finish] = {}
    for deployment, event in events:
        if event.status == SUCCEEDED and event.finished is not None:
            finish = Finish(event.finished, event.id, event.source, event.line)
            found[deployment] = min(finish, found.get(deployment, finish))
    return found


def why_not(event: DeploymentEvent, finish: Finish | None) -> str:
    """Return why a record gives its deployment no time; empty where it is the one, which is `finish`."""
    if event.status and event.status != SUCCEEDED:
        return f"Its status is `{event.status}`, so it confirms nothing."
    if not event.status:
        return "It does not tell whether it succeeded, so it confirms nothing."
    if event.finished is None:
        return "It does not tell when it finished, so it confirms nothing."
    if finish is not None and (finish.source, finish.line, finish.id) != (event.source, event.line, event.id):
        return f"The record `{finish.id}` succeeded before it, and gives the deployment its time."
    return ""
