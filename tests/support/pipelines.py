"""What stands in for the services that run `ci/`: their steps, exactly as they are written, on this machine.

Of a service's own language no more is understood than what `ci/` uses, and anything else fails: an expression
`${{ inputs.x }}` or `${{ steps.x.outputs.y }}` as the value of a variable or an output (GitHub), `$[[ inputs.x ]]`
in the text of a component before it is read as YAML (GitLab).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
ASSAY = TOOLS / "assay"
_EXPRESSION = re.compile(r"\$\{\{ (inputs|steps)\.([a-z-]+)(?:\.outputs\.([a-z-]+))? \}\}")
_INPUT = re.compile(r"\$\[\[ inputs\.([a-z-]+) \]\]")


@dataclass(frozen=True)
class Job:
    """What came of a job."""

    code: int
    """Exit code of the step that failed; 0 where none did."""
    log: str
    """What its steps printed, on either stream."""
    outputs: Mapping[str, str]
    summary: str
    """Markdown that GitHub would show."""
    ran: tuple[str, ...] = ()
    """Names of the steps that were begun."""


def run_action(
    path: Path, given: Mapping[str, str], workspace: Path, room: Path, environment: Mapping[str, str] | None = None
) -> Job:
    """Run a composite action with the inputs `given`, as GitHub does; `room` is a folder for its files."""
    action = yaml.safe_load(path.read_text("utf-8"))
    assert given.keys() <= action["inputs"].keys()
    inputs = {name: given.get(name, one.get("default", "")) for name, one in action["inputs"].items()}
    room.mkdir(parents=True, exist_ok=True)
    temporary = room / "temp"
    temporary.mkdir()
    summary = room / "summary"
    steps: dict[str, dict[str, str]] = {}
    log, code, ran = "", 0, []
    for number, step in enumerate(action["runs"]["steps"]):
        assert step.keys() <= {"name", "id", "shell", "env", "run"}, "a step that this stand-in does not understand"
        assert step["shell"] == "bash"
        out = room / f"output-{number}"
        out.touch()
        script = room / f"step-{number}.sh"
        script.write_text(step["run"], "utf-8")
        variables = {
            **_plain(room),
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(path.parent),
            "GITHUB_OUTPUT": str(out),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(temporary),
            **(environment or {}),
            **{name: evaluated(text, inputs, steps) for name, text in step.get("env", {}).items()},
        }
        ran.append(step["name"])
        code, said = _run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], workspace, variables)
        log += said
        steps[step.get("id", f"step-{number}")] = _outputs(out)
        if code:
            break
    outputs = {name: evaluated(one["value"], inputs, steps) for name, one in action["outputs"].items()}
    return Job(code, log, outputs, summary.read_text("utf-8") if summary.exists() else "", tuple(ran))


def evaluated(text: str, inputs: Mapping[str, str], steps: Mapping[str, Mapping[str, str]]) -> str:
    """Return a text of an action with its expressions replaced; a step that did not run has empty outputs."""

    def value(found: re.Match[str]) -> str:
        kind, name, output = found.groups()
        return inputs[name] if kind == "inputs" else steps.get(name, {}).get(output, "")

    replaced = _EXPRESSION.sub(value, text)
    assert "${{" not in _EXPRESSION.sub("", text), "an expression that this stand-in does not understand"
    return replaced


def component_jobs(path: Path, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the jobs of a component of GitLab with the inputs `given`, checked as its header asks."""
    header, body = path.read_text("utf-8").split("\n---\n")
    spec = yaml.safe_load(header)["spec"]["inputs"]
    assert given.keys() <= spec.keys()
    values = {}
    for name, one in spec.items():
        assert name in given or "default" in one, f"the input {name} has to be given"
        values[name] = given.get(name, one.get("default"))
        assert "options" not in one or values[name] in one["options"]
        if "regex" in one:
            assert re.search(one["regex"].strip("/").replace(r"\z", r"\Z"), values[name]), f"{name}: {values[name]!r}"
    jobs = yaml.safe_load(_INPUT.sub(lambda found: values[found[1]], body))
    assert isinstance(jobs, dict)
    return jobs


def run_job(job: Mapping[str, Any], project: Path, room: Path, variables: Mapping[str, str]) -> Job:
    """Run the script of a job of GitLab in `project`; `variables` are those that GitLab or the project sets.

    Programs in the folder FIRST_ON_PATH, if it is among them, go before others.
    """
    room.mkdir(parents=True, exist_ok=True)
    known = {**_plain(room), "GITLAB_CI": "true", "CI_PROJECT_DIR": str(project), **variables}
    if first := known.pop("FIRST_ON_PATH", ""):
        known["PATH"] = f"{first}{os.pathsep}{known['PATH']}"
    for name, text in job["variables"].items():
        known[name] = re.sub(r"\$([A-Z_][A-Z0-9_]*)", lambda found: known.get(found[1], ""), text)
    script = room / "script.sh"
    script.write_text("set -eo pipefail\n" + "\n".join(job["script"]) + "\n", "utf-8")
    code, log = _run(["bash", "--noprofile", "--norc", str(script)], project, known)
    return Job(code, log, {}, "")


def run_shell(text: str, folder: Path, room: Path, variables: Mapping[str, str]) -> Job:
    """Run a few lines of shell as Jenkins does (`sh -xe`), or the one of a hook, in `folder`."""
    room.mkdir(parents=True, exist_ok=True)
    code, log = _run(["sh", "-e", "-c", text], folder, {**_plain(room), **variables})
    return Job(code, log, {}, "")


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a checker of the development extra and return what came of it."""
    command = [name, *map(str, arguments)]
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)


def _plain(room: Path) -> dict[str, str]:
    """Return an environment without anything of this process, with a home in `room`."""
    home = room / "home"
    home.mkdir(exist_ok=True)
    return {"HOME": str(home), "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="backslashreplace",
        check=False,
    )
    return done.returncode, done.stdout


def _outputs(path: Path) -> dict[str, str]:
    """Return what a step wrote into GITHUB_OUTPUT, as lines `name=value`; the last of a name counts."""
    pairs = (line.partition("=") for line in path.read_text("utf-8").splitlines())
    return {name: value for name, mark, value in pairs if mark}
