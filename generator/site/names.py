"""Where pages stand in the site: file names from our own ids alone, never from a repository's text."""

from __future__ import annotations

import hashlib
import re

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
RESERVED = re.compile(r"index|frame|month-.*|next-.*", re.IGNORECASE)
LONGEST_NAME = 120


def page_name(identity: str) -> str:
    """Return a file name (without suffix) that is safe on any disk and in any link, the same for the same id."""
    if len(identity) <= LONGEST_NAME and SAFE.fullmatch(identity) and not RESERVED.fullmatch(identity):
        return identity
    plain = re.sub(r"[^A-Za-z0-9]+", "-", identity).strip("-")[:40] or "x"
    return f"{plain}-{hashlib.sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def release_page(identity: str) -> str:
    """Return the path of the page of a production deployment."""
    return f"releases/{page_name(identity)}.html"


def month_page(month: str) -> str:
    """Return the path of the page of a month; the empty month holds what carries no usable date."""
    return f"releases/month-{month or 'undated'}.html"


def topology_page(digest: str) -> str:
    """Return the path of the page of an environment version."""
    return f"topologies/{page_name(digest)}.html"


def anchor(text: str) -> str:
    """Return an id for a place in a page."""
    return page_name(text)
