from __future__ import annotations

from pathlib import Path

import pytest
from support.replay import gathered, write_trees

from generator.errors import ConfigErrors
from generator.readers.registry import reader_names

SITE = Path(__file__).parent / "site"
CONFIG = """
environments:
  staging: {path: staging, reader: listing}
  production: {upstream: staging}
model:
  - listing: sites/{environment}.listing
"""
TREES = [
    {"staging/all.listing": "shop images.example.org/shop:1 2\n", "sites/production.listing": "\n"},
    {"staging/all.listing": "shop images.example.org/shop:1 2\n", "sites/production.listing": "shop i/shop:1\n"},
    {
        "staging/all.listing": "shop images.example.org/shop:1 2\nbroken\n",
        "sites/production.listing": "shop i/shop:1\n",
    },
]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SITE)


@pytest.mark.usefixtures("installed")
def test_a_reader_of_another_package_is_found_by_its_entry_point(tmp_path: Path) -> None:
    assert "listing" in reader_names()
    found = gathered(write_trees(tmp_path / "r", TREES), tmp_path / "e", CONFIG)
    assert found.kinds("staging") == ["initial"]
    (release,) = found.of("production")
    assert [(c.component, c.aspect, c.field, c.new) for c in release.changes if c.aspect == "artifact"] == [
        ("shop", "artifact", "image", "i/shop:1")
    ]
    (lost,) = found.evidence.summary.unreadable
    assert (lost.code, lost.path, lost.line) == ("listing", "staging/all.listing", 2)


def test_without_the_package_its_name_is_told_as_unknown(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="no reader `listing` is installed"):
        gathered(write_trees(tmp_path / "r", TREES), tmp_path / "e", CONFIG)
