"""September: a library is exchanged app by app, a fix goes past staging, and some versions wait for production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.demo.script import ADAEZE, JONAH, MIRA, SANNA, TOMASZ, approved, journey, step
from generator.demo.state import INTEGRATION, PRODUCTION, STAGING, settings, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.demo.script import Step


def autumn() -> Iterator[Step]:
    """Yield the steps of September, in no order."""
    yield from journey(
        "storefront", "3.6.0", "autumn look", JONAH, "09-01 10:38", "09-03 09:52", "09-08 10:30", trailer=False
    )
    yield from journey("search", "0.11.0", "faster index", SANNA, "09-09 09:47", "09-14 10:22", "09-17 09:58")
    yield from _new_library()
    yield from _price_of_tents()
    yield from _wish_lists()
    yield from journey("checkout", "1.13.0", "invoices by mail", ADAEZE, "09-22 13:18", "09-28 10:06")
    yield from journey("catalogue", "2.8.0", "product films", SANNA, "09-30 11:32")


def _new_library() -> Iterator[Step]:
    """Yield all apps with a new library: at once in the first two environments, in four steps in production."""
    steps = (
        ("09-10 09:30", {"storefront": "3.6.1", "catalogue": "2.7.3"}),
        ("09-10 09:33", {"checkout": "1.12.1", "accounts": "1.13.1"}),
        ("09-10 09:37", {"search": "0.10.3", "fulfilment": "1.4.1"}),
        ("09-10 09:41", {"notifications": "0.2.0-rc.2"}),
    )
    subject = "Mended encryption library"
    all_of_them = {name: version for _, some in steps for name, version in some.items()}
    yield step("09-08 15:20", MIRA, f"{subject}, integration", versions(INTEGRATION, **all_of_them))
    yield step("09-09 08:50", MIRA, f"{subject}, staging", versions(STAGING, **all_of_them))
    for when, some in steps:
        message = f"{subject}, production: {' and '.join(some)}"
        yield step(when, MIRA, message, versions(PRODUCTION, **some), says=(approved(TOMASZ),))


def _price_of_tents() -> Iterator[Step]:
    """Yield a version that no environment before production ever had, on a Friday afternoon."""
    yield step("09-25 16:20", JONAH, "storefront 3.6.2: the price of tents", versions(PRODUCTION, storefront="3.6.2"))


def _wish_lists() -> Iterator[Step]:
    """Yield a version that waits for production, with a setting that has to come along."""
    yield from journey("storefront", "3.7.0", "wish lists", JONAH, "09-24 10:55", "09-29 09:41")
    for when, where in (("09-24 11:20", INTEGRATION), ("09-29 09:50", STAGING)):
        kept = settings(where, "storefront", WISH_LIST_DAYS="90")
        yield step(when, JONAH if where == INTEGRATION else TOMASZ, f"Keep wish lists for 90 days in {where}", kept)
