"""Commits and tags as git keeps them, taken apart into what was signed and the signature over it."""

from __future__ import annotations

import re

import msgspec

_TIME = re.compile(rb"> (-?\d{1,20}) [+-]\d{4}$")
_BEGIN = re.compile(rb"^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----", re.MULTILINE)
"""How the forms of signatures begin that git knows."""
_SHA1_DIGITS = 40


class SignedObject(msgspec.Struct, frozen=True):
    """A commit or an annotated tag."""

    payload: bytes
    """The object without its signature: what was signed."""
    signature: bytes
    """Empty where there is none."""
    headers: tuple[tuple[str, str], ...]
    """Headers without those of signatures, in their order."""
    time: int | None
    """When it was committed or tagged, as it says itself, in seconds since 1970 UTC."""
    several: bool = False
    """True where it carries more than one signature of the kind that counts."""

    def header(self, name: str) -> str:
        """Return the first header of a name; empty where there is none."""
        return next((value for key, value in self.headers if key == name), "")


def take_apart_commit(identity: str, data: bytes) -> SignedObject:
    """Return the parts of the commit `identity`: its signature stands in a header, of a name by the kind of its id."""
    wanted = b"gpgsig" if len(identity) == _SHA1_DIGITS else b"gpgsig-sha256"
    head, blank, body = data.partition(b"\n\n")
    kept, signatures = _without_signatures(head.split(b"\n"), wanted)
    signature = b"\n".join(signatures[0]) + b"\n" if signatures else b""
    time = _time_of(kept, b"committer ")
    return SignedObject(b"\n".join(kept) + blank + body, signature, _headers(kept), time, several=len(signatures) > 1)


def take_apart_tag(data: bytes) -> SignedObject:
    """Return the parts of an annotated tag: its signature stands at its end, from the last line that begins one."""
    found = len(data)
    for begin in _BEGIN.finditer(data):
        found = begin.start()
    head, blank, body = data[:found].partition(b"\n\n")
    kept, _ = _without_signatures(head.split(b"\n"), b"")
    return SignedObject(b"\n".join(kept) + blank + body, data[found:], _headers(kept), _time_of(kept, b"tagger "))


def _without_signatures(lines: list[bytes], wanted: bytes) -> tuple[list[bytes], list[list[bytes]]]:
    """Return headers without those of signatures, and the lines of each signature of the wanted kind.

    A line that begins with a space goes on with the header before it.
    """
    kept: list[bytes] = []
    signatures: list[list[bytes]] = []
    goes_to = kept
    for line in lines:
        if line.startswith(b" "):
            goes_to.append(line if goes_to is kept else line[1:])
            continue
        name, _, value = line.partition(b" ")
        if name == wanted:
            signatures.append([value])
            goes_to = signatures[-1]
        elif name.startswith(b"gpgsig"):
            goes_to = []
        else:
            kept.append(line)
            goes_to = kept
    return kept, signatures


def _headers(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    parts = [line.decode("utf-8", "backslashreplace").partition(" ") for line in lines if not line.startswith(b" ")]
    return tuple((name, value) for name, _, value in parts if name)


def _time_of(lines: list[bytes], start: bytes) -> int | None:
    line = next((line for line in lines if line.startswith(start)), b"")
    found = _TIME.search(line)
    return int(found[1]) if found is not None else None
