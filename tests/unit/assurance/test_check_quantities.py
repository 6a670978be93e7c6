from __future__ import annotations

from decimal import Decimal

import pytest

from generator.assurance.checks.quantities import quantity


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1", "1"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        ("1.", "1"),
        ("500m", "0.5"),
        ("250u", "0.00025"),
        ("2k", "2000"),
        ("2Ki", "2048"),
        ("1Mi", "1048576"),
        ("1M", "1000000"),
        ("1E", "1000000000000000000"),
        ("1e3", "1000"),
        ("12E2", "1200"),
        ("5e-1", "0.5"),
        (" 64Mi ", "67108864"),
    ],
)
def test_an_amount_is_read_in_its_base_unit(text: str, amount: str) -> None:
    assert quantity(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "Mi", "1 Mi", "1Kb", "1ki", "${MEMORY}", "-1", "1,5", "9" * 40, "1e999", "1_000"])
def test_what_is_no_amount_is_not_known(text: str) -> None:
    assert quantity(text) is None
