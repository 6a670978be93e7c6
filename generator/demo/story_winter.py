"""January to March: the repository begins, a release is rolled back and says so, a Service selects nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.demo.configuration import FIRST_CONFIG
from generator.demo.platform import MODEL
from generator.demo.script import ADAEZE, JONAH, MIRA, PRIYA, SANNA, TOMASZ, approved, journey, step
from generator.demo.shop import first_apps, first_managed, first_secrets
from generator.demo.state import INTEGRATION, PRODUCTION, STAGING, app, environment, scale, settings, text, versions
from generator.demo.texts import ON_CALL, README, RUNBOOK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.demo.script import Step
    from generator.demo.state import Edit


def winter() -> Iterator[Step]:
    """Yield the steps of January to March, in no order."""
    yield from _beginning()
    yield from _january_versions()
    yield from _bank_transfer()
    yield from _february_and_march_versions()
    yield from _metrics_service()
    yield from _settings_that_stay()


def _whole(where: str) -> Edit:
    return environment(where, first_apps(where), first_managed(where), first_secrets(where))


def _beginning() -> Iterator[Step]:
    yield step(
        "01-05 09:20",
        MIRA,
        "Start the deployment repository with integration",
        text("README.md", README),
        text("platform/model.yaml", MODEL),
        _whole(INTEGRATION),
    )
    yield step("01-05 14:05", MIRA, "Add staging", _whole(STAGING))
    yield step("01-07 10:30", MIRA, "Add production", _whole(PRODUCTION), says=(approved(TOMASZ),))
    yield step("01-08 11:15", TOMASZ, "Report releases with Assay", text("assay.yaml", FIRST_CONFIG))
    yield step("01-09 15:40", PRIYA, "Write down what to do when checkout fails", text("docs/runbook.md", RUNBOOK))


def _january_versions() -> Iterator[Step]:
    yield from journey(
        "checkout",
        "1.8.1",
        "keep the basket when a card is declined",
        ADAEZE,
        "01-12 10:14",
        "01-13 09:42",
        "01-15 14:20",
    )
    yield from journey("storefront", "3.3.0", "larger pictures", JONAH, "01-14 11:02", "01-16 10:15", "01-20 09:31")
    yield from journey("catalogue", "2.5.0", "filter by season", SANNA, "01-19 13:27", "01-21 09:58", "01-26 10:44")
    yield from journey(
        "checkout", "1.8.2", "round shipping costs only once", ADAEZE, "01-22 15:09", "01-23 10:03", "01-28 09:25"
    )


def _bank_transfer() -> Iterator[Step]:
    """Yield a release that fails, the rollback that says what it is, and the version that holds."""
    yield from journey("checkout", "1.9.0", "pay by bank transfer", ADAEZE, "02-09 11:15", "02-10 14:02", "02-12 15:05")
    yield step(
        "02-12 16:40",
        PRIYA,
        "Roll back checkout to 1.8.2\n\nVouchers are lost when a customer pays by bank transfer.",
        versions(PRODUCTION, checkout="1.8.2"),
        says=("Rollback-of: <commit: Promote checkout 1.9.0 to production>",),
    )
    yield from journey(
        "checkout",
        "1.9.1",
        "keep vouchers with bank transfer",
        ADAEZE,
        "02-13 10:20",
        "02-13 15:30",
        "02-16 10:05",
        says=("Fixes-deployment: <commit: Promote checkout 1.9.0 to production>",),
    )


def _february_and_march_versions() -> Iterator[Step]:
    yield from journey("storefront", "3.4.0", "store finder", JONAH, "02-17 10:42", "02-19 09:30", "02-23 13:55")
    yield from journey("shop-db", "16.6", "minor update", MIRA, "03-02 08:45", "03-04 08:50", "03-09 08:35")
    yield from journey(
        "catalogue", "2.6.0", "show stock by warehouse", SANNA, "03-16 10:30", "03-18 09:45", "03-25 09:40"
    )
    yield step(
        "03-19 14:10",
        SANNA,
        "Staging: catalogue 2.5.0 while search builds its index",
        versions(STAGING, catalogue="2.5.0"),
    )
    yield step("03-23 10:20", SANNA, "Staging: catalogue 2.6.0 again", versions(STAGING, catalogue="2.6.0"))


def _metrics_service() -> Iterator[Step]:
    """Yield a Service whose selector names no pod, in production for two weeks before anyone misses the metrics."""

    def metrics(where: str, selected: str) -> Edit:
        return app(where, "search", lambda found: replace(found, metrics_for=selected))

    yield step(
        "03-11 10:02",
        SANNA,
        "Collect metrics of search in integration and staging",
        metrics(INTEGRATION, "search-indexer"),
        metrics(STAGING, "search-indexer"),
    )
    yield step(
        "03-12 09:26",
        TOMASZ,
        "Collect metrics of search in production",
        metrics(PRODUCTION, "search-indexer"),
        says=(approved(MIRA),),
    )
    yield step(
        "03-26 11:34",
        SANNA,
        "Fix the selector of search-metrics everywhere\n\nThe pods are labelled search; nothing was ever collected.",
        *(metrics(where, "search") for where in (INTEGRATION, STAGING, PRODUCTION)),
        says=("Reviewed-by: Tomasz Wilk",),
    )


def _settings_that_stay() -> Iterator[Step]:
    yield step(
        "02-04 09:05",
        PRIYA,
        "Production: four storefront pods for half-term",
        scale(PRODUCTION, "storefront", 4),
        says=(approved(TOMASZ),),
    )
    yield step(
        "02-24 11:48",
        PRIYA,
        "Wait 30 seconds for card payments\n\nThe card network is slow this week.",
        settings(PRODUCTION, "checkout", PAYMENT_TIMEOUT_SECONDS="30"),
        says=(approved(ADAEZE),),
    )
    yield step(
        "03-03 10:25",
        JONAH,
        "Try gift cards in integration",
        settings(INTEGRATION, "storefront", FEATURE_GIFT_CARDS="true"),
    )
    yield step(
        "03-05 14:30", JONAH, "Try gift cards in staging", settings(STAGING, "storefront", FEATURE_GIFT_CARDS="true")
    )
    yield step("03-06 16:02", PRIYA, "Say who is on call", text("docs/on-call.md", ON_CALL))
    yield step(
        "03-31 09:15",
        PRIYA,
        "Note whom to call about checkout",
        app(
            PRODUCTION, "checkout", lambda found: replace(found, note="Trouble with payments: call the payments team.")
        ),
    )
