"""Signing a bundle and a site: what `ssh-keygen` says of it, what is carried, and what a failure leaves behind."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest
from support.signing import ssh_key, ssh_public
from support.values import replay

from generator.errors import ExitCode, FaultError, RefusedError, UsageError
from generator.evidence.dsse import (
    DSSE_NAMESPACE,
    HOOK_BUNDLE,
    MANIFEST_NAMESPACE,
    MANIFEST_SIGNATURE,
    envelopes_path,
    read_envelopes,
    statements_path,
)
from generator.evidence.manifest import verify_manifest
from generator.pipeline.signing import Signing, sign_evidence, sign_in_place
from generator.pipeline.signing_hook import parse_hook
from generator.pipeline.ssh_signing import open_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.pipeline.ssh_signing import SshKey

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
COPY = "import pathlib,sys; pathlib.Path(sys.argv[2]).write_bytes(b'over '+pathlib.Path(sys.argv[1]).read_bytes())"


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ssh_key(tmp_path_factory.mktemp("key"), "ed25519")


@pytest.fixture(scope="module")
def key(key_file: Path) -> SshKey:
    return open_key(key_file)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return replay(tmp_path / "made", ["s/a=A p/a=A", "s/a=B p/a=B"]).folder


def _verified(folder: Path, key_file: Path, namespace: str, armored: bytes, data: bytes) -> bool:
    (folder / "allowed").write_text(f'ada namespaces="{namespace}" {ssh_public(key_file)}\n')
    (folder / "sig").write_bytes(armored)
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "ada", "-n", namespace, "-s", "sig"]
    return subprocess.run(command, cwd=folder, input=data, capture_output=True, check=False).returncode == 0


def _files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_program_verifies_manifest_and_statements(
    bundle: Path, key: SshKey, key_file: Path, tmp_path: Path
) -> None:
    done = sign_in_place(bundle, Signing(key))
    assert (done.statements, done.carried) == (2, 0)
    manifest = (bundle / "manifest.json").read_bytes()
    signature = (bundle / MANIFEST_SIGNATURE).read_bytes()
    assert _verified(tmp_path, key_file, MANIFEST_NAMESPACE, signature, manifest)
    assert not _verified(tmp_path, key_file, MANIFEST_NAMESPACE, signature, manifest + b" ")
    assert not _verified(tmp_path, key_file, DSSE_NAMESPACE, signature, manifest), "another namespace"
    envelopes = list(read_envelopes(bundle / envelopes_path("production")))
    assert [one.statement for one in envelopes] == (bundle / statements_path("production")).read_bytes().splitlines()
    for one in envelopes:
        (made,) = one.signatures
        assert made.keyid == key.fingerprint
        assert _verified(tmp_path, key_file, DSSE_NAMESPACE, made.armored, one.signed)
        assert not _verified(tmp_path, key_file, DSSE_NAMESPACE, made.armored, one.statement), "its type is signed too"
    assert verify_manifest(bundle) == ()


def test_the_fingerprint_is_that_of_the_program(key: SshKey, key_file: Path) -> None:
    told = subprocess.run(["ssh-keygen", "-l", "-f", str(key_file)], capture_output=True, text=True, check=True).stdout
    assert told.split()[1] == key.fingerprint
    assert Signing(key).integrity == f"signed by {key.fingerprint}"


def test_what_the_same_key_signed_before_is_carried(tmp_path: Path, key: SshKey) -> None:
    lines = ["s/a=A p/a=A", "s/a=B p/a=B"]
    old = replay(tmp_path / "old", lines).folder
    new = replay(tmp_path / "new", [*lines, "s/a=C p/a=C"]).folder
    sign_evidence(old, Signing(key), None, old)
    done = sign_evidence(new, Signing(key), old, new)
    assert (done.statements, done.carried) == (1, 2)
    before, after = ((one / envelopes_path("production")).read_bytes().splitlines() for one in (old, new))
    assert after[:2] == before
    other = open_key(ssh_key(tmp_path, "ecdsa"))
    assert sign_evidence(new, Signing(other), old, new).carried == 0


def test_envelopes_that_say_another_thing_are_signed_anew(bundle: Path, key: SshKey) -> None:
    sign_in_place(bundle, Signing(key))
    path = bundle / envelopes_path("production")
    good = path.read_bytes()
    first, second = read_envelopes(path)
    strange = msgspec.structs.replace(second, signatures=(msgspec.structs.replace(second.signatures[0], sig="AAAA"),))
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in (first, strange)))
    assert sign_in_place(bundle, Signing(key)).statements == 1
    assert path.read_bytes() == good
    path.write_bytes(b"broken\n")
    assert sign_in_place(bundle, Signing(key)).statements == 2
    assert path.read_bytes() == good
    assert sign_in_place(bundle, Signing(key), anew=True).statements == 2


def test_a_bundle_that_was_changed_is_not_signed(bundle: Path, key: SshKey) -> None:
    (bundle / "deployments.jsonl").write_bytes(b"{}\n")
    before = _files(bundle)
    with pytest.raises(RefusedError, match=r"deployments\.jsonl"):
        sign_in_place(bundle, Signing(key))
    assert _files(bundle) == before


def test_what_a_killed_run_left_is_removed(bundle: Path, key: SshKey) -> None:
    left = bundle.with_name(f".{bundle.name}.sign-1")
    left.mkdir()
    (left / "manifest.json.sig").write_bytes(b"half")
    sign_in_place(bundle, Signing(key))
    assert not left.exists()
    assert (bundle / MANIFEST_SIGNATURE).read_bytes() != b"half"


def test_what_is_no_bundle_is_refused(tmp_path: Path, key: SshKey) -> None:
    with pytest.raises(RefusedError, match="no evidence folder"):
        sign_in_place(tmp_path, Signing(key))


@pytest.mark.parametrize("name", ["encrypted", "open", "broken", "public"])
def test_a_key_that_can_not_sign_is_refused_on_one_line(tmp_path: Path, name: str) -> None:
    file = ssh_key(tmp_path, "ed25519")
    public = file.with_suffix(".pub")
    if name == "encrypted":
        subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "pass", "-f", str(file)], check=True)
    elif name == "open":
        file.chmod(0o644)
    elif name == "broken":
        file.write_bytes(b"no key\n")
        public.unlink()
    else:
        file.unlink()
        file = public
    with pytest.raises(RefusedError) as refused:
        open_key(file)
    assert refused.value.exit_code is ExitCode.REFUSED
    assert "\n" not in str(refused.value)
    assert ("encrypted" in refused.value.reason) is (name == "encrypted")


def test_a_key_that_is_not_there_is_a_slip(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        open_key(tmp_path / "none")


def test_without_the_program_nothing_is_signed(tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FaultError, match="no ssh-keygen on PATH"):
        open_key(key_file)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[str]:
    if shutil.which("ssh-agent") is None or shutil.which("ssh-add") is None:
        pytest.skip("ssh-agent is not installed")
    socket = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        for _ in range(500):
            if socket.exists():
                break
            try:
                process.wait(0.01)
            except subprocess.TimeoutExpired:
                continue
        yield str(socket)
    finally:
        process.terminate()
        process.wait()


def test_an_agent_signs_with_a_key_whose_public_part_is_given(tmp_path: Path, agent: str, bundle: Path) -> None:
    file = ssh_key(tmp_path, "ed25519")
    subprocess.run(
        ["ssh-add", "-q", str(file)], env=os.environ | {"SSH_AUTH_SOCK": agent}, check=True, capture_output=True
    )
    file.unlink()
    key = open_key(file.with_suffix(".pub"), agent)
    sign_in_place(bundle, Signing(key))
    signature = (bundle / MANIFEST_SIGNATURE).read_bytes()
    assert _verified(tmp_path, file, MANIFEST_NAMESPACE, signature, (bundle / "manifest.json").read_bytes())


def _hook(tmp_path: Path, script: str) -> str:
    program = tmp_path / "signer"
    program.write_text(f"#!{sys.executable}\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return f"{program} {{file}} {{bundle}}"


def test_a_program_signs_the_manifest(bundle: Path, tmp_path: Path) -> None:
    hook = parse_hook(_hook(tmp_path, COPY), dict(os.environ))
    done = sign_in_place(bundle, Signing(hook=hook))
    assert done.files == (HOOK_BUNDLE,)
    assert (bundle / HOOK_BUNDLE).read_bytes() == b"over " + (bundle / "manifest.json").read_bytes()
    assert verify_manifest(bundle) == ()
    assert Signing(hook=hook).integrity == f"signed in {HOOK_BUNDLE}"


def test_a_program_can_not_change_what_it_signs(bundle: Path, tmp_path: Path) -> None:
    script = f"{COPY}\npathlib.Path(sys.argv[1]).write_bytes(b'other')"
    before = (bundle / "manifest.json").read_bytes()
    sign_in_place(bundle, Signing(hook=parse_hook(_hook(tmp_path, script), dict(os.environ))))
    assert (bundle / "manifest.json").read_bytes() == before


def test_no_shell_reads_the_command(bundle: Path, tmp_path: Path) -> None:
    command = f"{_hook(tmp_path, COPY)} ; touch {tmp_path}/ran $(touch {tmp_path}/ran)"
    sign_in_place(bundle, Signing(hook=parse_hook(command, dict(os.environ))))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("script", "seconds", "reason"),
    [
        ("import sys; sys.exit('no token\\nsecond line')", 60.0, "failed with status 1: no token"),
        ("import time; time.sleep(60)", 0.5, "gave no answer within 0.5 s"),
        ("pass", 60.0, "wrote no {bundle}"),
        ("import os,sys; os.symlink('/etc/passwd', sys.argv[2])", 60.0, "wrote no {bundle}"),
        ("import sys; open(sys.argv[2], 'w')", 60.0, "wrote no {bundle}"),
    ],
)
def test_a_program_that_fails_leaves_no_trace(
    bundle: Path, tmp_path: Path, key: SshKey, script: str, seconds: float, reason: str
) -> None:
    from dataclasses import replace

    hook = replace(parse_hook(_hook(tmp_path, script), dict(os.environ)), seconds=seconds)
    before, beside = _files(bundle), sorted(bundle.parent.iterdir())
    with pytest.raises(FaultError) as fault:
        sign_in_place(bundle, Signing(key, hook))
    assert reason in str(fault.value)
    assert "\n" not in str(fault.value)
    assert fault.value.exit_code is ExitCode.FAULT
    assert _files(bundle) == before
    assert sorted(bundle.parent.iterdir()) == beside


@pytest.mark.parametrize(
    "command",
    ["", "cp {file}", "cp {bundle}", "{file} {bundle}", "cp '{file} {bundle}", "no-such-program {file} {bundle}"],
)
def test_a_command_that_names_no_program_is_a_slip(command: str) -> None:
    with pytest.raises(UsageError, match="sign-with"):
        parse_hook(command, {})
