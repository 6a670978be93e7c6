"""DSSE envelopes: a statement with the signatures over it, a line of `statements/ENVIRONMENT.intoto.jsonl`.

What is signed is not the statement itself but its length and type before it (DSSE's pre-authentication encoding), so
that a signature over something else can never be taken for one over a statement. A signature is the binary form of an
SSH signature, in base64; between the two lines of its armour it is what `ssh-keygen -Y verify` takes.
"""

from __future__ import annotations

import base64
import binascii
import textwrap
from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAYLOAD_TYPE = "application/vnd.in-toto+json"
"""Media type of an in-toto statement."""
MANIFEST_NAMESPACE = "assay-manifest@v1"
"""What a signature over `manifest.json` is made for."""
SITE_NAMESPACE = "assay-site@v1"
"""What a signature over `site.json` is made for."""
DSSE_NAMESPACE = "assay-dsse@v1"
"""What a signature over a statement is made for."""
MANIFEST_SIGNATURE = "manifest.json.sig"
HOOK_BUNDLE = "manifest.json.sigstore.json"
"""What a program given by `--sign-with` wrote."""
_ARMOUR = "-----%s SSH SIGNATURE-----"
_WIDTH = 70
_ENDING = ".intoto"
_ENVELOPES = f"{_ENDING}.jsonl"


class EnvelopeSignature(msgspec.Struct, frozen=True):
    """One signature over a payload."""

    keyid: str
    """Fingerprint of the key, as SSH shows it: where to look, and nothing to trust."""
    sig: str
    """SSH signature in its binary form, in base64."""

    @property
    def armored(self) -> bytes:
        """Return it in the armour that `ssh-keygen` reads; empty where `sig` is no base64."""
        return armoured(_decoded(self.sig))


class Envelope(msgspec.Struct, frozen=True):
    """A payload and the signatures over it."""

    payload: str
    """What was signed, in base64."""
    payloadType: str  # noqa: N815 - the name that DSSE gives it
    signatures: tuple[EnvelopeSignature, ...]

    @property
    def statement(self) -> bytes:
        """Return the payload; empty where it is no base64."""
        return _decoded(self.payload)

    @property
    def signed(self) -> bytes:
        """Return the bytes that its signatures are over."""
        return pae(self.payloadType, self.statement)


def statements_path(environment: str) -> str:
    """Return where the statements of an environment stand in the bundle."""
    return f"statements/{_file_name(environment)}.jsonl"


def envelopes_path(environment: str) -> str:
    """Return where the signed statements of an environment stand in the bundle."""
    return f"statements/{_file_name(environment)}{_ENVELOPES}"


def _file_name(environment: str) -> str:
    """Return the name of an environment as that of a file: one that ends like an envelope's is told apart."""
    return f"{environment.removesuffix(_ENDING)}%2Eintoto" if environment.endswith(_ENDING) else environment


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return DSSE's pre-authentication encoding, which is what is signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def envelope(statement: bytes, keyid: str, signature: bytes) -> Envelope:
    """Return a statement in its envelope; `signature` is an SSH signature in armour, over its `pae`."""
    inside = EnvelopeSignature(keyid, base64.b64encode(blob(signature)).decode("ascii"))
    return Envelope(base64.b64encode(statement).decode("ascii"), PAYLOAD_TYPE, (inside,))


def envelope_text(found: Envelope) -> bytes:
    """Return an envelope as canonical JSON on one line, without its end."""
    return msgspec.json.encode(found, order="sorted")


def read_envelopes(path: Path) -> Iterator[Envelope]:
    """Yield the envelopes of a file; none where there is no such file.

    Raises `RefusedError` where a line is none.
    """
    if not path.exists():
        return
    decoder = msgspec.json.Decoder(Envelope)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, UnicodeError) as fault:
                raise RefusedError(
                    "envelope", str(fault), place=Place(str(path), number), fix="sign it again"
                ) from fault


def armoured(signature: bytes) -> bytes:
    """Return an SSH signature in its binary form as the text that `ssh-keygen` reads; empty for nothing."""
    if not signature:
        return b""
    lines = textwrap.wrap(base64.b64encode(signature).decode("ascii"), _WIDTH)
    return "\n".join([_ARMOUR % "BEGIN", *lines, _ARMOUR % "END", ""]).encode("ascii")


def blob(signature: bytes) -> bytes:
    """Return the binary form of an SSH signature in armour; raises `ValueError` where it is none."""
    lines = signature.strip().split(b"\n")
    return base64.b64decode(b"".join(line.strip() for line in lines[1:-1]), validate=True)


def _decoded(text: str) -> bytes:
    """Return what base64 stands for, in either alphabet that DSSE allows; empty where it is none."""
    try:
        return base64.b64decode(text.translate({ord("-"): "+", ord("_"): "/"}), validate=True)
    except (binascii.Error, ValueError):
        return b""
