"""CDEvents (cdevents.dev) to records, each event to its part of one; parts are joined where all files are known.

The specification has no field for the commit of the deployment repository, nor for most times of an incident, so these
are taken from `customData`: from its key `assay` where it has one, else from itself.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import one_line
from generator.events.cdevent import Closing, Event, Placed, Run, validated
from generator.events.forms import APPROVALS, DEPLOYMENTS, DOWNTIME, INCIDENTS
from generator.events.purl import artifact_of
from generator.events.rows import Row, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.events.forms import Form
    from generator.events.plain import Gathering
    from generator.events.rows import Item, Plain

_TYPE = re.compile(r"dev\.(cdeventsx?\.[A-Za-z0-9-]+\.[A-Za-z]+)(?:\.\d+\.\d+\.\d+(?:-[A-Za-z0-9.]+)?)?")
OTHER_TYPE = "type"
"""What is wrong with an event of a type that is not read; it is a note, no loss."""


class Reading(NamedTuple):
    """How one type of event is read."""

    form: Form
    time: str
    """Key of the record that the event's timestamp is."""
    by_event: bool = False
    """Whether the event's id is the record's; else its subject's is."""
    status: str = ""
    content: type[Placed | Run] = Placed
    spare: frozenset[str] = frozenset()
    """Keys that another event of the same subject tells."""


_ENVIRONMENT = frozenset({"environment"})
TYPES = {
    "cdevents.service.deployed": Reading(DEPLOYMENTS, "finished", by_event=True, status="succeeded"),
    "cdevents.service.upgraded": Reading(DEPLOYMENTS, "finished", by_event=True, status="succeeded"),
    "cdevents.service.rolledback": Reading(DEPLOYMENTS, "finished", by_event=True, status="succeeded"),
    "cdevents.deployment.started": Reading(DEPLOYMENTS, "started"),
    "cdevents.deployment.finished": Reading(DEPLOYMENTS, "finished", content=Closing, spare=_ENVIRONMENT),
    "cdevents.pipelinerun.started": Reading(DEPLOYMENTS, "started", content=Run, spare=_ENVIRONMENT),
    "cdevents.pipelinerun.finished": Reading(DEPLOYMENTS, "finished", content=Run, spare=_ENVIRONMENT),
    "cdevents.taskrun.started": Reading(DEPLOYMENTS, "started", content=Run, spare=_ENVIRONMENT),
    "cdevents.taskrun.finished": Reading(DEPLOYMENTS, "finished", content=Run, spare=_ENVIRONMENT),
    "cdevents.incident.detected": Reading(INCIDENTS, "detected", content=Run),
    "cdevents.incident.reported": Reading(INCIDENTS, "reported", content=Run),
    "cdevents.incident.resolved": Reading(INCIDENTS, "restored", content=Run),
    "cdeventsx.assay-downtime.started": Reading(DOWNTIME, "start"),
    "cdeventsx.assay-downtime.ended": Reading(
        DOWNTIME, "end", content=Closing, spare=frozenset({"environment", "start"})
    ),
    "cdeventsx.assay-approval.given": Reading(APPROVALS, "at", by_event=True),
}
"""Types that are read, without `dev.` before them and their version after them."""
CUSTOM = {
    "commit": "commit",
    "environment": "environment",
    "component": "component",
    "version": "version",
    "started": "started",
    "finished": "finished",
    "status": "status",
    "verified": "verified",
    "title": "title",
    "deployment": "deployment",
    "fixedBy": "fixed_by",
    "cause": "cause",
    "impactStart": "impact_start",
    "detected": "detected",
    "causeAssigned": "cause_assigned",
    "restored": "restored",
    "severity": "severity",
    "start": "start",
    "end": "end",
    "planned": "planned",
    "incident": "incident",
    "reason": "reason",
    "by": "by",
    "at": "at",
    "gate": "gate",
}
"""Keys of custom data, and of our own types' content, and what they are called in records."""


def is_cdevent(value: Plain) -> bool:
    """Return whether an entry is a CDEvent, alone or in the envelope of a CloudEvent."""
    if not isinstance(value, dict):
        return False
    return ("context" in value and "subject" in value) or ("specversion" in value and "type" in value)


def cdevents(gathering: Gathering, items: Iterable[Item]) -> None:
    """Take in events; those of types that are not read are counted in one line a type."""
    others: Counter[str] = Counter()
    lines: dict[str, int] = {}
    for item in items:
        inner = _unwrapped(item.value)
        event = validated(inner, Event, "")
        if isinstance(event, str):
            gathering.refuse(
                "event", f"no CDEvent: {event}", item.line, "see `docs/records.md` for what it has to have"
            )
        elif isinstance(event, Event):
            name = _name(event)
            reading = TYPES.get(name)
            if reading is None:
                shown = one_line(event.context.type, 120)
                others[shown] += 1
                lines.setdefault(shown, item.line)
            else:
                _take(gathering, event, reading, item.line)
    for shown, count in sorted(others.items()):
        events = "an event" if count == 1 else f"{count} events"
        gathering.refuse(OTHER_TYPE, f"{events} `{shown}`, of a type that is not read", lines[shown])


def _name(event: Event) -> str:
    found = _TYPE.fullmatch(event.context.type)
    return found[1].lower() if found else ""


def _unwrapped(value: Plain) -> Plain:
    """Return the event in a CloudEvent's envelope, or `value` where there is none."""
    if isinstance(value, dict) and "data" in value and "context" not in value:
        return value["data"]
    return value


def _take(gathering: Gathering, event: Event, reading: Reading, line: int) -> None:
    """Take in one event of a type that is read."""
    content = validated(event.subject.content, reading.content, "subject.content")
    if isinstance(content, str):
        gathering.refuse("event", content, line, "see `docs/records.md` for what it has to have")
        return
    if not isinstance(content, Placed | Run):
        raise TypeError(content)
    told: dict[str, tuple[str, str]] = _common(event, content, reading)
    told[reading.time] = (event.context.timestamp, "context.timestamp")
    broken = []
    ours = reading.form in (DOWNTIME, APPROVALS)
    for where, found in (("subject.content", event.subject.content if ours else {}), ("customData", _custom(event))):
        for key, name in CUSTOM.items():
            if key not in found or name not in reading.form.keys:
                continue
            value = found[key]
            text = text_of(value.get("id") if isinstance(value, dict) and key == "environment" else value)
            if text is None:
                broken.append(name)
            if text is None or text:
                told[name] = (text or "", f"{where}.{key}")
    row = Row(
        {name: text for name, (text, _) in told.items() if text},
        line,
        names={name: shown for name, (_, shown) in told.items()},
        broken=tuple(broken),
    )
    gathering.add(reading.form, row, spare=reading.spare)


def _common(event: Event, content: Placed | Run, reading: Reading) -> dict[str, tuple[str, str]]:
    """Return what the specification's own fields tell: keys of the record, the text, and where it stands."""
    told = {"id": (event.context.id, "context.id") if reading.by_event else (event.subject.id, "subject.id")}
    if content.environment:
        told["environment"] = (content.environment.id, "subject.content.environment.id")
    if content.service:
        told["component"] = (_last(content.service.id), "subject.content.service.id")
    if reading.form is DEPLOYMENTS:
        artifact = artifact_of(content.artifactId)
        told["version"] = (artifact.version, "subject.content.artifactId")
        told["source_commit"] = (artifact.source_commit, "subject.content.artifactId")
        told["status"] = (content.outcome or reading.status, "subject.content.outcome")
        if reading.by_event:
            told["component"] = (_last(event.subject.id), "subject.id")
    elif reading.form is INCIDENTS and reading.time != "restored":
        told["title"] = (content.description, "subject.content.description")
    return told


def _last(name: str) -> str:
    """Return the last part of an id such as `daemonset/myapp`."""
    return name.rstrip("/").rpartition("/")[2]


def _custom(event: Event) -> dict[str, Plain]:
    """Return the custom data that is ours; what is encoded otherwise than JSON is not looked into."""
    found = event.customData
    if not isinstance(found, dict):
        return {}
    inner = found.get("assay")
    return inner if isinstance(inner, dict) else found
