"""The JSON of kube-linter: every report is one for which the tool itself fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.assurance.results.json_text import decoded
from generator.assurance.results.result import Result, Sheet

if TYPE_CHECKING:
    from generator.config.results import FailsAt
    from generator.errors import Unreadable
    from generator.readers.reader import Mask


class _Check(msgspec.Struct):
    name: str = ""


class _Diagnostic(msgspec.Struct, rename="pascal"):
    message: str = ""


class _Kind(msgspec.Struct, rename="pascal"):
    kind: str = ""


class _KubernetesObject(msgspec.Struct, rename="pascal"):
    name: str = ""
    group_version_kind: _Kind | None = None


class _Metadata(msgspec.Struct, rename="pascal"):
    file_path: str = ""


class _Object(msgspec.Struct):
    metadata: _Metadata | None = msgspec.field(default=None, name="Metadata")
    kubernetes: _KubernetesObject | None = msgspec.field(default=None, name="K8sObject")


class _Found(msgspec.Struct, rename="pascal"):
    check: str
    diagnostic: _Diagnostic | None = None
    object: _Object | None = None


class _Summary(msgspec.Struct, rename="pascal"):
    checks_status: str = ""
    kube_linter_version: str = ""


class _Report(msgspec.Struct, rename="pascal"):
    reports: list[_Found] | None
    checks: list[_Check] | None = None
    summary: _Summary | None = None


def read_kube_linter(data: bytes, path: str, fails_at: FailsAt, mask: Mask) -> Result | Unreadable:
    """Return what `kube-linter lint --format json` says."""
    report = decoded(data, _Report, path, "report of kube-linter")
    if not isinstance(report, _Report):
        return report
    sheet = Sheet("kube-linter")
    summary = report.summary or _Summary()
    sheet.tool = f"kube-linter {summary.kube_linter_version}".strip()
    sheet.clean = bool(report.checks)
    for found in report.reports or ():
        place = found.object or _Object()
        subject = _subject(place.kubernetes)
        message = found.diagnostic.message if found.diagnostic else ""
        file = place.metadata.file_path if place.metadata else ""
        sheet.add("error", found.check, f"{subject}: {message}" if subject else message, file)
    if summary.checks_status == "Failed" and not report.reports:
        sheet.add("error", "summary", "failed by its summary, and nothing is listed")
    return sheet.result(fails_at, mask)


def _subject(found: _KubernetesObject | None) -> str:
    if found is None:
        return ""
    kind = found.group_version_kind.kind if found.group_version_kind else ""
    return f"{kind}/{found.name}" if kind and found.name else found.name
