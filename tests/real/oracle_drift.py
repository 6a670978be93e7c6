"""How production differed from its upstream, commit by commit: DEFINITIONS, "Drift" and "Drift age".

No code is shared with the package. Try it on a bare clone, from the folder `tests`:
`python -m real.oracle_drift REPOSITORY`.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from real.oracle_layers import ARTIFACTS, services

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from real.oracle_git import Commit
    from real.oracle_layers import Environment, Services

WHOLE = "component"
"""Field of a service that stands on one side only; its settings are then no drift of their own."""
Differing = dict[tuple[str, str], "Drift"]
"""Service and setting → how they differ."""


@dataclass(frozen=True)
class Drift:
    """A setting in which production differs from its upstream."""

    upstream: str | None
    value: str | None
    kind: str
    """`structure` where one side has none, `pending` where the upstream once had production's value, else `ahead` for
    an artifact and `config` for anything else."""
    since: str
    """Commit at which the current unbroken inequality began."""


def moments(production: Environment, upstream: Environment) -> Iterator[tuple[Commit, Services, Services]]:
    """Yield each commit that touches either side, with what stood upstream and in production after it."""
    both: dict[int, list[tuple[int, Commit, Services]]] = {}
    for side, environment in enumerate((upstream, production)):
        for number, commit, now in environment.states:
            both.setdefault(number, []).append((side, commit, now))
    sides: list[Services] = [{}, {}]
    for number in sorted(both):
        for side, _, now in both[number]:
            sides[side] = now
        yield both[number][0][1], sides[0], sides[1]


class Comparison:
    """Follows both sides, and keeps since when each setting differs and what the upstream ever had."""

    def __init__(self) -> None:
        """Start with nothing on either side."""
        self.since: dict[tuple[str, str], str] = {}
        self.ever: dict[tuple[str, str], set[str]] = {}
        self.sides: tuple[Services, Services] = ({}, {})

    def take(self, commit: str, upstream: Services, here: Services) -> None:
        """Take in what stands after a commit."""
        names = self.sides[0].keys() | self.sides[1].keys() | upstream.keys() | here.keys()
        for name in names:
            above, own = upstream.get(name), here.get(name)
            if self.sides[0].get(name) is above and self.sides[1].get(name) is own:
                continue
            for setting, value in (above or {}).items():
                self.ever.setdefault((name, setting), set()).add(value)
            paths = {(name, setting) for setting in differing(above, own)}
            gone = [path for path in self.since if path[0] == name and path not in paths]
            for path in gone:
                del self.since[path]
            for path in paths - self.since.keys():
                self.since[path] = commit
        self.sides = upstream, here

    def standing(self) -> Differing:
        """Return what differs now; nothing can be said where one side has no service at all."""
        if not self.sides[0]:
            return {}
        found = {}
        for (name, setting), since in self.since.items():
            above, own = (side.get(name) for side in self.sides)
            if setting == WHOLE and (above is None or own is None):
                pair = "values" if above is not None else None, "values" if own is not None else None
                found[name, setting] = Drift(*pair, "structure", since)
                continue
            was, value = (above or {}).get(setting), (own or {}).get(setting)
            had = value in self.ever.get((name, setting), set())
            other = "pending" if had else "ahead" if setting in ARTIFACTS else "config"
            found[name, setting] = Drift(was, value, "structure" if None in (was, value) else other, since)
        return found


def differing(above: dict[str, str] | None, own: dict[str, str] | None) -> set[str]:
    """Return the settings in which one service differs between two environments, or that it is on one side only."""
    if above is None and own is None:
        return set()
    if above is None or own is None:
        return {WHOLE}
    return {setting for setting in above.keys() | own.keys() if above.get(setting) != own.get(setting)}


def followed(production: Environment, upstream: Environment, at: Collection[str]) -> dict[str, Differing]:
    """Return what differed after each of the commits `at`."""
    comparison, found = Comparison(), dict[str, Differing]()
    for commit, above, here in moments(production, upstream):
        comparison.take(commit.id, above, here)
        if commit.id in at:
            found[commit.id] = comparison.standing()
    return found


def newest(production: Environment, upstream: Environment) -> Differing:
    """Return what differs in the end."""
    comparison = Comparison()
    for commit, above, here in moments(production, upstream):
        comparison.take(commit.id, above, here)
    return comparison.standing()


def main(repository: Path) -> None:
    """Print how many settings differ at the end of each tenth of the history, by class."""
    found = services(repository)
    for name in ("eqiad", "codfw"):
        commits = found[name].touched
        at = [commits[place * (len(commits) - 1) // 10] for place in range(1, 11)]
        for commit, drifted in followed(found[name], found["staging"], at).items():
            print(name, commit[:8], dict(Counter(drift.kind for drift in drifted.values())))  # noqa: T201 - a script


if __name__ == "__main__":
    main(Path(sys.argv[1]))
