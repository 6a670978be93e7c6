"""Small facts to measure: a line a deployment, and the tally of any stretch of time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from generator.evidence.measuring import period_metrics
from generator.metrics.facts import Arrival, Delivery, EnvironmentFacts
from generator.metrics.settings import Settings
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.evidence.metrics import PeriodMetrics
    from generator.metrics.measuring import By
    from generator.metrics.slices import Span

HOUR, DAY = 3600, 86_400


def at(text: str) -> int:
    """Return a time such as `2026-01-05 08:00`, in UTC, in seconds since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def delivery(sequence: int, kind: str, time: str | int | None, version: str = "", **more: Any) -> Delivery:  # noqa: ANN401 - fields of the struct
    """Return a deployment of the component `a`, with a version where one came."""
    when = at(time) if isinstance(time, str) else time
    change = {"forward": Kind.FORWARD, "hotfix": Kind.FORWARD, "roll-forward": Kind.FORWARD}.get(kind, Kind(kind))
    arrivals = (Arrival("a", "image", version, change),) if version else ()
    known: dict[str, Any] = {"components": ("a",), "arrivals": arrivals} | more
    return Delivery(sequence=sequence, commit=f"{sequence:040x}", time=when, kind=Kind(kind), **known)


def back(sequence: int, time: str | int | None, version: str, *failed: int, **more: Any) -> Delivery:  # noqa: ANN401 - as above
    """Return a rollback of the component `a` that takes back the deployments numbered `failed`."""
    parts: dict[str, Any] = {"undone": failed, "undone_parts": tuple((number, "a") for number in failed)}
    return delivery(sequence, "rollback", time, version, **(parts | more))


def environment(*deliveries: Delivery, **more: Any) -> EnvironmentFacts:  # noqa: ANN401 - as above
    """Return a production environment."""
    known: dict[str, Any] = {"name": "production", "production": True, "deliveries": deliveries} | more
    return EnvironmentFacts(**known)


def lines(
    facts: EnvironmentFacts,
    as_of: str | int | None,
    *units: Span,
    by: By = "environment",
    **more: Any,  # noqa: ANN401 - as above
) -> list[PeriodMetrics]:
    """Return the measures of `facts` at a report time."""
    settings = Settings(at(as_of) if isinstance(as_of, str) else as_of, **more)
    return list(period_metrics([facts], settings, by=by, units=units or ("all",)))


def whole(facts: EnvironmentFacts, as_of: str | int | None, **more: Any) -> PeriodMetrics:  # noqa: ANN401 - as above
    """Return the measures of all time."""
    (line,) = lines(facts, as_of, "all", **more)
    return line


def named(found: Iterable[PeriodMetrics]) -> dict[str, PeriodMetrics]:
    """Return lines by the name of their period."""
    return {line.period: line for line in found}


def kinds(line: PeriodMetrics) -> dict[str, int]:
    """Return the kinds that a line has any of."""
    return {name: count for name, count in msgspec.to_builtins(line.kinds).items() if count}
