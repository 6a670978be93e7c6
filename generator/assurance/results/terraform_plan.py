"""A plan of Terraform or OpenTofu, shown as JSON or told line by line: what would be changed, and whether it errs.

Only addresses and actions are taken over; the values of a plan, which hold secrets in clear text, are never looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.assurance.results.json_text import decoded
from generator.assurance.results.result import ItemLevel, Result, Sheet, unreadable
from generator.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config.results import FailsAt
    from generator.readers.reader import Mask

MOST_LINES = 300_000
_KNOWN_MAJOR = frozenset({"0", "1"})
_WORDS: dict[str, tuple[ItemLevel, str]] = {
    "replace": ("warning", "will be replaced"),
    "delete": ("warning", "will be deleted"),
    "remove": ("warning", "will be forgotten"),
    "forget": ("warning", "will be forgotten"),
    "update": ("note", "will be updated"),
    "create": ("note", "will be created"),
    "import": ("note", "will be imported"),
    "move": ("note", "will be moved"),
}


class _Change(msgspec.Struct):
    actions: list[str] | None = None


class _Resource(msgspec.Struct):
    address: str
    change: _Change | None = None


class _CheckAddress(msgspec.Struct):
    to_display: str = ""


class _Check(msgspec.Struct):
    status: str = ""
    address: _CheckAddress | None = None


class _Plan(msgspec.Struct):
    format_version: str
    terraform_version: str = ""
    resource_changes: list[_Resource] | None = None
    checks: list[_Check] | None = None
    planned_values: msgspec.Raw = msgspec.Raw()
    errored: bool = False


class _Address(msgspec.Struct):
    addr: str = ""


class _LineChange(msgspec.Struct):
    resource: _Address
    action: str


class _Start(msgspec.Struct):
    line: int = 0


class _Range(msgspec.Struct):
    filename: str = ""
    start: _Start | None = None


class _Diagnostic(msgspec.Struct):
    severity: str
    summary: str = ""
    detail: str = ""
    address: str = ""
    range: _Range | None = None


class _Line(msgspec.Struct):
    type: str
    level: str = msgspec.field(default="", name="@level")
    message: str = msgspec.field(default="", name="@message")
    ui: str = ""
    terraform: str = ""
    tofu: str = ""
    change: _LineChange | None = None
    diagnostic: _Diagnostic | None = None


def read_terraform_plan(data: bytes, path: str, fails_at: FailsAt, mask: Mask) -> Result | Unreadable:
    """Return what `terraform show -json PLAN` or `terraform plan -json` says.

    Errors fail; what would be deleted or replaced is told as a warning, everything else as a note.
    """
    text = data.removeprefix(b"\xef\xbb\xbf").strip()
    sheet = Sheet("terraform-plan")
    # A plan that changes nothing is one all the same.
    sheet.clean = True
    lines = text.splitlines()
    streamed = len(lines) > 1 and lines[0].startswith(b"{") and lines[0].rstrip().endswith(b"}")
    fault = _read_lines(lines, path, sheet) if streamed else _read_plan(text, path, sheet)
    return fault or sheet.result(fails_at, mask)


def _read_plan(text: bytes, path: str, sheet: Sheet) -> Unreadable | None:
    plan = decoded(text, _Plan, path, "plan of Terraform")
    if not isinstance(plan, _Plan):
        return plan
    if fault := _refused(plan.format_version, path):
        return fault
    if not bytes(plan.planned_values) and plan.resource_changes is None and not plan.errored:
        reason = "no plan: neither planned values nor changes are in it"
        return unreadable("shape", reason, path, "show the file that `plan -out` wrote, not a state")
    sheet.tool = f"terraform {plan.terraform_version}".strip()
    for resource in plan.resource_changes or ():
        actions = resource.change.actions if resource.change else None
        _add(sheet, resource.address, _action(actions or ()))
    for check in plan.checks or ():
        if check.status in {"fail", "error"}:
            sheet.add("warning", check.address.to_display if check.address else "check", f"check: {check.status}")
    if plan.errored:
        sheet.add("error", "plan", "planning came to an error")
    return None


def _read_lines(lines: Sequence[bytes], path: str, sheet: Sheet) -> Unreadable | None:
    if len(lines) > MOST_LINES:
        return unreadable("size", f"more than {MOST_LINES} lines", path)
    ended = False
    for place, text in enumerate(lines, 1):
        if not text.strip():
            continue
        line = decoded(text, _Line, path, "line of `plan -json`")
        if isinstance(line, Unreadable):
            return unreadable("syntax", f"line {place}: {line.reason}", path, line.fix, line=place)
        if line.type == "version":
            sheet.tool = " ".join(filter(None, ("tofu" if line.tofu else "terraform", line.tofu or line.terraform)))
            if fault := _refused(line.ui, path):
                return fault
        ended = ended or line.type == "change_summary"
        _tell(line, sheet)
    if not ended and not sheet.bad():
        return unreadable("syntax", "no summary of changes at its end", path, "look whether the report was cut short")
    return None


def _tell(line: _Line, sheet: Sheet) -> None:
    if line.type == "planned_change" and line.change:
        _add(sheet, line.change.resource.addr, line.change.action)
    elif line.type == "diagnostic" and line.diagnostic:
        said = line.diagnostic
        place = said.range or _Range()
        message = ": ".join(filter(None, (said.summary, said.detail)))
        number = place.start.line if place.start else 0
        sheet.add("error" if said.severity == "error" else "warning", said.address, message, place.filename, number)
    elif line.level == "error":
        sheet.add("error", line.type, line.message)


def _action(actions: Sequence[str]) -> str:
    if "create" in actions and len(actions) > 1:
        return "replace"
    return actions[0] if actions else ""


def _add(sheet: Sheet, address: str, action: str) -> None:
    if action in _WORDS:
        level, words = _WORDS[action]
        sheet.add(level, address, words)
    elif action not in {"noop", "no-op", "read", ""}:
        sheet.add("warning", address, f"will see the action {action}")


def _refused(version: str, path: str) -> Unreadable | None:
    if version.partition(".")[0] in _KNOWN_MAJOR:
        return None
    return unreadable("version", f"a format of version {version[:20]!r}, and 0 and 1 are read", path)
