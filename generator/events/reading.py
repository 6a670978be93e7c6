"""A file of records, in whatever form, to records and everything in it that can't be taken."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from generator.documents.yaml_text import parse_yaml
from generator.errors import Place, Unreadable
from generator.events.cdevents import cdevents, is_cdevent
from generator.events.csv_text import CsvText
from generator.events.entries import ApprovalEvent, DeploymentEvent, DowntimeEvent, IncidentEvent, Records
from generator.events.exports import mapped
from generator.events.joining import joined
from generator.events.json_text import JsonText
from generator.events.limits import MAX_BYTES, few
from generator.events.plain import Gathering, plain_csv, plain_json, plain_yaml
from generator.events.rows import item_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config.records import RecordFormat
    from generator.events.forms import Event
    from generator.events.mapping import Mapping
    from generator.events.rows import Plain

NOTES = frozenset({"record-type"})
"""Codes of what is told without being a loss: events of types that are no records."""
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
}
_JSON = re.compile(r"[{\[][{\[\s]*[\"}\]]")
"""How JSON begins, and YAML in braces mostly does not."""
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse_records(
    data: bytes, path: str, source_format: RecordFormat, mapping: Mapping | None = None, *, note_of: str = ""
) -> tuple[Records, tuple[Unreadable, ...]]:
    """Return the records of one file, parts of one joined, and everything that can't be taken; it never raises.

    `note_of` is the commit that a git note is on: records that name no commit are of it. What is wrong in one record
    costs that record alone. Problems whose code is in `NOTES` are told, and are no loss.
    """
    if len(data) > MAX_BYTES:
        reason = f"{len(data)} bytes, more than the {MAX_BYTES} that are read"
        return Records(), (Unreadable("too-large", reason, Place(path), "split the file"),)
    gathering = Gathering(path, note_of)
    chosen = _form_of(data, path) if source_format == "auto" else source_format
    if chosen == "yaml":
        _yaml(gathering, data, mapping)
    else:
        text = _text(data)
        if chosen == "csv":
            _csv(gathering, CsvText(text, path), mapping)
        else:
            _json(gathering, JsonText(text, path), mapping, events_only=source_format == "cdevents")
    return _records(gathering.events), gathering.problems


def _form_of(data: bytes, path: str) -> str:
    """Return how a file is written, by the end of its name, else by how it begins."""
    name = path.rpartition("/")[2].lower()
    for suffix, form in _SUFFIXES.items():
        if name.endswith(suffix):
            return form
    head = _text(data[:4096]).lstrip()
    if _JSON.match(head):
        return "json"
    first = head.partition("\n")[0]
    return "csv" if ":" not in first and any(mark in first for mark in ",;\t") else "yaml"


def _text(data: bytes) -> str:
    """Return the text of a file; bytes that are none stay as lone surrogates, and cost what they stand in."""
    if data.startswith(_WIDE):
        whole = len(data) // 2 * 2
        return data[:whole].decode("utf-16", errors="surrogatepass") + ("\udc80" if whole < len(data) else "")
    return data.decode("utf-8", errors="surrogateescape").removeprefix("\ufeff")


def _yaml(gathering: Gathering, data: bytes, mapping: Mapping | None) -> None:
    documents = parse_yaml(data, gathering.path)
    if mapping:
        mapped(gathering, mapping, [item_of(root) for root in documents.roots])
    else:
        plain_yaml(gathering, documents.roots)
    if documents.problem:
        gathering.keep([documents.problem])


def _csv(gathering: Gathering, text: CsvText, mapping: Mapping | None) -> None:
    if mapping:
        mapped(gathering, mapping, text.items())
    else:
        plain_csv(gathering, text)
    gathering.keep(text.problems)


def _json(gathering: Gathering, text: JsonText, mapping: Mapping | None, *, events_only: bool) -> None:
    if mapping:
        found = text.within(mapping.items) if mapping.items else None
        mapped(gathering, mapping, text.items() if found is None else found, inside=found is not None)
    elif events_only or is_cdevent(_first(text)):
        cdevents(gathering, few(gathering, text.items()))
    else:
        plain_json(gathering, text)
    gathering.keep(text.problems)


def _first(text: JsonText) -> Plain:
    """Return the first value of a file, and nothing of what is wrong with it: that is told where it is read."""
    found = next(iter(text.items()), None)
    text.problems.clear()
    return found.value if found else None


def _records(found: Sequence[Event]) -> Records:
    """Return what was gathered by its kinds, parts of one record joined."""
    deployments = [event for event in found if isinstance(event, DeploymentEvent)]
    downtimes = [event for event in found if isinstance(event, DowntimeEvent)]
    records = Records(
        deployments=tuple(event for event in deployments if event.environment),
        incidents=tuple(event for event in found if isinstance(event, IncidentEvent)),
        downtimes=tuple(event for event in downtimes if event.start),
        approvals=tuple(event for event in found if isinstance(event, ApprovalEvent)),
        unplaced=tuple(event for event in deployments if not event.environment),
        unbegun=tuple(event for event in downtimes if not event.start),
    )
    return joined([records])
