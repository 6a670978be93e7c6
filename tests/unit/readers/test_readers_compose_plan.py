"""The closure of a compose file: what is followed, what comes later, and what is never read."""

from __future__ import annotations

import pytest
from support.compose_tree import MemoryTree

from generator.readers.compose.reader import ComposeReader
from generator.readers.reader import Plan, Unit
from generator.rendering.compose import RAW, UNNAMED

SERVICES = "name: shop\nservices: {web: {image: shop}}\n"


def _plan(files: dict[str, str], root: str = "compose.yaml", *layers: str) -> tuple[Plan, MemoryTree]:
    tree = MemoryTree(files)
    return ComposeReader().plan(Unit("production", layers=layers), root, tree), tree


def _files(plan: Plan) -> list[str]:
    return [file.path for file in plan.files]


def _engine_reads(plan: Plan) -> list[str]:
    assert plan.job is not None
    return [file.path for file in plan.job.files]


def _arguments(plan: Plan) -> tuple[str, ...]:
    assert plan.job is not None
    return tuple(argument for argument in plan.job.arguments if argument != UNNAMED)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"])
def test_a_compose_file_is_its_own_root(name: str) -> None:
    reader = ComposeReader()
    assert reader.root(f"shop/{name}") == f"shop/{name}"
    assert reader.root(f"shop/{name}.bak") is None


def test_the_override_beside_a_default_name_is_laid_over_it() -> None:
    plan, _ = _plan({"compose.yaml": SERVICES, "compose.override.yml": SERVICES, "docker-compose.override.yml": "x"})
    assert _arguments(plan) == ("--file=compose.yaml", "--file=compose.override.yml")


def test_no_override_goes_over_a_file_that_compose_would_pass_by() -> None:
    files = {"compose.yaml": SERVICES, "docker-compose.yml": SERVICES, "compose.override.yml": SERVICES}
    plan, _ = _plan(files, "docker-compose.yml")
    assert _arguments(plan) == ("--file=docker-compose.yml",)


def test_layers_are_taken_in_their_order_and_missing_ones_left_out() -> None:
    files = {"shop/b.yaml": SERVICES, "a.yaml": SERVICES, "shop/b.override.yaml": SERVICES}
    plan, _ = _plan(files, "shop/b.yaml", "shop/b.yaml", "shop/c.yaml", "a.yaml")
    assert _arguments(plan) == ("--file=shop/b.yaml", "--file=a.yaml")
    assert plan.job is not None
    assert plan.job.folder == "shop"


def test_no_layer_at_all_is_nothing_to_read() -> None:
    assert _plan({"a.yaml": SERVICES}, "shop/b.yaml", "shop/b.yaml")[0] == Plan()


def test_references_are_followed_from_where_they_stand() -> None:
    files = {
        "shop/compose.yaml": (
            "include: [../shared/compose.yaml]\n"
            "services: {web: {extends: {file: base/web.yaml, service: web}, env_file: [web.env]}}\n"
            "configs: {c: {file: nginx.conf}}\nsecrets: {s: {file: ./keys/key}}\n"
        ),
        "shop/base/web.yaml": "services: {web: {env_file: {path: base.env}, build: ./context}}",
        "shop/base/base.env": "A=1",
        "shop/base/context/Dockerfile": "FROM scratch",
        "shop/web.env": "A=2",
        "shop/nginx.conf": "server {}",
        "shop/keys/key": "k",
        "shop/.env": "B=1",
        "shared/compose.yaml": "services: {db: {image: db}}",
        "shared/.env": "C=1",
        "shared/other.env": "D=1",
    }
    plan, tree = _plan(files, "shop/compose.yaml")
    read = set(files) - {"shop/base/context/Dockerfile", "shared/other.env"}
    assert _files(plan) == sorted(read)
    assert _engine_reads(plan) == sorted(path for path in read if path.endswith((".yaml", "/.env")))
    assert plan.notes == ()
    assert "shop/keys/key" not in tree.read_paths, "its id alone is taken while planning"


def test_includes_have_variables_of_their_own() -> None:
    files = {
        "compose.yaml": "include: [{path: [a/one.yaml, b/two.yaml], project_directory: p, env_file: e/x.env}]\n",
        "a/one.yaml": "services: {one: {image: '${V}', env_file: here.env}}",
        "b/two.yaml": "services: {one: {extends: {file: '${DIR}/base.yaml', service: base}}}",
        "p/here.env": "",
        "p/down/base.yaml": SERVICES,
        "e/x.env": "V=1\nDIR=down\n",
    }
    plan, _ = _plan(files)
    assert _files(plan) == sorted(files)
    assert _arguments(plan) == ("--file=compose.yaml",)


def test_an_extended_file_that_extends_the_first_ends() -> None:
    loop = "services: {web: {extends: {file: FILE, service: web}}}"
    plan, _ = _plan({"compose.yaml": loop.replace("FILE", "b.yaml"), "b.yaml": loop.replace("FILE", "compose.yaml")})
    assert _files(plan) == ["b.yaml", "compose.yaml"]


OUTSIDE = ["/etc/passwd", "../../../../etc/passwd", "~/.ssh/id_rsa", "shop/../../outside", "C:\\secret"]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize(
    "text",
    [
        "services: {web: {extends: {file: 'PATH', service: web}}}",
        "include: ['PATH']",
        "include: [{path: ['PATH']}]",
        "include: [{path: ok.yaml, env_file: 'PATH'}]",
        "include: [{path: ok.yaml, project_directory: 'PATH'}]",
        "services: {web: {image: x, label_file: 'PATH'}}",
        "x-a: &a {extends: {file: 'PATH', service: web}}\nservices: {web: {<<: *a}}",
        "services: {web: {image: x}}\n---\nservices: {web: {extends: {file: 'PATH', service: web}}}",
        "services: {web: !override {extends: {file: 'PATH', service: web}}}",
        "services: {web: {extends: {file: '${P}', service: web}}}",
        "services: {web: {extends: {file: '${NO:-PATH}', service: web}}}",
    ],
)
def test_what_compose_would_open_outside_of_the_repository_is_a_problem(path: str, text: str) -> None:
    plan, tree = _plan({"compose.yaml": text.replace("PATH", path), "ok.yaml": SERVICES, ".env": f"P='{path}'"})
    assert [problem.code for problem in plan.problems] == ["compose-outside"]
    assert plan.job is None
    assert not [read for read in tree.read_paths if "etc" in read or ".." in read]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize(
    "text",
    [
        "services: {web: {image: x, env_file: 'PATH'}}",
        "services: {web: {image: x, env_file: [{path: 'PATH'}]}}",
        "services: {web: {image: x}}\nconfigs: {c: {file: 'PATH'}}",
        "services: {web: {image: x}}\nsecrets: {c: {file: 'PATH'}}",
    ],
)
def test_what_a_container_gets_from_outside_is_provided_at_deployment_time(path: str, text: str) -> None:
    plan, tree = _plan({"compose.yaml": text.replace("PATH", path)})
    assert [note.code for note in plan.notes] == ["provided"]
    assert _engine_reads(plan) == ["compose.yaml"]
    assert tree.read_paths == {"compose.yaml", ".env"}


@pytest.mark.parametrize(
    "remote",
    ["https://example.org/x.git", "git@example.org:x.git", "oci://example.org/x", "github.com/x/y", "file:///etc/x"],
)
@pytest.mark.parametrize("text", ["include: ['REMOTE']", "services: {w: {extends: {file: 'REMOTE', service: w}}}"])
def test_nothing_remote_is_fetched(remote: str, text: str) -> None:
    plan, _ = _plan({"compose.yaml": text.replace("REMOTE", remote)})
    assert [problem.code for problem in plan.problems] == ["compose-remote"]


def test_links_are_never_followed() -> None:
    files = {
        "compose.yaml": "include: [link.yaml]\nservices: {web: {image: x, env_file: link.env}}",
        "link.yaml": "-> /etc/passwd",
        "link.env": "-> /etc/passwd",
        ".env": "-> /etc/passwd",
    }
    plan, tree = _plan(files)
    assert [problem.code for problem in plan.problems] == ["symlink"]
    assert sorted(note.code for note in plan.notes) == ["provided", "symlink"]
    assert tree.read_paths == {"compose.yaml"}


def test_a_root_that_is_a_link_is_a_problem() -> None:
    plan, _ = _plan({"compose.yaml": "-> other.yaml", "other.yaml": SERVICES})
    assert [problem.code for problem in plan.problems] == ["symlink"]


def test_an_absent_env_file_is_noted_unless_it_may_be_absent() -> None:
    text = "services: {web: {image: x, env_file: [gone.env, {path: maybe.env, required: false}]}}"
    plan, _ = _plan({"compose.yaml": text})
    assert [note.reason for note in plan.notes] == [
        "env_file: gone.env is not in git: what it holds is provided at deployment time"
    ]


def test_what_compose_insists_on_is_stood_in_for() -> None:
    text = "include: [{path: a.yaml, env_file: gone.env}]\nservices: {web: {image: x, label_file: gone.labels}}"
    plan, _ = _plan({"compose.yaml": text, "a.yaml": SERVICES})
    assert plan.job is not None
    assert [(stub.path, stub.content) for stub in plan.job.stubs] == [("gone.env", ""), ("gone.labels", "")]
    assert [note.code for note in plan.notes] == ["provided", "provided"]


def test_variables_without_a_value_are_named_to_the_engine() -> None:
    text = "services: {web: {image: '${A}:$B', command: ['${C:-d}', '${D:?needed}', '${E:-${F}}', '$$G', '${K}']}}"
    plan, _ = _plan({"compose.yaml": text, ".env": "K=1\nL=${M}\n"})
    names = [argument for argument in _arguments(plan) if argument.startswith("--symbolic=")]
    assert names == [f"--symbolic={name}" for name in "ABDFM"]


@pytest.mark.parametrize(
    ("text", "env"),
    [
        ("services: {web: {image: '${A}', command: '${A:-x}'}}", ""),
        ("services: {web: {image: x, volumes: ['${HOME}/x:/x']}}", ""),
        ("services: {web: {image: 'x:${COMPOSE_PROJECT_NAME:-y}'}}", ""),
        ("services: {web: {image: '${A}'}}", "A=$TZ\n"),
    ],
)
def test_a_variable_that_the_engine_can_not_be_trusted_with_is_filled_in_afterwards(text: str, env: str) -> None:
    plan, _ = _plan({"compose.yaml": text, ".env": env})
    assert _arguments(plan) == ("--file=compose.yaml", RAW)


def test_a_variable_in_the_name_of_a_file_needs_a_value() -> None:
    plan, _ = _plan({"compose.yaml": "include: ['${WHERE}/compose.yaml']"})
    assert [problem.code for problem in plan.problems] == ["compose-variable"]


def test_a_file_that_is_no_yaml_says_where() -> None:
    plan, _ = _plan({"compose.yaml": "services:\n  web: {image: x\n"})
    assert [(p.code, p.place.path) for p in plan.problems] == [("yaml-syntax", "compose.yaml")]
    assert plan.job is None


@pytest.mark.parametrize(
    ("text", "env", "unnamed"),
    [
        ("services: {}", "", True),
        ("name: shop\nservices: {}", "", False),
        ("name: '${N}'\nservices: {}", "", True),
        ("name: '${N}'\nservices: {}", "N=shop", False),
        ("services: {}", "COMPOSE_PROJECT_NAME=shop", False),
    ],
)
def test_a_project_without_a_name_gets_none_of_a_folder(text: str, env: str, *, unnamed: bool) -> None:
    plan, _ = _plan({"compose.yaml": text, ".env": env})
    assert plan.job is not None
    assert (UNNAMED in plan.job.arguments) is unnamed
