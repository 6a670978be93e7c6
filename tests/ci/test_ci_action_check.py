"""The action for GitHub as a gate: what a check looks at, where its reports go, what it ends with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.pipelines import ASSAY, ROOT, Job, run_action
from support.plain_git import commit_all, git

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

ACTION = ROOT / "ci" / "github" / "action.yml"
STRICT = "check: {fail_on: warning}\n"


@pytest.fixture
def act(tmp_path: Path) -> Callable[..., Job]:
    """Return a function that runs the action in a checkout, with the Assay that is here instead of an installed one."""
    runs = iter(range(100))

    def run(checkout: Path, environment: Mapping[str, str] | None = None, /, **given: str) -> Job:
        inputs = {"program": str(ASSAY), **{name.replace("_", "-"): text for name, text in given.items()}}
        return run_action(ACTION, inputs, checkout, tmp_path / f"runner-{next(runs)}", environment)

    return run


@pytest.fixture
def careless(small: Path) -> Path:
    """Return the small repository with a branch `risky` that brings a finding, and a policy that minds it."""
    config = small / "assay.yaml"
    config.write_text(config.read_text("utf-8") + STRICT, "utf-8")
    commit_all(small, "Mind warnings")
    git(small, "checkout", "--quiet", "-b", "risky")
    path = small / "production" / "api.yaml"
    path.write_text(path.read_text("utf-8").replace("api:1.1.0", "api:latest"), "utf-8")
    commit_all(small, "Whatever is newest")
    return small


def _report(checkout: Path) -> Any:  # noqa: ANN401 - a document of JSON
    return json.loads((checkout / "assay-reports" / "check.json").read_text("utf-8"))


def test_a_pull_request_answers_for_what_it_brings(careless: Path, act: Callable[..., Job]) -> None:
    job = act(careless, {"GITHUB_BASE_REF": "main"})
    assert (job.code, job.outputs["exit-code"]) == (1, "1"), job.log
    report = _report(careless)
    assert report["scope"]["kind"] == "change"
    assert report["scope"]["start"] == git(careless, "rev-parse", "main")
    reports = careless / "assay-reports"
    names = {path.name for path in reports.iterdir()}
    expected = {"check.json", "check.md", "check.txt", "gl-code-quality.json", "junit.xml", "results.sarif"}
    assert names == expected | {"annotations.txt"}
    assert (job.outputs["reports"], job.outputs["sarif"]) == ("assay-reports", "assay-reports/results.sarif")
    assert job.summary == (reports / "check.md").read_text("utf-8")
    annotations = (reports / "annotations.txt").read_text("utf-8")
    assert "file=production/api.yaml" in annotations
    # Marks on lines of the change are for the service; what stands before them is not.
    assert job.log.endswith(annotations)
    assert not (careless / "site").exists()


def test_the_branch_that_it_is_meant_for_passes(careless: Path, act: Callable[..., Job]) -> None:
    git(careless, "checkout", "--quiet", "main")
    job = act(careless, scope="HEAD~1..HEAD")
    assert job.code == 0, job.log
    assert _report(careless)["scope"]["kind"] == "range"


@pytest.mark.parametrize(("scope", "kind"), [("", "now"), ("all", "now"), ("next", "next"), ("v1", "commit")])
def test_the_scope_is_what_was_asked_for(small: Path, act: Callable[..., Job], scope: str, kind: str) -> None:
    # A pull request that asks for something of its own gets it.
    environment = {"GITHUB_BASE_REF": "main"} if scope else {}
    job = act(small, environment, scope=scope)
    assert job.code in {0, 1}, job.log
    assert _report(small)["scope"]["kind"] == kind


def test_a_scope_that_is_none_is_passed_on(small: Path, act: Callable[..., Job]) -> None:
    job = act(small, scope="no-such-commit")
    assert (job.code, job.outputs["exit-code"]) == (2, "2")
    assert job.outputs["sarif"] == ""


def test_reports_of_an_earlier_run_are_not_taken_for_this_one(small: Path, act: Callable[..., Job]) -> None:
    reports = small / "assay-reports"
    reports.mkdir()
    (reports / "results.sarif").write_text("old", "utf-8")
    (reports / "check.md").write_text("old", "utf-8")
    job = act(small, config="no-such.yaml")
    assert job.code not in {0, 1, 3}
    assert (job.outputs["sarif"], job.summary) == ("", "")


def test_what_can_not_be_read_fails_a_check_unless_told_otherwise(small: Path, act: Callable[..., Job]) -> None:
    (small / "production" / "api.yaml").write_text("a: [", "utf-8")
    commit_all(small, "Broken")
    failed = act(small)
    assert failed.code == 3, failed.log
    told = act(small, unreadable="warn")
    assert (told.code, told.outputs["exit-code"]) == (0, "3"), told.log
    assert "::warning title=Assay::something could not be read" in told.log


def test_both_builds_what_the_check_found_and_fails(careless: Path, act: Callable[..., Job]) -> None:
    job = act(careless, {"GITHUB_BASE_REF": "main"}, task="both", previous="none")
    assert (job.code, job.outputs["exit-code"]) == (1, "1"), job.log
    assert (careless / "site" / "index.html").is_file()
    assert job.outputs["site"] == "site"
    check = (careless / "assay-reports" / "check.md").read_text("utf-8")
    assert job.summary == check + (careless / "site" / "summary.md").read_text("utf-8")


def test_both_is_refused_as_one(small: Path, act: Callable[..., Job]) -> None:
    assert act(small, task="both").code == 2
    assert act(small, task="both", previous="none", config="no-such.yaml").code not in {0, 1, 3}
    assert not (small / "site").exists()


def test_a_check_never_sees_the_key(small: Path, tmp_path: Path, act: Callable[..., Job]) -> None:
    program = tmp_path / "assay"
    program.write_text(f"#!/bin/sh\nenv >'{tmp_path}/environment'\n[ \"$1\" = check ] || exit 4\n", "utf-8")
    program.chmod(0o755)
    for task in ("check", "both"):
        act(small, task=task, previous="none", program=str(program), sign_key="-----BEGIN\nsecret\n-----END")
        assert "secret" not in (tmp_path / "environment").read_text("utf-8")


def test_a_key_signs_from_a_file_that_is_gone_afterwards(small: Path, tmp_path: Path, act: Callable[..., Job]) -> None:
    program, seen = tmp_path / "assay", tmp_path / "seen"
    program.write_text(
        f"""#!/bin/sh
while [ "$#" -gt 0 ]; do
    [ "$1" != --sign-key ] || {{ ls -l "$2"; cat "$2"; echo "$2"; }} >'{seen}'
    shift
done
exit 4
""",
        "utf-8",
    )
    program.chmod(0o755)
    act(small, {"TMPDIR": str(tmp_path)}, task="build", previous="none", program=str(program), sign_key="-----\nsecret")
    listed, *text, file = seen.read_text("utf-8").splitlines()
    assert listed.startswith("-rw------- ")
    assert text == ["-----", "secret"]
    assert file.startswith(str(tmp_path))
    assert [path for path in tmp_path.iterdir() if path.name.startswith("tmp.")] == []
