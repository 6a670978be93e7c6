"""What a profile is: a body, its measures, and how each is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.metrics.profiles.counting import Counting
    from generator.metrics.profiles.history import Definition, EnvironmentHistory

NO_APPLICATION = "It needs the application's own history, which was not given."
NO_COMMIT = "No commit of the application came with a deployment of this window."
NO_FAILURE = "Nothing is known against any deployment of this window."
NOT_RECOVERED = "None of the failed deployments has recovered."
NO_INCIDENT = "No incident of this window is known."
NO_RECORD = "It counts incidents, and none was recorded: that would tell no failure from a good deployment."
NOT_RESTORED = "When the incidents began and ended is not known."


class Measure(NamedTuple):
    """One measure of a body."""

    definition: Definition
    counting: Callable[[EnvironmentHistory], Counting]


class Profile(NamedTuple):
    """The measures of one body."""

    name: str
    """As in `profile:` of the configuration."""
    title: str
    measures: tuple[Measure, ...]
