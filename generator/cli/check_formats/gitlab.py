"""A check as a Code Quality report of GitLab: a list of what counts, each with a name that stays the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.cli.check_formats.plain import file_of, json_safe, message_of, plain, rule_of

if TYPE_CHECKING:
    from generator.pipeline.checking.report import Item, Report

_SEVERITIES = {"error": "critical", "warning": "minor", "note": "info"}


def gitlab(report: Report) -> str:
    """Return the report; waived findings are no part of it, since it has no word for them."""
    rows = [
        {
            "check_name": plain(rule_of(case)),
            "description": plain(
                (f"{case.environment}: " if case.environment else "")
                + message_of(item)
                + (f" Do: {case.fix}" if item.fails else "")
            ),
            "fingerprint": item.fingerprint,
            "severity": _severity(item),
            "location": {"path": file_of(item, report), "lines": {"begin": item.line or 1}},
        }
        for case, item in report.worst_first
        if item.exempt is None
    ]
    return json_safe(json.dumps(rows, indent=2, sort_keys=True)) + "\n"


def _severity(item: Item) -> str:
    severity = _SEVERITIES[item.level]
    return "major" if item.fails and severity != "critical" else severity
