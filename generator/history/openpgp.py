"""OpenPGP certificates and signatures, by way of the extra `signatures`; nothing of the engine's own words is told.

Its messages hold paths of the machine it was built on, so what went wrong is said here.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.errors import Place, RefusedError, one_line
from generator.history.signers import Signature, SignatureOutcome, bad, unknown_key

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


def is_openpgp(data: bytes) -> bool:
    """Return whether a file of keys holds OpenPGP certificates: in armour, or in binary form."""
    return b"-----BEGIN PGP " in data[:65_536] or (data[:1] >= b"\x80" and not data.startswith(b"\xef\xbb\xbf"))


def read_certificates(files: Iterable[tuple[str, bytes]]) -> dict[str, Cert]:
    """Return the certificates in files (name, content) by fingerprint and id of each of their keys.

    Raises `RefusedError` where a file holds none, holds a secret key, or where the extra is not installed.
    """
    found: dict[str, Cert] = {}
    for name, data in files:
        for certificate in _certificates(name, data):
            known = found.get(certificate.fingerprint)
            merged = certificate if known is None else known.merge(certificate)
            for key in _key_names(merged):
                found[key] = merged
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


def _key_names(certificate: Cert) -> list[str]:
    """Return fingerprints and ids of the certificate's keys."""
    from pysequoia.packet import PacketPile  # noqa: PLC0415 - an extra, loaded where it is needed

    packets = PacketPile.from_bytes(bytes(certificate))
    return [name for packet in packets for name in (packet.fingerprint, packet.key_id) if name]


def verify_openpgp(payload: bytes, armored: bytes, certificates: Mapping[str, Cert]) -> Signature:
    """Return what is known of a detached signature over `payload`."""
    if not certificates:
        return unknown_key("an OpenPGP key")
    from pysequoia import Sig  # noqa: PLC0415 - an extra, loaded where it is needed
    from pysequoia.packet import SignatureType  # noqa: PLC0415 - the same

    signature = _engine(lambda: Sig.from_bytes(armored))
    if isinstance(signature, Unusable):
        return bad("carries an OpenPGP signature that can't be read")
    issuer = signature.issuer_fingerprint or signature.issuer_key_id
    if not issuer:
        return bad("carries a signature that names no key")
    certificate = certificates.get(issuer)
    if certificate is None:
        return unknown_key(issuer)
    if signature.signature_type not in (SignatureType.Binary, SignatureType.Text):
        return bad("carries a signature that is not one over a document", issuer)
    return _verified(payload, signature, certificate, issuer)


def _verified(payload: bytes, signature: Sig, certificate: Cert, issuer: str) -> Signature:
    from pysequoia import verify  # noqa: PLC0415 - an extra, loaded where it is needed

    done = _engine(lambda: verify(bytes=payload, store=lambda _: [certificate], signature=signature))
    if isinstance(done, Unusable) or not done.valid_sigs:
        expired = certificate.expiration and signature.created and certificate.expiration < signature.created
        why = "whose key had expired when it was made" if expired else "that its key did not make over this content"
        return bad(f"carries a signature {'whose key is revoked' if certificate.is_revoked else why}", issuer)
    people = [_person(str(identity)) for identity in certificate.user_ids]
    said = signature.signers_user_id
    first = _person(said) if said else None
    if first in people:
        people.sort(key=lambda person: person != first)
    return Signature(SignatureOutcome.GOOD, "", tuple(people), issuer)


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
