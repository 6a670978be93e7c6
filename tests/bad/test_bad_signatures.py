"""Signatures and keys as an attacker would write them: nothing runs, nothing is good, and the run goes on."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from support.plain_git import commit_all, git, new_repository
from support.signing import openpgp_key, raw_object, signature_of, signed_commit, with_signature, write_object

from generator.errors import RefusedError
from generator.history.commands import Git
from generator.history.signing.signatures import MOST_BYTES, Signatures, read_keys
from generator.history.signing.signed_objects import take_apart_commit, take_apart_tag
from generator.history.signing.signers import Signature, SignatureOutcome
from generator.history.signing.ssh_form import MalformedError, packed
from generator.history.signing.sshsig import parse_signature

if TYPE_CHECKING:
    from pathlib import Path

    from generator.history.signing.signatures import Keys

pytest.importorskip("pysequoia", reason="the extra `signatures` is not installed")
ARMOR = b"-----BEGIN %s-----\n\n%s\n-----END %s-----\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = new_repository(tmp_path / "repository")
    (made / "a.txt").write_text("1")
    commit_all(made)
    return made


@pytest.fixture(scope="module")
def keys() -> Keys:
    return read_keys([("keys", bytes(openpgp_key("Grace <grace@example.org>").extract_certificate()))])


def _armored(kind: bytes, data: bytes) -> bytes:
    return ARMOR % (kind, base64.b64encode(data), kind)


def _seen(repository: Path, data: bytes, keys: Keys) -> Signature:
    with Signatures(Git(str(repository / ".git")), keys) as signatures:
        return signatures.of_commit(write_object(repository, "commit", data))


def _ssh(*texts: bytes, version: int = 1, end: bytes = b"") -> bytes:
    return _armored(b"SSH SIGNATURE", b"SSHSIG" + version.to_bytes(4, "big") + b"".join(map(packed, texts)) + end)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"yes, it is signed",
        b"-----BEGIN PGP SIGNATURE-----",
        _armored(b"PGP SIGNATURE", b""),
        _armored(b"PGP SIGNATURE", b"\xff" * 4000),
        _armored(b"PGP SIGNATURE", b"\xc2\xff\xff\xff\xff\xff\x04\x00"),
        _armored(b"PGP MESSAGE", b"\xa3\x01" + b"\0" * 1000),
        b"-----BEGIN PGP SIGNATURE-----\n" * 2000,
        _armored(b"PGP SIGNATURE", b"\x88\x00" * 20_000),
        b"-----BEGIN SSH SIGNATURE-----",
        _ssh(b"k"),
        _ssh(b"k", b"git", b"", b"sha512", b"\xff\xff\xff\xff"),
        _ssh(b"k", b"git", b"", b"md5", packed(b"a") + packed(b"b")),
        _ssh(b"k", b"git", b"", b"sha512", packed(b"a") + packed(b"b"), version=2),
        _ssh(b"k", b"git", b"", b"sha512", packed(b"a") + packed(b"b"), end=b"more"),
        _armored(b"SSH SIGNATURE", b"SSHSIG\0\0\0\1" + b"\xff" * 30),
        _armored(b"SIGNED MESSAGE", b"x509"),
    ],
)
def test_signatures_that_are_none_are_never_good(repository: Path, keys: Keys, signature: bytes) -> None:
    commit = raw_object(repository, "commit", "HEAD")
    found = _seen(repository, with_signature(commit, signature), keys)
    assert found.outcome not in {SignatureOutcome.GOOD, SignatureOutcome.UNKNOWN_KEY, SignatureOutcome.UNSIGNED}
    assert found.reason.isprintable()
    assert "/" not in found.reason
    assert len(found.reason) < 120


def test_a_well_formed_ssh_signature_of_nobody_is_of_an_unknown_key(repository: Path, keys: Keys) -> None:
    commit = with_signature(
        raw_object(repository, "commit", "HEAD"), _ssh(b"k", b"git", b"", b"sha512", packed(b"a") + packed(b"b"))
    )
    assert _seen(repository, commit, keys).outcome is SignatureOutcome.UNKNOWN_KEY


def test_a_signature_over_something_else_is_not_taken(repository: Path) -> None:
    key = openpgp_key("Grace <grace@example.org>")
    keys = read_keys([("keys", bytes(key.extract_certificate()))])
    commit = raw_object(repository, "commit", "HEAD")
    tag = b"object 1\ntype commit\ntag v1\ntagger A <a> 1 +0000\n\nx\n"
    moved = with_signature(commit, signature_of(key, tag))
    assert _seen(repository, moved, keys).outcome is SignatureOutcome.BAD
    hidden = with_signature(commit, signature_of(key, commit)).replace(b"\nauthor ", b"\nparent x\nauthor ", 1)
    assert _seen(repository, hidden, keys).outcome is SignatureOutcome.BAD


def test_a_flipped_bit_anywhere_is_not_good(repository: Path) -> None:
    key = openpgp_key("Grace <grace@example.org>")
    keys = read_keys([("keys", bytes(key.extract_certificate()))])
    commit = raw_object(repository, "commit", signed_commit(repository, key))
    good = 0
    with Signatures(Git(str(repository / ".git")), keys) as signatures:
        for at in range(0, len(commit), 19):
            changed = bytearray(commit)
            changed[at] ^= 1 << at % 7
            good += signatures.of_commit(write_object(repository, "commit", bytes(changed))).good
    # What stands in armour beside the data (a checksum, a blank) is no part of what was signed.
    assert good <= 3


def test_no_program_of_the_configuration_runs(repository: Path, keys: Keys, tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {canary}\n")
    program.chmod(0o755)
    for name in ("gpg.program", "gpg.ssh.program", "gpg.x509.program"):
        git(repository, "config", name, program)
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "gpg.ssh.allowedSignersFile", program)
    commit = raw_object(repository, "commit", "HEAD")
    _seen(repository, with_signature(commit, _armored(b"PGP SIGNATURE", b"x")), keys)
    assert not canary.exists()


def test_a_commit_of_many_bytes_costs_itself_alone(repository: Path, keys: Keys) -> None:
    commit = raw_object(repository, "commit", "HEAD")
    large = write_object(repository, "commit", commit + b"x" * MOST_BYTES)
    tree = git(repository, "rev-parse", "HEAD^{tree}")
    with Signatures(Git(str(repository / ".git")), keys) as signatures:
        assert "more than the" in signatures.of_commit(large).reason
        assert signatures.of_commit(tree).reason == "is no commit"
        assert signatures.of_commit(git(repository, "rev-parse", "HEAD")).outcome is SignatureOutcome.UNSIGNED


def test_many_lines_that_begin_a_signature_take_no_time() -> None:
    text = b"object 1\ntag v\n\n" + b"-----BEGIN PGP SIGNATURE-----\n" * 30_000
    assert take_apart_tag(text).signature == b"-----BEGIN PGP SIGNATURE-----\n"
    headers = b"gpgsig x\n" * 100_000 + b"\n"
    assert take_apart_commit("1" * 40, headers).several


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\n", b" x", b"gpgsig", b"gpgsig \n\n", b"\xff\n\n\0"])
def test_objects_of_no_form_are_taken_apart(data: bytes) -> None:
    assert take_apart_commit("1" * 40, data).time is None
    assert not take_apart_tag(data).signature


def test_text_of_a_signature_is_bounded() -> None:
    with pytest.raises(MalformedError):
        parse_signature(_armored(b"SSH SIGNATURE", b"SSHSIG\0\0\0\1" + b"x" * 100_000))


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"\xff" * 100, b"\x99\xff\xff\xff", b"a" * 30_000, b"{}", b"\xef\xbb\xbf"]
)
def test_files_of_keys_that_hold_none_are_refused(data: bytes) -> None:
    with pytest.raises(RefusedError) as caught:
        read_keys([("team.keys", data)])
    assert str(caught.value).startswith("error[keys] team.keys")
    assert len(str(caught.value)) < 300
    assert "backtrace" not in str(caught.value)
