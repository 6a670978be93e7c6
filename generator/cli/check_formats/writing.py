"""Which formats there are, and where each goes: standard output, or a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from generator.cli.check_formats.github import github
from generator.cli.check_formats.gitlab import gitlab
from generator.cli.check_formats.junit import junit
from generator.cli.check_formats.markdown import markdown
from generator.cli.check_formats.plain import json_safe
from generator.cli.check_formats.sarif import sarif
from generator.cli.check_formats.text import text
from generator.errors import FaultError, Place, UsageError, escape_control

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.pipeline.checking.report import Report


def as_json(report: Report) -> str:
    """Return the whole report as JSON in ASCII."""
    return json_safe(json.dumps(msgspec.to_builtins(report), indent=2, sort_keys=True)) + "\n"


FORMATS: Final[dict[str, Callable[[Report], str]]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "sarif": sarif,
    "gitlab": gitlab,
    "github": github,
    "markdown": markdown,
}
"""Every format by its name."""


def asked_formats(given: Sequence[str]) -> tuple[str, list[tuple[str, Path]]]:
    """Return the format for standard output, and those for files; without one for standard output it is text.

    Raises `UsageError` for a format that there is not, and for two on standard output.
    """
    shown, files = "", []
    for one in given:
        name, mark, path = one.partition("=")
        if name not in FORMATS:
            raise UsageError("format", f"there is no format {name!r}", fix=f"use one of: {', '.join(FORMATS)}")
        if mark and not path:
            raise UsageError("format", f"{one!r} names no file", fix=f"--format {name}=FILE")
        if path:
            files.append((name, Path(path)))
        elif shown:
            fix = f"give one of them a file: --format {name}=FILE"
            raise UsageError("format", f"{shown} and {name} both go to standard output", fix=fix)
        else:
            shown = name
    return shown or "text", files


def write(report: Report, files: Sequence[tuple[str, Path]]) -> None:
    """Write a report in each format to its file.

    Raises `FaultError` where the machine can't.
    """
    for name, path in files:
        try:
            path.write_text(FORMATS[name](report), "utf-8", newline="\n")
        except OSError as fault:
            raise FaultError("write", escape_control(str(fault)), place=Place(str(path))) from fault
