"""How sure a share is, and whether a series of months goes anywhere."""

from __future__ import annotations

from math import isnan, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIDENCE = 0.95
DIGITS = 4
"""Figures are rounded to so many digits: what is beyond differs with the mathematics library of the machine."""
LEAST_MONTHS = 8
"""Months with a value below which no trend is looked for: the test then finds next to nothing."""
SIGNIFICANT = 0.05
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
INSTALL = "The test needs SciPy: install assay[statistics]."


def wilson(count: int, of: int) -> tuple[float, float] | None:
    """Return the ends of the 95 % interval of `count` out of `of`, between 0 and 1; `None` where `of` is 0.

    The interval is Wilson's score interval (Wilson, Journal of the American Statistical Association 22, 1927,
    pages 209-212), without correction for continuity: unlike the textbook one it neither leaves 0 to 1 nor shrinks to
    nothing at 0 of n. It is defined by a closed formula, so the standard library is enough, and every report has its
    intervals whether SciPy is there or not; a test holds it against `scipy.stats.binomtest`.
    """
    if of <= 0:
        return None
    share = count / of
    spread = _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    low = 0.0 if count <= 0 else max(0.0, round(middle - half, DIGITS))
    high = 1.0 if count >= of else min(1.0, round(middle + half, DIGITS))
    return low, high


class Tendency(NamedTuple):
    """What a test says of a series."""

    verdict: str
    """`rising`, `falling`, `no trend` or `not assessed`."""
    n: int
    """Values that were looked at."""
    p_value: float | None
    tau: float | None
    reason: str
    """How it was tested, or why it was not."""


def kendall(values: Sequence[float | None]) -> Tendency:
    """Test whether `values`, one for each month in order, rise or fall (Mann-Kendall); `None` is a month without one.

    The statistic is Kendall's tau of the values against time, ties handled (tau-b), two-sided, as SciPy computes it.
    """
    seen = [(month, value) for month, value in enumerate(values) if value is not None]
    if len(seen) < LEAST_MONTHS:
        return Tendency("not assessed", len(seen), None, None, f"{_months(len(seen))}; {LEAST_MONTHS} are needed.")
    if len({value for _, value in seen}) == 1:
        return Tendency("no trend", len(seen), None, None, "Every month has the same value.")
    try:
        from scipy.stats import kendalltau  # noqa: PLC0415 - an extra that takes a while to load
    except ImportError:
        return Tendency("not assessed", len(seen), None, None, INSTALL)
    result = kendalltau([month for month, _ in seen], [value for _, value in seen])
    tau, p_value = float(result.statistic), float(result.pvalue)
    if isnan(tau) or isnan(p_value):
        return Tendency("no trend", len(seen), None, None, "The values are too much alike to be put in order.")
    verdict = "no trend" if p_value >= SIGNIFICANT else "rising" if tau > 0 else "falling"
    how = f"Mann-Kendall test, two-sided: {_months(len(seen))}."
    return Tendency(verdict, len(seen), float(f"{p_value:.3g}"), round(tau, DIGITS), how)


def _months(number: int) -> str:
    return f"{number} whole {'month' if number == 1 else 'months'} with a value"
