"""SARIF 2.1: findings by the level that they, or their rule, have; what was suppressed or is gone does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from generator.assurance.results.json_text import decoded
from generator.assurance.results.result import ItemLevel, Result, Sheet, unreadable
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from generator.config.results import FailsAt
    from generator.errors import Unreadable
    from generator.readers.reader import Mask

VERSION = "2.1.0"


class _Message(msgspec.Struct):
    text: str = ""
    markdown: str = ""


class _Defaults(msgspec.Struct):
    level: str = "warning"


class _Rule(msgspec.Struct, rename="camel"):
    id: str = ""
    default_configuration: _Defaults | None = None
    short_description: _Message | None = None


class _Part(msgspec.Struct, rename="camel"):
    name: str = ""
    version: str | None = None
    semantic_version: str | None = None
    rules: list[_Rule] | None = None


class _Tool(msgspec.Struct):
    driver: _Part
    extensions: list[_Part] | None = None


class _Artifact(msgspec.Struct):
    uri: str = ""


class _Region(msgspec.Struct, rename="camel"):
    start_line: int = 0


class _Physical(msgspec.Struct, rename="camel"):
    artifact_location: _Artifact | None = None
    region: _Region | None = None


class _Location(msgspec.Struct, rename="camel"):
    physical_location: _Physical | None = None


class _Suppression(msgspec.Struct):
    status: str = "accepted"


class _PartReference(msgspec.Struct):
    index: int = -1


class _RuleReference(msgspec.Struct, rename="camel"):
    id: str = ""
    index: int = -1
    tool_component: _PartReference | None = None


class _Found(msgspec.Struct, rename="camel"):
    message: _Message | None = None
    rule_id: str = ""
    rule_index: int = -1
    rule: _RuleReference | None = None
    level: str = ""
    kind: str = "fail"
    locations: list[_Location] | None = None
    suppressions: list[_Suppression] | None = None
    baseline_state: str = ""


class _Invocation(msgspec.Struct, rename="camel"):
    execution_successful: bool = True


class _Run(msgspec.Struct):
    tool: _Tool
    results: list[_Found] | None = None
    invocations: list[_Invocation] | None = None


class _Version(msgspec.Struct):
    version: str


class _Log(msgspec.Struct):
    runs: list[_Run] | None = None


_LEVELS: dict[str, ItemLevel] = {"error": "error", "warning": "warning", "note": "note", "none": "note"}
# What a person has yet to decide on is no pass.
_KINDS: dict[str, ItemLevel] = {
    "notApplicable": "skipped",
    "informational": "note",
    "open": "warning",
    "review": "warning",
}


def read_sarif(data: bytes, path: str, fails_at: FailsAt, mask: Mask) -> Result | Unreadable:
    """Return what a SARIF log says, all runs together."""
    version = decoded(data, _Version, path, "SARIF")
    if not isinstance(version, _Version):
        return version
    if version.version != VERSION:
        said = mask_within(version.version, mask)[:20]
        return unreadable("version", f"SARIF of version {said!r}, and {VERSION} is read", path)
    log = decoded(data, _Log, path, "SARIF")
    if not isinstance(log, _Log):
        return log
    sheet, tools = Sheet("sarif"), []
    for run in log.runs or ():
        driver = run.tool.driver
        tools.append(" ".join(filter(None, (driver.name, driver.semantic_version or driver.version))))
        # Without a list of results the run looked at nothing; with an empty one it found nothing.
        sheet.clean = sheet.clean or run.results is not None
        if any(not invocation.execution_successful for invocation in run.invocations or ()):
            sheet.add("error", driver.name, "the tool says that it did not come to its end")
        rules = _Rules(run.tool)
        for found in run.results or ():
            _tell(found, rules.of(found), sheet)
    sheet.tool = ", ".join(dict.fromkeys(filter(None, tools)))
    return sheet.result(fails_at, mask)


def _tell(found: _Found, rule: _Rule | None, sheet: Sheet) -> None:
    if found.baseline_state == "absent":
        return
    if found.kind == "pass":
        sheet.passed += 1
        return
    level = _level(found, rule)
    if found.suppressions and all(one.status == "accepted" for one in found.suppressions):
        level = "skipped"
    place = next((one.physical_location for one in found.locations or () if one.physical_location), None)
    uri = place.artifact_location.uri if place and place.artifact_location else ""
    line = place.region.start_line if place and place.region else 0
    said = (found.message, rule.short_description if rule else None)
    message = next((words.text or words.markdown for words in said if words and (words.text or words.markdown)), "")
    name = found.rule_id or (found.rule.id if found.rule else "") or (rule.id if rule else "")
    sheet.add(level, name, message, unquote(uri), line)


def _level(found: _Found, rule: _Rule | None) -> ItemLevel:
    if found.kind in _KINDS:
        return _KINDS[found.kind]
    said = found.level or (rule.default_configuration.level if rule and rule.default_configuration else "warning")
    return _LEVELS.get(said, "warning")


class _Rules:
    """The rules of a run, found by their place in the tool's lists or by their id."""

    def __init__(self, tool: _Tool) -> None:
        self._parts = [tool.driver, *(tool.extensions or [])]
        self._by_id = {rule.id: rule for part in reversed(self._parts) for rule in reversed(part.rules or [])}

    def of(self, found: _Found) -> _Rule | None:
        """Return the rule that a finding names; `None` where the report does not describe it."""
        reference = found.rule or _RuleReference()
        place = reference.tool_component.index + 1 if reference.tool_component else 0
        rules = (self._parts[place].rules if 0 <= place < len(self._parts) else None) or []
        index = found.rule_index if found.rule_index >= 0 else reference.index
        return rules[index] if 0 <= index < len(rules) else self._by_id.get(found.rule_id or reference.id)
