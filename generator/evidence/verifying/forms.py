"""Files that nothing else is looked up in: each must hold the records that it is for, as they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.app_changes import AppChangeRecord
from generator.evidence.delivery_records import RecordLine
from generator.evidence.metrics import PeriodMetrics
from generator.evidence.next_release import NextRecord
from generator.evidence.packs import EndedRecord, FixedRecord
from generator.evidence.reading import CHANGES, METRICS, RECORDS
from generator.evidence.verifying.listing import read_bounded
from generator.evidence.verifying.texts import MOST_DOCUMENT_BYTES, Canon, TextError, canonical_lines, decoded

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.manifest import Manifest
    from generator.evidence.summary import Summary
    from generator.evidence.verifying.verdict import Report

LINES: dict[str, type[msgspec.Struct]] = {METRICS: PeriodMetrics, RECORDS: RecordLine, CHANGES: AppChangeRecord}
FOLDERS: dict[str, type[msgspec.Struct]] = {"objects/fixed/": FixedRecord, "objects/ended/": EndedRecord}
_NEXT = "objects/next/"
_OTHERS = re.compile(
    r"(?:summary|refs)\.json|(?:deployments|chain|breaks|vanished|redactions)\.jsonl|objects/components\.jsonl"
    r"|objects/(?:topology|findings|drift|gates|results|triage)/[^/]+\.jsonl|statements/[^/]+\.jsonl"
)
"""Files that others look into."""


def check_forms(folder: Path, manifest: Manifest, summary: Summary, report: Report) -> None:
    """See that measures, records, and what ended or waits are as they are written, and records as many as told."""
    lines = dict.fromkeys(LINES, 0)
    for name in sorted(manifest.files):
        kind = LINES.get(name) or next((kind for start, kind in FOLDERS.items() if name.startswith(start)), None)
        try:
            if kind is not None:
                lines[name] = _check_lines(folder / name, kind)
            elif name.startswith(_NEXT):
                _check_document(folder / name)
            elif not _OTHERS.fullmatch(name):
                report.wrong(name, "is no file that a bundle has")
        except TextError as error:
            report.wrong(name, str(error))
    told = sum(count.records for count in summary.records)
    if told != lines[RECORDS] and not report.is_wrong(RECORDS):
        report.wrong(RECORDS, f"has {lines[RECORDS]} lines, and the summary tells of {told} records")


def _check_lines(path: Path, kind: type[msgspec.Struct]) -> int:
    decoder = msgspec.json.Decoder(kind)
    number = 0
    for number, text in canonical_lines(path):
        decoded(decoder, text, number)
    return number


def _check_document(path: Path) -> None:
    data = read_bounded(path, MOST_DOCUMENT_BYTES)
    if data is None:
        raise TextError(0, f"has more than {MOST_DOCUMENT_BYTES} bytes")
    if fault := Canon().fault(data, spaced=True):
        raise TextError(0, fault)
    decoded(msgspec.json.Decoder(NextRecord), data)
