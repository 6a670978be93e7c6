"""What people wrote of deployments, without the secrets that slipped into it: messages, declarations, settings."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import msgspec

from generator.declarations.entries import Declarations
from generator.declarations.files import parse_declarations
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config.schema import Config
    from generator.errors import Unreadable
    from generator.history.commits import Commit

_SCOPE = re.compile(r"[\w()./,!&*@\[\] +-]{1,80}: (?!(?i:basic|bearer) )(?=\S+ +\S)")
"""What a sentence is about, as in `sealed-secrets: bump to 2.1`: names of secrets are no secrets there."""
_CUT = re.compile(r"\S*…")
_TEXTS = ("owner", "reason", "title", "by", "id", "gate")
"""Attributes of declarations that hold free text."""

_Entry = TypeVar("_Entry", bound=msgspec.Struct)


def prose(text: str) -> str:
    """Return a sentence that somebody wrote, with the word `secret` for each secret in it."""
    scope = _SCOPE.match(text)
    begin = scope.end() if scope else 0
    return text[:begin] + mask_within(text[begin:], lambda _: "secret")


def masked_commit(commit: Commit) -> Commit:
    """Return a commit whose subject and trailers hold no secrets."""
    subject = prose(commit.subject)
    trailers = tuple([(key, prose(value)) for key, value in commit.trailers])
    if subject == commit.subject and trailers == commit.trailers:
        return commit
    return msgspec.structs.replace(commit, subject=subject, trailers=trailers)


def masked_declarations(declared: Declarations) -> Declarations:
    """Return declarations whose texts hold no secrets."""
    return Declarations(
        waivers=_entries(declared.waivers),
        acceptances=_entries(declared.acceptances),
        overrides=_entries(declared.overrides),
        incidents=_entries(declared.incidents),
        approvals=_entries(declared.approvals),
    )


def masked_problems(problems: Iterable[Unreadable]) -> list[Unreadable]:
    """Return problems whose reasons, which may quote what was written, hold no secrets."""
    return [replace(problem, reason=_quoting(problem.reason), fix=_quoting(problem.fix)) for problem in problems]


def parse_masked(data: bytes, path: str) -> tuple[Declarations, tuple[Unreadable, ...]]:
    """Return the entries of one file of declarations, and everything in it that can't be taken, without secrets."""
    declared, problems = parse_declarations(data, path)
    return masked_declarations(declared), tuple(masked_problems(problems))


def masked_config(config: Config) -> Config:
    """Return a configuration whose texts for readers hold no secrets; what it compares values with stays as it is."""
    gates = tuple(
        gate.model_copy(
            update={
                "owner": prose(gate.owner),
                "says": prose(gate.says),
                "freeze": tuple(w.model_copy(update={"reason": prose(w.reason)}) for w in gate.freeze),
            }
        )
        for gate in config.gates
    )
    rules = tuple(
        rule.model_copy(update={name: prose(getattr(rule, name)) for name in ("title", "message", "why", "fix")})
        for rule in config.rules
    )
    expected = tuple(one.model_copy(update={"reason": prose(one.reason)}) for one in config.expected)
    ignore = tuple(one.model_copy(update={"reason": prose(one.reason)}) for one in config.ignore)
    said = {"title": prose(config.title), "gates": gates, "rules": rules, "expected": expected, "ignore": ignore}
    return config.model_copy(update=said)


def _quoting(text: str) -> str:
    """Return a text that quotes, without a word that was cut: half a secret would not be known as one."""
    return prose(_CUT.sub("…", text))


def _entries(entries: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    return tuple([_entry(entry) for entry in entries])


def _entry(entry: _Entry) -> _Entry:
    changed = {}
    for name in _TEXTS:
        said = getattr(entry, name, "")
        shown = prose(said)
        if shown != said:
            changed[name] = shown
    return msgspec.structs.replace(entry, **changed) if changed else entry
