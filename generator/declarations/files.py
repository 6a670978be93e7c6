"""Declaration files: their text to entries, with a line and a fix for everything in them that can't be taken.

An entry counts as a whole or not at all: with a key that was misspelt, a waiver would hold for more than was meant.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.config.suggestions import suggestion
from generator.declarations.entries import Acceptance, Approval, Declarations, Incident, Override, Waiver
from generator.documents.formats import parse
from generator.documents.moments import day_of, first_second, moment_of
from generator.documents.tree import Mapping, Scalar, Sequence
from generator.errors import Place, Unreadable, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.documents.tree import Node

OVERRIDE_KINDS = ("forward", "hotfix", "initial", "redeploy", "redo", "roll-forward", "rollback")
"""Kinds that a deployment can be said to be."""
LONGEST = 500
"""Characters of one value."""
_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)
_DEPLOYMENT = re.compile(r"[a-z0-9][a-z0-9._-]*-[1-9]\d{0,8}")
_NAME_FIX = "at least 7 digits of the commit's id, or the id of a deployment such as `production-12`"


class _Fault(NamedTuple):
    """Why a value can't be taken, and what to write."""

    reason: str
    fix: str


class _Key(NamedTuple):
    """A key that an entry may have."""

    name: str
    clean: Callable[[str], str | int | _Fault]
    required: bool = False
    attribute: str = ""
    """What it is called in the entry; empty where by its own name."""


def _text(value: str) -> str | _Fault:
    if len(value) > LONGEST:
        return _Fault(f"has {len(value)} characters", f"{LONGEST} at most")
    return one_line(value, LONGEST)


def _name(value: str) -> str | _Fault:
    """Return what names a commit or deployment; ids of commits in small letters, as git writes them."""
    if _COMMIT.fullmatch(value):
        return value.lower()
    if _DEPLOYMENT.fullmatch(value):
        return value
    return _Fault(f"`{one_line(value, 80)}` names no commit and no deployment", _NAME_FIX)


def _kind(value: str) -> str | _Fault:
    if value in OVERRIDE_KINDS:
        return value
    return _Fault(f"`{one_line(value, 80)}` is no kind", suggestion(value, OVERRIDE_KINDS, "kinds"))


def _expiry(value: str) -> int | _Fault:
    """Return the first second after the day that `value` names: the day itself still counts, in UTC."""
    day = day_of(value)
    if day is None:
        return _Fault(f"`{one_line(value, 80)}` is no date", "a day of the calendar, as in `2026-12-31`")
    return first_second(day + timedelta(days=1))


def _moment(value: str) -> int | _Fault:
    """Return the second that a time with its zone names, or the first one of a day in UTC."""
    found = moment_of(value)
    if found is None:
        return _Fault(f"`{one_line(value, 80)}` is no time", "a time with its zone, as in `2026-08-21T16:00:00Z`")
    return found


_ANSWERED = (_Key("owner", _text, required=True), _Key("reason", _text, required=True))
_UNTIL = (*_ANSWERED, _Key("expires", _expiry, required=True), _Key("environment", _text))
_SECTIONS: dict[str, tuple[type[msgspec.Struct], tuple[_Key, ...]]] = {
    "waivers": (
        Waiver,
        (_Key("rule", _text, required=True), _Key("component", _text), _Key("field", _text), *_UNTIL),
    ),
    "acceptances": (
        Acceptance,
        (
            _Key("component", _text, required=True),
            _Key("field", _text),
            _Key("class", _text, attribute="drift"),
            *_UNTIL,
        ),
    ),
    "overrides": (
        Override,
        (
            _Key("commit", _name, required=True),
            _Key("kind", _kind, required=True),
            _Key("environment", _text),
            *_ANSWERED,
        ),
    ),
    "incidents": (
        Incident,
        (
            _Key("id", _text, required=True),
            _Key("commit", _name, required=True),
            _Key("environment", _text),
            _Key("title", _text),
            _Key("fixed_by", _name),
        ),
    ),
    "approvals": (
        Approval,
        (
            _Key("commit", _name, required=True),
            _Key("by", _text, required=True),
            _Key("environment", _text),
            _Key("at", _moment),
            _Key("gate", _text),
            _Key("reason", _text),
        ),
    ),
}


def parse_declarations(data: bytes, path: str) -> tuple[Declarations, tuple[Unreadable, ...]]:
    """Return the entries of one file, in its order, and everything in it that can't be taken; it never raises.

    What is wrong in one entry costs that entry alone.
    """
    documents = parse(data, path)
    reading = _Reading(path)
    for root in documents.roots:
        reading.sections(root)
    problems = reading.problems + ([documents.problem] if documents.problem else [])
    found = {section: tuple(entries) for section, entries in reading.found.items()}
    return msgspec.convert(found, Declarations, from_attributes=True), tuple(problems)


class _Reading:
    """One file while it is read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: dict[str, list[msgspec.Struct]] = {section: [] for section in _SECTIONS}
        self.problems: list[Unreadable] = []

    def sections(self, root: Node) -> None:
        """Take in one document."""
        if isinstance(root, Scalar) and root.null:
            return
        if not isinstance(root, Mapping):
            self._refuse("section", "the file is no mapping of sections", root.line, _sections_fix())
            return
        for section, node in root.entries.items():
            line = root.lines[section]
            if section not in _SECTIONS:
                reason = f"`{one_line(section, 80)}` is no section of declarations"
                self._refuse("section", reason, line, suggestion(section, _SECTIONS, "sections"))
            elif isinstance(node, Sequence):
                for item in node.items:
                    self._entry(section, item)
            elif not (isinstance(node, Scalar) and node.null):
                self._refuse("section", f"`{section}` is no list", line, "write an entry a line, each behind `- `")

    def _entry(self, section: str, item: Node) -> None:
        """Take in one entry; it is kept where nothing in it is at fault."""
        made, keys = _SECTIONS[section]
        if not isinstance(item, Mapping):
            fix = f"`- {{{', '.join(f'{key.name}: ...' for key in keys if key.required)}}}`"
            self._refuse("entry", f"an entry of `{section}` that is no mapping", item.line, fix)
            return
        before = len(self.problems)
        values: dict[str, str | int] = {}
        known = {key.name: key for key in keys}
        for name, node in item.entries.items():
            line = item.lines[name]
            if name not in known:
                reason = f"`{one_line(name, 80)}` is no key of `{section}`"
                self._refuse("key", reason, line, suggestion(name, known, "keys"))
            elif not isinstance(node, Scalar):
                self._refuse("value", f"`{name}` is no single value", line, "write one text")
            elif not node.null and node.text.strip():
                self._value(known[name], node.text.strip(), line, values)
        for key in keys:
            if key.required and not _said(item, key.name):
                fix = f"write `{key.name}: ...` to the entry"
                self._refuse("missing", f"an entry of `{section}` without `{key.name}`", item.line, fix)
        if len(self.problems) == before:
            self.found[section].append(made(**values, path=self.path, line=item.line))

    def _value(self, key: _Key, text: str, line: int, values: dict[str, str | int]) -> None:
        value = key.clean(text)
        if isinstance(value, _Fault):
            self._refuse("value", f"`{key.name}`: {value.reason}", line, value.fix)
        else:
            values[key.attribute or key.name] = value

    def _refuse(self, what: str, reason: str, line: int, fix: str) -> None:
        self.problems.append(Unreadable(f"declaration-{what}", reason, Place(self.path, line), fix))


def _said(item: Mapping, name: str) -> bool:
    """Return whether a key has anything under it; what is no single value is refused by its own reason."""
    node = item.entries.get(name)
    return node is not None and not (isinstance(node, Scalar) and (node.null or not node.text.strip()))


def _sections_fix() -> str:
    return f"write one of {', '.join(f'`{section}:`' for section in _SECTIONS)}"
