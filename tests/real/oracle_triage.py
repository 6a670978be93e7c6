"""Whose each rollback was, by DEFINITIONS, "Is it the application or the deployment?".

The failed range of a component runs from the first deployment after the version that it returns to, up to the one
before the rollback. No code is shared with the package. Try it on a bare clone, from the folder `tests`:
`python -m real.oracle_triage web-monitoring-ops REPOSITORY production`.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from real.oracle_counts import REPOSITORIES, counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from real.oracle_counts import States
    from real.oracle_kinds import Sorts

UNVALIDATED = "application, unvalidated"
Fields = dict[str, str]


@dataclass(frozen=True)
class Triaged:
    """One rollback."""

    commit: str
    first: str
    """Commit of the first deployment of the failed range."""
    last: str
    verdict: str
    components: tuple[tuple[str, str], ...]
    """Component and its verdict, sorted."""


class Past:
    """What each component of an environment was, deployment by deployment."""

    def __init__(self, states: States) -> None:
        """Keep the states in which a component is another than before, by the place of their deployment."""
        self.states = states
        self.steps: dict[str, list[tuple[int, Fields | None]]] = {}
        before: dict[str, Fields] = {}
        for place, (_, _, now) in enumerate(states):
            for name in before.keys() | now.keys():
                if before.get(name) is not now.get(name) and before.get(name) != now.get(name):
                    self.steps.setdefault(name, []).append((place, now.get(name)))
            before = now

    def at(self, name: str, place: int) -> Fields | None:
        """Return a component after the deployment at `place`; `None` where it was not there."""
        known = [fields for at, fields in self.steps.get(name, ()) if at <= place]
        return known[-1] if known else None

    def changed(self, place: int) -> list[str]:
        """Return the components that the deployment at `place` changed and left."""
        return sorted(n for n, steps in self.steps.items() if any(at == place and fields for at, fields in steps))

    def undone(self, name: str, first: int, place: int) -> int | None:
        """Return the first deployment from `first` on of which `place` takes something back; `None` where none is.

        That a component came or went with what failed, or ran in another number, is part of what failed.
        """
        steps = [at for at, _ in self.steps[name]]
        if place not in steps:
            return None
        old, new = self.at(name, place - 1), self.at(name, place)
        for at in (at for at in steps if first <= at < place):
            before, after = self.at(name, at - 1), self.at(name, at)
            if before is None or after is None:
                if (before is None) is (new is None) and (after is None) is (old is None) and before is not after:
                    return at
                continue
            for path in before.keys() | after.keys():
                was, now = before.get(path), (new or {}).get(path)
                back = was != after.get(path) and (old or {}).get(path) != now == was
                if back and old is not None and new is not None:
                    return at
        return None

    def culprit(self, name: str, place: int, told: Callable[[Fields], object]) -> int | None:
        """Return where the range began that `place` takes back in what `told` says of a component.

        `None` where it takes nothing back: the value was never there, or came after the one that is left. Times at
        which there was no value are passed over.
        """
        values = [(at, told(f)) for at, f in self.steps[name] if f is not None and at <= place and told(f)]
        *before, (_, now) = [v for v, left in zip(values, [None, *values], strict=False) if not left or left[1] != v[1]]
        if not before or values[-1][0] != place:
            return None
        first = {value: at for at, value in reversed(before)}
        left = before[-1][1]
        if now == left or now not in first or first[now] > first[left]:
            return None
        return next(at for (at, _), (_, old) in reversed(list(zip(before[1:], before, strict=False))) if old == now)


class Table:
    """The rows of the definition, for one environment and its upstream."""

    def __init__(self, here: States, upstream: States | None, sorts: Sorts, *, apart: bool) -> None:
        """`apart` says that what both have in the same commit was upstream first."""
        self.past = Past(here)
        self.above = Past(upstream) if upstream is not None else None
        self.sorts, self.apart = sorts, apart

    def triaged(self, place: int) -> Triaged:
        """Return the verdict on the rollback at `place`."""
        ranges = {name: start for name in self.past.changed(place) if (start := self.start(name, place)) is not None}
        if ranges:
            first = min(ranges.values())
            others = [name for name in self.past.steps if name not in ranges]
            ranges |= {n: at for n in others if (at := self.past.undone(n, first, place)) is not None}
        rows = tuple((n, v) for n, start in sorted(ranges.items()) if (v := self.row(n, start, place - 1)))
        verdicts = {verdict for _, verdict in rows}
        verdict = "environment" if not rows else "mixed" if len(verdicts) > 1 else next(iter(verdicts))
        commits = [self.past.states[p][1].id for p in (place, min(ranges.values()), place - 1)]
        return Triaged(commits[0], commits[1], commits[2], verdict, rows)

    def start(self, name: str, place: int) -> int | None:
        """Return where the failed range of a component began; `None` where it does not go back."""
        old, new = self.past.at(name, place - 1), self.past.at(name, place)
        if old is None or new is None:
            old = {}
        moved = {path for path in old.keys() | (new or {}).keys() if old.get(path) != (new or {}).get(path)}
        found = [self.past.culprit(name, place, _value(path)) for path in moved if self.sorts.artifact(path)]
        if old and any(not self.sorts.artifact(path) and not self.sorts.capacity(path) for path in moved):
            found.append(self.past.culprit(name, place, self.settled))
        return min((start for start in found if start is not None), default=None)

    def settled(self, fields: Fields) -> frozenset[tuple[str, str]]:
        """Return everything of a component but its capacity."""
        return frozenset((path, value) for path, value in fields.items() if not self.sorts.capacity(path))

    def row(self, name: str, start: int, last: int) -> str:
        """Return the verdict on one component; empty where nothing changed on balance."""
        good, bad = self.past.at(name, start - 1) or {}, self.past.at(name, last) or {}
        moved = {path for path in good.keys() | bad.keys() if good.get(path) != bad.get(path)}
        artifacts = {path for path in moved if self.sorts.artifact(path) and bad.get(path)}
        if not artifacts or moved - artifacts:
            return "" if not moved else "mixed" if artifacts else "deployment"
        came = max(self.arrived(name, path, last) for path in artifacts)
        states = self.upstream_states(name, came)
        ran = [fields for fields in states if all(fields.get(path) == bad[path] for path in artifacts)]
        if any(not self.ran_before(name, path, bad[path], self.arrived(name, path, last)) for path in artifacts):
            return UNVALIDATED
        return "application" if self.settled(ran[-1]) == self.settled(bad) else "deployment suspected"

    def arrived(self, name: str, path: str, last: int) -> int:
        """Return the deployment that brought the artifact that stands after `last`."""
        steps = [(at, (fields or {}).get(path)) for at, fields in self.past.steps[name] if at <= last]
        changed = [at for (_, old), (at, value) in itertools.pairwise([(-1, None), *steps]) if value and value != old]
        return changed[-1]

    def upstream_states(self, name: str, place: int) -> list[Fields]:
        """Return what the upstream ran of a component up to the deployment at `place`, the same commit included."""
        if self.above is None:
            return []
        number = self.past.states[place][0]
        return [f for at, f in self.above.steps.get(name, ()) if f and self.above.states[at][0] <= number]

    def ran_before(self, name: str, path: str, value: str, place: int) -> bool:
        """Return whether the upstream ran an artifact before the deployment at `place`."""
        if self.above is None:
            return False
        number = self.past.states[place][0]
        ran = [self.above.states[at][0] for at, f in self.above.steps.get(name, ()) if f and f.get(path) == value]
        return any(n < number or (self.apart and n <= number) for n in ran)


def _value(path: str) -> Callable[[Fields], object]:
    return lambda fields: fields.get(path)


def rollbacks(name: str, repository: Path, environment: str) -> list[Triaged]:
    """Return the verdict on each rollback of an environment, oldest first."""
    how = REPOSITORIES[name]
    held = how.held(repository)
    upstream = held[how.upstream] if environment != how.upstream else None
    table = Table(held[environment], upstream, how.sorts, apart=how.apart)
    back = set(counted(name, repository)[environment].account.commits("rollback"))
    return [table.triaged(place) for place, (_, commit, _) in enumerate(held[environment]) if commit.id in back]


def main(name: str, repository: Path, environment: str) -> None:
    """Print the verdicts."""
    for one in rollbacks(name, repository, environment):
        print(one.commit[:8], f"{one.first[:8]}..{one.last[:8]}", one.verdict, *one.components)  # noqa: T201 - a script


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
