from __future__ import annotations

import subprocess
import sys

import pytest

from generator.metrics.statistics import DIGITS, LEAST_MONTHS, kendall, wilson


@pytest.mark.parametrize(("count", "of"), [(0, 1), (1, 1), (0, 40), (40, 40), (1, 3), (7, 9), (3, 1000), (999, 1000)])
def test_the_interval_is_the_one_that_scipy_has(count: int, of: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    wanted = stats.binomtest(count, of).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(count, of) == (round(float(wanted.low), DIGITS), round(float(wanted.high), DIGITS))


def test_nothing_divided_by_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None


def test_an_interval_reaches_the_ends_and_never_beyond() -> None:
    for of in range(1, 60):
        for count in range(of + 1):
            ends = wilson(count, of)
            assert ends is not None
            assert 0 <= ends[0] <= count / of <= ends[1] <= 1
            assert (ends[0] == 0) is (count == 0)
            assert (ends[1] == 1) is (count == of)


def test_too_few_months_are_not_assessed() -> None:
    result = kendall([float(month) for month in range(LEAST_MONTHS - 1)])
    assert (result.verdict, result.n, result.p_value) == ("not assessed", LEAST_MONTHS - 1, None)
    assert str(LEAST_MONTHS) in result.reason


def test_months_without_a_value_are_left_out_and_keep_their_place() -> None:
    pytest.importorskip("scipy")
    gaps: list[float | None] = [1, None, 2, 3, None, None, 4, 5, 6, 7, 8]
    result = kendall(gaps)
    assert (result.verdict, result.n, result.tau) == ("rising", 8, 1.0)


def test_months_all_alike_go_nowhere() -> None:
    assert kendall([3.0] * 12).verdict == "no trend"


def test_ups_and_downs_are_no_trend() -> None:
    pytest.importorskip("scipy")
    # Of 28 pairs 7 are tied, 9 rise and 12 fall.
    result = kendall([5, 4, 6, 5, 4, 6, 5, 4])
    assert (result.verdict, result.tau) == ("no trend", -0.1237)
    assert result.p_value is not None
    assert result.p_value > 0.5


def test_what_falls_is_falling() -> None:
    pytest.importorskip("scipy")
    result = kendall([9, 8, 8, 7, 6, 6, 5, 3, 2])
    assert result.verdict == "falling"
    assert result.p_value is not None
    assert result.p_value < 0.01


def test_without_scipy_nothing_is_assessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    result = kendall([1, 2, 3, 4, 5, 6, 7, 8])
    assert (result.verdict, result.p_value, result.tau) == ("not assessed", None, None)
    assert "assay[statistics]" in result.reason


def test_scipy_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, generator.metrics.statistics, generator.evidence.profiles; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
