"""Statements: made anew from the evidence and held against the files, and against what the envelopes carry."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from generator.errors import AssayError
from generator.evidence.dsse import envelopes_path, statements_path
from generator.evidence.reading import Evidence
from generator.evidence.statements import statements_of
from generator.evidence.verifying.texts import TextError, lines_within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.evidence.summary import Summary
    from generator.evidence.verifying.signed import Signatures
    from generator.evidence.verifying.verdict import Report

FOLDER = "statements"


class Statements:
    """The statements of a folder, gone through beside those that the evidence makes."""

    def __init__(self, folder: Path, summary: Summary, report: Report) -> None:
        """Look into `folder`, whose evidence is sound, and tell `report`."""
        self.folder, self.report = folder, report
        self.evidence = Evidence.unfinished(folder, summary)
        self.number = 0

    def check(self) -> None:
        """See that every statement that the evidence makes stands in its file, and no other."""
        before = self.report.count
        lines: dict[str, Iterator[tuple[int, bytes]]] = {}
        broken: set[str] = set()
        try:
            for environment, statement in statements_of(self.evidence):
                path = statements_path(environment)
                if path not in lines:
                    lines[path] = self._lines(path)
                if path not in broken and not self._same(path, lines[path], statement):
                    broken.add(path)
        except AssayError as fault:
            self.report.wrong(FOLDER, f"can't be made anew: {fault.reason}")
            return
        for path, left in lines.items():
            if path not in broken:
                self._same(path, left, None)
        for file in sorted((self.folder / FOLDER).glob("*.jsonl")):
            path = f"{FOLDER}/{file.name}"
            if path not in lines and not file.name.endswith(".intoto.jsonl"):
                self.report.wrong(path, "holds statements of an environment that makes none")
        if self.report.count == before:
            self.report.checked(f"The statements are those that the evidence makes: {self.number}.")

    def _lines(self, path: str) -> Iterator[tuple[int, bytes]]:
        file = self.folder / path
        return lines_within(file) if file.is_file() else iter(())

    def _same(self, path: str, lines: Iterator[tuple[int, bytes]], expected: bytes | None) -> bool:
        """Hold the next line against what the evidence makes, `None` for nothing more; return whether it is."""
        try:
            number, text = next(lines, (0, None))
        except TextError as error:
            self.report.wrong(path, str(error))
            return False
        if text == expected:
            self.number += expected is not None
            return True
        if expected is None:
            self.report.wrong(path, f"line {number} is a statement that the evidence does not make")
        elif text is None:
            self.report.wrong(path, "ends before the last statement that the evidence makes")
        else:
            self.report.wrong(path, f"line {number} is not the statement that the evidence makes")
        return False


def check_envelopes(folder: Path, environments: list[str], signatures: Signatures, report: Report) -> None:
    """See that each envelope carries the statement of its line, and is signed by who may sign."""
    number = 0
    expected = {envelopes_path(name) for name in environments if (folder / statements_path(name)).is_file()}
    for file in sorted((folder / FOLDER).glob("*.intoto.jsonl")):
        if (path := f"{FOLDER}/{file.name}") not in expected:
            report.wrong(path, "holds envelopes of an environment that has no statements")
    for name in environments:
        path, plain = envelopes_path(name), statements_path(name)
        if path not in expected:
            continue
        if not (folder / path).is_file():
            signatures.missing(path)
        elif not report.is_wrong(plain):
            number += _envelopes(folder, plain, path, signatures, report)
    if number:
        signatures.say(f"{number} envelopes carry the statements of their lines", "statements")


def _envelopes(folder: Path, plain: str, path: str, signatures: Signatures, report: Report) -> int:
    """Hold the envelopes of `path` against the statements of `plain`; return how many are as they should be."""
    number = 0
    try:
        pairs = zip_longest(lines_within(folder / plain), lines_within(folder / path))
        for number, (statement, enveloped) in enumerate(pairs, 1):
            if enveloped is None:
                report.wrong(path, f"ends before line {number}: a statement has no envelope")
                return number - 1
            if statement is None:
                report.wrong(path, f"line {number} is an envelope that no statement has")
                return number - 1
            if reason := signatures.envelope_fault(statement[1], enveloped[1], path):
                report.wrong(path, f"line {number} {reason}")
    except TextError as error:
        report.wrong(path, str(error))
    return number
