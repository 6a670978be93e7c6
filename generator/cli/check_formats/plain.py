"""Texts of a repository, made harmless: no control or direction characters, no command to the runner of a pipeline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.errors import Place, escape_control, one_line

if TYPE_CHECKING:
    from generator.pipeline.checking.report import Case, Item, Report

LONGEST = 2000
"""Characters of one text; what is longer is cut with a mark."""
_MARK = "##"
"""Some runners take `##[...]` or `##vso[...]` for a command wherever in a line it stands."""
_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)
"""What others take for the beginning of one."""


def plain(text: str) -> str:
    """Return `text` as one printable line."""
    return one_line(text, LONGEST)


def log_safe(text: str) -> str:
    """Return lines of a log, already printable, in which no runner finds a command."""
    return _COMMAND.sub(r"\1:\\x3a", text.replace(_MARK, r"#\x23"))


def json_safe(text: str) -> str:
    """Return a JSON document that means the same, and in which no runner finds a command.

    The mark can stand inside of strings alone, where a character may be written by its number.
    """
    return text.replace(_MARK, r"#\u0023")


def xml_safe(text: str) -> str:
    """Return `text` as the content of an element or an attribute: one printable line without markup."""
    folded = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return folded.replace(_MARK, "#&#35;")


def place_of(item: Item) -> str:
    """Return file and line of what was found; empty where no file is known."""
    return str(Place(item.path, item.line))


def rule_of(case: Case) -> str:
    """Return what tells one kind of failure from another: the rule, or what else was asked."""
    return case.name if case.kind == "rule" else {"gate": "gate", "drift": "drift-limit"}.get(case.kind, case.kind)


def file_of(item: Item, report: Report) -> str:
    """Return the path that a tool shows it at: its own, else that of the configuration, which names what it is of."""
    own = escape_control(item.path) if item.path.strip() else ""
    return own or report.source or "assay.yaml"


def waived(item: Item) -> str:
    """Return who lets it stand, until when and why; empty where it counts."""
    exempt = item.exempt
    return f"waived by {exempt.owner} through {exempt.through}: {exempt.reason}" if exempt is not None else ""


def message_of(item: Item) -> str:
    """Return what was found, with who lets it stand."""
    why = waived(item)
    return plain(f"{item.message} ({why})" if why else item.message)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count} {noun if count == 1 else noun + 's'}"


def verdict_of(report: Report) -> str:
    """Return in one sentence whether it failed, and by what."""
    if not report.failed:
        return "The check passed."
    failed = [case for case in report.cases if case.verdict == "failed"]
    named = [f"{escape_control(case.name)}{f' in {case.environment}' if case.environment else ''}" for case in failed]
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""  # noqa: PLR2004 - a sentence stays readable
    return f"The check failed: {', '.join(named[:5])}{more}."
