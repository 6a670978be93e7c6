"""The workflow and the pipeline that are there to be copied: their lines as they are written, on a site of one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from support.pipelines import ROOT, Job, run_job, run_shell
from support.plain_git import commit_all, git, new_repository

if TYPE_CHECKING:
    from pathlib import Path

PUBLISH = ROOT / "ci" / "github" / "workflows" / "publish.yml"
PAGES = ROOT / "ci" / "gitlab" / "pages.gitlab-ci.yml"
TOKEN = "token-of-the-job"  # noqa: S105 - of no service


def _site(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(text, "utf-8")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Return a bare repository with the empty branch `evidence`, as the documentation says to make it."""
    bare = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", bare)
    start = new_repository(tmp_path / "start")
    git(start, "switch", "--quiet", "--orphan", "evidence")
    git(start, "commit", "--quiet", "--allow-empty", "--message", "Evidence begins")
    git(start, "push", "--quiet", bare, "evidence")
    return bare


def _publish(workspace: Path, remote: Path, built: Path) -> None:
    """Carry out the lines of the workflow for a site that was built into `built`, a checkout of the branch."""
    jobs = yaml.safe_load(PUBLISH.read_text("utf-8"))["jobs"]
    lines = {step["name"]: step["run"] for job in jobs.values() for step in job["steps"] if "run" in step}
    assert list(lines) == ["Pack", "Keep"]
    packed = run_shell(lines["Pack"], built.parent, workspace / "room", {})
    assert packed.code == 0, packed.log
    workspace.mkdir(exist_ok=True)
    git(workspace, "clone", "--quiet", "--branch=evidence", remote, "published")
    (built.parent / "site.tar.gz").rename(workspace / "site.tar.gz")
    kept = run_shell(lines["Keep"], workspace, workspace / "room", {"GITHUB_SHA": "1" * 40})
    assert kept.code == 0, kept.log


def test_the_workflow_keeps_each_state_of_the_site(tmp_path: Path, evidence: Path) -> None:
    for number, text in enumerate(["one", "two", "two"]):
        built = tmp_path / f"build-{number}" / "published"
        built.parent.mkdir()
        git(built.parent, "clone", "--quiet", "--branch=evidence", evidence, "published")
        if (built / "site").exists():
            (built / "site" / "index.html").unlink()
        _site(built / "site", text)
        if text == "one":
            _site(built / "site" / "old", text)
        else:
            for path in sorted((built / "site").glob("old/*")):
                path.unlink()
        _publish(tmp_path / f"publish-{number}", evidence, built)
    assert git(evidence, "log", "--format=%s", "evidence").splitlines() == [
        f"Evidence of {'1' * 40}",
        f"Evidence of {'1' * 40}",
        "Evidence begins",
    ], "a site that is the same is no new state"
    assert git(evidence, "show", "evidence:site/index.html") == "two"
    assert git(evidence, "ls-tree", "-r", "--name-only", "evidence") == "site/index.html"
    assert git(evidence, "show", "evidence~1:site/old/index.html") == "one"


def test_only_the_job_that_pushes_may_write() -> None:
    workflow = yaml.safe_load(PUBLISH.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]
    assert "permissions" not in build
    assert publish["permissions"]["contents"] == "write"
    assert all(
        step["with"]["persist-credentials"] is False for step in build["steps"] if "checkout" in step.get("uses", "")
    )
    assert "secrets." not in str(publish)
    assert workflow["concurrency"]["cancel-in-progress"] is False


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Return the folder of a registry: a stand-in for curl that keeps what is uploaded and gives it back."""
    folder = tmp_path / "registry"
    (folder / "bin").mkdir(parents=True)
    program = folder / "bin" / "curl"
    program.write_text(
        f"""#!/bin/sh
echo "$@" >>'{folder}/arguments'
grep -q 'JOB-TOKEN: {TOKEN}' || exit 22
while [ "$#" -gt 0 ]; do
    case $1 in
    --output) to=$2 ;;
    --upload-file) cp "$2" '{folder}/file' ;;
    esac
    shift
done
[ -z "${{to:-}}" ] || cp '{folder}/file' "$to" 2>/dev/null || exit 22
""",
        "utf-8",
    )
    program.chmod(0o755)
    return folder


def _run(name: str, project: Path, registry: Path, **variables: str) -> Job:
    pipeline: dict[str, Any] = yaml.safe_load(PAGES.read_text("utf-8"))
    project.mkdir(exist_ok=True)
    known = {
        "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
        "CI_PROJECT_ID": "7",
        "CI_JOB_TOKEN": TOKEN,
        **variables,
    }
    job = {**pipeline[name], "variables": {**pipeline["variables"], **pipeline[name]["variables"]}}
    return run_job(job, project, registry / "room", {**known, "FIRST_ON_PATH": str(registry / "bin")})


def test_the_pipeline_keeps_the_site_in_the_registry(tmp_path: Path, registry: Path) -> None:
    first = tmp_path / "first"
    assert _run("last-site", first, registry, ASSAY_FIRST="yes").code == 0
    assert list((first / "published").iterdir()) == []
    _site(first / "published" / "site", "one")
    kept = _run("keep-site", first, registry)
    assert kept.code == 0, kept.log
    second = tmp_path / "second"
    fetched = _run("last-site", second, registry)
    assert fetched.code == 0, fetched.log
    assert (second / "published" / "site" / "index.html").read_text("utf-8") == "one"
    assert _run("pages", second, registry).code == 0
    assert (second / "public" / "index.html").is_file()
    arguments = (registry / "arguments").read_text("utf-8")
    assert arguments.count("https://gitlab.example.com/api/v4/projects/7/packages/generic/assay-site/latest/") == 2
    assert TOKEN not in arguments


def test_a_site_that_the_registry_has_not_ends_the_pipeline(tmp_path: Path, registry: Path) -> None:
    assert _run("last-site", tmp_path / "project", registry).code == 22


def test_an_evidence_branch_of_somebody_else_is_not_pushed_over(tmp_path: Path, evidence: Path) -> None:
    built = tmp_path / "build" / "published"
    built.parent.mkdir()
    git(built.parent, "clone", "--quiet", "--branch=evidence", evidence, "published")
    _site(built / "site", "mine")
    workspace = tmp_path / "publish"
    workspace.mkdir()
    git(workspace, "clone", "--quiet", "--branch=evidence", evidence, "published")
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", "--branch=evidence", evidence, "other")
    _site(other / "site", "theirs")
    commit_all(other, "First")
    git(other, "push", "--quiet", "origin", "evidence")
    keep = yaml.safe_load(PUBLISH.read_text("utf-8"))["jobs"]["publish"]["steps"][2]["run"]
    run_shell(f"tar -czf '{workspace}/site.tar.gz' -C '{built}' site", tmp_path, tmp_path / "room", {})
    done = run_shell(keep, workspace, tmp_path / "room", {"GITHUB_SHA": "1" * 40})
    assert done.code != 0
    assert git(evidence, "show", "evidence:site/index.html") == "theirs"
