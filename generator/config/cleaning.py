"""Single values of `assay.yaml`: from the text of the file to what is meant, or a refusal with its reason.

Everything comes as text, as the file has it; errors are raised as pydantic's own, so that all of them are collected.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from typing import Final, Literal, NoReturn

from pydantic_core import PydanticCustomError

from generator.config.path_templates import compile_template

NAME_PATTERN = r"[a-z0-9][a-z0-9._-]{0,62}"
"""Names of environments: they become file names and parts of addresses."""
RULE: Final = "assay_rule"
"""Type of an error that a rule over all environments found, in pydantic's errors."""
FAULT: Final = "assay_fault"
"""Type of an error of one value, in pydantic's errors; its context holds `reason` and `fix`."""

_NUMBER = re.compile(r"[0-9]{1,9}")
_BOOLEANS = {"true": True, "false": False}


def refuse(reason: str, fix: str = "", kind: Literal["assay_fault", "assay_rule"] = FAULT) -> NoReturn:
    """Raise pydantic's own error with a `reason` for a person and what to do."""
    raise PydanticCustomError(kind, "{reason}", {"reason": reason, "fix": fix})


def clean_text(value: str) -> str:
    """Return `value`; raises where a control character or half a surrogate pair stands in it."""
    for character in value:
        if unicodedata.category(character) in {"Cc", "Cs"}:
            reason = f"holds the character U+{ord(character):04X}, which is no text"
            refuse(reason, "write it on one line, without control characters")
    return value


def clean_path(value: str) -> str:
    """Return `value` as git writes paths; raises where it is no path inside a repository."""
    clean_text(value)
    if not value.strip():
        refuse("is empty", "a folder or file of the repository; `.` is the whole of it")
    if value.startswith(("/", "~")) or "\\" in value or re.match(r"[A-Za-z]:", value):
        fix = "write it from the top of the repository, with / between folders"
        refuse(f"`{value}` is not a path inside the repository", fix)
    if ".." in value.split("/"):
        refuse(f"`{value}` leads out of a folder by `..`", "write it from the top of the repository")
    return posixpath.normpath(value)


def clean_name(value: str) -> str:
    """Return `value`; raises where it is no name for an environment."""
    if not re.fullmatch(NAME_PATTERN, value):
        fix = "small letters, digits, `.`, `_` and `-`, 63 at most, the first a letter or digit"
        refuse(f"`{value}` is no name for an environment: it becomes a file name and an address", fix)
    return value


def clean_template(value: str) -> str:
    """Return a path template as git writes paths; raises where it is none."""
    cleaned = clean_path(value)
    try:
        compile_template(cleaned)
    except ValueError as fault:
        refuse(f"`{value}`: {fault}")
    return cleaned


def clean_ref(value: str) -> str:
    """Return `value`; raises where it can be no name of a branch, tag or commit."""
    if not clean_text(value).strip():
        refuse("is empty", "a branch, a tag or a commit; `HEAD` is what is checked out")
    return value


def clean_key(value: str) -> str:
    """Return a dotted key; raises where a part of it is empty."""
    if not all(clean_text(value).split(".")):
        refuse(f"`{value}` is no key", "the name of a key, with dots between the keys on the way to it")
    return value


def clean_entries_key(value: str) -> str:
    """Return a dotted key as `clean_key` does, or `.` for the top of a file."""
    return value if value == "." else clean_key(value)


def flag(value: object) -> object:
    """Return the boolean that a text means; raises for any but `true` and `false`."""
    if isinstance(value, str):
        if value not in _BOOLEANS:
            refuse(f"`{value}` is neither `true` nor `false`", "write `true` or `false`")
        return _BOOLEANS[value]
    return value


def number(value: object) -> object:
    """Return the number that a text means; raises for any but digits."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            refuse(f"`{value}` is no whole number", "digits only")
        return int(value)
    return value


def one_or_many(value: object) -> object:
    """Return one text as a list of one."""
    return (value,) if isinstance(value, str) else value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `values`; raises where one stands twice."""
    for value in values:
        if values.count(value) > 1:
            refuse(f"`{value}` stands twice", "name each once")
    return values


def kubernetes_version(value: str) -> str:
    """Return a version of Kubernetes as `1.31`; raises where it is none. A patch version counts for nothing."""
    found = re.fullmatch(r"v?(\d{1,2}\.\d{1,3})(\.\d{1,3})?", value.strip()) if value else None
    if value and found is None:
        refuse(f"`{value}` is no version of Kubernetes", "write it as `1.31`")
    return found[1] if found else ""
