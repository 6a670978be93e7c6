"""July to September: an app goes, versions come, and at the end some of them wait for production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.demo.script import ADAEZE, JONAH, MIRA, PRIYA, SANNA, TOMASZ, journey, step
from generator.demo.state import INTEGRATION, PRODUCTION, STAGING, remove, settings, text, versions
from generator.demo.texts import ON_CALL_SUMMER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.demo.script import Step
    from generator.demo.state import Edit


def summer() -> Iterator[Step]:
    """Yield the steps of July to September, in no order."""
    yield from _recommendations_go()
    yield from _july_and_august_versions()
    yield from _september_versions()
    yield step("07-01 11:20", PRIYA, "On call during the holidays", text("docs/on-call.md", ON_CALL_SUMMER))
    yield step("07-28 09:50", MIRA, "WAF 7.3", versions(PRODUCTION, waf="7.3"))


def _recommendations_go() -> Iterator[Step]:
    def retire(where: str) -> tuple[Edit, ...]:
        return remove(where, "recommendations"), settings(where, "storefront", RECOMMENDATIONS_URL=None)

    yield step("07-06 10:12", JONAH, "Remove recommendations from integration", *retire(INTEGRATION))
    yield step("07-08 13:30", TOMASZ, "Remove recommendations from staging", *retire(STAGING))
    yield step("07-13 09:44", TOMASZ, "Remove recommendations from production", *retire(PRODUCTION))


def _july_and_august_versions() -> Iterator[Step]:
    yield from journey("catalogue", "2.7.0", "bundles", SANNA, "07-14 10:33", "07-16 09:27", "07-21 10:14")
    yield from journey("fulfilment", "1.4.0", "pick-up points", ADAEZE, "07-22 14:05", "07-27 09:40", "07-30 10:20")
    yield from journey("accounts", "1.13.0", "sign in with a key", ADAEZE, "08-04 10:16", "08-06 13:50", "08-11 09:35")
    yield from journey("checkout", "1.12.0", "pay later", ADAEZE, "08-17 11:24", "08-19 10:48", "08-24 14:06")


def _september_versions() -> Iterator[Step]:
    yield from journey("storefront", "3.6.0", "autumn look", JONAH, "09-01 10:38", "09-03 09:52", "09-08 10:30")
    yield from journey("search", "0.11.0", "faster index", SANNA, "09-09 09:47", "09-14 10:22", "09-17 09:58")
    yield from journey("checkout", "1.13.0", "invoices by mail", ADAEZE, "09-22 13:18", "09-28 10:06")
    yield from journey("storefront", "3.7.0", "wish lists", JONAH, "09-24 10:55", "09-29 09:41")
    yield from journey("catalogue", "2.8.0", "product films", SANNA, "09-30 11:32")
