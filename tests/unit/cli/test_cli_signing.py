"""`assay build --sign-key`, `assay sign` and `assay statement`: what they write and say, and how they fail."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.command import assay, assay_process
from support.replay import write_trees
from support.signing import ssh_key, ssh_public
from support.values import CONFIG, tree

from generator.evidence.dsse import MANIFEST_NAMESPACE
from generator.evidence.predicates import RELEASE
from generator.evidence.site_json import SITE_SIGNATURE
from generator.pipeline.ssh_signing import open_key

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
LINES = ["s/api=A p/api=A", "s/api=B p/api=A", "s/api=B p/api=B"]
FOOT = re.compile(r'<div class="integrity">(.*?)</div>')


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ssh_key(tmp_path_factory.mktemp("key"), "ed25519")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_trees(tmp_path_factory.mktemp("r") / "r", [{"assay.yaml": CONFIG, **tree(line)} for line in LINES])


@pytest.fixture(scope="module")
def signed(repository: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("signed") / "site"
    done = assay("build", "--repo", repository, "--output", site, "--sign-key", key, "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    return site


@pytest.fixture(scope="module")
def unsigned(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("unsigned") / "site"
    assert assay("build", "--repo", repository, "--output", site, "--quiet").exit_code == 0
    return site


def _verified(key: Path, namespace: str, file: Path, signature: Path, folder: Path) -> str:
    (folder / "allowed").write_text(f"ada@example.org {ssh_public(key)}\n")
    who = ["-I", "ada@example.org", "-n", namespace, "-s", str(signature)]
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", *who]
    return subprocess.run(
        command, cwd=folder, input=file.read_bytes(), capture_output=True, check=False
    ).stdout.decode()


def _foot(site: Path) -> set[str]:
    """Return what the foot of every page says; each page has one."""
    found = [FOOT.findall(page.read_text("utf-8")) for page in site.rglob("*.html")]
    assert found
    assert all(len(one) == 1 for one in found)
    return {text for one in found for text in one}


def test_a_build_is_signed(signed: Path, key: Path, tmp_path: Path) -> None:
    evidence = signed / "evidence"
    said = [
        _verified(key, MANIFEST_NAMESPACE, evidence / "manifest.json", evidence / "manifest.json.sig", tmp_path),
        _verified(key, "assay-site@v1", signed / "site.json", signed / SITE_SIGNATURE, tmp_path),
    ]
    assert all(text.startswith("Good ") for text in said)
    assert (evidence / "statements" / "production.intoto.jsonl").is_file()
    other = _verified(key, "git", evidence / "manifest.json", evidence / "manifest.json.sig", tmp_path)
    assert not other.startswith("Good ")


def test_every_page_says_by_which_key_or_that_there_is_none(signed: Path, unsigned: Path, key: Path) -> None:
    fingerprint = open_key(key).fingerprint
    assert _foot(signed) == {f"Signed by the key {fingerprint}."}
    assert _foot(unsigned) == {"Integrity only: not signed."}
    assert json.loads((signed / "evidence" / "summary.json").read_bytes())["integrity"] == f"signed by {fingerprint}"
    assert json.loads((unsigned / "evidence" / "summary.json").read_bytes())["integrity"] == "digests only"


def test_a_site_is_signed_as_it_stands(unsigned: Path, key: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(unsigned, site)
    done = assay("sign", site, "--key", key)
    assert done.exit_code == 0
    assert "2 statements signed, 0 carried" in done.stderr
    written = [line.removeprefix("Wrote ") for line in done.stdout.splitlines()]
    names = {p.relative_to(site).as_posix() for p in site.rglob("*")}
    before = {p.relative_to(unsigned).as_posix() for p in unsigned.rglob("*")}
    assert sorted(written) == sorted(str(site / name) for name in names - before)
    assert assay("sign", site, "--key", key).stderr.startswith("0 statements signed, 2 carried")
    assert [p.name for p in tmp_path.iterdir()] == ["site"], "nothing is left beside the site"


def test_a_report_that_names_its_key_is_signed_by_no_other(signed: Path, tmp_path: Path) -> None:
    before = (signed / SITE_SIGNATURE).read_bytes()
    done = assay("sign", signed, "--key", ssh_key(tmp_path, "ed25519"))
    assert (done.exit_code, done.stdout) == (4, "")
    assert "the report says that it is signed by SHA256:" in done.stderr
    assert (signed / SITE_SIGNATURE).read_bytes() == before


def test_a_key_changes_the_foot_of_every_page_that_is_carried(
    repository: Path, unsigned: Path, key: Path, tmp_path: Path
) -> None:
    shutil.copytree(unsigned, tmp_path / "site")
    done = assay("build", "--repo", repository, "--output", tmp_path / "site", "--sign-key", key, "--quiet")
    assert done.exit_code == 0
    assert _foot(tmp_path / "site") == {f"Signed by the key {open_key(key).fingerprint}."}


def test_a_page_that_was_changed_keeps_a_site_from_being_signed(unsigned: Path, key: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(unsigned, site)
    with (site / "index.html").open("a") as page:
        page.write(" ")
    done = assay("sign", site, "--key", key)
    assert (done.exit_code, done.stdout) == (4, "")
    assert re.fullmatch(r"error\[sign\] .*index\.html: changed.*\n", done.stderr)
    assert not (site / SITE_SIGNATURE).exists()


def test_signatures_that_are_broken_are_made_anew(signed: Path, key: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(signed, site)
    manifest, envelopes = site / "evidence" / "manifest.json.sig", site / "evidence/statements/production.intoto.jsonl"
    manifest.unlink()
    envelopes.write_bytes(b"broken\n")
    (site / SITE_SIGNATURE).write_bytes(b"")
    assert assay("sign", site, "--key", key, "--quiet").exit_code == 0
    for path in (manifest, envelopes, site / SITE_SIGNATURE):
        assert path.read_bytes() == (signed / path.relative_to(site)).read_bytes()


def test_a_build_that_can_not_be_signed_leaves_the_old_site(repository: Path, unsigned: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(unsigned, site)
    before = {p: p.read_bytes() for p in site.rglob("*") if p.is_file()}
    done = assay("build", "--repo", repository, "--output", site, "--quiet", "--sign-with", "false {file} {bundle}")
    assert done.exit_code == 5
    assert re.fullmatch(r"error\[sign-with\]: false failed with status 1: .*\n", done.stderr)
    assert {p: p.read_bytes() for p in site.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_an_encrypted_key_asks_nobody(repository: Path, tmp_path: Path) -> None:
    file = ssh_key(tmp_path, "ed25519")
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "pass", "-f", str(file)], check=True)
    done = assay_process("build", "--repo", repository, "--output", tmp_path / "site", "--sign-key", file, timeout=30)
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert "the key is encrypted" in done.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        ((), "error[sign]: nothing to sign with"),
        (("--key", "none"), "error[sign-key] none: no such file"),
        (("--with", "cosign {file}"), "error[sign-with]: the command does not say where {bundle} goes"),
        (("--with", "no-such-program {file} {bundle}"), "error[sign-with]: there is no program 'no-such-program'"),
    ],
)
def test_slips_are_told_on_one_line(unsigned: Path, arguments: tuple[str, ...], start: str) -> None:
    done = assay("sign", unsigned, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(start)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["production-2", "production", "production@latest"])
def test_a_statement_is_printed_as_it_stands(unsigned: Path, name: str) -> None:
    done = assay("statement", name, "--site", unsigned)
    lines = (unsigned / "evidence" / "statements" / "production.jsonl").read_text("utf-8").splitlines()
    assert (done.exit_code, done.stdout.splitlines()) == (0, lines[-1:])
    assert assay("statement", name, "--site", unsigned / "evidence", "--kind", "release").stdout == done.stdout


def test_an_envelope_is_printed_as_it_stands(signed: Path) -> None:
    done = assay("statement", "production-1", "--site", signed, "--envelope")
    payload = json.loads(base64.b64decode(json.loads(done.stdout)["payload"]))
    assert (payload["predicateType"], payload["predicate"]["release"]) == (RELEASE, "production-1")


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (("staging-1",), 2, "only releases have statements"),
        (("production-9",), 2, "has no deployment 9"),
        (("production-1", "--kind", "test-result"), 2, "there is no such statement of production-1"),
        (
            ("production-1", "--envelope"),
            2,
            "there is no such signed statement of production-1 (sign it by assay sign)",
        ),
    ],
)
def test_what_has_no_statement_is_told(unsigned: Path, arguments: tuple[str, ...], code: int, part: str) -> None:
    done = assay("statement", *arguments, "--site", unsigned)
    assert (done.exit_code, done.stdout) == (code, "")
    assert part in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_line_that_is_no_statement_is_refused(unsigned: Path, tmp_path: Path) -> None:
    shutil.copytree(unsigned / "evidence", tmp_path / "evidence")
    (tmp_path / "evidence" / "statements" / "production.jsonl").write_bytes(b"[]\n")
    done = assay("statement", "production-1", "--site", tmp_path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "a line is no statement" in done.stderr


def test_statements_of_no_bundle_are_refused(tmp_path: Path) -> None:
    assert assay("statement", "production-1", "--site", tmp_path).exit_code == 4
