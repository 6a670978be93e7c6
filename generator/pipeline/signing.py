"""Signs what stands in a bundle or a site: statements in their envelopes, the manifest, and `site.json`.

Everything is signed before anything is put into place, so that a key or a program that fails leaves no trace.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place, RefusedError
from generator.evidence.dsse import (
    DSSE_NAMESPACE,
    HOOK_BUNDLE,
    MANIFEST_NAMESPACE,
    MANIFEST_SIGNATURE,
    PAYLOAD_TYPE,
    SITE_NAMESPACE,
    envelope,
    envelope_text,
    pae,
    read_envelopes,
)
from generator.evidence.manifest import is_signature
from generator.evidence.reading import MANIFEST, Evidence
from generator.evidence.site_json import EVIDENCE, SITE, SITE_SIGNATURE
from generator.evidence.ssh_signatures import is_made_by
from generator.evidence.verifying.bundle import verify_bundle
from generator.site.publish import alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.pipeline.signing_hook import Hook
    from generator.pipeline.ssh_signing import SshKey

STATEMENTS = "statements"
SIGNED_BY = "signed by "
_JSONL, _ENVELOPES = ".jsonl", ".intoto.jsonl"


@dataclass(frozen=True, slots=True)
class Signing:
    """What signs: a key, a program, or both."""

    key: SshKey | None = None
    hook: Hook | None = None

    @property
    def integrity(self) -> str:
        """What a report that is signed so says of its integrity, see `Summary.integrity`."""
        return f"{SIGNED_BY}{self.key.fingerprint}" if self.key is not None else f"signed in {HOOK_BUNDLE}"


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed."""

    statements: int
    """Statements that were signed anew."""
    carried: int
    """Statements whose envelope was taken over, since payload and key are the same."""
    files: tuple[str, ...]
    """Signature files that were written, by their paths below what was signed."""


def sign_evidence(folder: Path, signing: Signing, former: Path | None, into: Path) -> Signed:
    """Sign the bundle in `folder` and write its signature files into `into`, under the same names.

    Envelopes of the bundle in `former` are carried where payload and key are the same. Raises what the key or the
    program raise, and `OSError` where the machine can't read or write.
    """
    into.mkdir(parents=True, exist_ok=True)
    manifest = (folder / MANIFEST).read_bytes()
    files: list[str] = []
    anew = carried = 0
    if signing.key is not None:
        for path in _statement_files(folder):
            name = f"{STATEMENTS}/{path.name.removesuffix(_JSONL)}{_ENVELOPES}"
            known = _known(former / name, signing.key) if former is not None else {}
            lines, fresh = _envelopes(path, signing.key, known)
            anew, carried = anew + fresh, carried + len(lines) - fresh
            _write(into / name, b"".join(line + b"\n" for line in lines))
            files.append(name)
        _write(into / MANIFEST_SIGNATURE, signing.key.sign([manifest], MANIFEST_NAMESPACE)[0])
        files.append(MANIFEST_SIGNATURE)
    if signing.hook is not None:
        _write(into / HOOK_BUNDLE, signing.hook.sign(manifest))
        files.append(HOOK_BUNDLE)
    return Signed(anew, carried, tuple(files))


def sign_site(site: Path, signing: Signing, into: Path | None = None) -> tuple[str, ...]:
    """Sign the `site.json` of a site and write its signature into `into`, or the site; return the files written.

    Raises as `sign_evidence` does.
    """
    if signing.key is None:
        return ()
    _write((into or site) / SITE_SIGNATURE, signing.key.sign([(site / SITE).read_bytes()], SITE_NAMESPACE)[0])
    return (SITE_SIGNATURE,)


def sign_in_place(target: Path, signing: Signing, *, anew: bool = False) -> Signed:
    """Sign the site or the bundle at `target`; `anew` carries no signature that stands there.

    Raises `RefusedError` where it is neither, does not verify, or says that another key signed it,
    `FaultError` where the machine fails or a build is at work on it.
    """
    target = target.resolve()
    is_site = (target / SITE).is_file() and (target / EVIDENCE / MANIFEST).is_file()
    bundle = target / EVIDENCE if is_site or not (target / MANIFEST).is_file() else target
    if not (bundle / MANIFEST).is_file():
        fix = "name a site or its evidence folder"
        raise RefusedError("evidence", "no evidence folder", place=Place(str(target)), fix=fix)
    inside = bundle.name == EVIDENCE and (bundle.parent / SITE).is_file()
    try:
        with _beside(bundle.parent if inside else target) as work:
            prefix = f"{EVIDENCE}/" if bundle != target else ""
            _refuse_changed(target, prefix)
            _refuse_another_key(bundle, signing)
            done = sign_evidence(bundle, signing, None if anew else bundle, work / prefix)
            files = [f"{prefix}{name}" for name in done.files]
            files += sign_site(target, signing, work) if is_site else ()
            for name in files:
                (work / name).replace(target / name)
    except OSError as fault:
        raise FaultError("write", fault.strerror or str(fault), place=Place(str(fault.filename or target))) from fault
    return Signed(done.statements, done.carried, tuple(files))


def _refuse_changed(target: Path, prefix: str) -> None:
    """Raise `RefusedError` where the bundle or site at `target` does not verify: a signature would vouch for it.

    `prefix` is where the bundle stands in a site. What is wrong with signatures alone is mended by signing.
    """
    for found in verify_bundle(target).mismatches:
        if found.path != SITE_SIGNATURE and not is_signature(found.path.removeprefix(prefix)):
            fix = "see assay verify; build it again, then sign"
            raise RefusedError("sign", found.reason, place=Place(str(target / found.path)), fix=fix)


def _refuse_another_key(bundle: Path, signing: Signing) -> None:
    """Raise `RefusedError` where the report names the key that signed it, and this is another one."""
    said = Evidence(bundle).summary.integrity
    if signing.key is not None and said.startswith(SIGNED_BY) and said != signing.integrity:
        fix = "sign with that key, or build it again with --sign-key"
        raise RefusedError(
            "sign-key", f"the report says that it is {said}", place=Place(str(signing.key.path)), fix=fix
        )


def _statement_files(folder: Path) -> list[Path]:
    found = (folder / STATEMENTS).glob(f"*{_JSONL}")
    return sorted(path for path in found if not is_signature(path.relative_to(folder).as_posix()))


def _known(path: Path, key: SshKey) -> dict[bytes, bytes]:
    """Return the envelopes of a former bundle that this key made, by their payloads; none of a file that is broken."""
    known: dict[bytes, bytes] = {}
    try:
        for found in read_envelopes(path):
            ours = len(found.signatures) == 1 and found.signatures[0].keyid == key.fingerprint
            if ours and is_made_by(found.signatures[0].armored, key.fingerprint, DSSE_NAMESPACE):
                known[found.statement] = envelope_text(found)
    except RefusedError:
        return {}
    return known


def _envelopes(path: Path, key: SshKey, known: dict[bytes, bytes]) -> tuple[list[bytes], int]:
    """Return an envelope for each statement of a file, in its order, and how many of them were signed now."""
    statements = path.read_bytes().removesuffix(b"\n").split(b"\n")
    missing = list(dict.fromkeys(one for one in statements if one not in known))
    signatures = key.sign([pae(PAYLOAD_TYPE, one) for one in missing], DSSE_NAMESPACE)
    made = {
        one: envelope_text(envelope(one, key.fingerprint, signature))
        for one, signature in zip(missing, signatures, strict=True)
    }
    return [made[one] if one in made else known[one] for one in statements], len(missing)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Hold the lock of `folder`, and make another one on the same disk for as long; remove it and what was left before.

    Raises `FaultError` where a build is at work on it.
    """
    start = f".{folder.name}.sign-"
    with alone(folder):
        for remains in folder.parent.iterdir():
            if remains.name.startswith(start):
                shutil.rmtree(remains)
        work = folder.with_name(f"{start}{os.getpid()}")
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
