"""Every profile, in the order in which they are shown, and their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.metrics.profiles import assay, datadog, devlake, dora, gitlab, octopus
from generator.metrics.profiles.history import EnvironmentHistory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.metrics.facts import EnvironmentFacts
    from generator.metrics.failures import Failures
    from generator.metrics.profiles.counting import Figure
    from generator.metrics.profiles.profile import Profile

PROFILES: tuple[Profile, ...] = (
    assay.PROFILE,
    dora.PROFILE,
    gitlab.PROFILE,
    devlake.PROFILE,
    datadog.PROFILE,
    octopus.PROFILE,
)


class Counted(NamedTuple):
    """One figure, and what it is of."""

    profile: str
    window: str
    measure: str
    figure: Figure


def figures(
    facts: EnvironmentFacts, as_of: int, observation: int, failures: Failures | None = None
) -> Iterator[Counted]:
    """Yield every measure of every profile for one environment, over every window; nothing where nothing is dated.

    `as_of` is seconds since 1970, `observation` a number of seconds; `failures` may be known already.
    """
    history = EnvironmentHistory(facts, as_of, observation, failures)
    windows = tuple(history.windows())
    for profile in PROFILES:
        countings = [(measure.definition.measure, measure.counting(history)) for measure in profile.measures]
        for window in windows:
            for name, counting in countings:
                yield Counted(profile.name, window.name, name, counting.over(window))
