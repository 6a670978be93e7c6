"""The four kinds of records: which keys they have, and what stands under each."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.config.suggestions import suggestion
from generator.errors import Place, Unreadable, one_line
from generator.events import values
from generator.events.entries import ApprovalEvent, DeploymentEvent, DowntimeEvent, IncidentEvent
from generator.events.limits import MAX_PROBLEMS_OF_RECORD
from generator.events.values import Fault, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.events.rows import Row

_NOT_ONE, _UNKNOWN, _MISSING = "not one", "unknown", "missing"
Event = DeploymentEvent | IncidentEvent | DowntimeEvent | ApprovalEvent


class Key(NamedTuple):
    """A key that a record may have."""

    name: str
    clean: Callable[[str], Value | Fault]
    required: bool = False


class Form(NamedTuple):
    """A kind of records."""

    section: str
    """What a list of them is called in a file."""
    word: str
    """What one of them is called."""
    attribute: str
    """What they are called in `Records`."""
    made: Callable[..., Event]
    keys: dict[str, Key]


def _form(section: str, word: str, attribute: str, made: Callable[..., Event], keys: Iterable[Key]) -> Form:
    return Form(section, word, attribute, made, {key.name: key for key in keys})


_ENVIRONMENT = Key("environment", values.name, required=True)
_COMPONENT = Key("component", values.name)

DEPLOYMENTS = _form(
    "deployments",
    "deployment",
    "deployments",
    DeploymentEvent,
    (
        Key("id", values.name),
        _ENVIRONMENT,
        Key("commit", values.commit),
        _COMPONENT,
        Key("version", values.name),
        Key("started", values.moment),
        Key("finished", values.moment),
        Key("status", values.status),
        Key("verified", values.yes_or_no),
        Key("source_commit", values.commit),
    ),
)
INCIDENTS = _form(
    "incidents",
    "incident",
    "incidents",
    IncidentEvent,
    (
        Key("id", values.name, required=True),
        _ENVIRONMENT,
        Key("title", values.free_text),
        _COMPONENT,
        Key("deployment", values.commit),
        Key("fixed_by", values.commit),
        Key("cause", values.free_text),
        Key("impact_start", values.moment),
        Key("reported", values.moment),
        Key("detected", values.moment),
        Key("cause_assigned", values.moment),
        Key("restored", values.moment),
        Key("severity", values.name),
    ),
)
DOWNTIME = _form(
    "downtime",
    "downtime",
    "downtimes",
    DowntimeEvent,
    (
        Key("id", values.name),
        _ENVIRONMENT,
        _COMPONENT,
        Key("start", values.moment, required=True),
        Key("end", values.moment),
        Key("planned", values.yes_or_no),
        Key("incident", values.name),
        Key("reason", values.free_text),
    ),
)
APPROVALS = _form(
    "approvals",
    "approval",
    "approvals",
    ApprovalEvent,
    (
        Key("id", values.name),
        _ENVIRONMENT,
        Key("commit", values.commit, required=True),
        Key("by", values.name, required=True),
        Key("at", values.moment),
        Key("gate", values.name),
    ),
)
FORMS = {form.section: form for form in (DEPLOYMENTS, INCIDENTS, DOWNTIME, APPROVALS)}
"""All kinds by the name of their section."""
WORDS = {word: form for form in FORMS.values() for word in (form.section, form.word, form.attribute)}
"""All kinds by any of their names."""


class Refused(NamedTuple):
    """Why a record can't be taken."""

    problems: list[Unreadable]
    more: int
    """How many things are wrong beside these."""


def take(
    form: Form,
    row: Row,
    source: str,
    *,
    spare: frozenset[str] = frozenset(),
    most: int = MAX_PROBLEMS_OF_RECORD,
) -> Event | Refused:
    """Return the record that `row` tells of, or what is wrong with it: half a record would count wrongly.

    `spare` names keys that it may do without though its form asks for them: another event tells them. At the `most` so
    many problems are told, the others are counted.
    """
    found: dict[str, Value] = {}
    wrong = list(_wrong(form, row, spare, found))
    if wrong:
        told = [_refusal(form, row, key, reason, source) for key, reason in wrong[:most]]
        return Refused(told, len(wrong) - len(told))
    if "environment" in spare:
        found.setdefault("environment", "")
    return form.made(**found, source=source, line=row.line)


def _wrong(form: Form, row: Row, spare: frozenset[str], found: dict[str, Value]) -> Iterator[tuple[str, Fault | str]]:
    """Yield each key that is at fault and why, and put what is right into `found`."""
    for key in row.broken:
        yield key, _NOT_ONE
    for key, text in row.values.items():
        known = form.keys.get(key)
        if known is None:
            yield key, _UNKNOWN
            continue
        value = known.clean(text)
        if isinstance(value, Fault):
            yield key, value
        else:
            found[key] = value
    for key, known in form.keys.items():
        if known.required and key not in row.values and key not in row.broken and key not in spare:
            yield key, _MISSING


def _refusal(form: Form, row: Row, key: str, why: Fault | str, source: str) -> Unreadable:
    name, line = row.name_of(key), row.line_of(key)
    if isinstance(why, Fault):
        return Unreadable("record-value", f"`{name}`: {why.reason}", Place(source, line), why.fix)
    if why == _UNKNOWN:
        fix = _nearest(one_line(key, 120), form.section)
        return Unreadable("record-key", f"`{name}` is no key of `{form.section}`", Place(source, line), fix)
    if why == _MISSING:
        reason = f"a record of `{form.section}` without `{name}`"
        return Unreadable("record-missing", reason, Place(source, row.line), f"write `{name}` to the record")
    return Unreadable("record-value", f"`{name}` is no single value", Place(source, line), "write one text")


@lru_cache(maxsize=256)
def _nearest(word: str, section: str) -> str:
    """Return what to write instead of a key; the same one may stand in every record of a file."""
    return suggestion(word, FORMS[section].keys, "keys")
