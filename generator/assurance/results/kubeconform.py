"""The JSON of kubeconform: whether each resource fits its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.assurance.results.json_text import decoded
from generator.assurance.results.result import Result, Sheet

if TYPE_CHECKING:
    from generator.config.results import FailsAt
    from generator.errors import Unreadable
    from generator.readers.reader import Mask


class _Resource(msgspec.Struct):
    status: str
    filename: str = ""
    kind: str = ""
    name: str = ""
    msg: str = ""


class _Summary(msgspec.Struct):
    valid: int = 0
    invalid: int = 0
    errors: int = 0
    skipped: int = 0


class _Report(msgspec.Struct):
    resources: list[_Resource] | None
    summary: _Summary | None = None


def read_kubeconform(data: bytes, path: str, fails_at: FailsAt, mask: Mask) -> Result | Unreadable:
    """Return what `kubeconform -output json` says.

    Without `-verbose` it leaves valid resources out, and without `-summary` it does not count them: then nothing says
    that any was looked at.
    """
    report = decoded(data, _Report, path, "report of kubeconform")
    if not isinstance(report, _Report):
        return report
    sheet, listed = Sheet("kubeconform"), _Summary()
    sheet.tool = "kubeconform"
    for resource in report.resources or ():
        name = f"{resource.kind}/{resource.name}" if resource.name else resource.kind or resource.filename
        match resource.status.removeprefix("status").upper():
            case "VALID":
                listed.valid += 1
                sheet.passed += 1
            case "INVALID":
                listed.invalid += 1
                sheet.add("failed", name, resource.msg, resource.filename)
            case "SKIPPED" | "EMPTY":
                listed.skipped += 1
                sheet.add("skipped", name, resource.msg, resource.filename)
            case _:
                listed.errors += 1
                sheet.add("error", name, resource.msg or f"status {resource.status}", resource.filename)
    if report.summary:
        _complete(sheet, listed, report.summary)
    elif not report.resources:
        sheet.idle = "nothing is listed, and nothing counted; run it with -summary"
    return sheet.result(fails_at, mask)


def _complete(sheet: Sheet, listed: _Summary, counted: _Summary) -> None:
    """Add what was counted and not listed."""
    sheet.passed += max(counted.valid - listed.valid, 0)
    bad = max(counted.invalid - listed.invalid, 0) + max(counted.errors - listed.errors, 0)
    if bad:
        sheet.add("error", "summary", f"{bad} more are invalid by the summary, and are not listed")
