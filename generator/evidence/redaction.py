"""`redactions.jsonl`: what was erased for good, and how the next bundle knows it again without knowing the name.

A person is kept as a fingerprint: HMAC-SHA-256 over the words of the name, by a key that is the user's own, or made
from the digest of the bundle that was the last to have the name. The first part of it tells which of the two, and how
many words there are: a text can be looked through for them. With the user's key nobody else can test a guess; with the
other everybody who has the bundle can.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from generator.errors import FaultError, Place, RefusedError
from generator.evidence.mentions import MOST_WORDS, Words, replaced, unspaced, words_of
from generator.evidence.reading import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from generator.evidence.chain import Link

REDACTIONS = "redactions.jsonl"
MARK: Final = re.compile(r"\[redacted (redaction-[0-9]{1,6})\]")
"""What stands in the place of an erased value."""
_FINGERPRINT: Final = re.compile(r"(own|bundle):([0-9]):([0-9a-f]{32})")
_OWN: Final = "own"
_BUNDLE: Final = "bundle"
_LONGEST_UNSPACED = 12
_MOST_KNOWN = 100_000
"""Runs of words that are remembered, so that a long history takes no more memory than a short one."""


class Redaction(msgspec.Struct, frozen=True):
    """Something that was erased by somebody's right: a line of `redactions.jsonl`."""

    id: str
    """`redaction-1`, `redaction-2`, …"""
    what: Literal["person"]
    fingerprint: str
    """`own:` or `bundle:`, by which key; the number of words; and 32 hexadecimal digits."""
    reason: str
    basis: str
    """What obliges to it, such as an article of a law; empty where nobody said so."""
    bundle: int
    """Number, in the chain, of the bundle that was the last to have it."""
    places: dict[str, int]
    """File → how often it was erased there."""


def mark(identity: str) -> str:
    """Return what stands in the place of what `identity` erased."""
    return f"[redacted {identity}]"


def read_redactions(folder: Path) -> tuple[Redaction, ...]:
    """Return what was erased from an evidence folder, in the order in which it was."""
    return tuple(lines_of(folder / REDACTIONS, Redaction))


def redactions_text(redactions: Sequence[Redaction]) -> bytes:
    """Return the bytes of `redactions.jsonl`."""
    encoder = msgspec.json.Encoder(order="sorted")
    return b"".join(encoder.encode(one) + b"\n" for one in redactions)


def places_of(folder: Path, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return how often each redaction stands in each of the files `names`, by its id; what stands nowhere is left out.

    `redactions.jsonl` itself, the earlier manifests and signatures tell of redactions, and hold none.
    """
    pattern = re.compile(MARK.pattern.encode("ascii"))
    found: dict[str, dict[str, int]] = {}
    for name in sorted(names):
        if name == REDACTIONS:
            continue
        with (folder / name).open("rb") as file:
            for line in file:
                for match in pattern.finditer(line):
                    places = found.setdefault(match[1].decode("ascii"), {})
                    places[name] = places.get(name, 0) + 1
    return found


def lay_redactions(folder: Path, redactions: Sequence[Redaction]) -> None:
    """Write what was erased from `folder`, counted anew in the files that stand there; raises `FaultError`."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    places = places_of(folder, names)
    counted = [msgspec.structs.replace(one, places=places.get(one.id, {})) for one in redactions]
    try:
        (folder / REDACTIONS).write_bytes(redactions_text(counted))
    except OSError as fault:
        raise FaultError("write", str(fault), place=Place(str(folder / REDACTIONS))) from fault


def bundles_of(links: Iterable[Link]) -> dict[int, str]:
    """Return the digests of earlier bundles by their numbers, as `Erased` is to know them."""
    return {link.sequence: link.digest for link in links}


def fingerprint(words: Words, own: bytes, bundle: str) -> str:
    """Return the fingerprint of a name by the user's `own` key, or, where that is empty, by the digest of a bundle."""
    kind, key = (_OWN, own) if own else (_BUNDLE, bundle.encode("ascii"))
    return f"{kind}:{len(words)}:{_digest(key, words)}"


def _digest(key: bytes, words: Words) -> str:
    return hmac.new(b"assay redaction\0" + key, "\0".join(words).encode(), hashlib.sha256).hexdigest()[:32]


class Erased:
    """What was erased before, known by its fingerprints alone."""

    def __init__(self, redactions: Sequence[Redaction], own: bytes, bundles: Mapping[int, str]) -> None:
        """Know `redactions` by the user's `own` key and the digests of `bundles`, by their numbers.

        Raises `RefusedError` where the key that one was made with is not there: its name would come back.
        """
        self.redactions = tuple(redactions)
        self._keys: dict[tuple[int, bytes], dict[str, str]] = {}
        for one in self.redactions:
            match = _FINGERPRINT.fullmatch(one.fingerprint)
            if match is None:
                reason = f"{one.id} has no fingerprint that can be read"
                raise RefusedError("redaction", reason, place=Place(REDACTIONS), fix="put the bundle back as it was")
            if match[1] == _OWN and not own:
                fix = "give the key that was set when it was erased, as ASSAY_FINGERPRINT_KEY"
                raise RefusedError("redaction", f"{one.id} can't be known again without its key", fix=fix)
            key = own if match[1] == _OWN else bundles.get(one.bundle, "").encode("ascii")
            self._keys.setdefault((int(match[2]), key), {})[match[3]] = one.id
        self._sizes = {size for size, _ in self._keys}
        self._known: dict[Words, str | None] = {}

    def __bool__(self) -> bool:
        """Return whether anything was erased."""
        return bool(self._keys)

    def of(self, words: Words) -> str | None:
        """Return what stands in the place of these words; `None` where nobody erased them."""
        if words not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            found = None
            for (size, key), digests in self._keys.items():
                if size == len(words):
                    found = digests.get(_digest(key, words)) or found
            self._known[words] = mark(found) if found else None
        return self._known[words]

    def replaced(self, text: str, *, alone: bool = True) -> str:
        """Return `text` without what was erased."""
        if not self._keys or not text:
            return text
        shown = replaced(text, self._sizes, self.of, alone=alone)
        return self._letters(shown) if unspaced(shown) else shown

    def whole(self, name: str) -> str | None:
        """Return what stands in the place of a whole name; `None` where nobody erased it."""
        return self.of(name_words(name)) if self._keys and name else None

    def _letters(self, text: str) -> str:
        """Look through a text of a script without spaces, letter by letter."""
        at = 0
        while at < len(text):
            for end in range(min(len(text), at + _LONGEST_UNSPACED), at + 1, -1):
                instead = self.of((text[at:end],))
                if instead is not None and unspaced(text[at:end]):
                    text = text[:at] + instead + text[end:]
                    at += len(instead) - 1
                    break
            at += 1
        return text


def name_words(name: str) -> Words:
    """Return the words by which a name is known again; what has no words is one by itself."""
    return words_of(name)[:MOST_WORDS] or (name.strip(),)
