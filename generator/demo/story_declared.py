"""What the shop declares beside what it deploys: gates, waivers, incidents, reports of tests, what really runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.demo.configuration import DEMO_CONFIG
from generator.demo.records import APPROVALS, DOWNTIME, FOLDER, INCIDENTS, keep_runs
from generator.demo.reports import keep_reports
from generator.demo.script import JONAH, MIRA, PRIYA, SANNA, TOMASZ, step
from generator.demo.snapshot import take_snapshot
from generator.demo.state import declare, text
from generator.demo.texts import CODEOWNERS, DECLARED_INCIDENTS, INCIDENTS_MENDED, README_WITH_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.demo.script import Step

_TLS = (
    "{rule: ingress-without-tls, component: Ingress/storefront, environment: production, owner: Mira Halvorsen, "
    "reason: the edge of the network ends TLS, expires: 2026-12-31}"
)
_LEGACY = (
    '{rule: missing-limits, component: "legacy-*", owner: Mira Halvorsen, '
    "reason: the old shop is switched off this year, expires: 2026-12-31}"
)
_LOG = (
    "{rule: debug-in-production, component: ConfigMap/catalogue-settings, environment: production, "
    "owner: Sanna Lehto, reason: until we know where the wrong prices come from, expires: 2026-09-15}"
)
_TIMEOUT = (
    "{component: ConfigMap/checkout-settings, field: data.PAYMENT_TIMEOUT_SECONDS, class: config, "
    "environment: production, owner: Priya Raman, reason: the card network promises to be faster by summer, "
    "expires: 2026-06-30}"
)
_GIFT_CARDS = (
    "{component: ConfigMap/storefront-settings, field: data.FEATURE_GIFT_CARDS, environment: production, "
    "owner: Jonah Pereira, reason: gift cards wait for the accountants, expires: 2026-12-31}"
)
_CARD_NETWORK = (
    '{commit: "<commit: Wait 30 seconds for card payments>", environment: production, kind: hotfix, '
    "owner: Priya Raman, reason: customers could not pay; agreed by telephone}"
)
_NEXT_RELEASE = (
    # Its commit is not there yet, so the release is named by the number that it will have.
    "{commit: production-50, environment: production, by: Sanna Lehto, at: 2026-09-07T15:10:00Z, "
    "gate: approval, reason: seen in the meeting on releases}"
)


def declared() -> Iterator[Step]:
    """Yield the steps that deploy nothing, in no order."""
    yield step(
        "01-13 13:15",
        MIRA,
        "Waive what we know and can't change now",
        declare("waivers", _TLS),
        declare("waivers", _LEGACY),
    )
    yield step("02-03 10:00", TOMASZ, "Agree on what a release must have", text("assay.yaml", DEMO_CONFIG))
    yield step("02-05 10:40", TOMASZ, "Say whose is what", text("CODEOWNERS", CODEOWNERS))
    yield step(
        "02-13 09:05", PRIYA, "Record that vouchers were lost", text(".assay/incidents.yaml", DECLARED_INCIDENTS)
    )
    yield step("02-17 09:10", PRIYA, "Vouchers are safe again", text(".assay/incidents.yaml", INCIDENTS_MENDED))
    yield step(
        "02-24 12:20",
        PRIYA,
        "Say why card payments wait longer",
        declare("overrides", _CARD_NETWORK),
        declare("acceptances", _TIMEOUT),
    )
    yield step("03-06 09:10", JONAH, "Gift cards stay out of production", declare("acceptances", _GIFT_CARDS))
    yield step("08-25 11:45", SANNA, "Waive the log of catalogue for three weeks", declare("waivers", _LOG))
    yield step("09-07 15:20", SANNA, "Approve the autumn look", declare("approvals", _NEXT_RELEASE))
    yield from _reports()
    yield step("09-30 16:40", PRIYA, "Take down what runs in production", take_snapshot)
    yield step(
        "09-30 16:50",
        PRIYA,
        "Copy the book of incidents",
        text(f"{FOLDER}/incidents.yaml", INCIDENTS),
        text(f"{FOLDER}/downtime.csv", DOWNTIME),
        text(f"{FOLDER}/approvals.yaml", APPROVALS),
    )
    yield step("09-30 17:05", TOMASZ, "Write down what Assay finds", text("README.md", README_WITH_FINDINGS))


def _reports() -> Iterator[Step]:
    for day, month in (
        ("01-30", "January"),
        ("02-27", "February"),
        ("03-31", "March"),
        ("04-30", "April"),
        ("05-29", "May"),
        ("06-30", "June"),
        ("07-31", "July"),
        ("08-31", "August"),
        ("09-30", "September"),
    ):
        yield step(f"{day} 16:30", MIRA, f"Keep the reports of {month}", keep_reports, keep_runs)
