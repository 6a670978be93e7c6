"""A repository whose every text is hostile, checked as a pipeline checks a pull request of a fork (rows 12, 45)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.check_reports import HOSTILE
from support.command import assay
from support.plain_git import commit_all, git, new_repository

from generator.cli.check_formats.writing import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = (
    "title: '##[error]title ::error::x'\n"
    "environments: {staging: {path: s}, production: {path: p, upstream: staging, production: true}}\n"
    "rules: [{id: own, field: env.X, must: exist, level: error, title: '##[add-mask]t', "
    "message: '::error::{component} ##vso[task.x]', fix: '##[set-output name=x]y'}]\n"
    "gates: [{name: '::stop-commands::x', approval: {by: trailer}}, {name: '##[group]g', result: r, owner: '##[x]'}]\n"
    "results: [{name: r, format: junit, path: 'r/{commit}.xml', expected: true}]\n"
    "check: {drift: {most: 0}}\n"
)
WORKLOAD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: "##[warning]api"}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
      - name: server
        image: "registry.example.org/::error::x:##[debug]1"
        env: [{name: "##[y]", value: "::warning file=a,line=1::z"}]
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = new_repository(tmp_path_factory.mktemp("hostile") / "r")
    for folder in ("s", "p", ".assay"):
        (repository / folder).mkdir()
    (repository / "assay.yaml").write_text(CONFIG)
    (repository / "s" / "api.yaml").write_text(WORKLOAD)
    commit_all(repository)
    git(repository, "checkout", "--quiet", "-b", "fork")
    (repository / "p" / "##[error]a\n::error::b.yaml").write_text(WORKLOAD)
    (repository / "p" / "::error::broken.yaml").write_text("a: [\n")
    waiver = "waivers: [{rule: '##[rule]', owner: '##[o]', reason: '::error::r', expires: 2001-01-01}]\n"
    (repository / ".assay" / "w.yaml").write_text(waiver)
    commit_all(repository, "::error::subject ##[error]")
    return repository


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("scope", [(), ("--base", "main", "--head", "fork"), ("--next",)])
def test_no_text_of_a_fork_becomes_a_command(name: str, scope: tuple[str, ...], hostile: Path) -> None:
    done = assay("check", "--repo", hostile, "--format", name, *scope)
    assert done.exit_code in {1, 3}, done.stderr
    lines = (done.stdout + done.stderr).splitlines()
    assert [line for line in lines if "##[" in line or "##vso[" in line] == []
    started = [line for line in lines if line.lstrip().startswith("::")]
    if name != "github":
        assert started == []
    assert [line for line in started if not line.startswith(("::error ", "::warning ", "::notice "))] == []
    assert [c for c in done.stdout + done.stderr if c != "\n" and not c.isprintable()] == []


def test_errors_are_no_commands_either(hostile: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("'##[error]key': 1\n'::error::key': 2\n")
    done = assay("check", "--repo", hostile, "--config", config)
    assert done.exit_code == 4
    assert "##[" not in done.stderr
    assert all(line.startswith("error[") for line in done.stderr.splitlines())


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable()])
def test_a_hostile_name_of_a_commit_is_refused_in_one_line(text: str, hostile: Path) -> None:
    done = assay("check", "--repo", hostile, f"--commit={text}")
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error[scope]")
    assert "##[" not in line
