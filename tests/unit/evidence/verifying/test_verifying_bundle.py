"""Bundles that are small, hostile or no bundles at all; the mutation test has those that were sealed and forged."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
import rfc8785
from support.manifests import deployment
from support.replay import gathered, write_trees

from generator.errors import RefusedError
from generator.evidence.verifying import texts
from generator.evidence.verifying.bundle import verify_bundle
from generator.evidence.verifying.listing import odd_name
from generator.evidence.verifying.verdict import MOST_MISMATCHES, Report

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
environments:
  production: {path: deploy, production: true}
"""
TREES = [{"assay.yaml": CONFIG, "deploy/api.yaml": deployment(image=f"shop/api:{n}")} for n in (1, 2, 1)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    return gathered(write_trees(folder / "repository", TREES), folder / "evidence").folder


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "evidence")
    return tmp_path / "evidence"


def found(folder: Path) -> dict[str, str]:
    return {mismatch.path: mismatch.reason for mismatch in verify_bundle(folder).mismatches}


def test_an_untouched_bundle_passes_and_tells_what_was_not_checked(bundle: Path) -> None:
    verdict = verify_bundle(bundle)
    assert verdict.good
    assert (verdict.sequence, len(verdict.digest)) == (1, 64)
    assert any("not signed" in sentence for sentence in verdict.not_checked)
    assert any("without its site" in sentence for sentence in verdict.not_checked)


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RefusedError, match="no evidence folder"):
            verify_bundle(folder)


def test_a_bundle_without_its_manifest_names_it(bundle: Path) -> None:
    (bundle / "manifest.json").unlink()
    assert found(bundle) == {"manifest.json": "is gone"}


@pytest.mark.parametrize("text", [b"", b"{}", b"[" * 100_000, b"\xff", b'{"format":', b"null"])
def test_a_manifest_that_is_none_is_named(text: bytes, bundle: Path) -> None:
    (bundle / "manifest.json").write_bytes(text)
    assert list(found(bundle)) == ["manifest.json"]


def test_a_pipe_is_never_opened(bundle: Path) -> None:
    (bundle / "summary.json").unlink()
    os.mkfifo(bundle / "summary.json")
    assert found(bundle) == {"summary.json": "is no regular file"}


def test_a_manifest_that_is_a_link_is_not_followed(bundle: Path) -> None:
    (bundle / "manifest.json").rename(bundle.parent / "elsewhere")
    (bundle / "manifest.json").symlink_to(bundle.parent / "elsewhere")
    assert "manifest.json" in found(bundle)


def test_evidence_that_is_a_link_is_not_followed(bundle: Path) -> None:
    site = bundle.parent / "site"
    site.mkdir()
    (site / "evidence").symlink_to(bundle)
    assert found(site) == {"evidence": "is a link, which is never followed"}


def test_a_site_without_site_json_says_so(bundle: Path) -> None:
    assert list(found(bundle.parent)) == ["site.json"]


def test_a_name_that_is_no_text_is_shown_and_named(bundle: Path) -> None:
    (bundle / os.fsdecode(b"caf\xe9")).write_text("x")
    assert list(found(bundle)) == ["caf\\xe9"]


def test_a_line_without_end_is_not_read_on(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST_LINE_BYTES", 300)
    reasons = found(bundle)
    assert reasons["deployments.jsonl"] == "line 1 has more than 300 bytes"


@pytest.mark.parametrize("edit", ["deep", "twice", "cut"])
def test_measures_are_read_within_limits(edit: str, bundle: Path) -> None:
    path = bundle / "metrics.jsonl"
    data = path.read_bytes()
    path.write_bytes(
        {"deep": data + b"[" * 200_000 + b"\n", "twice": b'{"a":1,"a":1}\n' + data, "cut": data[:-1]}[edit]
    )
    _hide(bundle)
    assert list(found(bundle)) == ["metrics.jsonl"]


def test_a_file_that_no_bundle_has_is_named_also_where_the_manifest_lists_it(bundle: Path) -> None:
    (bundle / "objects" / "notes.txt").write_text("x")
    _hide(bundle)
    assert found(bundle) == {"objects/notes.txt": "is no file that a bundle has"}


def test_records_that_are_not_there_are_missed(bundle: Path) -> None:
    path = bundle / "summary.json"
    summary = json.loads(path.read_bytes())
    summary["records"] = [{"kind": "incident", "records": 3, "source": "incidents/*.yaml"}]
    path.write_bytes(json.dumps(summary, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n")
    _hide(bundle)
    assert found(bundle) == {"records.jsonl": "has 0 lines, and the summary tells of 3 records"}


def _hide(bundle: Path) -> None:
    """Let the manifest say what stands there."""
    from generator.evidence.manifest import file_digest, files_of

    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["files"] = {name: file_digest(path) for name, path in files_of(bundle).items()}
    (bundle / "manifest.json").write_bytes(rfc8785.dumps(manifest) + b"\n")


@pytest.mark.parametrize(
    "name", ["", "/x", "../x", "a/../b", "a//b", "./a", "a/", "a\\b", "a\nb", "C:/x", "e\u0301", "x" * 5000]
)
def test_odd_names_are_told(name: str) -> None:
    assert odd_name(name)


@pytest.mark.parametrize("name", ["summary.json", "objects/topology/bée.jsonl", "a b", "...", "objects/next/x..y.json"])
def test_plain_names_are_taken(name: str) -> None:
    assert odd_name(name) == ""


def test_mismatches_without_end_are_counted() -> None:
    report = Report()
    for number in range(MOST_MISMATCHES + 5):
        report.wrong(f"{number:06d}", "is wrong")
    verdict = report.verdict()
    assert (len(verdict.mismatches), verdict.left_out) == (MOST_MISMATCHES, 5)
    assert not verdict.good
