"""A check as a JUnit report: a suite an environment, a test case a rule, gate or limit, those that passed too."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from generator.cli.check_formats.plain import message_of, place_of, plain, rule_of, xml_safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.pipeline.checking.report import Case, Item, Report

_ELSEWHERE = "repository"
"""Name of the suite of what belongs to no environment."""
MOST = 200
"""Findings of one case that are told one by one."""


def junit(report: Report) -> str:
    """Return the report, in which no time is told since nothing was measured."""
    suites = [(name or _ELSEWHERE, list(cases)) for name, cases in groupby(report.cases, lambda case: case.environment)]
    merged: dict[str, list[Case]] = {}
    for name, cases in suites:
        merged.setdefault(name, []).extend(cases)
    every = [case for cases in merged.values() for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="assay check" {_counts(every)}>']
    for name, cases in merged.items():
        lines.append(
            f'  <testsuite name="{xml_safe(name)}" {_counts(cases)} '
            f'skipped="{sum(case.verdict in {"skipped", "waived"} for case in cases)}">'
        )
        lines += [line for case in cases for line in _case(name, case)]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def _counts(cases: Sequence[Case]) -> str:
    errors = sum(case.verdict == "failed" and case.kind == "unreadable" for case in cases)
    failures = sum(case.verdict == "failed" for case in cases) - errors
    return f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'


def _case(suite: str, case: Case) -> Iterator[str]:
    name = case.name if case.kind in {"rule", "unreadable"} else f"{case.kind} {case.name}"
    start = f'    <testcase classname="{xml_safe(f"assay.{suite}")}" name="{xml_safe(name)}"'
    inside = list(_inside(case))
    if not inside:
        yield f"{start}/>"
        return
    yield f"{start}>"
    yield from (f"      {line}" for line in inside)
    yield "    </testcase>"


def _inside(case: Case) -> Iterator[str]:
    told = [item for item in case.items if not item.fails]
    if case.verdict == "failed":
        failing = [item for item in case.items if item.fails]
        element = "error" if case.kind == "unreadable" else "failure"
        message = failing[0].message if len(failing) == 1 else f"{len(failing)} times: {case.title}"
        body = "\n".join([*_told(case, failing), f"Do: {xml_safe(case.fix)}"])
        yield f'<{element} type="{xml_safe(rule_of(case))}" message="{xml_safe(message)}">{body}</{element}>'
    elif case.verdict == "waived":
        yield f"<skipped>{'&#10;'.join(_told(case, told))}</skipped>"
        return
    elif case.verdict == "skipped":
        yield f"<skipped>{xml_safe(case.reason)}</skipped>"
        return
    if told:
        yield f"<system-out>{'&#10;'.join(_told(case, told))}</system-out>"


def _told(case: Case, items: Sequence[Item]) -> list[str]:
    lines = [
        xml_safe(f"{item.level}[{plain(rule_of(case))}] {place_of(item)}: {message_of(item)}") for item in items[:MOST]
    ]
    return [*lines, f"and {len(items) - MOST} more"] if len(items) > MOST else lines
