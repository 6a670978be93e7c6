"""Where pages stand in the site: file names from our own ids alone, never from a repository's text."""

from __future__ import annotations

import hashlib
import re

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
RESERVED = re.compile(
    r"index|frame|month-.*|next-.*|part-.*"
    # Names of devices, which one system takes with any suffix.
    r"|(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?"
    # What a name made below ends with: nobody should be able to ask for the page of another.
    r"|.*-[0-9a-f]{12}",
    re.IGNORECASE,
)
LONGEST_NAME = 120
PART = 50
"""Deployments that one page of an environment's list holds."""


def page_name(identity: str) -> str:
    """Return a file name (without suffix) that is safe on any disk and in any link, the same for the same id.

    Names of different ids differ in more than their case, since some disks don't tell `Cart` from `cart`.
    """
    if identity == identity.lower() and not RESERVED.fullmatch(identity) and _is_plain(identity):
        return identity
    return _hashed(identity)


def _is_plain(identity: str) -> bool:
    return len(identity) <= LONGEST_NAME and SAFE.fullmatch(identity) is not None


def _hashed(identity: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "-", identity).strip("-")[:40] or "x"
    return f"{plain}-{hashlib.sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def release_page(identity: str) -> str:
    """Return the path of the page of a production deployment."""
    return f"releases/{page_name(identity)}.html"


def next_page(environment: str) -> str:
    """Return the path of the page of what waits for a production environment."""
    return f"releases/next-{page_name(environment)}.html"


def month_page(month: str, part: int = 1) -> str:
    """Return the path of a page of a month; the empty month holds what carries no usable date."""
    return f"releases/month-{month or 'undated'}{f'-part-{part}' if part > 1 else ''}.html"


def topology_page(digest: str) -> str:
    """Return the path of the page of an environment version."""
    return f"topologies/{page_name(digest)}.html"


def component_page(identity: str) -> str:
    """Return the path of the page of a component; `Context.component_link` tells whether there is one."""
    return f"components/{page_name(identity)}.html"


def environment_page(name: str) -> str:
    """Return the path of the page of an environment."""
    return f"environments/{page_name(name)}.html"


def trends_page(environment: str) -> str:
    """Return the path of the page of an environment's charts, where they are too much for the page of all."""
    return f"trends/{page_name(environment)}.html"


def deployments_page(environment: str, sequence: int) -> str:
    """Return the path of the part of an environment's list of deployments that holds number `sequence`.

    The number alone says which part it is, so that a place stays where it is while the history grows.
    """
    return f"environments/part-{(max(sequence, 1) - 1) // PART + 1}-{page_name(environment)}.html"


def deployment_place(identity: str) -> str:
    """Return where the deployment `identity` (`ENVIRONMENT-NUMBER`) stands in the list of its environment.

    Every deployment has such a place, also those of production, which have a page of their own beside it.
    """
    environment, _dash, number = identity.rpartition("-")
    return f"{deployments_page(environment, int(number) if number.isdecimal() else 1)}#{anchor(identity)}"


def anchor(text: str) -> str:
    """Return an id for a place in a page."""
    return text if _is_plain(text) else _hashed(text)
