"""What `assay metrics` answers: lines of measures with what is needed to read them, as one document."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any

import msgspec

from generator.evidence.metrics import (  # noqa: TC001 - schemas are made from the annotations
    OpenFailure,
    PeriodMetrics,
    ProfileFigure,
    ProfileText,
)

REPORT_FORMAT = "assay-metrics/1"
DAY = 86_400


class MetricsReport(msgspec.Struct, frozen=True):
    """The answer of `assay metrics --format json`."""

    format: str
    version: str
    """Version of Assay that made the evidence."""
    title: str
    as_of: str
    """Report time, RFC 3339 in UTC; empty where there is no commit."""
    commit: str
    """The newest commit read."""
    limited: str
    """Why the history is not whole; empty where it is."""
    profile: str
    """Whose definitions were asked for; `metrics` are always Assay's own."""
    by: str
    """`environment`, `component` or `team`."""
    small: int
    """Number of cases below which a figure comes from a small sample."""
    metrics: tuple[PeriodMetrics, ...]
    """By environment in the order of promotion, then subject, unit and period."""
    first: tuple[tuple[str, str, str], ...] = ()
    """(environment, subject, first dated deployment) of what was measured; rates count the days from then on."""
    figures: tuple[ProfileFigure, ...] = ()
    """What the profile makes of the same history, over its own windows; none where it is not asked for."""
    definitions: tuple[ProfileText, ...] = ()
    """What the profile's measures are, and where that stands."""
    open_failures: tuple[OpenFailure, ...] = ()
    """Failed deployments of these environments that have not recovered."""


def covered_days(line: PeriodMetrics, first: str) -> float:
    """Return how many days of a line's time come after the `first` deployment, RFC 3339; begun ones of windows whole.

    0 where no time is known.
    """
    if not line.start or not line.end:
        return 0.0
    start = max(datetime.fromisoformat(line.start), datetime.fromisoformat(first or line.start))
    days = (datetime.fromisoformat(line.end) - start).total_seconds() / DAY
    return float(max(1, ceil(days))) if line.unit in {"all", "rolling"} else days


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the answer."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(MetricsReport)}
    return {**schema, "title": "Assay metrics: the answer of assay metrics --format json"}
