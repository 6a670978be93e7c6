"""A site that keeps earlier bundles, and one from which somebody was erased."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
import rfc8785
from support.command import assay
from support.manifests import deployment
from support.replay import write_trees

from generator.evidence.manifest import file_digest
from generator.evidence.verifying.bundle import verify_bundle

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
environments:
  production: {path: deploy, production: true}
"""
TREES = [{"assay.yaml": CONFIG, "deploy/api.yaml": deployment(image=f"shop/api:{n}")} for n in (1, 2, 3)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with two earlier bundles in its archive."""
    folder = tmp_path_factory.mktemp("kept")
    for number in (1, 2, 3):
        repository = write_trees(folder / f"repository-{number}", TREES[:number])
        options = ("--output", folder / "site", "--keep", "all", "--quiet", "--no-cache")
        assert assay("build", "--repo", repository, *options).exit_code == 0
    return folder / "site"


@pytest.fixture
def site(kept: Path, tmp_path: Path) -> Path:
    shutil.copytree(kept, tmp_path / "site")
    return tmp_path / "site"


def site_anew(site: Path) -> None:
    """Let `site.json` say what stands there."""
    told = json.loads((site / "site.json").read_bytes())
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    own = sorted(name for name in names if not name.startswith(("evidence/", "site.json")))
    told["files"] = {name: file_digest(site / name) for name in own}
    (site / "site.json").write_bytes(rfc8785.dumps(told) + b"\n")


def found(site: Path) -> dict[str, str]:
    return {mismatch.path: mismatch.reason for mismatch in verify_bundle(site).mismatches}


def test_earlier_bundles_are_those_of_the_chain(site: Path) -> None:
    verdict = verify_bundle(site)
    assert verdict.good
    assert "2 earlier bundles are kept, and are those of the chain." in verdict.checked


def test_earlier_bundles_that_were_exchanged_are_named(site: Path) -> None:
    archive = site / "archive"
    (archive / "1").rename(archive / "x")
    (archive / "2").rename(archive / "1")
    (archive / "x").rename(archive / "2")
    site_anew(site)
    assert found(site) == {
        "archive/1/manifest.json": "is not bundle 1 of the chain",
        "archive/2/manifest.json": "is not bundle 2 of the chain",
    }


def test_a_file_of_an_earlier_bundle_is_named(site: Path) -> None:
    (site / "archive/1/deployments.jsonl").write_text("{}\n")
    site_anew(site)
    assert found(site) == {"archive/1/deployments.jsonl": "is not what the manifest of that bundle says"}


def test_a_bundle_that_never_was_is_named(site: Path) -> None:
    shutil.copytree(site / "archive/1", site / "archive/7")
    site_anew(site)
    assert found(site) == {"archive/7/manifest.json": "is of no earlier bundle: the chain has no number 7"}


def test_a_person_who_was_erased_is_a_gap_and_no_mismatch(site: Path) -> None:
    done = assay("redact", site, "--person", "Ada Example", "--reason", "asked to")
    assert done.exit_code == 0, done.stderr
    verdict = verify_bundle(site)
    assert verdict.mismatches == ()
    assert verdict.sequence == 4
    assert verdict.gaps[0].startswith(
        "redaction-1: a person was erased after bundle 3: asked to; in deployments.jsonl ("
    )
    assert sum(gap.startswith("archive/") for gap in verdict.gaps) == 2


def test_a_gap_that_nobody_declared_is_named(site: Path) -> None:
    assert assay("redact", site, "--person", "Ada Example", "--reason", "asked to").exit_code == 0
    path = site / "evidence" / "redactions.jsonl"
    line = json.loads(path.read_bytes())
    line["places"]["deployments.jsonl"] += 1
    path.write_bytes(json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    manifest = json.loads((site / "evidence/manifest.json").read_bytes())
    manifest["files"]["redactions.jsonl"] = file_digest(path)
    (site / "evidence/manifest.json").write_bytes(rfc8785.dumps(manifest) + b"\n")
    told = json.loads((site / "site.json").read_bytes())
    told["evidence"] = file_digest(site / "evidence/manifest.json")
    (site / "site.json").write_bytes(rfc8785.dumps(told) + b"\n")
    reasons = found(site)
    assert list(reasons) == ["evidence/redactions.jsonl"]
    assert "is told to be 4 times in deployments.jsonl, and is 3" in reasons["evidence/redactions.jsonl"]
