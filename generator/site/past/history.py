"""The data of the past: `assets/history/`, from which scripts tell what stood where at any time.

Every file is a script that sets one property of `assayHistoryParts`, since a page opened from a folder may load
scripts and nothing else. `environments.js` holds what there is, `components.js` where the pages of components are. Each
environment has a folder with `index.js` (when its deployments were and of which kind, and what the upstream had only
after a shard said that it never did), `names.js` (commits and digests, only loaded to find one by it) and its shards
`0.js`, `1.js`, ... (see `generator.site.past.shard`), each of which can be read alone.

A shard that is full stays as it is however the history goes on, so those of the former site are taken over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import RefusedError
from generator.evidence.folding import NotKept
from generator.site.names import page_name
from generator.site.past.environment import EnvironmentPast, PastState
from generator.site.past.firsts import Firsts, FirstsState, artifacts, name_of
from generator.site.past.scripts import write_script
from generator.site.walk import moved

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.evidence.packs import TopologyEntry
    from generator.evidence.records import DeploymentRecord
    from generator.site.context import Context

FOLDER = "assets/history"


def write_history(context: Context, site: Path) -> None:
    """Write the past of every environment into the built `site`, going through the evidence from oldest to newest.

    Holds one state and one shard an environment at a time, and a few dozen bytes a deployment. Raises `RefusedError`
    where the evidence does not hold together.
    """

    def begin(state: _State | None) -> _Past:
        past = _Past(context, site)
        if state is not None:
            past.resume(state)
        return past

    listed = context.folds.bring("past", _State, begin).finish()
    folder = site / FOLDER
    write_script(folder / "environments.js", "environments", msgspec.json.encode(listed))
    pages = sorted(context.component_kinds)
    named = [[one] if page_name(one) == one else [one, page_name(one)] for one in pages]
    write_script(folder / "components.js", "components", msgspec.json.encode(named))


class _State(msgspec.Struct, array_like=True, gc=False):
    """Where the past of all environments stands."""

    environments: list[PastState]
    firsts: dict[str, FirstsState]


class _Past:
    """Follows all environments."""

    def __init__(self, context: Context, site: Path) -> None:
        self._context, self._site = context, site
        environments = context.summary.environments
        self._firsts = {env.upstream: Firsts() for env in environments if env.upstream}
        self._replays = {env.name: context.evidence.topologies(env.name) for env in environments}
        self._pasts = self._begun()

    def _begun(self) -> dict[str, EnvironmentPast]:
        return {
            env.name: EnvironmentPast(
                self._site / FOLDER / page_name(env.name), number, env, self._firsts.get(env.upstream)
            )
            for number, env in enumerate(self._context.summary.environments)
        }

    def resume(self, state: _State) -> None:
        """Go on from `state`; raises `NotKept` where the former site or the evidence has not what it says."""
        if len(state.environments) != len(self._pasts) or state.firsts.keys() != self._firsts.keys():
            raise NotKept(FOLDER)
        self._firsts = {name: Firsts(kept) for name, kept in state.firsts.items()}
        self._pasts = self._begun()
        for (name, past), kept in zip(self._pasts.items(), state.environments, strict=True):
            folder = f"{FOLDER}/{page_name(name)}"
            (self._site / folder).mkdir(parents=True, exist_ok=True)
            for number, digest in enumerate(kept.settled):
                path = f"{folder}/{number}.js"
                if not self._context.folds.carry(path, digest, self._site / path):
                    raise NotKept(path)
            replay = self._replays[name]
            try:
                replay.go_to(kept.line)
                other, _gone = replay.advance(kept.topology)
            except RefusedError as fault:
                raise NotKept(folder) from fault
            if other or not past.resume(kept, self._context.components, replay.entries):
                raise NotKept(folder)

    def take(self, line: int, record: DeploymentRecord) -> None:
        """Take the next deployment."""
        del line
        past = self._pasts.get(record.environment)
        if past is None:
            return
        came, went = moved(self._replays[record.environment], record.digest)
        if record.environment in self._firsts:
            self._tell(record.environment, came, past.count)
        past.take(record, self._context.components, came, went)

    def _tell(self, environment: str, came: Mapping[str, TopologyEntry], index: int) -> None:
        """Take in what an upstream has at its deployment `index`, and tell those that waited for it."""
        firsts = self._firsts[environment]
        below = [
            self._pasts[env.name].upstream for env in self._context.summary.environments if env.upstream == environment
        ]
        records = [self._context.components[entry.component] for entry in came.values() if entry.component]
        for record in records:
            for field, value in artifacts(record):
                name = name_of(record.id, field, value)
                if firsts.note(name, index):
                    for one in below:
                        one.came((record.id, field, value), name, index)

    def state(self) -> _State:
        """Return what is needed to go on."""
        pasts = [past.state() for past in self._pasts.values()]
        return _State(pasts, {name: firsts.state() for name, firsts in self._firsts.items()})

    def finish(self) -> list[dict[str, object]]:
        """Write what is left; return the list of environments."""
        return [past.finish() for past in self._pasts.values()]
