"""Rule: a schedule that no clock ever reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_FIELD = "spec.schedule"
_MACRO = re.compile(r"@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)")
_ITEM = re.compile(r"(?P<from>\*|\?|[0-9]{1,2}|[a-z]{3})(?:-(?P<to>[0-9]{1,2}|[a-z]{3}))?(?:/(?P<step>[0-9]{1,3}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PARTS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
"""Name of each part, its least and greatest number, and the words that may stand for numbers from the least on."""
_TO_FILL_IN = re.compile(r"[{}$]")


def check(component: Component) -> Iterator[Finding]:
    """Find schedules of a CronJob that the cluster can't read."""
    if component.kind != "CronJob":
        return
    for field in component.fields:
        if field.name == _FIELD and not _TO_FILL_IN.search(field.value):
            wrong = _wrong(field.value.strip().lower())
            if wrong:
                yield RULE.about(
                    component, f"The schedule of {component.id}, `{field.value}`, {wrong}", field=field.name
                )


def _wrong(schedule: str) -> str:
    """Return what is wrong with a schedule; empty where nothing is."""
    if schedule.startswith("@"):
        return "" if _MACRO.fullmatch(schedule) else "is no word that stands for one"
    zone, parts = "", schedule.split()
    if parts and parts[0].startswith(("tz=", "cron_tz=")):
        zone, parts = parts[0], parts[1:]
    if len(parts) != len(_PARTS):
        return f"has {len(parts)} {'part' if len(parts) == 1 else 'parts'}, and five are needed"
    for (name, least, most, words), text in zip(_PARTS, parts, strict=True):
        if not all(_fits(item, least, most, words) for item in text.split(",")):
            return f"says `{text}` for the {name}"
    return f"names a time zone by {zone.partition('=')[0].upper()}" if zone else ""


def _fits(item: str, least: int, most: int, words: tuple[str, ...]) -> bool:
    found = _ITEM.fullmatch(item)
    if found is None or found["step"] == "0":
        return False
    if found["from"] in {"*", "?"}:
        return not found["to"]
    start = _number(found["from"], least, words)
    end = _number(found["to"], least, words) if found["to"] else start
    return least <= start <= end <= most


def _number(text: str, least: int, words: tuple[str, ...]) -> int:
    """Return a part's number; one below the least for a word that is none of `words`."""
    if text.isdigit():
        return int(text)
    return words.index(text) + least if text in words else least - 1


RULE = ComponentRule(
    id="cron-schedule",
    level=Level.ERROR,
    family=Family.CONFIGURATION,
    title="Schedule that can't be read",
    why="The cluster refuses the job, so what it does (a backup, a clean-up) is not done, or goes on as it was before.",
    fix="Write minute, hour, day of the month, month and day of the week; name the zone in `spec.timeZone`.",
    example='kind: CronJob\nspec: {schedule: "0 25 * * *"}   # there is no hour 25',
    source="Kubernetes documentation, CronJob: schedule syntax",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)
