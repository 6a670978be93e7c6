"""A check as annotations of a GitHub workflow: commands that its runner reads from a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.check_formats.plain import log_safe, message_of, plain, rule_of
from generator.errors import escape_control

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.pipeline.checking.report import Report

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def github(report: Report) -> str:
    """Return a line an annotation, what fails first; waived findings have none."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for case, item in report.worst_first:
        if item.exempt is not None:
            continue
        title = plain(f"{rule_of(case)} in {case.environment}" if case.environment else rule_of(case))
        properties = {"title": title}
        if item.path.strip():
            properties = {
                "file": escape_control(item.path),
                **({"line": str(item.line)} if item.line else {}),
                **properties,
            }
        named = ",".join(f"{key}={_escaped(log_safe(value), _PROPERTY)}" for key, value in properties.items())
        message = message_of(item) + (f"\nDo: {plain(case.fix)}" if item.fails else "")
        yield f"::{_COMMANDS[item.level]} {named}::{_escaped(log_safe(message), _DATA)}"


def _escaped(text: str, by: tuple[tuple[str, str], ...]) -> str:
    """Return `text` as the runner takes it apart: what would end a part stands by its number."""
    for character, number in by:
        text = text.replace(character, number)
    return text
