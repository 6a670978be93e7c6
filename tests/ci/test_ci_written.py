"""What `ci/` says, against the public schemas and checkers of those who read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from support.pipelines import ROOT, component_jobs, tool

if TYPE_CHECKING:
    from pathlib import Path

CI = ROOT / "ci"
ACTION = CI / "github" / "action.yml"
COMPONENT = CI / "gitlab" / "templates" / "assay.yml"
JENKINSFILE = CI / "jenkins" / "Jenkinsfile"
DOCKERFILE = CI / "docker" / "Dockerfile"
STEPS = sorted((CI / "steps").glob("*.sh"))
WORKFLOWS = sorted((CI / "github" / "workflows").glob("*.yml"))
PIPELINES = sorted((CI / "gitlab").glob("*.gitlab-ci.yml"))


def _ok(name: str, *arguments: str | Path) -> None:
    done = tool(name, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_is_one_by_the_schema() -> None:
    _ok("check-jsonschema", "--builtin-schema", "vendor.github-actions", ACTION)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_one_by_the_schema(path: Path) -> None:
    _ok("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.name)
def test_a_pipeline_is_one_by_the_schema(path: Path) -> None:
    _ok("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", path)


def test_the_jobs_of_the_component_are_jobs_by_the_schema(tmp_path: Path) -> None:
    jobs = component_jobs(COMPONENT, {"image": "registry.example.com/assay"})
    assert sorted(jobs) == ["assay-check", "assay-report"]
    path = tmp_path / "jobs.yml"
    path.write_text(yaml.safe_dump(jobs), "utf-8")
    _ok("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", path)


def test_the_header_of_the_component_is_one_by_its_documentation() -> None:
    header, body = COMPONENT.read_text("utf-8").split("\n---\n")
    spec = yaml.safe_load(header)
    assert set(spec) == {"spec"}
    assert set(spec["spec"]) == {"inputs"}
    for name, one in spec["spec"]["inputs"].items():
        assert re.fullmatch(r"[a-z][a-z-]*", name)
        assert set(one) <= {"description", "default", "options", "regex", "type"}, name
        assert isinstance(one["description"], str)
        assert isinstance(one.get("default", ""), str)
        assert one.get("type", "string") == "string"
        assert not ({"options", "regex"} <= set(one)), "GitLab takes one of the two"
        if "regex" in one:
            re.compile(one["regex"].strip("/").replace(r"\z", r"\Z"))
            assert one["regex"].startswith("/")
            assert one["regex"].endswith("/")
    used = set(re.findall(r"\$\[\[ inputs\.([a-z-]+) \]\]", body))
    assert used == set(spec["spec"]["inputs"])


@pytest.mark.parametrize("value", ["a'b", "none'\n  script: [evil]", "a\r"])
def test_the_component_takes_no_input_that_could_become_yaml(value: str) -> None:
    with pytest.raises(AssertionError):
        component_jobs(COMPONENT, {"image": "registry.example.com/assay", "previous": value})


def test_no_expression_stands_in_a_command() -> None:
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"]
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
            assert [step["name"] for step in job["steps"] if "${{" in step.get("run", "")] == []
    for job in component_jobs(COMPONENT, {"image": "marked-image", "previous": "marked", "scope": "marked"}).values():
        assert "marked" not in "".join(job["script"])


def test_every_input_reaches_a_step() -> None:
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    handed = " ".join(text for step in action["runs"]["steps"] for text in step["env"].values())
    assert [name for name in action["inputs"] if f"${{{{ inputs.{name} }}}}" not in handed] == []
    read = "".join(path.read_text("utf-8") for path in STEPS)
    names = {name for step in action["runs"]["steps"] for name in step["env"]}
    assert [name for name in sorted(names) if name not in read] == []


def test_the_key_is_on_no_command_line() -> None:
    for path in STEPS:
        for line in path.read_text("utf-8").splitlines():
            if "$ASSAY_SIGN_KEY" in line:
                assert re.match(r"\s*(?:if \[ -f|\(umask 077 && (?:cat --|printf '%s\\n') )", line), line


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.name)
def test_shellcheck_finds_nothing_in_a_step(path: Path) -> None:
    _ok("shellcheck", "--external-sources", path)
    text = path.read_text("utf-8")
    assert path.name == "lib.sh" or "\nset -eu\n" in text


def test_shellcheck_finds_nothing_in_the_lines_of_the_services(tmp_path: Path) -> None:
    lines = [step["run"] for step in yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]]
    for path in PIPELINES:
        jobs = yaml.safe_load(path.read_text("utf-8"))
        lines += [line for job in jobs.values() if isinstance(job, dict) for line in job.get("script", [])]
    for path in WORKFLOWS:
        jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"]
        lines += [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    lines += re.findall(r"sh '''(.*?)'''", JENKINSFILE.read_text("utf-8"), re.DOTALL)
    script = tmp_path / "lines.sh"
    script.write_text("#!/bin/sh\n" + "\n".join(f"(\nset -e\n{line}\n)" for line in lines), "utf-8")
    _ok("shellcheck", "--exclude=SC2154", script)


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    _ok("hadolint", DOCKERFILE)


def test_the_hook_is_one_by_pre_commit_itself() -> None:
    _ok("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml")


def test_the_jenkinsfile_is_groovy_with_the_sections_of_a_pipeline() -> None:
    import tree_sitter
    import tree_sitter_groovy

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_groovy.language()))
    source = JENKINSFILE.read_bytes()
    assert not parser.parse(source).root_node.has_error
    assert parser.parse(source.replace(b"stages {", b"stages (", 1)).root_node.has_error
    sections = re.findall(r"^    ([a-z]+) \{$", source.decode(), re.MULTILINE)
    assert sections == ["agent", "options", "parameters", "environment", "stages"]
    # A text in double quotes is put together by Groovy: values would become a part of the command.
    assert re.search(rb"^\s*sh\s*\(?\s*\"", source, re.MULTILINE) is None
