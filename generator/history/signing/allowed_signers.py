"""The file of signers that are allowed, as OpenSSH and git have it: `PRINCIPALS [OPTIONS] KEYTYPE KEY [COMMENT]`.

Times in it without a `Z` are read as UTC and never in the zone of the machine.
"""

from __future__ import annotations

import base64
import binascii
import fnmatch
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import NoReturn

import msgspec

from generator.errors import Place, RefusedError, one_line
from generator.history.signing.ssh_form import NAMESPACE, Fields

MOST_LINES = 20_000
_LONGEST = 20_000
_PART = re.compile(r'(?:[^\s"]|"[^"]*")+')
_OPTION = re.compile(r'(?P<name>[a-z-]+)(?:="(?P<value>[^"]*)")?(?:,|$)', re.IGNORECASE)
_OPTIONS = frozenset({"cert-authority", "namespaces", "valid-after", "valid-before"})
_TIME = re.compile(r"\d{8}(?:\d{4}(?:\d{2})?)?Z?")
_TYPES = ("ssh-", "ecdsa-", "sk-")
_FIX = 'a line is: ada@example.org namespaces="git" ssh-ed25519 AAAA...'


class AllowedSigner(msgspec.Struct, frozen=True):
    """One line of the file."""

    people: tuple[tuple[str, str], ...]
    """Names and addresses that the key stands for."""
    key: bytes
    valid_after: int | None = None
    """First second at which the key counts, since 1970 UTC."""
    valid_before: int | None = None
    """First second at which it counts no more."""
    namespaces: tuple[str, ...] = ()
    """Patterns of what it may sign; empty for anything."""
    authority: bool = False
    """True where it signs keys, and nothing itself."""

    def refusal(self, time: int | None, namespace: bytes = NAMESPACE) -> str:
        """Return why the key does not count for what was signed for `namespace` at `time`; empty where it does."""
        meant = namespace.decode("utf-8", "replace")
        if self.authority:
            return f"is one for keys, not for {'commits' if namespace == NAMESPACE else meant}"
        if self.namespaces and not any(fnmatch.fnmatchcase(meant, each) for each in self.namespaces):
            return f"is not meant for {meant}"
        if self.valid_after is None and self.valid_before is None:
            return ""
        if time is None:
            return "counts for a time only, and nothing says when it was used"
        if self.valid_after is not None and time < self.valid_after:
            return "was not valid yet"
        return "was not valid any more" if self.valid_before is not None and time >= self.valid_before else ""


def read_allowed_signers(name: str, data: bytes) -> dict[bytes, tuple[AllowedSigner, ...]]:
    """Return the signers in the file `name` with the content `data`, by their keys; several lines may have one key.

    Raises `RefusedError` with the line that can't be taken.
    """
    lines = data.decode("utf-8", "replace").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    if len(lines) > MOST_LINES:
        raise RefusedError("keys", f"{len(lines)} lines, more than the {MOST_LINES} that are read", place=Place(name))
    found: dict[bytes, tuple[AllowedSigner, ...]] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            signer = _signer(line, Place(name, number))
            found[signer.key] = (*found.get(signer.key, ()), signer)
    if not found:
        raise RefusedError("keys", "holds no key", place=Place(name), fix=_FIX)
    return found


def _refuse(reason: str, place: Place) -> NoReturn:
    raise RefusedError("keys", reason, place=place, fix=_FIX)


def _signer(line: str, place: Place) -> AllowedSigner:
    if len(line) > _LONGEST:
        _refuse(f"a line of {len(line)} characters", place)
    parts = _PART.findall(line)
    bare = len(parts) > 1 and parts[1].startswith(_TYPES)
    wanted = parts[1:3] if bare else parts[2:4]
    if len(wanted) < 2 or not wanted[0].startswith(_TYPES):  # noqa: PLR2004 - a type and a key
        _refuse("is no line of an allowed signers file", place)
    key = _key(wanted[0], wanted[1], place)
    options = {} if bare else _options(parts[1], place)
    return AllowedSigner(
        people=tuple(_person(each) for each in parts[0].strip('"').split(",") if each),
        key=key,
        valid_after=_time(options.get("valid-after"), place),
        valid_before=_time(options.get("valid-before"), place),
        namespaces=tuple(filter(None, options.get("namespaces", "").split(","))),
        authority="cert-authority" in options,
    )


def _key(kind: str, text: str, place: Place) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
        inner = Fields(key).text()
    except (ValueError, binascii.Error):
        _refuse("the key can't be read", place)
    if inner != kind.encode():
        _refuse(f"the key is no {one_line(kind, 60)}", place)
    return key


def _options(text: str, place: Place) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        option = _OPTION.match(text, at)
        if option is None or option["name"].lower() not in {
            "cert-authority",
            "namespaces",
            "valid-after",
            "valid-before",
        }:
            _refuse(f"`{one_line(text[at:], 60)}` is no option", place)
        found[option["name"].lower()] = option["value"] or ""
        at = option.end()
    return found


def _time(text: str | None, place: Place) -> int | None:
    if text is None:
        return None
    digits = text.removesuffix("Z").ljust(14, "0") if _TIME.fullmatch(text) else ""
    with suppress(ValueError):
        return int(datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp())
    _refuse(f"`{one_line(text, 60)}` is no time as 20261231 or 202612312359Z", place)


def _person(principal: str) -> tuple[str, str]:
    """Return a principal as an address, or as a name where it is none."""
    shown = one_line(principal, 300)
    return ("", shown) if "@" in principal and not set("*?!") & set(principal) else (shown, "")
