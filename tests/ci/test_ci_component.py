"""The component for GitLab and the Jenkinsfile: their lines as they are written, on clones."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml
from support.pipelines import ROOT, Job, component_jobs, run_job, run_shell
from support.plain_git import commit_all, git
from support.signing import ssh_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMPONENT = ROOT / "ci" / "gitlab" / "templates" / "assay.yml"
PIPELINE = ROOT / "ci" / "gitlab" / "pages.gitlab-ci.yml"
JENKINSFILE = ROOT / "ci" / "jenkins" / "Jenkinsfile"
BRANCH = {"CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_REF_SLUG": "main"}


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., Job]:
    """Return a function that runs a job of the component; its steps are those of the checkout, not of an image."""

    def run(name: str, project: Path, variables: dict[str, str] | None = None, /, **given: str) -> Job:
        inputs = {"image": "registry.example.com/assay", "steps": str(ROOT / "ci" / "steps")}
        inputs |= {key.replace("_", "-"): text for key, text in given.items()}
        jobs = component_jobs(COMPONENT, inputs)
        return run_job(jobs[name], project, tmp_path / "runner", BRANCH | (variables or {}))

    return run


def test_a_site_is_built_where_its_artifact_is_taken_from(small: Path, job: Callable[..., Job]) -> None:
    done = job("assay-report", small, previous="none")
    assert done.code == 0, done.log
    (path,) = component_jobs(COMPONENT, {"image": "any"})["assay-report"]["artifacts"]["paths"]
    assert (small / path / "index.html").is_file()


def test_a_change_is_checked_against_what_it_is_meant_for(small: Path, job: Callable[..., Job]) -> None:
    base = git(small, "rev-parse", "HEAD~1")
    done = job("assay-check", small, {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base})
    assert done.code in {0, 1}, done.log
    report = json.loads((small / "assay-reports" / "check.json").read_text("utf-8"))
    assert (report["scope"]["kind"], report["scope"]["start"]) == ("change", base)
    for kind, path in component_jobs(COMPONENT, {"image": "any"})["assay-check"]["artifacts"]["reports"].items():
        assert (small / path).stat().st_size, kind


def test_a_shallow_clone_is_refused_with_the_line_that_mends_it(
    small: Path, clone: Callable[..., Path], job: Callable[..., Job]
) -> None:
    for name in ("assay-check", "assay-report"):
        assert component_jobs(COMPONENT, {"image": "any"})[name]["variables"]["GIT_DEPTH"] == "0"
    done = job("assay-report", clone(small, "--depth=1"), previous="none")
    assert done.code == 4
    assert 'GIT_DEPTH: "0"' in done.log


def test_a_job_that_is_refused_fails(small: Path, job: Callable[..., Job]) -> None:
    assert job("assay-report", small).code == 2
    assert job("assay-report", small, previous="published").code == 4
    assert job("assay-check", small, scope="no-such-commit").code == 2


def test_a_key_of_the_project_signs(small: Path, tmp_path: Path, job: Callable[..., Job]) -> None:
    """A variable of the type `file` is a path; the input names the variable, and the key is on no command line."""
    key = ssh_key(tmp_path, "ed25519")
    done = job("assay-report", small, {"ASSAY_KEY": str(key)}, previous="none", sign_key="$ASSAY_KEY")
    assert done.code == 0, done.log
    assert (small / "public" / "evidence" / "manifest.json.sig").is_file()
    assert key.read_text("utf-8").splitlines()[1] not in done.log


def test_the_pipeline_overrides_jobs_that_the_component_has() -> None:
    pipeline = yaml.safe_load(PIPELINE.read_text("utf-8"))
    (include,) = pipeline["include"]
    assert ROOT / include["file"].lstrip("/") == COMPONENT
    jobs = component_jobs(COMPONENT, include["inputs"])
    assert pipeline["assay-report"] == {"needs": ["last-site"]}
    assert set(jobs) == {"assay-check", "assay-report"}
    assert jobs["assay-report"]["artifacts"]["paths"] == ["published/site"]
    assert {job["stage"] for job in jobs.values()} <= set(pipeline["stages"])


def _lines(stage: str) -> list[str]:
    text = JENKINSFILE.read_text("utf-8").split(f"stage('{stage}')")[1].split("        stage(")[0]
    return re.findall(r"sh '''(.*?)'''", text, re.DOTALL)


def _variables(workspace: Path) -> dict[str, str]:
    block = re.search(r"environment \{(.*?)\}\n", JENKINSFILE.read_text("utf-8"), re.DOTALL)
    assert block
    pairs = re.findall(r"^\s+([A-Z_]+) = ['\"](.*)['\"]$", block[1], re.MULTILINE)
    found = {name: text.replace("${WORKSPACE}", str(workspace)) for name, text in pairs}
    assert found["ASSAY_STEPS"] == "/opt/assay/steps", "where the image has them"
    return {**found, "ASSAY_STEPS": str(ROOT / "ci" / "steps"), "JENKINS_URL": "https://jenkins.example.com/"}


def test_the_lines_of_the_jenkinsfile_publish_and_follow(small: Path, tmp_path: Path) -> None:
    variables = _variables(small)
    room = tmp_path / "agent"
    stages = [*_lines("Check out"), *_lines("Build")]
    first = [run_shell(line, small, room, {**variables, "ASSAY_PREVIOUS": "none"}) for line in stages]
    assert [job.code for job in first] == [0] * len(first), first[-1].log
    (small / "last").mkdir()
    (small / "site.tar.gz").rename(small / "last" / "site.tar.gz")
    (small / "production" / "api.yaml").unlink()
    commit = _commit_tracked(small)
    stages = [*_lines("Last site"), *_lines("Build")]
    second = [run_shell(line, small, room, {**variables, "ASSAY_PREVIOUS": "published"}) for line in stages]
    assert [job.code for job in second] == [0] * len(second), second[-1].log
    manifest = json.loads((small / "site" / "evidence" / "manifest.json").read_text("utf-8"))
    assert (manifest["sequence"], manifest["inputs"]["commit"]) == (2, commit)


def test_the_jenkinsfile_refuses_a_shallow_clone(small: Path, clone: Callable[..., Path], tmp_path: Path) -> None:
    (line,) = _lines("Check out")
    checkout = clone(small, "--depth=1")
    done = run_shell(line, checkout, tmp_path / "agent", _variables(checkout))
    assert done.code == 4
    assert "cloneOption(shallow: false" in done.log


def test_the_hook_checks_what_is_committed(small: Path, tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["pass_filenames"] is False
    before = run_shell(hook["entry"], small, tmp_path / "hook", {})
    assert before.code in {0, 1}, before.log
    (small / "production" / "api.yaml").write_text("a: [", "utf-8")
    assert run_shell(hook["entry"], small, tmp_path / "hook", {}).log == before.log, "a change that is not committed"
    commit_all(small, "Broken")
    broken = run_shell(hook["entry"], small, tmp_path / "hook", {})
    assert broken.code not in {0, before.code}
    assert "production/api.yaml" in broken.log


def _commit_tracked(repository: Path) -> str:
    git(repository, "commit", "--quiet", "--all", "--message", "Nothing runs")
    return git(repository, "rev-parse", "HEAD")


def test_the_steps_run_in_the_shell_of_debian(small: Path, tmp_path: Path) -> None:
    """`sh` is dash there: what only bash knows would fail in the image."""
    for step in sorted((ROOT / "ci" / "steps").glob("*.sh")):
        done = subprocess.run(["dash", "-n", step], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert run_shell(f"dash '{ROOT}/ci/steps/whole-history.sh'", small, tmp_path / "dash", {}).code == 0
