"""A signed site with a chain of three bundles, and the means to forge it: for tests of what `verify` finds."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rfc8785
from support.replay import Silent

from generator.demo.repository import demo_commits
from generator.evidence.dsse import DSSE_NAMESPACE, MANIFEST_NAMESPACE, SITE_NAMESPACE, envelope, envelope_text, pae
from generator.evidence.dsse import PAYLOAD_TYPE as STATEMENT
from generator.evidence.ssh_signatures import read_allowed
from generator.history.importing import write_repository
from generator.pipeline.building import build
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request
from generator.pipeline.signing import Signing, sign_evidence
from generator.pipeline.ssh_signing import open_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.evidence.ssh_signatures import AllowedSigners
    from generator.pipeline.ssh_signing import SshKey

LEFT_OUT = (30, 12)
"""Newest commits that the first and the second bundle of the chain do not have."""
EVIDENCE = "evidence"
MANIFEST = f"{EVIDENCE}/manifest.json"
ALL_NAMESPACES = "assay-*"


@dataclass(frozen=True)
class Sealed:
    """A signed site, the bundles before it, and the keys."""

    site: Path
    older: tuple[Path, ...]
    """Evidence folders of the bundles before it, oldest first, signed too."""
    repository: Path
    key: SshKey
    """The key that signed, and may."""
    foreign: SshKey
    """A key that nobody allows."""
    signers: Path
    """File of allowed signers."""

    @property
    def allowed(self) -> AllowedSigners:
        """Who may sign."""
        return read_allowed(str(self.signers), self.signers.read_bytes())


def make_key(path: Path) -> SshKey:
    """Make an SSH key without a passphrase."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return open_key(path)


def allowed_line(key: SshKey, person: str = "release@example.org") -> str:
    """Return the line by which a file of allowed signers allows `key`."""
    public = key.path.with_name(f"{key.path.name}.pub").read_text("ascii").split()
    return f'{person} namespaces="{ALL_NAMESPACES}" {public[0]} {public[1]}\n'


def seal_demo(folder: Path) -> Sealed:
    """Build the demo's site as the third bundle of a signed chain."""
    key, foreign = make_key(folder / "key"), make_key(folder / "foreign")
    signers = folder / "allowed_signers"
    signers.write_text(allowed_line(key), "ascii")
    signing, commits = Signing(key), demo_commits()
    older: list[Path] = []
    for number, left_out in enumerate(LEFT_OUT, 1):
        repository, evidence = folder / f"repository-{number}", folder / f"evidence-{number}"
        write_repository(repository, commits[:-left_out])
        previous = older[-1] if older else None
        gather(Request(repository, previous=previous, signing=signing), evidence, Silent())
        sign_evidence(evidence, signing, previous, evidence)
        older.append(evidence)
    write_repository(folder / "repository", commits)
    request = Request(folder / "repository", previous=older[-1], signing=signing)
    build(request, folder / "site", Silent(), lambda: 0.0)
    return Sealed(folder / "site", tuple(older), folder / "repository", key, foreign, signers)


class Forger:
    """Changes a copy of a sealed site, with or without what it takes to hide that, and puts everything back."""

    def __init__(self, sealed: Sealed, work: Path) -> None:
        """Work on a copy of the site in `work`."""
        self.sealed, self.site = sealed, work
        shutil.copytree(sealed.site, work)

    def restore(self) -> None:
        """Put back what differs from the sealed site."""
        known = {path.relative_to(self.sealed.site) for path in self.sealed.site.rglob("*")}
        for path in sorted(self.site.rglob("*"), reverse=True):
            if path.is_symlink() or (path.relative_to(self.site) not in known and not path.is_dir()):
                path.unlink()
            elif path.relative_to(self.site) not in known:
                path.rmdir()
        for name in known:
            here, there = self.site / name, self.sealed.site / name
            if there.is_file() and (not here.is_file() or _looks(here) != _looks(there)):
                here.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(there, here)

    def files(self, below: str = "", ending: str = "") -> list[str]:
        """Return the paths of the files below a folder of the site, sorted."""
        found = (path for path in (self.site / below).rglob(f"*{ending}") if path.is_file())
        return sorted(path.relative_to(self.site).as_posix() for path in found)

    def read(self, name: str) -> bytes:
        """Return a file of the site."""
        return (self.site / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """Write a file of the site."""
        (self.site / name).parent.mkdir(parents=True, exist_ok=True)
        (self.site / name).write_bytes(data)

    def lines(self, name: str) -> list[bytes]:
        """Return the lines of a file, with their ends."""
        return self.read(name).splitlines(keepends=True)

    def edit_line(self, name: str, number: int, edit: Callable[[dict[str, Any]], object]) -> None:
        """Change one line of JSON, from 0, and write it in the form that such lines have."""
        lines = self.lines(name)
        record = json.loads(lines[number])
        edit(record)
        lines[number] = _text(record) + b"\n"
        self.write(name, b"".join(lines))

    def edit_manifest(self, edit: Callable[[dict[str, Any]], object]) -> None:
        """Change the manifest and write it in its canonical form."""
        manifest = json.loads(self.read(MANIFEST))
        edit(manifest)
        self.write(MANIFEST, rfc8785.dumps(manifest) + b"\n")

    def digests_anew(self) -> None:
        """Let the manifest say what stands in the evidence."""
        unlisted = (".sig", ".intoto.jsonl", "manifest.json")
        files = [name for name in self.files(EVIDENCE) if not name.endswith(unlisted)]
        found = {name.removeprefix(f"{EVIDENCE}/"): hashlib.sha256(self.read(name)).hexdigest() for name in files}
        self.edit_manifest(lambda manifest: manifest.update(files=found))

    def site_anew(self) -> None:
        """Let `site.json` say what stands in the site."""
        site = json.loads(self.read("site.json"))
        own = [name for name in self.files() if not name.startswith((f"{EVIDENCE}/", "site.json"))]
        site["files"] = {name: hashlib.sha256(self.read(name)).hexdigest() for name in own}
        site["evidence"] = hashlib.sha256(self.read(MANIFEST)).hexdigest()
        self.write("site.json", rfc8785.dumps(site) + b"\n")

    def sign_anew(self, key: SshKey, namespaces: tuple[str, str] = (MANIFEST_NAMESPACE, SITE_NAMESPACE)) -> None:
        """Sign the manifest and `site.json` with `key`."""
        for name, namespace in zip((MANIFEST, "site.json"), namespaces, strict=True):
            self.write(f"{name}.sig", key.sign([self.read(name)], namespace)[0])

    def statements_signed_anew(self, key: SshKey, name: str) -> None:
        """Put the statements of a file into envelopes signed with `key`."""
        statements = [line.rstrip(b"\n") for line in self.lines(name)]
        signatures = key.sign([pae(STATEMENT, one) for one in statements], DSSE_NAMESPACE)
        pairs = zip(statements, signatures, strict=True)
        lines = [envelope_text(envelope(one, key.fingerprint, signature)) + b"\n" for one, signature in pairs]
        self.write(name.replace(".jsonl", ".intoto.jsonl"), b"".join(lines))

    def hide(self, key: SshKey | None = None) -> None:
        """Make everything fit that was changed, and sign it with `key`, by default the one that may."""
        self.digests_anew()
        self.site_anew()
        self.sign_anew(key or self.sealed.key)


def _looks(path: Path) -> tuple[int, int]:
    """Return what tells a file that was written from the copy that it was: its size, and when it was written."""
    told = path.stat()
    return told.st_size, told.st_mtime_ns


def _text(record: object) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
