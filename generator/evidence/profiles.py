"""Profiles and trends as they stand in the evidence: the same history by other definitions, and whether it moves."""

from __future__ import annotations

from collections import defaultdict
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.metrics import PeriodMetrics, ProfileFigure, ProfileText, Trend
from generator.metrics.profiles.registry import PROFILES, figures
from generator.metrics.statistics import Tendency, kendall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from generator.evidence.counts import KindCounts
    from generator.evidence.memo import Memo
    from generator.metrics.facts import EnvironmentFacts
    from generator.metrics.failures import Failures


def profile_figures(
    facts: Iterable[EnvironmentFacts],
    as_of: int,
    observation: int,
    failures: Mapping[str, Failures] | None = None,
) -> tuple[ProfileFigure, ...]:
    """Return what each profile makes of each production environment, over each window up to `as_of`.

    In the order of the environments given, then of the profiles, windows and measures. `as_of` is seconds since 1970,
    `observation` a number of seconds; `failures` by environment, where they are known already. An environment without
    a dated deployment has no figures.
    """
    known = failures or {}
    return tuple(
        ProfileFigure(
            profile=counted.profile,
            environment=environment.name,
            window=counted.window,
            measure=counted.measure,
            value=counted.figure.value,
            unit=counted.figure.unit,
            count=counted.figure.count,
            of=counted.figure.of,
            reason=counted.figure.reason,
        )
        for environment in facts
        if environment.production
        for counted in figures(environment, as_of, observation, known.get(environment.name))
    )


def profile_texts() -> tuple[ProfileText, ...]:
    """Return how each profile defines each of its measures, and where that stands."""
    return tuple(
        ProfileText(
            profile=profile.name,
            title=profile.title,
            measure=measure.definition.measure,
            formula=measure.definition.formula,
            source=measure.definition.source,
            url=measure.definition.url,
            differs=measure.definition.differs,
        )
        for profile in PROFILES
        for measure in profile.measures
    )


def trends(lines: Iterable[PeriodMetrics], environments: Sequence[str], memo: Memo | None = None) -> tuple[Trend, ...]:
    """Return whether the months of each of `environments` rise or fall, by the lines of `metrics.jsonl`.

    Only whole months count (those without `cut`), empty ones included where the measure has a value in them; where most
    of them are empty, nothing is assessed. Being made of the very lines that are shown, no trend can speak of other
    numbers. What is in `memo` is not tested again.
    """
    statistics = _statistics() if memo is not None else ""
    months: dict[str, list[PeriodMetrics]] = defaultdict(list)
    for line in lines:
        if line.by == "environment" and line.unit == "month" and not line.cut:
            months[line.environment].append(line)
    found = []
    for name in environments:
        ordered = sorted(months[name], key=lambda line: line.start)
        busy = sum(1 for line in ordered if _sum(line.kinds))
        for measure, value in _MEASURES:
            values = [value(line) for line in ordered]
            # Without SciPy nothing is tested, and with another version of it the result may differ.
            result = _known(values, memo, statistics) if memo is not None and statistics else kendall(values)
            if 2 * busy < len(ordered):
                # A line through months of nothing would speak of the silence alone.
                reason = (
                    f"{busy:,} of {len(ordered):,} whole months have a deployment that is not bulk; half are needed."
                )
                result = Tendency("not assessed", result.n, None, None, reason)
            found.append(Trend(name, measure, result.n, result.verdict, result.p_value, result.tau, result.reason))
    return tuple(found)


def _known(values: list[float | None], memo: Memo, statistics: str) -> Tendency:
    """Return the tendency of `values`, tested with the version `statistics` of SciPy where it is not in `memo`."""
    encode = msgspec.msgpack.encode
    found = memo.get(encode(("trend", statistics, values)), lambda: encode(kendall(values)))
    return msgspec.msgpack.decode(found, type=Tendency)


def _statistics() -> str:
    """Return the version of SciPy; empty where there is none. To load it takes longer than all else here."""
    try:
        return version("scipy")
    except PackageNotFoundError:
        return ""


def _deployments(line: PeriodMetrics) -> float | None:
    return float(_sum(line.kinds))


def _failed(line: PeriodMetrics) -> float | None:
    share = line.change_fail_rate
    return share.count / share.of if share.of else None


def _forward(line: PeriodMetrics) -> float | None:
    """Return the forward part of forward deliveries, rollbacks and roll-forwards; the ratio itself may be infinite."""
    left, right = line.velocity_to_rollback.left, line.velocity_to_rollback.right
    return left / (left + right) if left + right else None


def _lead(line: PeriodMetrics) -> float | None:
    seconds = line.lead_time.median_seconds
    return None if seconds is None else float(seconds)


def _sum(kinds: KindCounts) -> int:
    return sum(getattr(kinds, name) for name in kinds.__struct_fields__)


_MEASURES: tuple[tuple[str, Callable[[PeriodMetrics], float | None]], ...] = (
    ("deployments a month", _deployments),
    ("change fail rate", _failed),
    ("velocity to rollback", _forward),
    ("lead time", _lead),
)
