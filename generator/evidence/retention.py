"""Which earlier bundles a site keeps in whole; their manifests stay in `chain.jsonl` whatever is kept.

Time is the report time of each bundle, and never that of a clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.evidence.chain import Link

Keep = Literal["all", "year", "manifests"]
POLICIES: Final[tuple[Keep, ...]] = ("all", "year", "manifests")
YEAR: Final = timedelta(days=365)


class Bundle(NamedTuple):
    """An earlier bundle."""

    sequence: int
    as_of: str
    """Its report time, RFC 3339 in UTC; empty where it has none."""


def bundle_of(link: Link) -> Bundle:
    """Return the bundle that a link of the chain names."""
    inputs = link.manifest.get("inputs")
    told = inputs.get("as_of", "") if isinstance(inputs, dict) else ""
    return Bundle(link.sequence, told if isinstance(told, str) else "")


def kept(bundles: Iterable[Bundle], policy: Keep, as_of: str) -> tuple[Bundle, ...]:
    """Return those of `bundles` that `policy` keeps at the report time `as_of`, by their number.

    Within a year each is kept, and of older ones the last of each month. One without a usable time is kept: nobody can
    tell how old it is.
    """
    ordered = sorted(bundles)
    now = _moment(as_of)
    if policy == "manifests":
        return ()
    if policy == "all" or now is None:
        return tuple(ordered)
    last = {(at.year, at.month): one.sequence for one in ordered if (at := _moment(one.as_of)) is not None}
    return tuple(one for one in ordered if _stays(_moment(one.as_of), now) or one.sequence in last.values())


def _stays(at: datetime | None, now: datetime) -> bool:
    return at is None or now - at <= YEAR


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
