from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.replay import write_trees
from support.signing import ssh_key, ssh_public
from support.values import CONFIG, tree

from generator.evidence.dsse import DSSE_NAMESPACE, HOOK_BUNDLE, MANIFEST_NAMESPACE, MANIFEST_SIGNATURE, SITE_NAMESPACE
from generator.evidence.predicates import GATES_LEVEL, KINDS
from generator.evidence.site_json import SITE_SIGNATURE
from generator.evidence.statements import MOST_TESTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAPER = "docs/signing.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a signed site, with a line for its key in `allowed`."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    folder = tmp_path_factory.mktemp("signing")
    key = ssh_key(folder, "ed25519")
    repository = write_trees(folder / "r", [{"assay.yaml": CONFIG, **tree("s/api=A p/api=A")}])
    done = assay("build", "--repo", repository, "--output", folder / "site", "--sign-key", key, "--quiet")
    assert done.exit_code == 0
    (folder / "allowed").write_text(f'release@example.org namespaces="assay-*@v1" {ssh_public(key)}\n')
    shutil.copy(folder / "allowed", folder / "site")
    return folder / "site"


def test_openssh_alone_verifies_as_the_paper_says(site: Path, examples: Callable[[str, str], list[str]]) -> None:
    (commands,) = [text for text in examples(PAPER, "sh") if text.startswith("ssh-keygen")]
    assert commands.count("\n") == 2
    for command in commands.splitlines():
        done = subprocess.run(["sh", "-c", command], cwd=site, capture_output=True, text=True, check=False)
        assert done.stdout.startswith("Good "), done.stderr


def test_a_statement_is_taken_out_as_the_paper_says(
    site: Path, paper: Callable[[str], str], examples: Callable[[str, str], list[str]]
) -> None:
    (code,) = examples(PAPER, "python")
    subprocess.run([sys.executable, "-c", code], cwd=site, check=True)
    (command,) = re.findall(r"`(ssh-keygen -Y verify .*? < statement)`", paper(PAPER))
    done = subprocess.run(["sh", "-c", command], cwd=site, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(f'Good "{DSSE_NAMESPACE}"'), done.stderr


def test_namespaces_files_and_kinds_are_those_of_the_code(
    paper: Callable[[str], str], rows: Callable[[str, str], list[list[str]]]
) -> None:
    told = {cells[0].strip("`"): cells[-1].strip("`") for cells in rows(PAPER, "## What is signed")[1:]}
    assert told == {
        f"evidence/{MANIFEST_SIGNATURE}": MANIFEST_NAMESPACE,
        "evidence/statements/ENVIRONMENT.intoto.jsonl": DSSE_NAMESPACE,
        SITE_SIGNATURE: SITE_NAMESPACE,
        f"evidence/{HOOK_BUNDLE}": "-",
    }
    kinds = {cells[0].strip("`"): cells[1].strip("`") for cells in rows(PAPER, "## Statements")[1:]}
    assert kinds == KINDS
    text = paper(PAPER)
    assert f"the first {MOST_TESTS} tests" in text
    assert f"`{GATES_LEVEL}`" in text
