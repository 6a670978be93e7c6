"""The demo's repository as a value: what each environment runs, and the edits that make the next one of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

INTEGRATION, STAGING, PRODUCTION = ENVIRONMENTS = ("integration", "staging", "production")


@dataclass(frozen=True)
class App:
    """One app that Kubernetes runs, as one environment has it."""

    version: str
    replicas: int
    settings: Mapping[str, str]
    """Addresses inside the shop stand in the Deployment, everything else in a ConfigMap."""
    note: str = ""
    """Comment above the Deployment; empty for none."""
    metrics_for: str = ""
    """Name that the Service for metrics selects; empty where there is no such Service."""
    budget: str = ""
    """Version of the interface that its PodDisruptionBudget is written for; empty where there is none."""


@dataclass(frozen=True)
class Managed:
    """One part of the platform that no manifest describes, as one environment has it."""

    version: str
    replicas: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A commit that was made, so that later files can name it."""

    subject: str
    id: str
    paths: tuple[str, ...]
    """Files that it changed, sorted."""
    at: int = 0
    """Its time in seconds since 1970 UTC."""


@dataclass(frozen=True)
class State:
    """Everything that stands in the repository after a commit."""

    apps: Mapping[str, Mapping[str, App]] = field(default_factory=dict)
    """Apps by environment and name; an environment without apps is not there yet."""
    managed: Mapping[str, Mapping[str, Managed]] = field(default_factory=dict)
    """Parts of the platform by environment and name."""
    secrets: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Placeholders by environment, Secret and key."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Files that are written as they are, by path; `<commit: SUBJECT>` stands for the id of an earlier commit."""
    made: tuple[Made, ...] = ()
    """Earlier commits, oldest first; their subjects are distinct."""


if TYPE_CHECKING:
    Edit = Callable[[State], State]


def environment(
    name: str, apps: Mapping[str, App], managed: Mapping[str, Managed], secrets: Mapping[str, Mapping[str, str]]
) -> Edit:
    """Return the edit that sets a whole environment up."""
    return lambda state: replace(
        state,
        apps={**state.apps, name: apps},
        managed={**state.managed, name: managed},
        secrets={**state.secrets, name: secrets},
    )


def text(path: str, content: str) -> Edit:
    """Return the edit that writes a file as it is."""
    return lambda state: replace(state, texts={**state.texts, path: content})


def declare(section: str, entry: str) -> Edit:
    """Return the edit that adds an entry to the declaration file of its section."""
    path = f".assay/{section}.yaml"

    def edit(state: State) -> State:
        before = state.texts.get(path, f"{section}:\n")
        return replace(state, texts={**state.texts, path: f"{before}  - {entry}\n"})

    return edit


def app(where: str, name: str, change: Callable[[App], App]) -> Edit:
    """Return the edit that changes one app of the environment `where`."""

    def edit(state: State) -> State:
        apps = state.apps[where]
        return replace(state, apps={**state.apps, where: {**apps, name: change(apps[name])}})

    return edit


def versions(where: str, **wanted: str) -> Edit:
    """Return the edit that sets the versions of apps, or of parts of the platform with `_` for `-` in their names."""

    def edit(state: State) -> State:
        apps, managed = dict(state.apps[where]), dict(state.managed[where])
        for key, version in wanted.items():
            name = key.replace("_", "-")
            if name in apps:
                apps[name] = replace(apps[name], version=version)
            else:
                managed[name] = replace(managed[name], version=version)
        return replace(state, apps={**state.apps, where: apps}, managed={**state.managed, where: managed})

    return edit


def scale(where: str, name: str, replicas: int) -> Edit:
    """Return the edit that sets an app's number of pods."""
    return app(where, name, lambda found: replace(found, replicas=replicas))


def settings(where: str, name: str, **values: str | None) -> Edit:
    """Return the edit that sets an app's settings; `None` takes one out."""

    def change(found: App) -> App:
        merged = {**found.settings, **values}
        return replace(found, settings={key: value for key, value in merged.items() if value is not None})

    return app(where, name, change)


def managed(where: str, name: str, change: Callable[[Managed], Managed]) -> Edit:
    """Return the edit that changes one part of the platform of the environment `where`."""

    def edit(state: State) -> State:
        parts = state.managed[where]
        return replace(state, managed={**state.managed, where: {**parts, name: change(parts[name])}})

    return edit


def add(where: str, name: str, new: App) -> Edit:
    """Return the edit that adds an app."""
    return lambda state: replace(state, apps={**state.apps, where: {**state.apps[where], name: new}})


def remove(where: str, name: str) -> Edit:
    """Return the edit that takes an app away with everything of it."""

    def edit(state: State) -> State:
        left = {key: value for key, value in state.apps[where].items() if key != name}
        return replace(state, apps={**state.apps, where: left})

    return edit


def secret(where: str, name: str, key: str, value: str) -> Edit:
    """Return the edit that sets one placeholder of a Secret; a Secret that isn't there is added."""

    def edit(state: State) -> State:
        held = state.secrets[where]
        return replace(state, secrets={**state.secrets, where: {**held, name: {**held.get(name, {}), key: value}}})

    return edit
