"""What could not be read: each fault once, not too many, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.command import assay
from support.manifests import deployment
from support.replay import write_trees

from generator.cli.losses import MOST_TOLD, say_losses
from generator.evidence.summary import UnreadableRecord

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SHARED = """environments:
  staging: {path: [base, s]}
  production: {path: [base, p], upstream: staging, production: true}
"""


def _lost(
    number: int, environment: str = "staging", at: str = "2024-01-02T00:00:00Z", *, fix: str = ""
) -> UnreadableRecord:
    return UnreadableRecord(
        code="yaml-syntax",
        reason="a word too many",
        environment=environment,
        path=f"a{number}.yaml",
        line=3,
        commit=("1" if at < "2024-01-02" else "2") * 40,
        at=at,
        fix=fix,
        level="unreadable",
    )


def test_a_fault_of_several_environments_is_told_once_at_its_first_commit(capsys: pytest.CaptureFixture[str]) -> None:
    say_losses([_lost(1), _lost(1, "production", "2024-01-01T00:00:00Z")])
    assert capsys.readouterr().err.splitlines() == [
        f"unreadable[yaml-syntax] a1.yaml:3 @{'1' * 12}: a word too many",
        "1 item could not be read",
    ]


def test_many_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    say_losses([_lost(n) for n in range(MOST_TOLD + 3)])
    *told, more, last = capsys.readouterr().err.splitlines()
    assert len(told) == MOST_TOLD == 20
    assert more == "and 3 more"
    assert last == "23 items could not be read; the page Methods of the site lists them all"


def test_what_to_do_about_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    say_losses([_lost(1, fix="take it out")], quiet=True)
    assert capsys.readouterr().err.splitlines() == [
        f"unreadable[yaml-syntax] a1.yaml:3 @{'2' * 12}: a word too many (take it out)"
    ]


def test_nothing_is_said_of_nothing_and_no_sum_where_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    say_losses([])
    assert capsys.readouterr().err == ""
    say_losses([_lost(1)], quiet=True)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_build_and_check_tell_the_same(tmp_path: Path) -> None:
    files = {"base/b.yaml": "a: [\n", "s/a.yaml": deployment(), "p/a.yaml": deployment()}
    repository = write_trees(tmp_path / "r", [{"assay.yaml": SHARED, **files}])
    built = assay("build", "--repo", repository, "--output", tmp_path / "site")
    checked = assay("check", "--repo", repository)
    assert (built.exit_code, checked.exit_code) == (3, 3)
    told = [line for line in built.stderr.splitlines() if "could not be read" in line or "unreadable[" in line]
    assert len(told) == 2
    assert told[0].startswith("unreadable[yaml-syntax] base/b.yaml:2")
    assert told[1] == "1 item could not be read"
    assert [line for line in checked.stderr.splitlines() if "finding" not in line] == told
