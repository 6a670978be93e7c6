"""JUnit XML: each test case counts by what it says of itself, and sums that say worse are believed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, TreeBuilder  # the tree alone; defusedxml parses

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from generator.assurance.results.result import ItemLevel, Result, Sheet, number, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.config.results import FailsAt
    from generator.errors import Unreadable
    from generator.readers.reader import Mask

MOST_ELEMENTS = 300_000
MOST_DEPTH = 40
_FAILED = frozenset({"fail", "failed", "failure", "error", "errored", "broken"})
_NOT_RUN = frozenset({"notrun", "skipped", "suppressed", "disabled", "ignored", "pending"})
_MORE_THAN_NONE = re.compile(r"[1-9]")
_PASSED_OVER = frozenset({"system-out", "system-err", "properties"})


class _LimitError(Exception):
    """A document that is larger or deeper than what is read."""


class _Builder(TreeBuilder):
    """Builds the tree without what programs printed, under limits."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0
        self._over = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS or self._depth > MOST_DEPTH:
            raise _LimitError
        self._over += tag in _PASSED_OVER
        return super().start(_local(tag), attrs) if not self._over else Element(tag)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        if self._over:
            self._over -= tag in _PASSED_OVER
            return Element(tag)
        return super().end(_local(tag))

    def data(self, data: str, /) -> None:
        if not self._over:
            super().data(data)


def read_junit(data: bytes, path: str, fails_at: FailsAt, mask: Mask) -> Result | Unreadable:
    """Return what a JUnit file says; no entity and no document type is taken."""
    root = _parsed(data, path)
    if not isinstance(root, Element):
        return root
    if root.tag not in {"testsuites", "testsuite"}:
        return unreadable("shape", f"a <{root.tag}> where <testsuites> is expected", path, "check the `format`")
    sheet = Sheet("junit")
    for suite, case in _cases(root):
        _tell(case, suite, sheet)
    for element in root.iter():
        if element.tag in {"testsuites", "testsuite"}:
            for fault in element:
                if fault.tag in {"error", "failure"}:
                    sheet.add("error", element.get("name", ""), _message(fault))
    unlisted = _claimed(root) - sheet.bad()
    if unlisted > 0:
        sheet.add("error", root.get("name", ""), f"{unlisted} more failed by the report's own sums, and are not listed")
    return sheet.result(fails_at, mask)


def _parsed(data: bytes, path: str) -> Element | Unreadable:
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(data)
        root = parser.close()
    except DefusedXmlException:
        return unreadable("xml-entities", "a document type or entities, which are never followed", path)
    except _LimitError:
        reason = f"more than {MOST_ELEMENTS} elements, or nested deeper than {MOST_DEPTH}"
        return unreadable("size", reason, path)
    except ParseError as fault:
        return unreadable("syntax", f"no whole XML: {fault}", path, "look whether the report was cut short")
    except (ValueError, LookupError) as fault:
        return unreadable("syntax", f"no XML: {fault}", path)
    return root if isinstance(root, Element) else unreadable("syntax", "no XML: no element", path)


def _cases(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield each test case with the name of the suite that it stands in, in their order."""
    for suite in root.iter():
        if suite.tag in {"testsuites", "testsuite"}:
            for case in suite.findall("testcase"):
                yield suite.get("name", ""), case


def _tell(element: Element, suite: str, sheet: Sheet) -> None:
    from junitparser import Error, Failure, Skipped, TestCase  # noqa: PLC0415 - a run without reports need not load it

    case: TestCase = TestCase.fromelem(element)  # type: ignore[no-untyped-call]  # the library does not say
    found = case.result
    if not found:
        _tell_bare(element, " ".join(part for part in (case.classname or suite, case.name) if part), sheet)
        return
    level: ItemLevel = "error" if case.is_error else "failed" if case.is_failure else "skipped"
    worst = Error if level == "error" else Failure if level == "failed" else Skipped
    said = next(entry for entry in found if isinstance(entry, worst))
    name = " ".join(part for part in (case.classname or suite, case.name) if part)
    message = said.message or (said.text or "").strip() or said.type or ""
    sheet.add(level, name, message, element.get("file", ""), number(element.get("line", "")))


def _tell_bare(element: Element, name: str, sheet: Sheet) -> None:
    """Take a test case that holds no failure: some programs say by an attribute alone that it failed, or never ran."""
    said = {element.get("status", "").lower(), element.get("result", "").lower()}
    if said & _FAILED:
        sheet.add("failed", name, "failed by its status", element.get("file", ""), number(element.get("line", "")))
    elif said & _NOT_RUN:
        sheet.add("skipped", name, f"its status is {min(said & _NOT_RUN)}")
    else:
        sheet.passed += 1


def _message(fault: Element) -> str:
    return fault.get("message") or (fault.text or "").strip() or fault.get("type") or ""


def _claimed(root: Element) -> int:
    """Return how many failed by the sums that the root, or the suites in it, were written with."""
    return max(_sum(root), sum(_claimed(suite) for suite in root.findall("testsuite")))


def _sum(element: Element) -> int:
    said = [element.get(name, "") for name in ("failures", "errors")]
    # What is no number that can be read, and is more than nothing, is at least one.
    return sum(number(text) or bool(_MORE_THAN_NONE.search(text)) for text in said)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
