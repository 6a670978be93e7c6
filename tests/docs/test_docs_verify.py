"""What docs/verify.md says: its steps by hand are run, on a signed site with a chain, untouched and changed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.manifests import deployment
from support.replay import Silent, write_trees
from support.sealed import allowed_line, make_key

from generator.pipeline.building import build
from generator.pipeline.request import Request
from generator.pipeline.signing import Signing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAPER = "docs/verify.md"
CONFIG = """
environments:
  production: {path: deploy, production: true}
"""
TREES = [{"assay.yaml": CONFIG, "deploy/api.yaml": deployment(image=f"shop/api:{n}")} for n in (1, 2, 3)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("by-hand")
    key = make_key(folder / "key")
    for number in (2, 3):
        repository = write_trees(folder / f"repository-{number}", TREES[:number])
        previous = folder / "site" / "evidence" if number == 3 else None
        request = Request(repository, previous=previous, signing=Signing(key))
        build(request, folder / "site", Silent(), lambda: 0.0)
    (folder / "allowed").write_text(allowed_line(key), "ascii")
    return folder / "site"


def by_hand(site: Path, examples: Callable[[str, str], list[str]]) -> tuple[int, int]:
    """Return the exit codes of the steps of the shell and of Python, with the keys that stand beside the site."""
    (shell,) = [text for text in examples(PAPER, "sh") if "ssh-keygen" in text]
    (program,) = examples(PAPER, "python")
    shell = shell.replace("../allowed", "allowed").replace("-f allowed", f"-f '{site.parent / 'allowed'}'")
    one = subprocess.run(["sh", "-c", shell], cwd=site, check=False, capture_output=True)
    other = subprocess.run([sys.executable, "-c", program], cwd=site, check=False, capture_output=True)
    return one.returncode, other.returncode


def test_a_site_is_checked_by_hand_as_the_paper_says(site: Path, examples: Callable[[str, str], list[str]]) -> None:
    assert by_hand(site, examples) == (0, 0)
    told = assay("verify", site, "--allowed-signers", site.parent / "allowed")
    assert (told.exit_code, told.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "finds"),
    [
        ("releases/production-2.html", (True, False)),
        ("evidence/chain.jsonl", (True, True)),
        ("evidence/manifest.json", (True, False)),
        ("evidence/added", (False, True)),
        ("evidence/metrics.jsonl", (True, False)),
    ],
)
def test_what_was_changed_is_found_by_hand_too(
    name: str, finds: tuple[bool, bool], site: Path, examples: Callable[[str, str], list[str]]
) -> None:
    path = site / name
    before = path.read_bytes() if path.exists() else None
    path.write_bytes((before or b"0").replace(b"0", b"1", 1) + (b"" if before else b"x"))
    try:
        codes = by_hand(site, examples)
        told = assay("verify", site)
    finally:
        path.unlink() if before is None else path.write_bytes(before)
    assert (codes[0] != 0, codes[1] != 0) == finds
    assert told.exit_code == 6
    assert name in told.stderr


def test_every_option_of_the_paper_is_there(paper: Callable[[str], str]) -> None:
    told = assay("verify", "--help").stdout
    options = ("--allowed-signers", "--follows", "--expect", "--repo", "--page", "--json", "--config", "--results")
    for option in options:
        assert option in told
        assert option in paper(PAPER)
