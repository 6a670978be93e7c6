"""A check as SARIF 2.1.0: rules with help, results with places and stable fingerprints, waivers as suppressions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from generator.cli.check_formats.plain import file_of, json_safe, message_of, plain, rule_of
from generator.errors import escape_control

if TYPE_CHECKING:
    from generator.evidence.packs import ExemptRecord
    from generator.evidence.summary import RuleRecord
    from generator.pipeline.checking.report import Case, Item, Report

MOST = 25_000
"""Results of one run: code scanning takes no more, so the least bad are left out and counted."""
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "assay/v1"
_OTHERS = {
    "gate": ("A gate holds", "A condition of `gates:` that must hold before production failed, or nothing says of it."),
    "drift-limit": ("Drift stays within its limit", "A limit of `check: drift:` is passed."),
    "unreadable": ("Everything can be read", "What can't be read can't be judged, so it is no pass."),
}
"""Title and reason of what is no rule of the catalogue."""


def sarif(report: Report) -> str:
    """Return the log, with one run."""
    found = report.worst_first
    rules = _rules(report)
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    told: dict[str, Any] = {"executionSuccessful": True, "exitCode": report.exit_code}
    if len(found) > MOST:
        left = f"{len(found) - MOST} of {len(found)} results are left out, the least bad ones."
        told["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": left}}]
    run = {
        "tool": {"driver": {"name": "Assay", "version": report.version, "rules": rules}},
        "automationDetails": {"id": f"assay-check/{report.scope.kind}/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [told],
        "results": [_result(case, item, places, report) for case, item in found[:MOST]],
        "properties": {"scope": plain(report.scope.words), "commit": report.commit, "failed": report.failed},
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_safe(json.dumps(log, indent=2, sort_keys=True)) + "\n"


def _rules(report: Report) -> list[dict[str, Any]]:
    """Return a rule for each that was asked, and for all else that was found."""
    known = {plain(rule.id): _rule(rule) for rule in report.rules}
    for case in report.cases:
        name = plain(rule_of(case))
        if case.items and name not in known:
            title, why = _OTHERS.get(name, (case.title, ""))
            known[name] = _described(name, title, why, case.fix, "error")
    return list(known.values())


def _rule(rule: RuleRecord) -> dict[str, Any]:
    level = rule.setting or rule.level
    family = {"properties": {"tags": [plain(rule.family)]}} if rule.family else {}
    return _described(plain(rule.id), rule.title, rule.why, rule.fix, level) | family


def _described(name: str, title: str, why: str, fix: str, level: str) -> dict[str, Any]:
    about = " ".join(filter(None, (plain(why), plain(fix)))) or plain(title)
    return {
        "id": name,
        "shortDescription": {"text": plain(title) or name},
        "fullDescription": {"text": plain(why) or plain(title) or name},
        "help": {"text": about or name},
        "defaultConfiguration": {"level": level},
    }


def _result(case: Case, item: Item, places: dict[str, int], report: Report) -> dict[str, Any]:
    name = plain(rule_of(case))
    text = message_of(item) + (f" Do: {plain(case.fix)}" if item.fails else "")
    logical = "/".join(filter(None, (case.environment, item.subject)))
    location: dict[str, Any] = {"physicalLocation": _place(file_of(item, report), item.line)}
    if logical:
        location["logicalLocations"] = [{"fullyQualifiedName": plain(logical), "kind": "resource"}]
    return {
        "ruleId": name,
        "ruleIndex": places[name],
        "level": item.level,
        "message": {"text": f"{case.environment}: {text}" if case.environment else text},
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: item.fingerprint},
        # Where one result is suppressed, a reader takes one without this list for unknown.
        "suppressions": [_suppression(item.exempt)] if item.exempt is not None else [],
        "properties": {"environment": case.environment, "fails": item.fails, "new": item.new},
    }


def _place(path: str, line: int) -> dict[str, Any]:
    uri = quote(escape_control(path), safe="/-._~")
    return {"artifactLocation": {"uri": uri, "uriBaseId": _ROOT}, "region": {"startLine": line or 1}}


def _suppression(exempt: ExemptRecord) -> dict[str, Any]:
    path, _, line = exempt.source.rpartition(":")
    place = _place(path, int(line)) if path and line.isdigit() else _place(exempt.source, 0)
    why = plain(f"{exempt.reason} ({exempt.owner}, through {exempt.through})")
    return {
        "kind": "external",
        "status": "accepted",
        "justification": why,
        "location": {"physicalLocation": place},
    }
