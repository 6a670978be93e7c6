"""Two evidence folders that should be one: what differs, by file, line, deployment and field."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import msgspec

from generator.errors import one_line
from generator.evidence.manifest import Mismatch
from generator.evidence.reading import DEPLOYMENTS
from generator.evidence.verifying.listing import read_bounded
from generator.evidence.verifying.texts import MOST_DOCUMENT_BYTES, TextError, decoded, lines_within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_LINES = 20
"""Lines of one file that are told one by one."""
MOST_FIELDS = 5
"""Fields of one line that are told one by one."""
_LINES = ".jsonl"
_LONGEST_VALUE = 80
_GONE = object()


def differences(told: Path, made: Path, name: str) -> Iterator[Mismatch]:
    """Yield what the file `name` of the folder `told` has otherwise than that of `made`, which was made anew."""
    if not (made / name).is_file():
        yield Mismatch(name, "git makes no such file")
    elif not (told / name).is_file():
        yield Mismatch(name, "is not there, and git makes it")
    elif name.endswith(_LINES):
        yield from _of_lines(told, made, name)
    else:
        yield from _of_document(told / name, made / name, name)


def _of_document(told: Path, made: Path, name: str) -> Iterator[Mismatch]:
    one, other = (_document(path) for path in (told, made))
    if isinstance(one, TextError):
        yield Mismatch(name, str(one))
        return
    found = list(_fields(one, other))
    for reason in found[:MOST_LINES]:
        yield Mismatch(name, reason)
    if len(found) > MOST_LINES:
        yield Mismatch(name, f"and {len(found) - MOST_LINES} further fields differ")


def _document(path: Path) -> Any:  # noqa: ANN401 - any JSON
    data = read_bounded(path, MOST_DOCUMENT_BYTES)
    try:
        return TextError(0, "is too large") if data is None else decoded(msgspec.json.Decoder(), data)
    except TextError as error:
        return error


def _of_lines(told: Path, made: Path, name: str) -> Iterator[Mismatch]:
    names = _Names(made, name)
    differing = 0
    try:
        for one, other in zip_longest(lines_within(told / name), lines_within(made / name)):
            if one is None or other is None or one[1] != other[1]:
                differing += 1
                if differing <= MOST_LINES:
                    yield Mismatch(name, names.told(one, other))
    except TextError as error:
        yield Mismatch(name, str(error))
    if differing > MOST_LINES:
        yield Mismatch(name, f"and {differing - MOST_LINES} further lines differ")


class _Names:
    """Says which deployment a line is of, and what of it differs."""

    def __init__(self, made: Path, name: str) -> None:
        parts = name.split("/")
        self._environment = parts[-1].removesuffix(_LINES) if len(parts) > 1 else ""
        self._made = made
        self._decoder = msgspec.json.Decoder()
        self._by_object: dict[str, str] | None = None

    def told(self, one: tuple[int, bytes] | None, other: tuple[int, bytes] | None) -> str:
        """Return what differs between a line that stands and one that git makes."""
        number, text = one or other or (0, b"")
        try:
            here = decoded(self._decoder, text, number)
        except TextError as error:
            return str(error)
        where = f"line {number}{self._deployment(here)}"
        if other is None:
            return f"{where} is not in what git makes"
        if one is None:
            return f"{where} is missing: git makes it"
        fields = list(_fields(here, decoded(self._decoder, other[1], number)))
        more = f"; and {len(fields) - MOST_FIELDS} further fields" if len(fields) > MOST_FIELDS else ""
        return f"{where}: {'; '.join(fields[:MOST_FIELDS])}{more}"

    def _deployment(self, line: Any) -> str:  # noqa: ANN401 - any JSON
        found = ""
        if isinstance(line, dict):
            own = [line.get(key) for key in ("id", "deployment", "release", "fixed_by")]
            found = next((str(one) for one in own if one), "") or self._of_object(str(line.get("digest", "")))
        return f" ({one_line(found, _LONGEST_VALUE)})" if found else ""

    def _of_object(self, digest: str) -> str:
        """Return the first deployment that names a list or a record."""
        if self._by_object is None:
            self._by_object = {}
            for number, text in lines_within(self._made / DEPLOYMENTS):
                line = decoded(self._decoder, text, number)
                if line["environment"] == self._environment:
                    for named in _objects(line):
                        self._by_object.setdefault(named, line["id"])
        return self._by_object.get(digest, "")


def _objects(line: dict[str, Any]) -> Iterator[str]:
    yield line["digest"]
    for part in (line["findings"], line["drift"], line["gates"], *line.get("results", ())):
        if part and part.get("object"):
            yield part["object"]
    if line["triage"]:
        yield line["triage"]


def _fields(one: Any, other: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield each field that differs, with both values."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from _fields(one.get(key, _GONE), other.get(key, _GONE), f"{path}.{key}" if path else key)
    elif isinstance(one, list) and isinstance(other, list):
        for number in range(max(len(one), len(other))):
            here, there = (each[number] if number < len(each) else _GONE for each in (one, other))
            yield from _fields(here, there, f"{path}[{number}]")
    elif one != other or type(one) is not type(other):
        yield f"{path or 'it'} is {_shown(one)}, git makes {_shown(other)}"


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON
    if value is _GONE:
        return "nothing"
    return one_line(msgspec.json.encode(value).decode("utf-8"), _LONGEST_VALUE)
