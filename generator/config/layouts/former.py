"""Folders that environments stood in before: told by the names of the files that both places held."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.config.environment_words import rank
from generator.config.findings import listed
from generator.config.looking import above, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.config.looking import Looker
    from generator.config.schema import Environment

_LEAST_SHARED = 2
_MOST_PLACES = 3


def with_former_places(
    looker: Looker, environments: Mapping[str, Environment]
) -> tuple[dict[str, Environment], list[str]]:
    """Return `environments` with the folders that theirs were called before, and sentences about these."""
    gone = _gone_folders(looker)
    every = [*looker.paths, *looker.former]
    taken = {path for environment in environments.values() for path in environment.path}
    found: dict[str, Environment] = {}
    reasons = []
    for name, environment in environments.items():
        places = []
        if len(environment.path) == 1 and not environment.pin:
            places = _former_of(environment.path[0], every, {f: held for f, held in gone.items() if f not in taken})
        found[name] = environment.model_copy(update={"path": (*environment.path, *places)}) if places else environment
        if places:
            reasons.append(
                f"{listed(places)}, gone by now, held files of the same names as `{environment.path[0]}`: taken as a "
                f"former place of `{name}`."
            )
        elif len(environment.path) == 1 and (maybe := _perhaps(name, environment.path[0], every, gone)):
            reasons.append(
                f"`{maybe}`, gone by now, may be a former place of `{name}`; too few of its file names are the same to "
                f"be sure. If it is, write `path: [{environment.path[0]}, {maybe}]`."
            )
    return found, reasons


def _gone_folders(looker: Looker) -> dict[str, set[str]]:
    """Return folders called like environments that hold nothing now, with the inner paths of what they held."""
    present = {folder for path in looker.paths for folder in above(path)}
    found: dict[str, set[str]] = defaultdict(set)
    for path in looker.former:
        for folder in above(path):
            if folder not in present and rank(name_of(folder).lower()) is not None:
                found[folder].add(path[len(folder) + 1 :])
    return found


def _perhaps(name: str, place: str, every: Iterable[str], gone: Mapping[str, set[str]]) -> str:
    """Return the folder of the environment's own name that shares some file names with `place`, wherever they stood."""
    own = {name_of(path) for path in every if path.startswith(f"{place}/")}
    shared = {
        folder: len(own & {name_of(path) for path in held})
        for folder, held in gone.items()
        if name_of(folder).lower() in {name, name_of(place).lower()}
    }
    enough = [folder for folder, count in shared.items() if count >= _LEAST_SHARED and 4 * count > len(gone[folder])]
    return min(enough, key=lambda folder: (-shared[folder], folder), default="")


def _former_of(place: str, every: Iterable[str], gone: Mapping[str, set[str]]) -> list[str]:
    own = {path[len(place) + 1 :] for path in every if path.startswith(f"{place}/")}
    stage = rank(name_of(place).lower())
    likeness: dict[str, float] = {}
    for folder, held in gone.items():
        apart = not f"{folder}/".startswith(f"{place}/") and not f"{place}/".startswith(f"{folder}/")
        shared = len(held & own)
        # More than a name in common: two files at least, and most of what stood there.
        if apart and rank(name_of(folder).lower()) == stage and shared >= _LEAST_SHARED and 2 * shared > len(held):
            likeness[folder] = shared / len(held)
    return sorted(likeness, key=lambda folder: (-likeness[folder], folder))[:_MOST_PLACES]
