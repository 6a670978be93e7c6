"""April to June: a rollback that does not say so, a hotfix past staging, a new app, all apps on a new base image."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.demo.script import ADAEZE, JONAH, MIRA, PRIYA, SANNA, TOMASZ, approved, journey, step
from generator.demo.shop import first_app
from generator.demo.state import (
    INTEGRATION,
    PRODUCTION,
    STAGING,
    add,
    app,
    managed,
    scale,
    secret,
    settings,
    text,
    versions,
)
from generator.demo.texts import CAMPAIGN, RUNBOOK_WITH_QUEUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.demo.script import Step
    from generator.demo.state import Edit


def spring() -> Iterator[Step]:
    """Yield the steps of April to June, in no order."""
    yield from _nightly_image()
    yield from _vouchers()
    yield from _notifications()
    yield from _may_versions()
    yield from _prices_without_tax()
    yield from _new_base_image()
    yield from _june_versions()
    yield from _disruption_budget()
    yield from _operations()


def _nightly_image() -> Iterator[Step]:
    """Yield an image without a version, and its repair three weeks later."""
    campaign = text("deploy/production/campaign.yaml", CAMPAIGN)
    yield step("03-18 16:05", JONAH, "Texts of the spring campaign", campaign, says=("Reviewed-by: Tomasz Wilk",))
    subject = "Nightly recommendations for the spring campaign"
    yield step(
        "03-18 14:20",
        JONAH,
        f"{subject}, integration and staging",
        versions(INTEGRATION, recommendations="latest"),
        versions(STAGING, recommendations="latest"),
    )
    yield step(
        "03-19 16:15",
        JONAH,
        f"{subject}, production",
        versions(PRODUCTION, recommendations="latest"),
        says=(approved(JONAH),),
    )
    yield from journey(
        "recommendations", "0.7.1", "a version instead of latest", JONAH, "04-07 13:05", "04-08 09:20", "04-09 10:35"
    )


def _vouchers() -> Iterator[Step]:
    """Yield a release that fails, a rollback whose message hides it, and the version that holds."""
    yield from journey("checkout", "1.10.0", "split vouchers", ADAEZE, "04-08 11:10", "04-10 10:25", "04-14 10:12")
    yield step("04-14 13:37", PRIYA, "Update checkout image", versions(PRODUCTION, checkout="1.9.1"))
    yield from journey(
        "checkout", "1.10.1", "split vouchers to the cent", ADAEZE, "04-15 14:48", "04-16 11:30", "04-20 09:50"
    )


def _notifications() -> Iterator[Step]:
    def introduce(where: str) -> tuple[Edit, ...]:
        return (
            add(where, "notifications", first_app("notifications", where)),
            secret(where, "notifications-secrets", "mail-password", f"placeholder-{where}-1"),
            settings(where, "accounts", NOTIFICATIONS_URL="http://notifications:8080"),
        )

    yield step("04-21 10:18", ADAEZE, "Add notifications to integration", *introduce(INTEGRATION))
    yield step("04-23 09:36", TOMASZ, "Add notifications to staging", *introduce(STAGING))
    yield step("04-29 10:05", TOMASZ, "Add notifications to production", *introduce(PRODUCTION), says=(approved(MIRA),))


def _may_versions() -> Iterator[Step]:
    yield from journey("search", "0.10.0", "forgive typing errors", SANNA, "05-04 10:57", "05-06 13:20", "05-11 09:18")
    yield from journey(
        "payment-gateway", "4.2.0", "new card network protocol", MIRA, "05-26 09:10", "05-27 14:35", "06-02 08:40"
    )


def _prices_without_tax() -> Iterator[Step]:
    """Yield a hotfix that goes straight to production and reaches the other environments on the next day."""
    yield from journey("storefront", "3.5.0", "prices by country", JONAH, "05-12 15:20", "05-14 10:40", "05-18 11:20")
    yield step(
        "05-19 16:55",
        PRIYA,
        "Hotfix: storefront 3.5.1 straight to production\n\nCustomers abroad see prices without tax.",
        versions(PRODUCTION, storefront="3.5.1"),
        says=("Hotfix: yes", approved(TOMASZ)),
    )
    yield step("05-20 09:15", JONAH, "Bring storefront 3.5.1 to staging", versions(STAGING, storefront="3.5.1"))
    yield step("05-20 09:22", JONAH, "Bring storefront 3.5.1 to integration", versions(INTEGRATION, storefront="3.5.1"))


def _new_base_image() -> Iterator[Step]:
    rebuilt = {
        "accounts": "1.12.4",
        "catalogue": "2.6.1",
        "checkout": "1.10.2",
        "fulfilment": "1.3.1",
        "notifications": "0.1.1",
        "recommendations": "0.7.2",
        "search": "0.10.1",
        "storefront": "3.5.2",
    }
    subject = "All apps on the new base image"
    yield step("06-08 09:02", MIRA, f"{subject}, integration", versions(INTEGRATION, **rebuilt))
    yield step("06-09 09:08", MIRA, f"{subject}, staging", versions(STAGING, **rebuilt))
    yield step("06-11 08:40", MIRA, f"{subject}, production", versions(PRODUCTION, **rebuilt), says=(approved(TOMASZ),))


def _june_versions() -> Iterator[Step]:
    yield from journey("order-queue", "4.0.5", "new major version", MIRA, "06-15 09:30", "06-17 09:12", "06-23 08:30")
    yield from journey(
        "checkout", "1.11.0", "remember the delivery place", ADAEZE, "06-16 13:44", "06-18 10:10", "06-25 09:55"
    )


def _disruption_budget() -> Iterator[Step]:
    """Yield an object of a version that the cluster does not serve any more, and its repair two days later."""

    def budget(where: str, version: str) -> Edit:
        return app(where, "checkout", lambda found: replace(found, budget=f"policy/{version}"))

    subject = "Keep checkout up while nodes are renewed"
    yield step(
        "05-04 15:10",
        MIRA,
        f"{subject}, integration and staging",
        budget(INTEGRATION, "v1beta1"),
        budget(STAGING, "v1beta1"),
    )
    yield step("05-06 09:00", MIRA, f"{subject}, production", budget(PRODUCTION, "v1beta1"), says=(approved(PRIYA),))
    yield step(
        "05-08 11:05",
        MIRA,
        "Write the budget of checkout for policy/v1\n\nOur clusters have not taken v1beta1 since Kubernetes 1.25.",
        *(budget(where, "v1") for where in (INTEGRATION, STAGING, PRODUCTION)),
        says=("Reviewed-by: Priya Raman",),
    )


def _operations() -> Iterator[Step]:
    yield step("05-07 15:25", PRIYA, "Runbook: orders that wait", text("docs/runbook.md", RUNBOOK_WITH_QUEUE))
    for when, where in (("05-21 10:30", STAGING), ("05-22 09:00", PRODUCTION)):
        rotated = secret(where, "accounts-secrets", "session-key", f"placeholder-{where}-2")
        says = (approved(PRIYA),) if where == PRODUCTION else ()
        yield step(when, MIRA, f"Rotate the session key in {where}", rotated, says=says)
    yield step(
        "06-03 09:45",
        MIRA,
        "WAF: allow 900 requests a minute",
        managed(PRODUCTION, "waf", lambda found: replace(found, settings={"RATE_LIMIT": "900"})),
        says=(approved(PRIYA),),
    )
    yield step(
        "06-30 13:15",
        PRIYA,
        "Production: six storefront pods for the summer sale",
        scale(PRODUCTION, "storefront", 6),
        says=(approved(TOMASZ),),
    )
