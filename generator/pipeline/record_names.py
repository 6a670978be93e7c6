"""What records call a deployment by: the id of one, or a commit of its environment's history, whole or its beginning.

A pipeline often runs for a commit that leaves the environment alone; what runs then is the newest deployment before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from generator.timeline.declared import is_commit
from generator.timeline.planning import TreeUnits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from generator.history.blobs import Blobs
    from generator.history.commits import Commit
    from generator.pipeline.tracks import Histories, History
    from generator.rendering.engines import Engines
    from generator.timeline.sources import Binding


class Unknown(NamedTuple):
    """Why a name leads to no deployment, as a sentence."""

    reason: str


class CommitNames:
    """The commits of every history, by what they are called."""

    def __init__(self, histories: Histories) -> None:
        """Look commits up in `histories`; nothing is listed before it is asked for."""
        self._histories = histories.all
        self._owner = {name: number for number, one in enumerate(histories.all) for name in one.environments}
        self._steps: dict[int, _Steps] = {}

    def full(self, environment: str, name: str) -> str | Unknown:
        """Return the id of the deployment, or the full id of the commit, that `name` means in an environment."""
        own, dash, number = name.rpartition("-")
        if dash and own in self._owner and number.isdecimal() and int(number) > 0:
            if own == environment:
                return f"{own}-{int(number)}"
            return Unknown(f"`{name}` is a deployment of another environment.")
        if not is_commit(name.lower()):
            return Unknown(f"`{name}` names neither a commit nor a deployment.")
        found = self.steps(environment).find(name.lower())
        if len(found) == 1:
            return found[0]
        if found:
            return Unknown(f"More than one commit begins with `{name}`.")
        return Unknown(f"`{name}` names no commit of the history of {environment}.")

    def steps(self, environment: str) -> _Steps:
        """Return the steps of the history that an environment stands in."""
        number = self._owner[environment]
        if number not in self._steps:
            self._steps[number] = _Steps(self._histories[number])
        return self._steps[number]

    def history(self, environment: str) -> History:
        """Return the history that an environment stands in."""
        return self._histories[self._owner[environment]]


class _Steps:
    """The steps of one history."""

    def __init__(self, history: History) -> None:
        ids = history.track.ids
        self.places = {commit: place for place, commit in enumerate(ids)}
        """Place of each commit in the order of the history."""
        self._sorted = sorted({*ids, *history.targets.values()})

    def find(self, name: str) -> list[str]:
        """Return the full ids that begin with `name`; two of them where they are more."""
        at = bisect_left(self._sorted, name)
        return [commit for commit in self._sorted[at : at + 2] if commit.startswith(name)]


def touching(
    names: CommitNames, wanted: Iterable[tuple[str, str]], blobs: Blobs, engines: Engines
) -> Mapping[tuple[str, str], str]:
    """Return, for each environment and full id of a commit, the commit whose deployment stood there then.

    That is the newest one at or before it that touches the environment; where none does, it is left out. What a pin
    names, and ids of deployments, mean themselves. Goes once through the histories, as far as that is needed.
    """
    found: dict[tuple[str, str], str] = {}
    asked: dict[int, tuple[History, set[tuple[str, str]]]] = {}
    for environment, commit in sorted(set(wanted)):
        if commit in names.steps(environment).places:
            history = names.history(environment)
            asked.setdefault(id(history), (history, set()))[1].add((environment, commit))
        else:
            found[environment, commit] = commit
    for history, pairs in asked.values():
        found |= _before(history, names.steps(history.environments[0]).places, pairs, _changes(history, blobs, engines))
    return found


def _before(
    history: History,
    places: Mapping[str, int],
    pairs: Iterable[tuple[str, str]],
    steps: Iterator[tuple[Commit, set[str]]],
) -> Iterator[tuple[tuple[str, str], str]]:
    last = max(places[commit] for _, commit in pairs)
    met: dict[str, tuple[list[int], list[str]]] = {name: ([], []) for name in history.environments}
    for step, environments in steps:
        place = places[step.id]
        if place > last:
            break
        for name in environments:
            met[name][0].append(place)
            met[name][1].append(step.id)
    for environment, commit in pairs:
        at, ids = met[environment]
        number = bisect_right(at, places[commit])
        if number:
            yield (environment, commit), ids[number - 1]


def _changes(history: History, blobs: Blobs, engines: Engines) -> Iterator[tuple[Commit, set[str]]]:
    """Yield each step with the environments that it touches."""
    bindings = history.bindings
    units = TreeUnits(bindings.tree_sources, blobs, engines.version) if bindings.tree_sources else None
    own = bindings.of
    for commit in history.track.commits(bindings.pathspecs):
        paths = [change.path for change in commit.changes]
        if units is not None:
            paths += [change.path for change in units.take(commit)[0]]
        if commit.tags or commit.tree:
            yield commit, set(history.environments)
        else:
            yield commit, _bound(paths, own)


def _bound(paths: Iterable[str], own: Callable[[str], Iterable[Binding]]) -> set[str]:
    return {binding.environment for path in paths for binding in own(path)}
