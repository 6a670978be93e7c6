"""The JSON of Trivy: vulnerabilities, misconfigurations, secrets and licences by their severity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.assurance.results.json_text import decoded
from generator.assurance.results.result import ItemLevel, Result, Sheet, unreadable

if TYPE_CHECKING:
    from generator.config.results import FailsAt
    from generator.errors import Unreadable
    from generator.readers.reader import Mask

VERSION = 2
_LEVELS: dict[str, ItemLevel] = {
    "CRITICAL": "error",
    "HIGH": "error",
    "MEDIUM": "warning",
    "LOW": "note",
}


class _Vulnerability(msgspec.Struct):
    id: str = msgspec.field(name="VulnerabilityID")
    severity: str = msgspec.field(default="", name="Severity")
    package: str = msgspec.field(default="", name="PkgName")
    installed: str = msgspec.field(default="", name="InstalledVersion")
    fixed: str = msgspec.field(default="", name="FixedVersion")
    title: str = msgspec.field(default="", name="Title")


class _Cause(msgspec.Struct, rename="pascal"):
    start_line: int = 0


class _Misconfiguration(msgspec.Struct):
    id: str = msgspec.field(default="", name="ID")
    severity: str = msgspec.field(default="", name="Severity")
    title: str = msgspec.field(default="", name="Title")
    message: str = msgspec.field(default="", name="Message")
    status: str = msgspec.field(default="FAIL", name="Status")
    cause: _Cause | None = msgspec.field(default=None, name="CauseMetadata")


class _Secret(msgspec.Struct):
    rule: str = msgspec.field(default="", name="RuleID")
    severity: str = msgspec.field(default="", name="Severity")
    title: str = msgspec.field(default="", name="Title")
    line: int = msgspec.field(default=0, name="StartLine")


class _Licence(msgspec.Struct, rename="pascal"):
    name: str = ""
    severity: str = ""
    pkg_name: str = ""
    file_path: str = ""


class _Summary(msgspec.Struct, rename="pascal"):
    successes: int = 0
    failures: int = 0


class _Target(msgspec.Struct, rename="pascal"):
    target: str = ""
    vulnerabilities: list[_Vulnerability] | None = None
    misconfigurations: list[_Misconfiguration] | None = None
    misconf_summary: _Summary | None = None
    secrets: list[_Secret] | None = None
    licenses: list[_Licence] | None = None


class _Version(msgspec.Struct, rename="pascal"):
    schema_version: int


class _Report(msgspec.Struct, rename="pascal"):
    results: list[_Target] | None = None


def read_trivy(data: bytes, path: str, fails_at: FailsAt, mask: Mask) -> Result | Unreadable:
    """Return what `trivy --format json` says: critical and high are errors, medium and unknown warnings, low notes."""
    version = decoded(data, _Version, path, "report of Trivy")
    if not isinstance(version, _Version):
        return version
    if version.schema_version != VERSION:
        reason = f"a report of Trivy in schema version {version.schema_version}, and {VERSION} is read"
        return unreadable("version", reason, path)
    report = decoded(data, _Report, path, "report of Trivy")
    if not isinstance(report, _Report):
        return report
    sheet = Sheet("trivy")
    sheet.tool = "trivy"
    # A target that nothing was found in is listed all the same; no target at all was nothing to look at.
    sheet.clean = bool(report.results)
    for target in report.results or ():
        _tell(target, sheet)
    return sheet.result(fails_at, mask)


def _tell(target: _Target, sheet: Sheet) -> None:
    for weak in target.vulnerabilities or ():
        fixed = f", fixed in {weak.fixed}" if weak.fixed else ""
        message = f"{weak.package} {weak.installed}{fixed}: {weak.title}".removesuffix(": ")
        sheet.add(_level(weak.severity), weak.id, message, target.target)
    _tell_configuration(target, sheet)
    for secret in target.secrets or ():
        # What it matched is never taken over.
        sheet.add(_level(secret.severity), secret.rule, secret.title, target.target, secret.line)
    for licence in target.licenses or ():
        place = licence.file_path or target.target
        sheet.add(_level(licence.severity), licence.name, licence.pkg_name, place)


def _tell_configuration(target: _Target, sheet: Sheet) -> None:
    passed = 0
    for found in target.misconfigurations or ():
        line = found.cause.start_line if found.cause else 0
        if found.status == "PASS":
            passed += 1
        elif found.status == "EXCEPTION":
            sheet.add("skipped", found.id, found.message or found.title, target.target, line)
        else:
            sheet.add(_level(found.severity), found.id, found.message or found.title, target.target, line)
    counted = target.misconf_summary.successes if target.misconf_summary else 0
    sheet.passed += max(passed, counted)


def _level(severity: str) -> ItemLevel:
    return _LEVELS.get(severity.upper(), "warning")
