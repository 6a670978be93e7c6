"""JSON Schemas of every file in the evidence folder, made from the records themselves and kept in the package."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import msgspec

from generator.evidence.app_changes import AppChangeRecord
from generator.evidence.breaks import Break, Vanished
from generator.evidence.chain import Link
from generator.evidence.delivery_records import RecordLine
from generator.evidence.gates import GateTable  # noqa: TC001 - schemas are made from the annotations
from generator.evidence.manifest import Manifest
from generator.evidence.metrics import PeriodMetrics
from generator.evidence.next_release import NextRecord
from generator.evidence.packs import ComponentRecord, EndedRecord, FixedRecord, PackLine
from generator.evidence.predicates import ReleasePredicate
from generator.evidence.records import DeploymentRecord
from generator.evidence.redaction import Redaction
from generator.evidence.refs import RefRecord
from generator.evidence.results import ResultDetail  # noqa: TC001 - as above
from generator.evidence.summary import Summary
from generator.evidence.triage import TriageRecord  # noqa: TC001 - as above


class GateLine(msgspec.Struct, frozen=True):
    """A line of `objects/gates/ENVIRONMENT.jsonl`."""

    digest: str
    record: GateTable


class ResultLine(msgspec.Struct, frozen=True):
    """A line of `objects/results/ENVIRONMENT.jsonl`."""

    digest: str
    record: ResultDetail


class TriageLine(msgspec.Struct, frozen=True):
    """A line of `objects/triage/ENVIRONMENT.jsonl`."""

    digest: str
    record: TriageRecord


RECORDS: dict[str, type[msgspec.Struct]] = {
    "summary": Summary,
    "deployment": DeploymentRecord,
    "record": RecordLine,
    "change": AppChangeRecord,
    "metric": PeriodMetrics,
    "component": ComponentRecord,
    "object": PackLine,
    "fixed": FixedRecord,
    "ended": EndedRecord,
    "gates": GateLine,
    "results": ResultLine,
    "triage": TriageLine,
    "next": NextRecord,
    "manifest": Manifest,
    "ref": RefRecord,
    "link": Link,
    "break": Break,
    "vanished": Vanished,
    "redaction": Redaction,
    "release-predicate": ReleasePredicate,
}
"""Record of each schema; all but `summary`, `next`, `manifest` and `ref` (one entry
of `refs.json`) describe one line of a file."""


def make_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas as the records are now."""
    found = {}
    for name, record in RECORDS.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(record)}
        schema["title"] = f"Assay evidence: {name}"
        found[name] = schema
    return found


def evidence_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas as they are published in the package."""
    folder = files("generator.evidence") / "schema"
    return {name: json.loads((folder / f"{name}.schema.json").read_text("utf-8")) for name in RECORDS}


def schema_text(schema: dict[str, Any]) -> str:
    """Return a schema as its published text."""
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"
