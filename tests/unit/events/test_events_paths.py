from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.events.paths import path_of, values_at

if TYPE_CHECKING:
    from generator.events.rows import Plain

DEPLOYMENT: Plain = {
    "environment": {"name": "production"},
    "statuses": [{"state": "inactive", "at": "3"}, {"state": "success", "at": "2"}, {"state": "error", "at": "1"}],
    "labels": [{"name": "incident"}, {"name": "high"}, "plain"],
    "a.b": "dotted",
    "nothing": None,
}


@pytest.mark.parametrize(
    ("way", "found"),
    [
        ("environment.name", ["production"]),
        ("statuses[state=success, error].at", ["2"]),
        ("statuses[state=gone].at", []),
        ("statuses.at", ["3", "2", "1"]),
        ("labels.name", ["incident", "high"]),
        ("environment.name.deeper", []),
        ("a.b", ["dotted"]),
        ("nothing", []),
        ("absent", []),
    ],
)
def test_ways_lead_to_values(way: str, found: list[str]) -> None:
    path = path_of(way)
    assert path is not None
    assert values_at(DEPLOYMENT, path) == found


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a[b]", "a[=b]", "a[b=c", "a[b=c]d", "a" * 301])
def test_what_is_no_way_is_told(text: str) -> None:
    assert path_of(text) is None
