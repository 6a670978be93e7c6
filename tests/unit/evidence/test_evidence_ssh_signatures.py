"""SSH signatures over files of a bundle: what is said of them is what `ssh-keygen -Y verify` says."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.signing import ssh_key, ssh_public, ssh_signature

from generator.errors import RefusedError
from generator.evidence.dsse import MANIFEST_NAMESPACE, SITE_NAMESPACE
from generator.evidence.ssh_signatures import Problem, Signer, is_made_by, key_of, read_allowed, verify_ssh

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
DATA = b"what was signed\n"
NOON = 1_704_110_400
"""2024-01-01T12:00:00Z."""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    options = {"ed25519": (), "ecdsa": ("-b", "384"), "rsa": ("-b", "3072")}
    return {kind: ssh_key(folder, kind, *more) for kind, more in options.items()}


def _judged_by_program(folder: Path, allowed: str, armored: bytes, data: bytes, namespace: str) -> bool:
    (folder / "allowed").write_text(allowed)
    (folder / "sig").write_bytes(armored)
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "ada@example.org", "-n", namespace, "-s", "sig"]
    when = ["-O", "verify-time=20240101120000Z"]
    return subprocess.run([*command, *when], cwd=folder, input=data, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
@pytest.mark.parametrize(
    ("options", "data", "namespace"),
    [
        ("", DATA, MANIFEST_NAMESPACE),
        ("", DATA + b" ", MANIFEST_NAMESPACE),
        ("", DATA, SITE_NAMESPACE),
        ('namespaces="assay-*" ', DATA, MANIFEST_NAMESPACE),
        ('namespaces="git" ', DATA, MANIFEST_NAMESPACE),
        ('valid-before="20200101Z" ', DATA, MANIFEST_NAMESPACE),
        ('valid-after="20200101Z" ', DATA, MANIFEST_NAMESPACE),
    ],
)
def test_the_verdict_is_that_of_the_program(
    keys: dict[str, Path], tmp_path: Path, kind: str, options: str, data: bytes, namespace: str
) -> None:
    armored = ssh_signature(keys[kind], DATA, MANIFEST_NAMESPACE)
    allowed = f"ada@example.org {options}{ssh_public(keys[kind])}\n"
    found = verify_ssh(data, armored, read_allowed("allowed", allowed.encode()), namespace, NOON)
    assert isinstance(found, Signer) is _judged_by_program(tmp_path, allowed, armored, data, namespace)
    if isinstance(found, Signer):
        assert found.name == "ada@example.org"
    assert found.key == key_of(armored)


def test_the_reason_of_a_problem_is_told(keys: dict[str, Path]) -> None:
    armored = ssh_signature(keys["ed25519"], DATA, MANIFEST_NAMESPACE)
    other = read_allowed("allowed", f"ada@example.org {ssh_public(keys['ecdsa'])}".encode())
    own = read_allowed("allowed", f"ada@example.org {ssh_public(keys['ed25519'])}".encode())
    told = [
        (verify_ssh(DATA, armored, other, MANIFEST_NAMESPACE), "a key that was not given"),
        (verify_ssh(b"", armored, own, MANIFEST_NAMESPACE), "its key did not make over this content"),
        (verify_ssh(DATA, armored, own, SITE_NAMESPACE), f"something else than {SITE_NAMESPACE}"),
        (verify_ssh(DATA, b"none", own, SITE_NAMESPACE), "can't be read"),
    ]
    for found, reason in told:
        assert isinstance(found, Problem)
        assert reason in found.reason


def test_a_key_for_a_time_needs_one(keys: dict[str, Path]) -> None:
    armored = ssh_signature(keys["ed25519"], DATA, MANIFEST_NAMESPACE)
    line = f'ada valid-before="20300101Z" {ssh_public(keys["ed25519"])}'
    found = verify_ssh(DATA, armored, read_allowed("allowed", line.encode()), MANIFEST_NAMESPACE)
    assert isinstance(found, Problem)
    assert "nothing says when" in found.reason


def test_who_a_signature_names_is_told_apart_from_who_made_it(keys: dict[str, Path]) -> None:
    armored = ssh_signature(keys["ed25519"], DATA, MANIFEST_NAMESPACE)
    key = key_of(armored)
    assert is_made_by(armored, key, MANIFEST_NAMESPACE)
    assert not is_made_by(armored, key, SITE_NAMESPACE)
    assert not is_made_by(armored, "SHA256:other", MANIFEST_NAMESPACE)
    assert not is_made_by(b"", key, MANIFEST_NAMESPACE)
    with pytest.raises(ValueError, match=r".*"):
        key_of(b"none")


def test_allowed_signers_that_are_none_are_refused() -> None:
    with pytest.raises(RefusedError, match="keys"):
        read_allowed("allowed", b"nobody")
