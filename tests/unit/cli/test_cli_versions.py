"""`assay show` and `assay diff`: three formats, two sources, exit codes, and nothing of a secret."""

from __future__ import annotations

import base64
import json
import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from support.manifests import CONFIG, deployment
from support.replay import gathered, write_trees
from support.values import CONFIG as VALUES
from support.values import tree

from generator.cli.commands import _Group
from generator.cli.version_markdown import code, plain
from generator.cli.version_text import WIDTH
from generator.cli.versions import diff, show

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

CANARY = "canary-hunter2-value"
SEALED = "apiVersion: v1\nkind: Secret\nmetadata: {{name: api}}\ndata: {{token: {}}}\nstringData: {{password: {}}}\n"
HOSTILE = "<script>alert(1)</script> [x](javascript:1) | `a` {{7*7}} \\| ![i](x) **b**"


def _run(*arguments: str | Path) -> Result:
    group = _Group("assay", commands={"show": show, "diff": diff})
    return CliRunner().invoke(group, [str(a) for a in arguments])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    lines = ["s/api=A p/api=A", "s/api=B,LEVEL:info p/api=A", "s/api=B,LEVEL:info p/api=B"]
    return write_trees(tmp_path / "r", [{"assay.yaml": VALUES, **tree(line)} for line in lines])


def test_a_version_is_told_as_text(repository: Path) -> None:
    done = _run("show", "production", "--repo", repository)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"production [0-9a-f]{64}", lines[0])
    assert any(
        re.fullmatch(r"  git worktree add --detach \.\./production-[0-9a-f]{12} [0-9a-f]{40}", ln) for ln in lines
    )
    assert "  read from deploy/production/{component}.yaml by values" in lines
    at = lines.index("Components (1)")
    assert lines[at + 1].split() == ["api", "component", "values", "B"]
    assert "None of them is named by a digest: a tag may stand for something else by now." in done.stdout


def test_the_commands_bring_the_files_back(repository: Path) -> None:
    done = _run("show", "production-1", "--repo", repository)
    lines = done.stdout.splitlines()
    add, listing = (shlex.split(line) for line in lines if line.startswith("  git "))
    # Apart from the others: who copies them all would take away at once what they brought.
    (remove,) = (shlex.split(line.partition(":")[2]) for line in lines if line.startswith("  afterwards: "))
    subprocess.run(add, cwd=repository, check=True, capture_output=True)
    listed = subprocess.run(listing, cwd=repository, check=True, capture_output=True, text=True).stdout.splitlines()
    assert listed == ["deploy/production/api.yaml"]
    assert (repository / add[-2] / listed[0]).read_text() == "image: A\n"
    subprocess.run(remove, cwd=repository, check=True, capture_output=True)


def test_a_component_on_one_side_is_told_by_its_artifact(tmp_path: Path) -> None:
    many = ",".join(f"K{n}:1" for n in range(20))
    trees = [{"assay.yaml": VALUES, **tree(line)} for line in ("p/api=A", f"p/api=A p/db=X,L:1 p/web=Y,{many}")]
    done = _run("diff", "production-1", "production-2", "--repo", write_trees(tmp_path / "r", trees))
    told = [line.split() for line in done.stdout.splitlines()]
    assert told[told.index(["+", "db", "(values),", "only", "in", "b"]) + 1 :][:2] == [
        ["artifact", "image", "X"],
        ["config", "L", "1"],
    ]
    assert "    and 20 settings, which the other formats list" in done.stdout.splitlines()


def test_an_environment_that_went_is_told_to_have_nothing(tmp_path: Path) -> None:
    trees = [{"assay.yaml": VALUES, **tree("s/api=A p/api=A")}, {"assay.yaml": VALUES, **tree("s/api=A")}]
    done = _run("show", "production", "--repo", write_trees(tmp_path / "r", trees))
    assert "Components (0): the environment had nothing" in done.stdout.splitlines()


def test_a_difference_is_told_as_text(repository: Path) -> None:
    done = _run("diff", "staging", "production", "--repo", repository)
    assert done.exit_code == 0
    assert "1 component differs, 0 are alike; 0 connections differ" in done.stdout
    assert "    config    LEVEL  info -> (none)" in done.stdout.splitlines()
    same = _run("diff", "production@latest", "production-2", "--repo", repository)
    assert (same.exit_code, same.stdout.splitlines()[-1]) == (0, "The same: 1 component, no difference.")


def test_json_is_sorted_and_says_its_format(repository: Path) -> None:
    shown = _run("show", "production-1", "--repo", repository, "--format", "json")
    told = json.loads(shown.stdout)
    assert shown.stdout == json.dumps(told, indent=2, sort_keys=True) + "\n"
    assert told["format"] == "assay-version/1"
    assert told["version"]["deployment"]["id"] == "production-1"
    assert told["components"][0]["artifacts"] == ["A"]
    between = json.loads(_run("diff", "production-1", "production-2", "--repo", repository, "--format", "json").stdout)
    assert (between["format"], between["same"]) == ("assay-difference/1", False)
    (component,) = between["difference"]["components"]
    assert component["fields"] == [{"a": "A", "aspect": "artifact", "b": "B", "field": "image"}]


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_site_an_evidence_folder_and_the_repository_tell_the_same(
    repository: Path, tmp_path: Path, form: str
) -> None:
    gathered(repository, tmp_path / "site" / "evidence")
    told = [
        _run("show", "production@2024-01-02", "--format", form, *source).stdout
        for source in (
            ("--repo", repository),
            ("--evidence", tmp_path / "site"),
            ("--evidence", tmp_path / "site" / "evidence"),
        )
    ]
    assert told[0]
    assert len(set(told)) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("show", "prod"), 2, "error[version]: there is no environment 'prod' (did you mean `production`?)\n"),
        (("diff", "staging", "production@99"), 2, "error[version]: production has no deployment 99 (its deployments"),
        (
            ("show", "production", "--evidence", "nowhere"),
            4,
            "error[evidence] nowhere/summary.json: no evidence folder",
        ),
        (("show", "production", "--format", "html"), 2, "Usage: "),
        (("show",), 2, "Usage: "),
    ],
)
def test_what_cannot_be_shown_is_one_line(
    arguments: tuple[str, ...],
    code: int,
    message: str,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    source = () if "--evidence" in arguments else ("--repo", repository)
    done = _run(*arguments, *source)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(message)


def test_evidence_and_a_repository_exclude_each_other(repository: Path, tmp_path: Path) -> None:
    done = _run("show", "production", "--evidence", tmp_path, "--repo", repository)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "leave out --repo or --evidence" in done.stderr


def test_what_could_not_be_read_is_said_and_exits_3(tmp_path: Path) -> None:
    trees = [{"assay.yaml": VALUES, **tree(line)} for line in ("s/api=A p/api=A p/db=X", "s/api=A p/api=! p/db=Y")]
    repository = write_trees(tmp_path / "r", trees)
    done = _run("show", "production", "--repo", repository)
    assert done.exit_code == 3
    said = "  unreadable  1 file at this commit, taken as last read: the commit alone makes another version"
    assert said in done.stdout.splitlines()
    assert done.stderr.startswith("unreadable[yaml")
    assert _run("show", "staging", "--repo", repository).exit_code == 0, "staging could be read"
    assert _run("show", "production-1", "--repo", repository).exit_code == 0, "and production before"
    both = _run("diff", "production-2", "production-1", "--repo", repository)
    assert both.exit_code == 3, "the later of two versions counts"


def _secrets(tmp_path: Path) -> Path:
    files = {"assay.yaml": CONFIG}
    env = {"DB_PASSWORD": CANARY}
    token = base64.b64encode(CANARY.encode()).decode()
    trees = [
        {**files, "deploy/api.yaml": deployment(env=env), "deploy/s.yaml": SEALED.format(token, CANARY)},
        {**files, "deploy/api.yaml": deployment(env=env), "deploy/s.yaml": SEALED.format(token, CANARY + "2")},
    ]
    return write_trees(tmp_path / "r", trees)


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_secret_is_told_by_its_fingerprint(tmp_path: Path, form: str) -> None:
    repository = _secrets(tmp_path)
    shown = _run("show", "production", "--repo", repository, "--format", form)
    between = _run("diff", "production-1", "production-2", "--repo", repository, "--format", form)
    for done in (shown, between):
        assert done.exit_code == 0
        assert CANARY not in done.output
        assert base64.b64encode(CANARY.encode()).decode() not in done.output
    assert len(set(re.findall(r"secret:[0-9a-f]{12}", between.stdout))) == 2, "that it changed is told"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    value = json.dumps(HOSTILE)
    trees = [{"assay.yaml": VALUES, "deploy/production/api.yaml": f'image: A\nTEXT: {value}\n"{"k" * 90}": 1\n'}]
    return write_trees(tmp_path / "r", trees)


def test_text_of_a_repository_is_no_markup(hostile: Path) -> None:
    done = _run("show", "production", "--repo", hostile, "--format", "markdown")
    (row,) = [line for line in done.stdout.splitlines() if "TEXT" in line]
    assert "<script>" not in row
    assert "](" not in row
    assert row.count("|") == 5, "the bars of four cells and no other"
    assert done.stdout.count("```") == 2


def test_lines_of_a_table_stay_inside_the_width(hostile: Path) -> None:
    done = _run("show", "production", "--repo", hostile)
    at = done.stdout.splitlines().index("Settings (2)")
    assert all(len(line) <= WIDTH for line in done.stdout.splitlines()[at:])


def test_a_difference_far_into_a_long_value_is_seen(tmp_path: Path) -> None:
    long = "x" * 900
    trees = [{"assay.yaml": VALUES, **tree(f"p/api=A,TEXT:{long}{end}")} for end in "ab"]
    done = _run("diff", "production-1", "production-2", "--repo", write_trees(tmp_path / "r", trees))
    assert "xxxa -> …xxx" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("xxxb")
    assert long not in done.stdout


def test_control_characters_reach_no_terminal(tmp_path: Path) -> None:
    trees = [{"assay.yaml": VALUES, "deploy/production/api.yaml": 'image: A\nTEXT: "a\\e[31mb\\u202Ec"\n'}]
    repository = write_trees(tmp_path / "r", trees)
    for form in ("text", "markdown"):
        done = _run("show", "production", "--repo", repository, "--format", form)
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a.b", "`a.b`"),
        ("", ""),
        ("a|b", "<code>a&#124;b</code>"),
        ("`x`", "<code>&#96;x&#96;</code>"),
        ("two\nlines", "`two lines`"),
    ],
)
def test_inline_code(text: str, told: str) -> None:
    assert code(text) == told


def test_running_words_hold_no_markup() -> None:
    assert plain("a <b> [c](d) *e*") == "a &#60;b&#62; &#91;c&#93;(d) &#42;e&#42;"


def test_the_help_tells_how_versions_are_named() -> None:
    for command in (show, diff):
        text = click.Context(command).get_help()
        assert "--evidence DIR" in text
        assert "--format [text|json|markdown]" in text
