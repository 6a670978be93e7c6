"""Encrypted and binary files: what they are by their first bytes, and what can be said of them.

A file that is encrypted whole tells nothing but that its bytes changed. SOPS leaves the keys readable and encrypts the
values one by one: those are read as usual, less what SOPS notes for itself (its checksum, its version, who can decrypt,
when), which changes without any setting changing. Encrypting anew gives other bytes for the same secret, and nobody
without the key can tell that from a changed secret: both count as a change.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from generator.documents.formats import parse
from generator.documents.tree import Mapping, Node, leaves, text
from generator.errors import Place, Unreadable
from generator.model.component import Aspect, Component, Field, Role, component
from generator.readers.secrets import encrypted_fingerprint, is_encrypted, protect

if TYPE_CHECKING:
    from generator.readers.reader import Mask, SourceFile

SOPS = "sops"
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\0GITCRYPT\0", "git-crypt"),
    (b"age-encryption.org/v1", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"-----BEGIN PGP MESSAGE-----", "gpg"),
    (b"$ANSIBLE_VAULT;", "ansible-vault"),
    (b"# STRONGBOX ENCRYPTED RESOURCE", "strongbox"),
    (b"Salted__", "openssl"),
    (b"U2FsdGVkX1", "openssl"),  # the same in base64, as transcrypt writes it
)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
"""Byte order marks of texts in which a zero byte means nothing."""
_LOOKED_AT = 8_000
"""Bytes in which git itself looks for a zero byte to tell a binary file."""
_SOPS_KEY = re.compile(rb'(?:^|[{,\s])["\']?sops["\']?\s*:|^(?:export )?sops_mac\s*=', re.MULTILINE)
_SOPS_MAC = "sops_mac"
_HOW = {
    "git-crypt": "encrypted with git-crypt",
    "age": "encrypted with age",
    "gpg": "encrypted with GnuPG",
    "ansible-vault": "encrypted with Ansible Vault",
    "strongbox": "encrypted with Strongbox",
    "openssl": "encrypted with OpenSSL",
    "binary": "encrypted, or no text for another reason",
}
"""Kind of a file of which nothing can be read → what is said of it."""
_PUBLIC_KEY_PACKETS = {0x84: 2, 0x85: 3, 0xC1: 2}
"""First byte of a file that GnuPG encrypted for somebody's key → where its version, 3, stands."""
_PASSPHRASE_PACKETS = {0x8C: 2, 0xC3: 2}
"""The same for one encrypted with a passphrase; its version is 4 or 5."""


def encrypted_kind(data: bytes, path: str) -> str:
    """Return how a file is encrypted: `git-crypt`, `age`, `gpg`, `ansible-vault`, `strongbox`, `openssl` or `sops`.

    `binary` is a file that is no text, whatever it holds. Empty where the file is text to be read as it stands.
    """
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if _is_gpg(data) or (path.endswith((".gpg", ".pgp")) and not data.isascii()):
        return "gpg"
    if b"\0" in data[:_LOOKED_AT] and not data.startswith(_WIDE):
        return "binary"
    return SOPS if b"ENC[" in data and _SOPS_KEY.search(data) else ""


def is_opaque(kind: str) -> bool:
    """Return whether nothing of a file of this kind of encryption can be read, not even its keys."""
    return kind not in {"", SOPS}


def without_sops(root: Node) -> Node:
    """Return a document without what SOPS notes for itself; the document itself where SOPS notes nothing in it."""
    if not isinstance(root, Mapping):
        return root
    notes = {SOPS} if text(root, SOPS, "mac") else set()
    if text(root, _SOPS_MAC):
        notes |= {key for key in root.entries if key.startswith("sops_")}
    if not notes:
        return root
    kept = {key: node for key, node in root.entries.items() if key not in notes}
    return Mapping(kept, root.line, {key: line for key, line in root.lines.items() if key in kept})


def opaque_fingerprint(data: bytes, mask: Mask) -> str:
    """Return the fingerprint of a whole file."""
    return encrypted_fingerprint(f"sha256:{hashlib.sha256(data).hexdigest()}", mask)


def opaque_field(file_name: str, fingerprint: str, line: int = 1, path: str = "") -> Field:
    """Return the one setting that a file of which nothing can be read stands for.

    `path` is the file where it is not the component's.
    """
    return Field(Aspect.SECRET, f"encrypted.{file_name}", fingerprint, line, path)


def encrypted_note(file: SourceFile) -> Unreadable:
    """Return the note on a file of which nothing can be read; what `is_opaque` says of it has to be true."""
    how = _HOW[encrypted_kind(file.data, file.path)]
    return Unreadable("encrypted", f"{how}: that it changed can be told, what it is cannot", Place(file.path))


def encrypted_resource(file: SourceFile, mask: Mask) -> Component | None:
    """Return what an encrypted file is among manifests: the secret `Encrypted/FILENAME`.

    `None` for a text, and for manifests whose values SOPS encrypted: those are read as any others. The folder stands in
    for the namespace, which nobody can read: two files of one name are two secrets, and no duplicate.
    """
    kind = encrypted_kind(file.data, file.path)
    if not kind:
        return None
    if is_opaque(kind):
        fields = [Field(Aspect.SECRET, "content", opaque_fingerprint(file.data, mask), 1)]
    else:
        documents = parse(file.data, file.path)
        if documents.problem or any(_is_manifest(root) for root in documents.roots):
            return None
        fields = [field for root in documents.roots for field in _readable(without_sops(root), mask)]
    folder, _, name = file.path.rpartition("/")
    fields.append(Field(Aspect.CONFIG, "encryption", kind, 1))
    return component(
        f"Encrypted/{name}", Role.SECRET, "Encrypted", fields=fields, namespace=folder, path=file.path, line=1
    )


def _is_manifest(root: Node) -> bool:
    kind = text(root, "kind")
    return bool(text(root, "apiVersion") and kind) and not is_encrypted(kind)


def _readable(root: Node, mask: Mask) -> list[Field]:
    fields = []
    for name, scalar in leaves(root):
        shown = protect(name, "" if scalar.null else scalar.text, mask)
        aspect = Aspect.SECRET if shown.secret else Aspect.CONFIG
        fields.append(Field(aspect, name or "content", shown.text, scalar.line))
    return fields


def _is_gpg(data: bytes) -> bool:
    """Return whether the file begins with a packet of an encrypted OpenPGP message; no text in UTF-8 does."""
    first = data[0] if data else 0
    if first in _PUBLIC_KEY_PACKETS:
        place = _PUBLIC_KEY_PACKETS[first]
        return data[place : place + 1] == b"\x03"
    place = _PASSPHRASE_PACKETS.get(first, 0)
    return place > 0 and data[place : place + 1] in {b"\x04", b"\x05"}
