"""The action for GitHub: its steps as they are written, on clones, and what is there afterwards."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version as installed
from typing import TYPE_CHECKING

import pytest
from support.pipelines import ASSAY, ROOT, TOOLS, Job, run_action
from support.plain_git import commit_all, git

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

ACTION = ROOT / "ci" / "github" / "action.yml"
MOST = 1_000_000


@pytest.fixture
def act(tmp_path: Path) -> Callable[..., Job]:
    """Return a function that runs the action in a checkout, with the Assay that is here instead of an installed one."""
    runs = iter(range(100))

    def run(checkout: Path, environment: Mapping[str, str] | None = None, /, **given: str) -> Job:
        inputs = {"program": str(ASSAY), **{name.replace("_", "-"): text for name, text in given.items()}}
        return run_action(ACTION, inputs, checkout, tmp_path / f"runner-{next(runs)}", environment)

    return run


def test_a_site_is_built_verified_and_told(
    demo_repository: Path, clone: Callable[..., Path], act: Callable[..., Job]
) -> None:
    checkout = clone(demo_repository)
    job = act(checkout, task="build", previous="none")
    assert job.code == 0, job.log
    site = checkout / "site"
    assert (site / "index.html").is_file()
    assert job.outputs["site"] == "site"
    assert job.outputs["exit-code"] == "0"
    assert json.loads(job.outputs["result"])["commit"] == git(checkout, "rev-parse", "HEAD")
    manifest = (site / "evidence" / "manifest.json").read_bytes()
    assert job.outputs["manifest"] == hashlib.sha256(manifest).hexdigest()
    assert job.summary == (site / "summary.md").read_text("utf-8")
    assert git(checkout, "status", "--porcelain") == "?? site/"


def test_a_build_follows_the_last_published_site(small: Path, tmp_path: Path, act: Callable[..., Job]) -> None:
    first = act(small, task="build", previous="none", output=str(tmp_path / "first"))
    assert first.code == 0, first.log
    (small / "production" / "api.yaml").unlink()
    commit_all(small, "Nothing runs")
    second = act(small, task="build", previous=str(tmp_path / "first"), output=str(tmp_path / "second"))
    assert second.code == 0, second.log
    made = json.loads((tmp_path / "second" / "evidence" / "manifest.json").read_text("utf-8"))
    assert (made["sequence"], made["predecessor"]) == (2, first.outputs["manifest"])


def test_a_build_that_is_not_told_what_it_follows_is_refused(small: Path, act: Callable[..., Job]) -> None:
    job = act(small, task="build")
    assert job.code == 2
    assert "::error title=Assay::where is the last published site?" in job.log
    assert not (small / "site").exists()


def test_a_last_site_that_was_not_fetched_is_refused(small: Path, act: Callable[..., Job]) -> None:
    job = act(small, task="build", previous="published")
    assert job.code == 4
    assert "the last published site is not in published" in job.log
    assert not (small / "site").exists()


def test_a_shallow_clone_is_refused_with_the_line_that_mends_it(
    small: Path, clone: Callable[..., Path], act: Callable[..., Job]
) -> None:
    job = act(clone(small, "--depth=1"), task="build", previous="none", program="")
    assert job.code == 4
    assert job.log.startswith("::error title=Assay::a shallow clone")
    assert "fetch-depth: 0" in job.log
    assert job.ran == ("Refuse a shallow clone",), "nothing is installed for it"


def test_what_is_no_repository_is_refused(tmp_path: Path, act: Callable[..., Job]) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert act(folder).code == 4
    job = act(folder, repository="nowhere")
    assert job.code == 4
    assert "there is no folder nowhere" in job.log


def test_what_could_not_be_read_is_passed_on(small: Path, act: Callable[..., Job]) -> None:
    (small / "production" / "api.yaml").write_text("a: [", "utf-8")
    commit_all(small, "Broken")
    job = act(small, task="build", previous="none")
    assert (job.code, job.outputs["exit-code"]) == (3, "3"), job.log
    assert "unreadable[" in job.log
    assert (small / "site" / "index.html").is_file()
    assert job.summary


def test_a_configuration_that_is_wrong_is_passed_on(small: Path, act: Callable[..., Job]) -> None:
    (small / "wrong.yaml").write_text("environments: 1\n", "utf-8")
    job = act(small, task="build", previous="none", config="wrong.yaml")
    assert job.code == 4
    assert "wrong.yaml" in job.log
    assert job.outputs["site"] == ""


@pytest.mark.parametrize("task", ["publish", "build; touch here"])
def test_a_task_that_is_none_is_refused(small: Path, act: Callable[..., Job], task: str) -> None:
    job = act(small, task=task)
    assert job.code == 2
    assert f"the task is {task}: check, build or both" in job.log
    assert not (small / "here").exists()


def test_texts_of_inputs_reach_assay_as_they_are(small: Path, tmp_path: Path, act: Callable[..., Job]) -> None:
    program = tmp_path / "assay"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{tmp_path}/arguments'\nexit 4\n", "utf-8")
    program.chmod(0o755)
    hostile = "$(touch here) `touch here`; touch here \"' ${{ github.token }} *"
    for name in ("config", "output", "scope", "cache", "options"):
        task = "check" if name == "scope" else "build"
        assert act(small, **{"task": task, "previous": "none", "program": str(program), name: hostile}).code == 4
        arguments = (tmp_path / "arguments").read_text("utf-8").splitlines()
        assert hostile in arguments, name
        (tmp_path / "arguments").unlink()
    for name in ("previous", "version", "repository"):
        assert act(small, **{"task": "build", "program": str(program), name: hostile}).code == 4
    assert list(tmp_path.rglob("here")) == []


def test_another_version_than_the_one_asked_for_is_refused(small: Path, act: Callable[..., Job]) -> None:
    job = act(small, version="99.0")
    assert job.code == 4
    assert "and version 99.0 was asked for" in job.log
    assert "Run Assay" not in job.ran


def test_options_are_handed_on_line_by_line(small: Path, tmp_path: Path, act: Callable[..., Job]) -> None:
    program = tmp_path / "assay"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >'{tmp_path}/arguments'\nexit 4\n", "utf-8")
    program.chmod(0o755)
    options = "--as-of\n2030-01-01\n\n--live\nproduction=what runs.yaml\n"
    act(small, task="build", previous="none", program=str(program), options=options)
    arguments = (tmp_path / "arguments").read_text("utf-8").splitlines()
    assert arguments[-4:] == ["--as-of", "2030-01-01", "--live", "production=what runs.yaml"]


def test_a_summary_has_room_in_the_summary_of_a_job(small: Path, tmp_path: Path, act: Callable[..., Job]) -> None:
    """A program in the place of Assay, since no history makes a summary beyond its own limit."""
    program = tmp_path / "assay"
    line = "ä" * 500
    program.write_text(
        f"""#!/bin/sh
[ "$1" = build ] || exit 0
mkdir -p site/evidence
: >site/evidence/manifest.json
yes '{line}' | head -n 2000 >site/summary.md
echo '{{}}'
""",
        "utf-8",
    )
    program.chmod(0o755)
    job = act(small, task="build", previous="none", program=str(program))
    assert job.code == 0, job.log
    assert MOST - 1200 < len(job.summary.encode()) <= MOST
    assert "*Cut: a summary of a job has room for 1,000 kB." in job.summary
    assert set(job.summary.splitlines()[:-2]) == {line}


def test_lines_of_a_log_are_no_commands_to_the_service(small: Path, tmp_path: Path, act: Callable[..., Job]) -> None:
    program = tmp_path / "assay"
    program.write_text("#!/bin/sh\necho '::set-env name=A::b'\nexit 4\n", "utf-8")
    program.chmod(0o755)
    lines = act(small, task="build", previous="none", program=str(program)).log.splitlines()
    (start,) = [line for line in lines if line.startswith("::stop-commands::")]
    end = f"::{start.removeprefix('::stop-commands::')}::"
    assert lines.index(start) < lines.index("::set-env name=A::b") < lines.index(end)


def test_the_site_is_verified_before_it_is_published(small: Path, tmp_path: Path, act: Callable[..., Job]) -> None:
    program = tmp_path / "assay"
    program.write_text(
        f"""#!/bin/sh
"{ASSAY}" "$@" || exit
[ "$1" != build ] || echo '{{}}' >>site/evidence/summary.json
[ "$1" != verify ] || exit 6
""",
        "utf-8",
    )
    program.chmod(0o755)
    job = act(small, task="build", previous="none", program=str(program))
    assert (job.code, job.outputs["exit-code"]) == (6, "6"), job.log
    assert "summary.json" in job.log


def test_assay_is_installed_from_where_the_action_came_from(small: Path, act: Callable[..., Job]) -> None:
    """Offline: what Assay needs is found in the environment of the tests, and nothing is asked of an index."""
    (small / "pip.py").write_text("raise SystemExit('a module of the checkout was run')\n", "utf-8")
    (library,) = (TOOLS.parent / "lib").glob("python3*/site-packages")
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PYTHONPATH": str(library)}
    job = act(small, offline, program="", python=str(TOOLS / "python"), extras="", version=installed("assay"))
    assert job.code in {0, 1}, job.log
    assert (small / "assay-reports" / "check.json").is_file()


def test_a_package_that_can_not_be_installed_ends_the_job(small: Path, act: Callable[..., Job]) -> None:
    job = act(small, {"PIP_NO_INDEX": "1"}, program="", python=str(TOOLS / "python"))
    assert job.code == 5
    assert "::error title=Assay::pip could not install Assay" in job.log
    assert job.ran[-1] == "Install Assay"
