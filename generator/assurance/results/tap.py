"""TAP, versions 12 to 14: a run that bailed out, or ran other tests than it planned, has failed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.results.result import Result, Sheet, number, unreadable

if TYPE_CHECKING:
    from generator.config.results import FailsAt
    from generator.errors import Unreadable
    from generator.readers.reader import Mask

MOST_LINES = 300_000
_VERSION = re.compile(r"TAP version (\d+)")
_PLAN = re.compile(r"1\.\.(\d{1,9})(?:\s+#(.*)|\s*)")
_TEST = re.compile(r"(not )?ok\b(?:[ \t]+(\d{1,9})(?![\w.]))?(.*)")
_DIRECTIVE = re.compile(r"(?:^|\s)#\s*(todo|skip)\w*\b:?(.*)", re.IGNORECASE)
_BAIL = re.compile(r"\s*Bail out!(.*)", re.IGNORECASE)
_YAML_VALUE = re.compile(r"\s+(message|file|line):\s*(.*)")
_KNOWN = ("12", "13", "14")


class _Test:
    """One test line with what the block below it says."""

    __slots__ = ("kind", "name", "number", "ok", "told", "why")

    def __init__(self, found: re.Match[str]) -> None:
        directive = _DIRECTIVE.search(found[3])
        self.ok = found[1] is None
        self.number = int(found[2]) if found[2] else 0
        self.kind = directive[1].lower() if directive else ""
        self.why = directive[2].strip() if directive else ""
        said = found[3][: directive.start()] if directive else found[3]
        self.name = re.sub(r"\\([\\#])", r"\1", said.strip().removeprefix("-").strip())
        self.told: dict[str, str] = {}


class _Stream:
    """What the lines of a stream said so far."""

    def __init__(self) -> None:
        self.tests: list[_Test] = []
        self.plans: list[int] = []
        self.idle = ""
        self.bail: str | None = None
        self.version = ""
        self._in_block = False

    def take(self, line: str) -> None:
        """Take one line; lines of tests inside a test, and what is no TAP, are passed over."""
        if self._in_block:
            self._in_block = line.strip() != "..."
            value = _YAML_VALUE.match(line)
            if value and self.tests:
                self.tests[-1].told.setdefault(value[1], value[2].strip("\"' "))
        elif line.startswith(" ") and line.strip() == "---" and self.tests:
            self._in_block = True
        elif bail := _BAIL.match(line):
            self.bail = self.bail or bail[1].strip() or "no reason given"
        elif test := _TEST.fullmatch(line):
            self.tests.append(_Test(test))
        elif plan := _PLAN.fullmatch(line):
            self.plans.append(int(plan[1]))
            self.idle = (plan[2] or "").strip()
        elif (version := _VERSION.fullmatch(line.strip())) and not self.version:
            self.version = version[1]


def read_tap(data: bytes, path: str, fails_at: FailsAt, mask: Mask) -> Result | Unreadable:
    """Return what a TAP stream says."""
    if data.count(b"\n") > MOST_LINES:
        return unreadable("size", f"more than {MOST_LINES} lines", path)
    stream = _Stream()
    for line in data.decode("utf-8", "replace").removeprefix("\ufeff").split("\n"):
        stream.take(line.rstrip())
    if stream.version and stream.version not in _KNOWN:
        return unreadable("version", f"TAP version {stream.version}, and {', '.join(_KNOWN)} are read", path)
    if stream.bail is None and not stream.plans:
        reason = "no plan `1..N`, so that nobody can tell whether it is whole"
        return unreadable("syntax", reason, path, "look whether the report was cut short")
    if len(stream.plans) > 1:
        return unreadable("syntax", f"{len(stream.plans)} plans in one stream", path, "keep one stream a file")
    return _told(stream).result(fails_at, mask)


def _told(stream: _Stream) -> Sheet:
    sheet = Sheet("tap")
    for place, test in enumerate(stream.tests, 1):
        name = test.name or f"test {test.number or place}"
        if test.ok and test.kind != "skip":
            sheet.passed += 1
        elif test.ok or test.kind == "todo":
            sheet.add("skipped", name, test.why)
        else:
            told = test.told
            line = number(told.get("line", ""))
            sheet.add("failed", name, told.get("message", ""), told.get("file", ""), line)
    sheet.idle = stream.idle
    if stream.bail is not None:
        sheet.add("error", "Bail out!", stream.bail)
    elif reason := _mismatch(stream):
        sheet.add("error", "plan", reason)
    return sheet


def _mismatch(stream: _Stream) -> str:
    """Return how the tests that ran differ from those that were planned; empty where they don't."""
    planned, ran = stream.plans[0], len(stream.tests)
    if planned != ran:
        return f"{planned} tests were planned, and {ran} are told of"
    numbers = [test.number or place for place, test in enumerate(stream.tests, 1)]
    if sorted(numbers) != list(range(1, planned + 1)):
        return "the numbers of the tests are not those that were planned"
    return ""
