from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from support.people import CONFIG, leaks, write_people
from support.replay import gathered

from generator.cli.commands import main

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("--person", "Dolphine Haverstraw", "--reason", "request 12")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return gathered(write_people(tmp_path / "repository"), tmp_path / "bundle", CONFIG).folder


def test_it_says_what_it_did_and_what_is_left_to_do(bundle: Path) -> None:
    (bundle / "manifest.json.sig").write_text("armored")
    done = CliRunner().invoke(main, ["redact", str(bundle), *ASKED])
    assert done.exit_code == 0, done.output
    for words in ("redaction-1: erased", "bundle 2 now", "1 signature file", "assay sign", "git still has"):
        assert words in done.output
    assert leaks(bundle, ("Haverstraw",)) == []
    assert CliRunner().invoke(main, ["verify", str(bundle)]).exit_code == 0


def test_it_says_it_to_machines(bundle: Path) -> None:
    done = CliRunner().invoke(main, ["redact", str(bundle), *ASKED, "--basis", "Art. 17", "--json"])
    told = json.loads(done.stdout)
    assert told["sequence"] == 2
    assert told["redaction"]["basis"] == "Art. 17"
    assert "Haverstraw" not in done.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--person", "Nobody Atall", "--reason", "x"), 4),
        (("--person", "", "--reason", "x"), 2),
        (("--person", "Dolphine Haverstraw"), 2),
        (("--reason", "x"), 2),
    ],
)
def test_what_it_refuses(bundle: Path, arguments: tuple[str, ...], code: int) -> None:
    before = (bundle / "manifest.json").read_bytes()
    assert CliRunner().invoke(main, ["redact", str(bundle), *arguments]).exit_code == code
    assert (bundle / "manifest.json").read_bytes() == before


def test_the_key_comes_from_the_environment_as_for_builds(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_FINGERPRINT_KEY", "our own")
    done = CliRunner().invoke(main, ["redact", str(bundle), *ASKED, "--json"])
    assert json.loads(done.stdout)["redaction"]["fingerprint"].startswith("own:2:")
