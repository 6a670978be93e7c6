"""What `assay.yaml` says of measures: whose definitions are shown first, and what git cannot know about them."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from generator.config.cleaning import clean_path, clean_text, number, refuse
from generator.config.closed import Closed, Duration

Profile = Literal["assay", "dora", "gitlab", "devlake", "datadog", "octopus"]
"""Whose definitions are counted by."""
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d|24:00")
DAY_SECONDS = 86_400


def _clock(value: object) -> object:
    """Return the seconds since midnight that a text such as `08:30` means."""
    if not isinstance(value, str):
        return value
    if not _CLOCK.fullmatch(value.strip()):
        refuse(f"`{value}` is no time of day", 'hours and minutes in UTC between quotation marks, as in `"08:30"`')
    hours, _, minutes = value.strip().partition(":")
    return int(hours) * 3600 + int(minutes) * 60


Clock = Annotated[
    int,
    Field(ge=0, le=DAY_SECONDS),
    BeforeValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": rf"^({_CLOCK.pattern})$"}),
]
_DAYS = {"type": "string", "pattern": f"^({'|'.join(DAYS)})(-({'|'.join(DAYS)}))?$"}


def _days(value: object) -> object:
    """Return the days that `mon-fri`, `sat` or a list of such texts names."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        return value
    found: list[Day] = []
    for part in parts:
        first, dash, last = str(part).strip().lower().partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            refuse(f"`{part}` is no day of the week", "`mon` to `sun`, or two of them as in `mon-fri`")
        start = DAYS.index(first)
        length = (DAYS.index(last) - start) % len(DAYS) + 1 if dash else 1
        found += [DAYS[(start + step) % len(DAYS)] for step in range(length)]
    return tuple(sorted(set(found), key=DAYS.index))


def _target(value: object) -> object:
    """Return the share that a text such as `99.9` or `99.9%` means."""
    if not isinstance(value, str):
        return value
    text = value.strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text) or not 0 < float(text) <= 100:  # noqa: PLR2004 - per cent
        refuse(f"`{value}` is no availability in per cent", "a number such as `99.9`")
    if float(text) < 1:
        refuse(f"`{value}` is no availability in per cent but a share", "write it in per cent, such as `99.9`")
    return text


class AgreedHours(Closed):
    """Hours of the week in which an environment is to serve, in UTC."""

    days: Annotated[
        tuple[Day, ...],
        Field(min_length=1),
        BeforeValidator(_days),
        WithJsonSchema({"anyOf": [_DAYS, {"type": "array", "items": _DAYS, "minItems": 1}]}),
    ] = DAYS
    """Days of the week, such as `mon-fri`."""
    start: Annotated[Clock, Field(alias="from")] = 0
    """Time of day at which they begin."""
    end: Annotated[Clock, Field(alias="to")] = DAY_SECONDS
    """Time of day at which they end."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            refuse("`from` is not before `to`", "write hours over midnight as two entries")
        return self


class Availability(Closed):
    """What production is to be measured against."""

    target: Annotated[
        str,
        BeforeValidator(_target),
        WithJsonSchema({"anyOf": [{"type": "number", "minimum": 1, "maximum": 100}, {"type": "string"}]}),
    ] = ""
    """Agreed availability in per cent, such as `99.9`; empty where none was agreed."""
    agreed: Annotated[tuple[AgreedHours, ...], Field(max_length=50)] = ()
    """Agreed operating hours of the week; every hour where there are none."""


class Teams(Closed):
    """How the team of a component is told."""

    codeowners: Annotated[str, AfterValidator(lambda value: clean_path(value) if value else "")] = ""
    """CODEOWNERS file; empty for the first that is found where hosting services look for it."""
    label: Annotated[str, AfterValidator(clean_text)] = ""
    """Label of components that names their team; it comes before the owners of their files."""


class Metrics(Closed):
    """Settings of measures."""

    profile: Profile = "assay"
    """Whose definitions the tiles of the home page and `assay metrics` go by; all stand side by side on the site."""
    observation: Duration = 7 * DAY_SECONDS
    """Time after which a deployment that nothing is known against counts as good; until then it is pending."""
    small: Annotated[int, Field(ge=1, le=1000), BeforeValidator(number)] = 10
    """Number of cases below which a figure is said to come from a small sample."""
    availability: Availability = Availability()
    """What was agreed on how long production serves."""
    teams: Teams = Teams()
    """Who looks after which component."""
