"""The demo's shop: which apps it has, what each needs, and what the platform gives it. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.demo.state import INTEGRATION, PRODUCTION, STAGING, App, Managed

if TYPE_CHECKING:
    from collections.abc import Mapping

IMAGES = "images.fernwood.example/shop"
HOSTS = {
    INTEGRATION: "integration.fernwood.example",
    STAGING: "staging.fernwood.example",
    PRODUCTION: "www.fernwood.example",
}
NAMESPACES = {INTEGRATION: "fernwood-integration", STAGING: "fernwood-staging", PRODUCTION: "fernwood"}


@dataclass(frozen=True)
class Blueprint:
    """What an app is in every environment."""

    purpose: str
    """First line of its file."""
    team: str
    """Team that runs it; empty where nobody wrote it down."""
    version: str
    """Version that the repository starts with."""
    settings: dict[str, str] = field(default_factory=dict)
    secrets: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Variable → Secret and key."""
    volume: str = ""
    """Path at which its volume is mounted; empty for none."""
    served: bool = True
    """Whether others call it; a worker is not."""


_DATABASE = "postgres://shop-db:5432"

BLUEPRINTS: Mapping[str, Blueprint] = {
    "storefront": Blueprint(
        "What customers see.",
        "web",
        "3.2.0",
        {
            "ACCOUNTS_URL": "http://accounts:8080",
            "CATALOGUE_URL": "http://catalogue:8080",
            "CHECKOUT_URL": "http://checkout:8080",
            "FEATURE_GIFT_CARDS": "false",
            "RECOMMENDATIONS_URL": "http://recommendations:8080",
            "SEARCH_URL": "http://search:8080",
        },
    ),
    "catalogue": Blueprint(
        "Products, prices and stock.",
        "catalogue",
        "2.4.1",
        {
            "DATABASE_URL": f"{_DATABASE}/catalogue",
            "LOG_LEVEL": "info",
            "PAGE_SIZE": "24",
            "SEARCH_URL": "http://search:8080",
        },
    ),
    "checkout": Blueprint(
        "Baskets, orders and payments.",
        "payments",
        "1.8.0",
        {
            "ACCOUNTS_URL": "http://accounts:8080",
            "DATABASE_URL": f"{_DATABASE}/orders",
            "PAYMENTS_URL": "https://payment-gateway:8443",
            "PAYMENT_TIMEOUT_SECONDS": "10",
            "QUEUE_URL": "amqp://order-queue:5672",
        },
        {"PAYMENT_API_KEY": ("checkout-secrets", "payment-api-key")},
    ),
    "accounts": Blueprint(
        "Customers, addresses and sessions.",
        "payments",
        "1.12.3",
        {"DATABASE_URL": f"{_DATABASE}/accounts", "SESSION_HOURS": "12"},
        {"SESSION_KEY": ("accounts-secrets", "session-key")},
    ),
    "search": Blueprint(
        "Full-text search over the catalogue.",
        "catalogue",
        "0.9.4",
        {"INDEX_PATH": "/var/lib/search"},
        volume="/var/lib/search",
    ),
    "fulfilment": Blueprint(
        "Takes paid orders from the queue and books parcels.",
        "logistics",
        "1.3.0",
        {
            "CARRIER_URL": "https://api.parcels.example.org",
            "DATABASE_URL": f"{_DATABASE}/orders",
            "QUEUE_URL": "amqp://order-queue:5672",
        },
        served=False,
    ),
    "recommendations": Blueprint(
        "What others bought.", "web", "0.6.2", {"CATALOGUE_URL": "http://catalogue:8080", "SUGGESTIONS": "6"}
    ),
    "notifications": Blueprint(
        "Mails about orders and parcels.",
        "",
        "0.1.0",
        {
            "MAIL_FROM": "shop@fernwood.example",
            "MAIL_HOST": "smtp.mail.example.org:587",
            "QUEUE_URL": "amqp://order-queue:5672",
        },
        {"MAIL_PASSWORD": ("notifications-secrets", "mail-password")},
    ),
}

OUTSIDE_PRODUCTION: Mapping[str, dict[str, str]] = {
    "fulfilment": {"CARRIER_URL": "https://sandbox.parcels.example.org"},
}
"""Settings of apps that only production must not have."""

LATER = frozenset({"notifications"})
"""Apps that the repository does not start with."""


def first_app(name: str, where: str) -> App:
    """Return an app as it starts in the environment `where`."""
    blueprint = BLUEPRINTS[name]
    wanted = {INTEGRATION: 1, STAGING: 2, PRODUCTION: 3}[where]
    settings = blueprint.settings | ({} if where == PRODUCTION else OUTSIDE_PRODUCTION.get(name, {}))
    return App(blueprint.version, 1 if blueprint.volume else wanted, settings)


def first_apps(where: str) -> dict[str, App]:
    """Return the apps that an environment starts with."""
    return {name: first_app(name, where) for name in BLUEPRINTS if name not in LATER}


def first_managed(where: str) -> dict[str, Managed]:
    """Return the parts of the platform that an environment starts with."""
    managed = {
        "shop-db": Managed("16.4"),
        "order-queue": Managed("3.13.7"),
        "payment-gateway": Managed("4.1.0"),
    }
    if where == PRODUCTION:
        managed["shop-db"] = Managed("16.4", 2, {"MAX_CONNECTIONS": "400"})
        managed["order-queue"] = Managed("3.13.7", 3)
        managed["cdn"] = Managed("2026.1")
        managed["waf"] = Managed("7.2", settings={"RATE_LIMIT": "600"})
    return managed


def first_secrets(where: str) -> dict[str, dict[str, str]]:
    """Return the placeholders that an environment's Secrets start with."""
    return {
        "accounts-secrets": {"session-key": f"placeholder-{where}-1"},
        "checkout-secrets": {"payment-api-key": f"placeholder-{where}-1"},
    }
