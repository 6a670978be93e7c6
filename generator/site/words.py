"""Times, spans, digests and values in the words of a page: finished text, so that templates only place it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from generator.errors import escape_control
from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
DAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
SHORT_DIGEST = 12
REVISION = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
"""A tag that is a whole commit id or hash: people know it by its start."""
LAST_EPOCH = 2**32 - 1
LONG_VALUE = 160
"""Characters of a value that a table shows; the rest stands in its title and in the evidence."""
LONGEST_ARTIFACT = 500
LONGEST_VALUE = 2000
"""Characters of a value that a page holds at all."""
ARTIFACT = re.compile(
    r"(?P<name>[^\s@]*?[^\s@/:])(?::(?P<tag>[^\s/:@]+))?(?:@(?P<digest>[a-z0-9]+:[0-9a-f]{12,}))?", re.ASCII
)


class Moment(NamedTuple):
    """A point in time as a page shows it."""

    iso: str
    """RFC 3339 in UTC; empty when unknown. Sorts as time."""
    text: str
    """`Fri 2026-08-21 16:45 UTC`, or `unknown`."""
    age: str
    """`3 days before this report`; empty when unknown."""


class Value(NamedTuple):
    """One side of a change."""

    state: str
    """`absent`, `long` (shortened) or `plain`."""
    text: str
    full: str
    """The value in full, for its title; cut only where it is longer than a page should hold."""


class Digest(NamedTuple):
    """A long name, shortened."""

    short: str
    full: str


class Calendar:
    """Times as seen from the time of the report."""

    def __init__(self, as_of: str) -> None:
        """Look from `as_of`, RFC 3339 in UTC; where it is no time, ages are left out."""
        self._as_of = _parse(as_of)

    def moment(self, iso: str) -> Moment:
        """Return `iso` in words; `unknown` where a commit carries no usable time."""
        when = _parse(iso)
        if when is None:
            return Moment("", _("unknown"), "")
        text = f"{_(WEEKDAYS[when.weekday()])} {when.isoformat(' ', 'minutes')[:16]} UTC"
        if self._as_of is None:
            return Moment(iso, text, "")
        return Moment(iso, text, before(int((self._as_of - when).total_seconds())))

    def between(self, first: str, second: str) -> int | None:
        """Return the seconds from one time to another, negative where it came before; `None` where one is no time."""
        begin, end = _parse(first), _parse(second)
        return None if begin is None or end is None else int((end - begin).total_seconds())


def _parse(iso: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def before(seconds: int) -> str:
    """Return the age of something `seconds` older than the report."""
    if seconds < 0:
        return _("%(span)s after this report", span=span(-seconds))
    if seconds == 0:
        return _("at the time of this report")
    return _("%(span)s before this report", span=span(seconds))


def span(seconds: int) -> str:
    """Return a duration in the two units that a person would name: `26 min`, `3 h 20 min`, `5 days`."""
    if seconds < 0:
        return _("minus %(span)s", span=span(-seconds))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 60:  # noqa: PLR2004 - seconds of a minute
        return f"{seconds} s"
    if hours < 1:
        return f"{minutes} min"
    if hours < 10:  # noqa: PLR2004 - above ten hours minutes say nothing
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    if hours < 48:  # noqa: PLR2004 - two days
        return f"{hours} h"
    return ngettext("%(number)s day", "%(number)s days", days)


def first_upper(text: str) -> str:
    """Return `text` with its first letter as a capital, and the others as they are."""
    return text[:1].upper() + text[1:]


def counted(count: int, one: str, many: str = "") -> str:
    """Return `1 change`, `2 changes`, `no changes`."""
    noun = ngettext(one, many or f"{one}s", count)
    return _("no %(noun)s", noun=noun) if count == 0 else f"{number(count)} {noun}"


def listed(names: list[str] | tuple[str, ...], most: int = 3) -> str:
    """Return names as a person lists them: `a, b and 4 more`."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= most:
        return _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])
    return _("%(first)s and %(number)s more", first=", ".join(names[:most]), number=number(len(names) - most))


def shown(text: str) -> str:
    """Return `text` with control and direction characters as escapes, so that what one sees is what is there."""
    return text if text.isprintable() else escape_control(text)


def value(raw: str | None) -> Value:
    """Return a value as a table shows it."""
    if raw is None:
        return Value("absent", _("absent"), "")
    if not raw:
        return Value("absent", _("empty text"), "")
    text = shown(raw)
    if len(text) <= LONG_VALUE:
        return Value("plain", text, text)
    return Value(
        "long", text[: LONG_VALUE - 1] + "…", text[:LONGEST_VALUE] + ("…" if len(text) > LONGEST_VALUE else "")
    )


def digest(full: str) -> Digest:
    """Return a digest or commit id with its short form."""
    return Digest(full[:SHORT_DIGEST], full)


class Artifact(NamedTuple):
    """An artifact in its two parts."""

    name: str
    """What it is a version of: `registry/shop/cart`."""
    version: str
    """Its tag, else its digest; of a digest or a whole hash the start. Empty where it has neither."""


def artifact(raw: str) -> Artifact:
    """Return an artifact's name and version; where it is no image reference, its text is its name."""
    found = ARTIFACT.fullmatch(raw) if len(raw) <= LONGEST_ARTIFACT else None
    if found is None or not (found["tag"] or found["digest"]):
        return Artifact(raw, "")
    tag = found["tag"] or found["digest"].partition(":")[2]
    return Artifact(found["name"], tag[:SHORT_DIGEST] if not found["tag"] or REVISION.fullmatch(tag) else tag)


def version(raw: str) -> str:
    """Return what people call the version of an artifact; all of it where no part is the version."""
    return artifact(raw).version or raw


def versioned(raw: str | None, short: str) -> Value:
    """Return an artifact shown as its version, with the whole behind it."""
    return value(short)._replace(full=value(raw).full) if raw else value(raw)


def month_name(month: str) -> str:
    """Return `August 2026` of `2026-08`, and `without a usable date` of an empty month."""
    if not month:
        return _("without a usable date")
    year, _dash, index = month.partition("-")
    return f"{_(MONTHS[int(index) - 1])} {year}"


def last_day(iso: str) -> str:
    """Return the last whole day before `iso`, as `2026-12-31`; `unknown` where it is no time."""
    when = _parse(iso)
    try:
        return _("unknown") if when is None else (when - timedelta(seconds=1)).date().isoformat()
    except OverflowError:
        return _("unknown")


def quarter(iso: str) -> str:
    """Return the quarter of a time, as `2026-Q3`; empty where it is no time."""
    when = _parse(iso)
    return "" if when is None else f"{when.year}-Q{(when.month + 2) // 3}"


def epoch(iso: str) -> int:
    """Return a time as seconds since 1970 that fits a gzip header; 0 where it is no time or before that."""
    when = _parse(iso)
    return min(max(0, int(when.timestamp())), LAST_EPOCH) if when else 0
