from __future__ import annotations

import importlib.util
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from support.plain_git import TIME, commit_all, git, new_repository
from support.signing import (
    openpgp_key,
    raw_object,
    signature_of,
    signed_commit,
    signed_tag,
    ssh_key,
    ssh_public,
    ssh_signature,
    with_signature,
    write_object,
)

from generator.errors import RefusedError
from generator.history.commands import Git
from generator.history.signing.allowed_signers import read_allowed_signers
from generator.history.signing.signatures import Signatures, read_keys
from generator.history.signing.signed_objects import take_apart_commit, take_apart_tag
from generator.history.signing.signers import Signature, SignatureOutcome

if TYPE_CHECKING:
    from pathlib import Path

    from generator.history.signing.signatures import Keys

pytest.importorskip("pysequoia", reason="the extra `signatures` is not installed")
needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
needs_cryptography = pytest.mark.skipif(
    importlib.util.find_spec("cryptography") is None, reason="the package cryptography is not installed"
)
GRACE = "Grace Example <grace@example.org>"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = new_repository(tmp_path / "repository")
    (made / "a.txt").write_text("1")
    commit_all(made)
    return made


def _commit(repository: Path, commit: str, keys: Keys | None) -> Signature:
    with Signatures(Git(str(repository / ".git")), keys) as signatures:
        return signatures.of_commit(commit)


def _tags(repository: Path, keys: Keys | None) -> dict[str, Signature]:
    with Signatures(Git(str(repository / ".git")), keys) as signatures:
        return dict(signatures.of_tags(git(repository, "rev-parse", "HEAD")))


def test_a_commit_signed_by_a_known_key_is_good(repository: Path) -> None:
    key = openpgp_key(GRACE)
    signed = signed_commit(repository, key)
    for keys in (str(key.extract_certificate()).encode(), bytes(key.extract_certificate())):
        found = _commit(repository, signed, read_keys([("keys", keys)]))
        assert found.outcome is SignatureOutcome.GOOD
        assert found.signers == (("Grace Example", "grace@example.org"),)
        assert len(found.key) == 40


def test_several_certificates_stand_in_one_file(repository: Path) -> None:
    known, other = openpgp_key(GRACE), openpgp_key("Ada <ada@example.org>")
    text = "".join(f"A note\n{each.extract_certificate()}\n" for each in (other, known))
    assert _commit(repository, signed_commit(repository, known), read_keys([("keys", text.encode())])).good


def test_another_key_is_unknown(repository: Path) -> None:
    keys = read_keys([("keys", str(openpgp_key(GRACE).extract_certificate()).encode())])
    found = _commit(repository, signed_commit(repository, openpgp_key(GRACE)), keys)
    assert found.outcome is SignatureOutcome.UNKNOWN_KEY
    assert found.signers == ()


def test_a_changed_commit_is_bad(repository: Path) -> None:
    key = openpgp_key(GRACE)
    keys = read_keys([("keys", bytes(key.extract_certificate()))])
    signed = raw_object(repository, "commit", signed_commit(repository, key))
    changed = write_object(repository, "commit", signed.replace(b"\n\nChange", b"\n\nChanges"))
    found = _commit(repository, changed, keys)
    assert found.outcome is SignatureOutcome.BAD
    assert found.reason == "carries a signature that its key did not make over this content"


def test_nothing_is_said_without_keys_and_of_unsigned_commits(repository: Path) -> None:
    signed = signed_commit(repository, openpgp_key(GRACE))
    assert _commit(repository, signed, None).outcome is SignatureOutcome.NOT_ASSESSED
    assert _commit(repository, git(repository, "rev-parse", "HEAD"), None).outcome is SignatureOutcome.UNSIGNED
    assert _commit(repository, "0" * 40, None).reason == "is not in the repository"


def test_two_signatures_are_bad(repository: Path) -> None:
    key = openpgp_key(GRACE)
    keys = read_keys([("keys", bytes(key.extract_certificate()))])
    commit = raw_object(repository, "commit", "HEAD")
    signature = signature_of(key, commit)
    twice = write_object(repository, "commit", with_signature(with_signature(commit, signature), signature))
    assert _commit(repository, twice, keys).reason == "carries several signatures"


def test_tags_are_told_by_name(repository: Path) -> None:
    key = openpgp_key(GRACE)
    head = git(repository, "rev-parse", "HEAD")
    signed_tag(repository, key, "v1", head)
    signed_tag(repository, key, "v2", head, as_name="v0")
    git(repository, "tag", "light")
    git(repository, "tag", "-a", "-m", "Unsigned", "plain")
    git(repository, "tag", "-a", "-m", "Of a tag", "nested", "v1")
    found = _tags(repository, read_keys([("keys", bytes(key.extract_certificate()))]))
    assert {name: signature.outcome.value for name, signature in found.items()} == {
        "light": "unsigned",
        "plain": "unsigned",
        "v1": "good",
        "v2": "bad",
    }
    assert found["v2"].reason == "was made as tag v0"


def test_only_the_signature_is_taken_out_of_a_commit() -> None:
    plain = b"tree 1\nmergetag object 2\n type commit\n -----BEGIN PGP SIGNATURE-----\nauthor A <a> 1 +0000\n"
    plain += b"committer A <a> 1704110400 +0200\n\nSubject\n\ngpgsig in the text\n"
    other = with_signature(plain, b"-----BEGIN PGP SIGNATURE-----\n\nzzz\n", b"gpgsig-sha256")
    both = with_signature(other, b"-----BEGIN SSH SIGNATURE-----\nabc\n\nd\n-----END SSH SIGNATURE-----\n")
    parts = take_apart_commit("1" * 40, both)
    assert parts.payload == plain
    assert parts.signature == b"-----BEGIN SSH SIGNATURE-----\nabc\n\nd\n-----END SSH SIGNATURE-----\n"
    assert parts.time == TIME
    assert take_apart_commit("1" * 64, both).signature == b"-----BEGIN PGP SIGNATURE-----\n\nzzz\n"


def test_the_last_signature_of_a_tag_counts() -> None:
    text = b"object 1\ntype commit\ntag v\ntagger A <a> 5 +0000\n\n-----BEGIN PGP SIGNATURE-----\nquoted\r"
    parts = take_apart_tag(text + b"\n-----BEGIN SSH SIGNATURE-----\nx\n")
    assert parts.payload == text + b"\n"
    assert parts.signature == b"-----BEGIN SSH SIGNATURE-----\nx\n"
    assert parts.time == 5


@needs_ssh
@needs_cryptography
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_ssh_signatures_are_checked(repository: Path, tmp_path: Path, kind: str) -> None:
    key = ssh_key(tmp_path, kind)
    git(repository, "-c", "gpg.format=ssh", "-c", f"user.signingKey={key}", "commit", "--amend", "-S", "-m", "Signed")
    signed = git(repository, "rev-parse", "HEAD")
    line = f'grace@example.org,"Grace" namespaces="file,git" {ssh_public(key)} a comment\n'
    found = _commit(repository, signed, read_keys([("signers", line.encode())]))
    assert found.outcome is SignatureOutcome.GOOD, found.reason
    assert found.signers[0] == ("", "grace@example.org")
    assert found.key.startswith("SHA256:")
    changed = raw_object(repository, "commit", signed).replace(b"\n\nSigned", b"\n\nOther")
    keys = read_keys([("signers", line.encode())])
    assert _commit(repository, write_object(repository, "commit", changed), keys).outcome is SignatureOutcome.BAD


@needs_ssh
def test_ssh_keys_count_in_their_time_and_for_git(repository: Path, tmp_path: Path) -> None:
    key, other = ssh_key(tmp_path, "ed25519"), ssh_key(tmp_path, "ecdsa")
    commit = raw_object(repository, "commit", "HEAD")
    signed = write_object(repository, "commit", with_signature(commit, ssh_signature(key, commit)))

    def reason(options: str, of: Path = key) -> str:
        lines = f"# Keys\n\ngrace@example.org {options} {ssh_public(of)}\n"
        return _commit(repository, signed, read_keys([("signers", lines.encode())])).reason

    assert reason('valid-before="20240101"') == "carries a signature whose key was not valid any more"
    assert reason('valid-after="20240102Z"') == "carries a signature whose key was not valid yet"
    assert reason('namespaces="file"') == "carries a signature whose key is not meant for git"
    assert reason("cert-authority") == "carries a signature whose key is one for keys, not for commits"
    assert reason("", other).startswith("is signed by a key that was not given (SHA256:")
    elsewhere = with_signature(commit, ssh_signature(key, commit, "file"))
    keys = read_keys([("signers", f"g@example.org {ssh_public(key)}".encode())])
    found = _commit(repository, write_object(repository, "commit", elsewhere), keys)
    assert found.reason == "carries a signature that was made for something else than git"


@needs_ssh
def test_ssh_is_not_assessed_without_the_package(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ssh_key(tmp_path, "ed25519")
    commit = raw_object(repository, "commit", "HEAD")
    signed = write_object(repository, "commit", with_signature(commit, ssh_signature(key, commit)))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    keys = read_keys([("signers", f"grace@example.org {ssh_public(key)}".encode())])
    assert _commit(repository, signed, keys).outcome is SignatureOutcome.NOT_ASSESSED


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "holds no key"),
        ("grace@example.org", "is no line of an allowed signers file"),
        ("grace@example.org ssh-ed25519 ????", "the key can't be read"),
        ("grace@example.org ssh-rsa AAAAC3NzaC1lZDI1NTE5", "the key is no ssh-rsa"),
        ("g@example.org tomorrow ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "`tomorrow` is no option"),
        (
            'g@example.org valid-before="20261301" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA',
            "`20261301` is no time as 20261231 or 202612312359Z",
        ),
    ],
)
def test_lines_that_are_none_are_refused(line: str, reason: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_allowed_signers("signers", f"# First\n{line}\n".encode())
    assert caught.value.reason == reason
    assert caught.value.place.line == (2 if line else 0)


def test_openpgp_keys_need_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(openpgp_key(GRACE).extract_certificate())
    monkeypatch.setitem(sys.modules, "pysequoia", None)
    with pytest.raises(RefusedError, match=r"pip install 'assay\[signatures\]'"):
        read_keys([("keys", data)])


def test_a_revoked_key_is_bad(repository: Path) -> None:
    key = openpgp_key(GRACE)
    certificate = key.extract_certificate()
    signed = signed_commit(repository, key)
    revoked = bytes(certificate) + bytes(certificate.revoke(key.certifier()))
    found = _commit(repository, signed, read_keys([("keys", revoked)]))
    assert (found.outcome, found.reason) == (SignatureOutcome.BAD, "carries a signature whose key is revoked")


def test_files_of_keys_that_are_none_are_refused() -> None:
    key = openpgp_key(GRACE)
    for data in (str(key).encode(), bytes(key)):
        with pytest.raises(RefusedError, match="holds a secret key"):
            read_keys([("keys", data)])
    with pytest.raises(RefusedError, match="holds what is no OpenPGP certificate"):
        read_keys([("keys", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n")])
