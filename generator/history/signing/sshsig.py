"""SSH signatures: their form, the file of signers that are allowed, and the check by way of `cryptography`."""

from __future__ import annotations

import base64
import hashlib
import importlib
import importlib.util
from typing import TYPE_CHECKING

import msgspec

from generator.history.signing.signers import Signature, SignatureOutcome, bad, not_assessed, unknown_key
from generator.history.signing.ssh_form import NAMESPACE, Fields, MalformedError, packed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.history.signing.allowed_signers import AllowedSigner

_MAGIC = b"SSHSIG"
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_CURVES = {
    b"ecdsa-sha2-nistp256": ("SECP256R1", "SHA256"),
    b"ecdsa-sha2-nistp384": ("SECP384R1", "SHA384"),
    b"ecdsa-sha2-nistp521": ("SECP521R1", "SHA512"),
}
_RSA = {b"rsa-sha2-256": "SHA256", b"rsa-sha2-512": "SHA512"}
_FEWEST_BITS, _MOST_BITS = 2048, 16_384
_LONGEST = 64_000
"""Characters of a signature's text."""


class SshSignature(msgspec.Struct, frozen=True):
    """The parts of one signature."""

    key: bytes
    """Public key that made it, in the form of SSH."""
    namespace: bytes
    reserved: bytes
    hash_name: bytes
    algorithm: bytes
    value: bytes

    def signed(self, payload: bytes) -> bytes:
        """Return the bytes that were signed, for `payload`."""
        digest = _HASHES[self.hash_name](payload).digest()
        return _MAGIC + b"".join(packed(part) for part in (self.namespace, self.reserved, self.hash_name, digest))


def fingerprint(key: bytes) -> str:
    """Return the fingerprint of a public key as SSH shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode("ascii").rstrip("=")


def parse_signature(text: bytes) -> SshSignature:
    """Return the parts of a signature in armour; raises `MalformedError` where it is none."""
    lines = text.strip().split(b"\n")
    if len(text) > _LONGEST or lines[0].strip() != _BEGIN or lines[-1].strip() != _END:
        raise MalformedError
    fields = Fields(base64.b64decode(b"".join(line.strip() for line in lines[1:-1]), validate=True))
    if fields.take(len(_MAGIC)) != _MAGIC or fields.number() != 1:
        raise MalformedError
    key, namespace, reserved, hash_name, value = (fields.text() for _ in range(5))
    fields.end()
    if hash_name not in _HASHES:
        raise MalformedError
    inner = Fields(value)
    found = SshSignature(key, namespace, reserved, hash_name, inner.text(), inner.text())
    inner.end()
    return found


def verify_ssh(
    payload: bytes,
    text: bytes,
    signers: Mapping[bytes, Sequence[AllowedSigner]],
    time: int | None,
    *,
    namespace: bytes = NAMESPACE,
) -> Signature:
    """Return what is known of a signature over `payload`, made at `time` (seconds since 1970 UTC) as it says.

    `namespace` is what it must have been made for.
    """
    try:
        signature = parse_signature(text)
    except ValueError:
        return bad("carries an SSH signature that can't be read")
    shown = fingerprint(signature.key)
    known = signers.get(signature.key, ())
    if not known:
        return unknown_key(shown)
    if signature.namespace != namespace:
        meant = namespace.decode("utf-8", "replace")
        return bad(f"carries a signature that was made for something else than {meant}", shown)
    refusals = [signer.refusal(time, namespace) for signer in known]
    signer = next((signer for signer, no in zip(known, refusals, strict=True) if not no), None)
    if signer is None:
        return bad(f"carries a signature whose key {refusals[0]}", shown)
    return _checked(signature, payload, signer, shown)


def _checked(signature: SshSignature, payload: bytes, signer: AllowedSigner, shown: str) -> Signature:
    if importlib.util.find_spec("cryptography") is None:
        return not_assessed("is signed with SSH, and the Python package `cryptography` is not installed to check it")
    try:
        right = _right(signature, signature.signed(payload))
    except _UnsupportedError:
        return not_assessed("is signed with SSH by a kind of key that is not checked")
    except ValueError:
        return bad("carries a signature by a key that is malformed", shown)
    if not right:
        return bad("carries a signature that its key did not make over this content", shown)
    return Signature(SignatureOutcome.GOOD, "", signer.people, shown)


class _UnsupportedError(Exception):
    """A kind of key that is not checked."""


def _right(signature: SshSignature, signed: bytes) -> bool:
    """Return whether the key made the signature; raises `ValueError` where one of them is malformed."""
    faults = importlib.import_module("cryptography.exceptions")
    fields = Fields(signature.key)
    kind = fields.text()
    try:
        if kind == b"ssh-ed25519" == signature.algorithm:
            _check_ed25519(fields, signature.value, signed)
        elif kind in _CURVES and kind == signature.algorithm:
            _check_ecdsa(kind, fields, signature.value, signed)
        elif kind == b"ssh-rsa" and signature.algorithm in _RSA:
            _check_rsa(_RSA[signature.algorithm], fields, signature.value, signed)
        else:
            raise _UnsupportedError
    except faults.InvalidSignature:
        return False
    except faults.UnsupportedAlgorithm:
        raise _UnsupportedError from None
    return True


def _check_ed25519(fields: Fields, value: bytes, signed: bytes) -> None:
    keys = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
    keys.Ed25519PublicKey.from_public_bytes(fields.text()).verify(value, signed)


def _check_ecdsa(kind: bytes, fields: Fields, value: bytes, signed: bytes) -> None:
    keys = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ec")
    forms = importlib.import_module("cryptography.hazmat.primitives.asymmetric.utils")
    hashes = importlib.import_module("cryptography.hazmat.primitives.hashes")
    curve, hash_name = _CURVES[kind]
    if fields.text() != kind.rpartition(b"-")[2]:
        raise MalformedError
    key = keys.EllipticCurvePublicKey.from_encoded_point(getattr(keys, curve)(), fields.text())
    numbers = Fields(value)
    one, two = int.from_bytes(numbers.text(), "big"), int.from_bytes(numbers.text(), "big")
    key.verify(forms.encode_dss_signature(one, two), signed, keys.ECDSA(getattr(hashes, hash_name)()))


def _check_rsa(hash_name: str, fields: Fields, value: bytes, signed: bytes) -> None:
    keys = importlib.import_module("cryptography.hazmat.primitives.asymmetric.rsa")
    padding = importlib.import_module("cryptography.hazmat.primitives.asymmetric.padding")
    hashes = importlib.import_module("cryptography.hazmat.primitives.hashes")
    exponent, modulus = int.from_bytes(fields.text(), "big"), int.from_bytes(fields.text(), "big")
    if not _FEWEST_BITS <= modulus.bit_length() <= _MOST_BITS:
        raise _UnsupportedError
    key = keys.RSAPublicNumbers(exponent, modulus).public_key()
    key.verify(value, signed, padding.PKCS1v15(), getattr(hashes, hash_name)())
