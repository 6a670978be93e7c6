"""How delivery measures, by DEFINITIONS alone: velocity to rollback, change fail rate, recovery, leads.

It starts from what an independent reading says that each deployment was, and where the failed range of each rolled back
component began; no code is shared with the package. Bulk deployments are in no measure. Try it on a bare clone, from
the folder `tests`: `python -m real.oracle_measures web-monitoring-ops REPOSITORY`.
"""

from __future__ import annotations

import functools
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from real.oracle_counts import REPOSITORIES, counted
from real.oracle_git import judged, text
from real.oracle_triage import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from real.oracle_git import Step
    from real.oracle_kinds import Account, Told

BEARING = {"initial", "forward", "redo", "roll-forward", "hotfix"}
"""Kinds that bring a change to production."""
NEW = {"initial", "forward"}
WEEK = 7 * 86_400


@dataclass(frozen=True)
class Spread:
    """Durations in seconds: how many, of how many, the median and the 90th percentile."""

    n: int
    of: int
    median: int | None = None
    p90: int | None = None


@dataclass(frozen=True)
class Measures:
    """What one environment comes to."""

    months: dict[str, tuple[int, int]] = field(repr=False)
    """Forward deliveries, and rollbacks with roll-forwards, of each month that has any."""
    failed: tuple[str, ...] = field(repr=False)
    """Commits of the change-bearing deployments that failed."""
    apart: tuple[str, ...]
    """Commits of others that failed."""
    good: int
    pending: int
    recovery: Spread
    lead: Spread | None
    """`None` where the environment is the first of its chain."""
    promotion: Spread | None

    @property
    def velocity(self) -> tuple[int, int]:
        """Return forward deliveries, and rollbacks with roll-forwards."""
        return sum(up for up, _ in self.months.values()), sum(down for _, down in self.months.values())


def spread(seconds: Iterable[int], of: int) -> Spread:
    """Return median (mean of the middle two) and 90th percentile (nearest rank)."""
    found = sorted(seconds)
    if not found:
        return Spread(0, of)
    middle = found[(len(found) - 1) // 2] + found[len(found) // 2]
    return Spread(len(found), of, middle // 2, found[(9 * len(found) + 9) // 10 - 1])


@functools.cache
def newest(repository: Path, refs: tuple[str, ...]) -> int:
    """Return the time of the newest commit of any ref."""
    return max(int(text(repository, "log", "-1", "--format=%ct", ref)) for ref in refs)


class Environment:
    """One environment of one history."""

    def __init__(self, name: str, repository: Path, environment: str) -> None:
        """Read what is needed."""
        how = REPOSITORIES[name]
        held, counts = how.held(repository), counted(name, repository)
        self.apart = how.apart
        self.as_of = newest(repository, how.refs)
        self.account: Account = counts[environment].account
        self.above = counts[how.upstream].account if environment != how.upstream else None
        self.exists = [(number, now) for number, _, now in held[how.upstream]]
        self.table = Table(held[environment], None, how.sorts, apart=how.apart)
        self.told = self.account.told
        self.place = {one.commit.id: place for place, one in enumerate(self.told)}
        self.states = {commit.id: place for place, (_, commit, _) in enumerate(held[environment])}
        self.by_bulk: set[str] = set()
        """Failures that only a bulk rollback tells of."""

    def time(self, one: Told) -> int | None:
        """Return the time of a deployment; one after the report has none."""
        return one.commit.time if one.commit.time <= self.as_of else None

    @functools.cached_property
    def remedies(self) -> dict[str, list[Told]]:
        """Return for each deployment that failed, by commit, what took it back or mends it, in order."""
        found: dict[str, list[Told]] = {}
        for one in self.told:
            for commit in dict.fromkeys([*self.culprits(one), *one.mended]):
                found.setdefault(commit, []).append(one)
        return found

    def culprits(self, one: Told) -> Iterator[str]:
        """Yield the commits at which the failed ranges began that a rollback takes back."""
        if one.kind == "rollback":
            place = self.states[one.commit.id]
            for component in self.table.past.changed(place):
                start = self.table.start(component, place)
                if start is not None:
                    yield self.table.past.states[start][1].id

    def measures(self) -> Measures:
        """Return everything."""
        told = {one.commit.id: one for one in self.told}
        real = {c: made for c, made in self.remedies.items() if not all(one.bulk for one in made)}
        bearing = {c for c, one in told.items() if one.kind in BEARING and not one.bulk}
        failed = [one.commit.id for one in self.told if one.commit.id in real and one.commit.id in bearing]
        apart = [one.commit.id for one in self.told if one.commit.id in self.remedies and one.commit.id not in failed]
        rest = [told[c] for c in told if c in bearing and c not in failed]
        pending = [one for one in rest if (at := self.time(one)) is not None and at + WEEK > self.as_of]
        return Measures(
            dict(self.by_month()),
            tuple(failed),
            tuple(apart),
            len(rest) - len(pending),
            len(pending),
            self.recovery(failed),
            self.lead(),
            self.promotion(),
        )

    def by_month(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield each month with its forward deliveries and what went back or mended."""
        found: dict[str, Counter[str]] = {}
        for one in self.told:
            if not one.bulk and self.time(one) is not None:
                month = datetime.fromtimestamp(one.commit.time, UTC).strftime("%Y-%m")
                found.setdefault(month, Counter())[one.kind] += 1
        for month, kinds in sorted(found.items()):
            yield month, (kinds["forward"], kinds["rollback"] + kinds["roll-forward"])

    def recovery(self, failed: list[str]) -> Spread:
        """Return how long it took from each failure to the first remedy that holds."""
        told = {one.commit.id: one for one in self.told}
        found = []
        for commit in failed:
            began = self.time(told[commit])
            held = self.held(commit)
            ended = self.time(held) if held is not None else None
            if began is not None and ended is not None:
                found.append(ended - began)
        return spread(found, len(failed))

    def held(self, failed: str) -> Told | None:
        """Return the first remedy that holds: it is good itself, and what it took back stays away for a week.

        What brought that back is one more way to the same failure, so that its own remedies count too.
        """
        ways, holding = [failed], []
        for commit in ways:
            for remedy in self.remedies.get(commit, ()):
                back = self.back(commit, remedy)
                ways += [one for one in back if one not in ways]
                if not back and remedy.commit.id not in self.remedies:
                    holding.append(remedy)
            if holding:
                return min(holding, key=lambda one: one.commit.time)
        return None

    def back(self, failed: str, remedy: Told) -> list[str]:
        """Return the commits that brought a version of what failed again, within a week of its remedy, and failed."""
        bad = {(s.thing, s.value) for s in self.account.versions if s.commit == failed}
        return [
            step.commit
            for step in self.account.versions
            if self.place[step.commit] > self.place[remedy.commit.id]
            and step.time < remedy.commit.time + WEEK
            and step.kind == "redo"
            and (step.thing, step.value) in bad
            and step.commit in self.remedies
        ]

    def arrivals(self, *kinds: str) -> list[Step]:
        """Return the new versions that came otherwise than in bulk, with deployments that went on."""
        told = {one.commit.id: one for one in self.told}
        steps = [s for s in self.account.versions if s.kind in kinds and not told[s.commit].bulk]
        return [s for s in steps if s.time <= self.as_of]

    def lead(self) -> Spread | None:
        """Return how long it took from a version's first commit upstream to its coming here."""
        if self.above is None:
            return None
        first: dict[tuple[str, str], Step] = {}
        for step in self.above.versions:
            if step.time <= self.as_of:
                first.setdefault((step.thing, step.value), step)
        came = self.arrivals(*NEW)
        spans = [s.time - origin.time for s in came if (origin := first.get((s.thing, s.value))) is not None]
        # What was here before it was upstream did not come from there.
        return spread([span for span in spans if span >= 0], len(came))

    def promotion(self) -> Spread | None:
        """Return how long versions had run upstream when they were promoted for the first time."""
        if self.above is None:
            return None
        steps = judged(self.arrivals(*NEW), self.above.versions, self.exists, apart=self.apart)
        # When a branch was moved on to a commit that the other had, git does not tell.
        promoted = [j for j in steps if j.verdict == "promoted" and j.origin != j.step.commit]
        return spread([j.lead for j in promoted], len(promoted))


@functools.cache
def measured(name: str, repository: Path, environment: str) -> Measures:
    """Return the measures of one environment."""
    return Environment(name, repository, environment).measures()


def main(name: str, repository: Path) -> None:
    """Print the numbers."""
    for environment in REPOSITORIES[name].held(repository):
        found = measured(name, repository, environment)
        print(environment, found.velocity, f"failed {len(found.failed)} of {len(found.failed) + found.good}", found)  # noqa: T201 - a script


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
