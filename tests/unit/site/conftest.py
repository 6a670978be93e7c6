"""Sites of synthetic evidence, each built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from unit.site.synthetic import write_evidence

from generator.site.build import build_site

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.build import SiteReport


@pytest.fixture(scope="session")
def shop_evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the evidence of a shop of sixty releases."""
    return write_evidence(tmp_path_factory.mktemp("shop") / "evidence", 60)


@pytest.fixture(scope="session")
def shop_build(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteReport]:
    """Build the shop's site; each reading of the clock is one second after the last."""
    ticks = iter(range(1000))
    site = tmp_path_factory.mktemp("built") / "site"
    return site, build_site(shop_evidence, site, clock=lambda: float(next(ticks)))


@pytest.fixture(scope="session")
def shop_site(shop_build: tuple[Path, SiteReport]) -> Path:
    """Return the folder of the shop's site."""
    return shop_build[0]


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site of a shop whose names, authors, subjects and title are markup."""
    folder = tmp_path_factory.mktemp("hostile")
    build_site(write_evidence(folder / "evidence", 40, hostile=True), folder / "site")
    return folder / "site"
