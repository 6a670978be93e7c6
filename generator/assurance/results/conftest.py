"""The JSON of conftest: policies that a file was tested against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.assurance.results.json_text import decoded
from generator.assurance.results.result import ItemLevel, Result, Sheet, number

if TYPE_CHECKING:
    from generator.config.results import FailsAt
    from generator.errors import Unreadable
    from generator.readers.reader import Mask


class _Location(msgspec.Struct):
    file: str = ""
    line: int | str = 0


class _Said(msgspec.Struct):
    msg: str = ""
    loc: _Location | None = None


class _File(msgspec.Struct):
    filename: str
    namespace: str = ""
    successes: int | list[_Said] | None = 0
    failures: list[_Said] | None = None
    warnings: list[_Said] | None = None
    exceptions: list[_Said] | None = None
    skipped: list[_Said] | None = None


def read_conftest(data: bytes, path: str, fails_at: FailsAt, mask: Mask) -> Result | Unreadable:
    """Return what `conftest test --output json` says; a warning counts as one, an exception as skipped."""
    files = decoded(data, list[_File], path, "report of conftest")
    if not isinstance(files, list):
        return files
    sheet = Sheet("conftest")
    sheet.tool = "conftest"
    for file in files:
        passed = file.successes
        sheet.passed += len(passed) if isinstance(passed, list) else max(passed or 0, 0)
        _add(sheet, "failed", file, file.failures)
        _add(sheet, "warning", file, file.warnings)
        _add(sheet, "skipped", file, file.exceptions)
        _add(sheet, "skipped", file, file.skipped)
    return sheet.result(fails_at, mask)


def _add(sheet: Sheet, level: ItemLevel, file: _File, said: list[_Said] | None) -> None:
    for one in said or ():
        place = one.loc or _Location()
        line = place.line if isinstance(place.line, int) else number(place.line)
        sheet.add(level, file.namespace or file.filename, one.msg, place.file or file.filename, line)
