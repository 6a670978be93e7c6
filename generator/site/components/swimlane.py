"""The swimlane of a component: time across, a lane an environment, a bar a version; a rollback is a step down.

Drawn as plain HTML that is as wide as its page: a picture by a chart engine costs 30 ms and 24 kB, and there may be a
thousand components. What it shows stands in tables beside it, so it is left out for readers of the text alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number
from generator.site.words import counted, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.site.components.stays import Lane, Stay

BARS_DRAWN = 30
"""Versions of one lane that are drawn, the newest."""
MOST_LANES = 12
"""Environments that are drawn: the first, in the order given."""
TINTS = 4
"""Grounds of versions; a version has the same one wherever it stands."""
_SHORTEST_WINDOW = 3_600
_LONGEST_NAME = 60
_SHORT_NAME = 12
_LAST_TICK = 0.86
"""Part of the width beyond which a tick's text would stand out of the drawing."""
_MOST_TICKS = 6
_DAY = 86_400
_STEPS = (1, 2, 7, 14)
"""Days between two ticks of a window that is shorter than a year's half."""
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 2_400, 12_000, 60_000)
_MONTHS_OF_A_YEAR = 12
_FROM_MONTHS = 60
"""Days from which a window is told by months."""


class Bar(NamedTuple):
    """A version, as a bar; its place is in per cent of the width."""

    left: str
    width: str
    version: str
    long: bool
    """Whether the start of its name tells it from others, where not all of it has room."""
    tint: int
    """From 1."""
    back: bool
    """Whether it came by a rollback."""
    stands: bool
    title: str
    page: str
    """Where the deployment that brought it is shown; empty where nowhere."""


class Tick(NamedTuple):
    """A point in time on the axis."""

    left: str
    text: str


class DrawnLane(NamedTuple):
    """One environment."""

    environment: str
    bars: tuple[Bar, ...]


class Swimlane(NamedTuple):
    """The drawing."""

    says: str
    lanes: tuple[DrawnLane, ...]
    """None where there is nothing to draw."""
    ticks: tuple[Tick, ...]
    notes: tuple[str, ...]
    back: bool
    """Whether any bar that is drawn came by a rollback."""


def swimlane(lanes: Sequence[Lane], as_of: int, page: Callable[[str], str]) -> Swimlane:
    """Return the versions over time up to `as_of` (seconds since 1970); `page` tells where a deployment is shown."""
    stays = [stay for lane in lanes for stay in lane.stays]
    if not stays:
        return Swimlane(_("No version of it was seen."), (), (), (), back=False)
    drawn = lanes[:MOST_LANES]
    start, end = _window(drawn, as_of)
    tints: dict[str, int] = {}
    for _start, name in sorted((stay.start, stay.version) for lane in drawn for stay in lane.stays):
        tints.setdefault(name, len(tints) % TINTS + 1)
    rows = tuple(DrawnLane(lane.environment, tuple(_bars(lane, tints, (start, end), page))) for lane in drawn)
    left = sum(lane.earlier + sum(_is_before(stay, start) for stay in lane.stays) for lane in drawn)
    notes = []
    if left:
        gone = ngettext("%(number)s version had gone already", "%(number)s versions had gone already", left)
        notes.append(_("Drawn from %(day)s on, when %(versions)s.", day=_day(start), versions=gone))
    if len(lanes) > MOST_LANES:
        notes.append(_("Of %(all)s environments %(some)s are drawn.", all=number(len(lanes)), some=MOST_LANES))
    return Swimlane(
        _says(lanes), rows, tuple(_ticks(start, end)), tuple(notes), any(b.back for r in rows for b in r.bars)
    )


def _says(lanes: Sequence[Lane]) -> str:
    versions = {stay.version for lane in lanes for stay in lane.stays}
    return _(
        "%(versions)s in %(environments)s, %(rollbacks)s.",
        versions=counted(len(versions), "version"),
        environments=counted(len(lanes), "environment"),
        rollbacks=counted(sum(lane.rollbacks for lane in lanes), "rollback"),
    )


def _is_before(stay: Stay, start: int) -> bool:
    return stay.end is not None and stay.end <= start


def _window(lanes: Sequence[Lane], as_of: int) -> tuple[int, int]:
    """Return the time that is drawn: that of the newest bars of the busiest lane, and of all where they are few."""
    starts = [stays[-BARS_DRAWN:][0].start for lane in lanes if (stays := lane.stays)]
    end = max([as_of, *(stay.start for lane in lanes for stay in lane.stays)])
    busy = [lane.stays[-BARS_DRAWN].start for lane in lanes if len(lane.stays) > BARS_DRAWN]
    start = max(busy) if busy else min(starts, default=end)
    return min(start, end - _SHORTEST_WINDOW), end


def _bars(lane: Lane, tints: dict[str, int], window: tuple[int, int], page: Callable[[str], str]) -> Iterator[Bar]:
    start, end = window
    for stay in lane.stays:
        if _is_before(stay, start):
            continue
        begins, ends = max(stay.start, start), end if stay.end is None else stay.end
        yield Bar(
            left=_per_cent(begins - start, end - start),
            width=_per_cent(ends - begins, end - start),
            version=_short(stay.version),
            long=len(stay.version) > _SHORT_NAME,
            tint=tints[stay.version],
            back=stay.kind == "rollback",
            stands=stay.end is None,
            title=_title(stay),
            page=page(stay.deployment),
        )


def _title(stay: Stay) -> str:
    values = {"version": _short(stay.version), "kind": _(stay.kind), "since": _minute(stay.start)}
    if stay.end is None:
        return _("%(version)s, %(kind)s, since %(since)s", **values)
    return _("%(version)s, %(kind)s, %(since)s to %(until)s", until=_minute(stay.end), **values)


def _short(text: str) -> str:
    name = shown(text)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}".rstrip("0").rstrip(".")


def _ticks(start: int, end: int) -> Iterator[Tick]:
    """Yield some days that a person would name, at most six: every so many days, first days of months or years."""
    try:
        first, last = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
        days = (last - first).days
        found = list(_months(first, last) if days >= _FROM_MONTHS else _days(first, last, days))
    except (ValueError, OverflowError):
        return
    for when, text in found:
        at = int(when.timestamp()) - start
        if 0 <= at <= _LAST_TICK * (end - start):
            yield Tick(_per_cent(at, end - start), text)


def _days(first: datetime, last: datetime, days: int) -> Iterator[tuple[datetime, str]]:
    step = next((step for step in _STEPS if days <= step * _MOST_TICKS), _STEPS[-1])
    when = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(days=1)
    while when <= last:
        yield when, when.date().isoformat()[5:]
        when += timedelta(days=step)


def _months(first: datetime, last: datetime) -> Iterator[tuple[datetime, str]]:
    begin = first.year * _MONTHS_OF_A_YEAR + first.month
    until = last.year * _MONTHS_OF_A_YEAR + last.month - 1
    step = next((step for step in _MONTHS if until - begin < step * _MOST_TICKS), _MONTHS[-1])
    for month in range(-(-begin // step) * step, until + 1, step):
        when = datetime(month // _MONTHS_OF_A_YEAR, month % _MONTHS_OF_A_YEAR + 1, 1, tzinfo=UTC)
        yield when, f"{when.year:04}" if step % _MONTHS_OF_A_YEAR == 0 else f"{when.year:04}-{when.month:02}"


@lru_cache(maxsize=1024)
def _minute(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ", "minutes")[:16]


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
