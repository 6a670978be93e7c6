"""OpenPGP certificates and signatures, by way of the extra `signatures`; nothing of the engine's own words is told.

Its messages hold paths of the machine it was built on, so what went wrong is said here.
"""

from __future__ import annotations

import re
import time
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.errors import Place, RefusedError, one_line
from generator.history.signing.signers import Signature, SignatureOutcome, bad, not_assessed, unknown_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pysequoia import Cert, Sig

_BLOCK = re.compile(rb"-----BEGIN PGP PUBLIC KEY BLOCK-----.*?-----END PGP PUBLIC KEY BLOCK-----", re.DOTALL)
_SECRET = b"-----BEGIN PGP PRIVATE KEY BLOCK-----"
_MOST_CERTIFICATES = 10_000
_FIX = "export the public keys: gpg --armor --export"
_ADDRESS = re.compile(r"(?P<name>[^<]*)<(?P<address>[^>]*)>")


class Unusable(NamedTuple):
    """What the engine could not take."""


class Certificate(NamedTuple):
    """A certificate with the people it names."""

    cert: Cert
    people: tuple[tuple[str, str], ...]
    """Names and addresses of its user ids, in their order."""


def is_openpgp(data: bytes) -> bool:
    """Return whether a file of keys holds OpenPGP certificates: in armour, or in binary form."""
    return b"-----BEGIN PGP " in data[:65_536] or (data[:1] >= b"\x80" and not data.startswith(b"\xef\xbb\xbf"))


def read_certificates(files: Iterable[tuple[str, bytes]]) -> dict[str, Certificate]:
    """Return the certificates in files (name, content) by fingerprint and id of each of their keys.

    Raises `RefusedError` where a file holds none, holds a secret key, or where the extra is not installed.
    """
    found: dict[str, Certificate] = {}
    for name, data in files:
        for cert in _certificates(name, data):
            known = found.get(cert.fingerprint)
            merged = cert if known is None else known.cert.merge(cert)
            keys, people = _carried(merged)
            found |= dict.fromkeys(keys, Certificate(merged, people))
    return found


def _certificates(name: str, data: bytes) -> list[Cert]:
    try:
        from pysequoia import Cert  # noqa: PLC0415 - an extra, loaded where it is needed
        from pysequoia.packet import PacketPile, Tag  # noqa: PLC0415 - the same
    except ImportError as fault:
        reason = "OpenPGP keys need the extra `signatures`, which is not installed"
        raise RefusedError("keys", reason, place=Place(name), fix="pip install 'assay[signatures]'") from fault
    if _SECRET in data:
        raise RefusedError("keys", "holds a secret key", place=Place(name), fix=_FIX)
    found: list[Cert] = []
    for block in _BLOCK.findall(data) or [data]:
        packets = _engine(partial(PacketPile.from_bytes, block))
        if not isinstance(packets, Unusable) and any(
            packet.tag in (Tag.SecretKey, Tag.SecretSubkey) for packet in packets
        ):
            raise RefusedError("keys", "holds a secret key", place=Place(name), fix=_FIX)
        certificates = _engine(partial(Cert.split_bytes, block))
        if isinstance(certificates, Unusable):
            raise RefusedError("keys", "holds what is no OpenPGP certificate", place=Place(name), fix=_FIX)
        found.extend(certificates)
    if not found or len(found) > _MOST_CERTIFICATES:
        reason = f"holds {len(found)} certificates, more than {_MOST_CERTIFICATES}" if found else "holds no certificate"
        raise RefusedError("keys", reason, place=Place(name), fix=_FIX)
    return found


def _carried(cert: Cert) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Return fingerprints and ids of a certificate's keys, and the people it names.

    They are taken from its packets, since the engine tells only of what is valid by the clock of the machine.
    """
    from pysequoia.packet import PacketPile  # noqa: PLC0415 - an extra, loaded where it is needed

    packets = list(PacketPile.from_bytes(bytes(cert)))
    keys = [name for packet in packets for name in (packet.fingerprint, packet.key_id) if name]
    return keys, tuple(dict.fromkeys(_person(packet.user_id) for packet in packets if packet.user_id))


def verify_openpgp(payload: bytes, armored: bytes, certificates: Mapping[str, Certificate]) -> Signature:
    """Return what is known of a detached signature over `payload`."""
    if not certificates:
        return unknown_key("an OpenPGP key")
    from pysequoia import Sig  # noqa: PLC0415 - an extra, loaded where it is needed

    signature = _engine(lambda: Sig.from_bytes(armored))
    if isinstance(signature, Unusable):
        return bad("carries an OpenPGP signature that can't be read")
    issuer = signature.issuer_fingerprint or signature.issuer_key_id
    if not issuer:
        return bad("carries a signature that names no key")
    certificate = certificates.get(issuer)
    if certificate is None:
        return unknown_key(issuer)
    return _verified(payload, signature, certificate, issuer)


def _verified(payload: bytes, signature: Sig, certificate: Certificate, issuer: str) -> Signature:
    from pysequoia import verify  # noqa: PLC0415 - an extra, loaded where it is needed
    from pysequoia.packet import SignatureType  # noqa: PLC0415 - the same

    if signature.signature_type not in (SignatureType.Binary, SignatureType.Text):
        return bad("carries a signature that is not one over a document", issuer)
    if signature.expiration is not None:
        return not_assessed("carries a signature that holds for a time only, which is not checked")
    done = _engine(lambda: verify(bytes=payload, store=lambda _: [certificate.cert], signature=signature))
    if isinstance(done, Unusable) or not done.valid_sigs:
        return _why_not(signature, certificate.cert, issuer)
    said = _person(signature.signers_user_id or "")
    people = sorted(certificate.people, key=lambda each: each != said)
    return Signature(SignatureOutcome.GOOD, "", tuple(people), issuer)


def _why_not(signature: Sig, cert: Cert, issuer: str) -> Signature:
    """Return why a signature is not good.

    The engine goes by the clock of the machine and takes nothing from the future: where that clock is wrong, nothing
    is said of the signature. By any clock that is right, the answer is the same.
    """
    made = signature.created
    if made is None or made.timestamp() > time.time() or isinstance(_engine(lambda: cert.user_ids), Unusable):
        return not_assessed("carries a signature from after what this machine's clock says")
    end = _engine(lambda: cert.expiration)
    if isinstance(end, datetime) and end < made:
        return bad("carries a signature whose key had expired when it was made", issuer)
    if cert.is_revoked:
        return bad("carries a signature whose key is revoked", issuer)
    return bad("carries a signature that its key did not make over this content", issuer)


def _person(identity: str) -> tuple[str, str]:
    found = _ADDRESS.fullmatch(identity.strip())
    if found is None:
        return ("", one_line(identity, 300)) if "@" in identity else (one_line(identity, 120), "")
    return one_line(found["name"], 120), one_line(found["address"], 300)


def _engine(call: Callable[[], Any]) -> Any:  # noqa: ANN401 - the engine publishes no types of what it gives
    """Return what the engine gives, or that it could not take what it was given."""
    try:
        return call()
    except (RuntimeError, ValueError, TypeError, OSError):
        return Unusable()
    except BaseException as fault:
        # A panic of the engine on a hostile signature costs that signature; it is derived from BaseException.
        if type(fault).__name__ != "PanicException":
            raise
        return Unusable()
