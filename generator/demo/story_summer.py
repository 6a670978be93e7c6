"""July and August: an app goes, a setting fails, and of a release with two apps one goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.demo.script import ADAEZE, JONAH, MIRA, PRIYA, SANNA, TOMASZ, approved, journey, step
from generator.demo.state import INTEGRATION, PRODUCTION, STAGING, remove, settings, text, versions
from generator.demo.texts import ON_CALL_SUMMER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.demo.script import Step
    from generator.demo.state import Edit


def summer() -> Iterator[Step]:
    """Yield the steps of July and August, in no order."""
    yield from _recommendations_go()
    yield from _july_and_august_versions()
    yield from _two_settings()
    yield from _two_apps()
    yield step("07-01 11:20", PRIYA, "On call during the holidays", text("docs/on-call.md", ON_CALL_SUMMER))
    yield step("07-28 09:50", MIRA, "WAF 7.3", versions(PRODUCTION, waf="7.3"), says=(approved(PRIYA),))


def _recommendations_go() -> Iterator[Step]:
    def retire(where: str) -> tuple[Edit, ...]:
        return remove(where, "recommendations"), settings(where, "storefront", RECOMMENDATIONS_URL=None)

    yield step("07-06 10:12", JONAH, "Remove recommendations from integration", *retire(INTEGRATION))
    yield step("07-08 13:30", TOMASZ, "Remove recommendations from staging", *retire(STAGING))
    yield step(
        "07-13 09:44", TOMASZ, "Remove recommendations from production", *retire(PRODUCTION), says=(approved(PRIYA),)
    )


def _july_and_august_versions() -> Iterator[Step]:
    yield from journey(
        "catalogue",
        "2.7.0",
        "bundles",
        SANNA,
        "07-14 10:33",
        "07-16 09:27",
        "07-21 10:14",
        says=("Promoted-from: staging@<commit: Promote catalogue 2.7.0 to staging>",),
    )
    yield from journey("fulfilment", "1.4.0", "pick-up points", ADAEZE, "07-22 14:05", "07-27 09:40", "07-30 10:20")
    yield from journey(
        "notifications", "0.2.0-rc.1", "mails in two languages", ADAEZE, "07-29 10:12", "07-31 09:30", "08-04 09:40"
    )
    yield from journey("accounts", "1.13.0", "sign in with a key", ADAEZE, "08-04 10:16", "08-06 13:50", "08-11 09:35")
    yield from journey("checkout", "1.12.0", "pay later", ADAEZE, "08-17 11:24", "08-19 10:48", "08-24 14:06")


def _two_settings() -> Iterator[Step]:
    """Yield two settings that only production gets: one stays, one is taken back on the same day."""
    yield step(
        "07-15 10:20",
        PRIYA,
        "catalogue only reads in production\n\nNothing but the import at night writes products.",
        settings(PRODUCTION, "catalogue", DATABASE_URL="postgres://shop-db:5432/catalogue?mode=readonly"),
        says=(approved(TOMASZ),),
    )
    yield step(
        "07-22 09:10",
        ADAEZE,
        "Keep customers signed in for two days",
        settings(PRODUCTION, "accounts", SESSION_HOURS="48"),
        says=(approved(TOMASZ),),
    )
    yield step(
        "07-22 15:35",
        PRIYA,
        "Sessions of 12 hours again\n\nThe session store fills up.",
        settings(PRODUCTION, "accounts", SESSION_HOURS="12"),
    )


def _two_apps() -> Iterator[Step]:
    """Yield a release with two apps, of which one goes back, and the version with which it goes forward."""
    both = {"catalogue": "2.7.1", "search": "0.10.2"}
    subject = "Search by price: catalogue 2.7.1 and search 0.10.2"
    yield step("08-07 11:10", SANNA, f"{subject}, integration", versions(INTEGRATION, **both))
    yield step("08-10 09:25", TOMASZ, f"{subject}, staging", versions(STAGING, **both))
    yield step("08-12 10:05", TOMASZ, f"{subject}, production", versions(PRODUCTION, **both), says=(approved(PRIYA),))
    yield step(
        "08-12 13:20",
        PRIYA,
        "Roll back catalogue to 2.7.0\n\nIt notes each price that it shows, and its database only reads.",
        versions(PRODUCTION, catalogue="2.7.0"),
    )
    yield from journey("catalogue", "2.7.2", "prices without notes", SANNA, "08-13 14:40", "08-18 09:50", "08-20 10:15")
    yield step(
        "08-25 11:30",
        SANNA,
        "Log every price of catalogue in production",
        settings(PRODUCTION, "catalogue", LOG_LEVEL="debug"),
        says=(approved(PRIYA),),
    )
