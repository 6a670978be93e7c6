"""One artifact of a component on its way to production: what some definitions have to know of all of its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.metrics.columns import numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class Made(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A version as the first environment of the chain got it."""

    place: int
    """How many versions came there before it."""
    time: int | None
    """When it came for the first time."""
    known: int | None
    """When it came for the first time that has a time."""


class Came(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A version that came to production."""

    number: int
    time: int | None
    version: str
    new: bool
    """Whether it was new there by its kind."""


class Waiting(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A version in production whose way there began at a time that is not known yet."""

    number: int
    index: int
    """Place of the arrival within its deployment."""
    until: int | None
    again: bool = False
    """Whether the deployment left everything as it was."""


class Artifact(msgspec.Struct, array_like=True):
    """One artifact of one production environment."""

    component: str
    made: dict[str, Made]
    came: list[Came]
    waiting: dict[str, list[Waiting]]
    """What came to production before it was in the first environment at a known time, by version."""
    running: str | None = None
    """The newest version in production."""
    replaced: dict[str, int] = {}
    """By version: number of the deployment that replaced it last."""

    def bring(self, version: str, time: int | None) -> list[Waiting]:
        """Take in that the first environment got `version`; return what waited for its time."""
        known = self.made.get(version)
        if known is not None and known.known is not None:
            return []
        place, first = (len(self.made), time) if known is None else (known.place, known.time)
        self.made[version] = Made(place, first, time)
        return self.waiting.pop(version, []) if time is not None else []

    def replace(self, number: int, version: str) -> int | None:
        """Take in that a deployment brought `version`; return the one that a return to it condemns."""
        before = self.running
        if before == version:
            return None
        self.running = version
        culprit = self.replaced.get(version)
        if before is not None:
            self.replaced[before] = number
        return culprit


class Waits(msgspec.Struct, array_like=True, gc=False):
    """How long versions of one artifact waited for a deployment that held, as Octopus Deploy counts it."""

    times: bytes
    """When they were deployed, in order."""
    seconds: bytes
    unmeasured: bytes
    """When those were deployed of which it is not known."""


def waits(artifact: Artifact, failed: Collection[int]) -> Waits:
    """Return how long the oldest version that each deployment brought along had waited, in the order of time."""
    times, seconds, unmeasured = numbers(), numbers(), numbers()
    for time, waited in _waits(artifact, failed):
        if waited is None:
            unmeasured.append(time)
        else:
            times.append(time)
            seconds.append(waited)
    return Waits(times.tobytes(), seconds.tobytes(), unmeasured.tobytes())


def _waits(artifact: Artifact, failed: Collection[int]) -> Iterator[tuple[int, int | None]]:
    made = {version: one.place for version, one in artifact.made.items()}
    times = [one.time for one in artifact.made.values()]
    held = [(one.time, one.number, one) for one in artifact.came if one.time is not None and one.number not in failed]
    held.sort(key=lambda one: one[:2])
    deployed = -1
    for time, _, one in held:
        place = made.get(one.version)
        if place is None:
            if one.new:
                yield time, None
        elif place > deployed:
            oldest = times[deployed + 1]
            deployed = place
            yield time, None if oldest is None or oldest > time else time - oldest
