"""The adapter of Docker Compose: what it is called with, what becomes of its words, and what it must never touch."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.compose_tree import MemoryTree, render

from generator.rendering.compose import INCONSISTENT, NOT_INTERPOLATED, ComposeEngine, is_occupied
from generator.rendering.jobs import InputFile, Job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.rendering.jobs import Rendered


@pytest.fixture(scope="module")
def engine() -> ComposeEngine:
    found = ComposeEngine()
    if not found.version():
        pytest.skip("docker compose is not on this machine")
    return found


def _rendered(engine: ComposeEngine, files: Mapping[str, str], *arguments: str, folder: str = "") -> Rendered:
    tree = MemoryTree(files)
    inputs = tuple(InputFile(path, tree.blob(path)) for path in sorted(files))
    return render(engine, Job("compose", folder, inputs, arguments=arguments), tree)


def _service(rendered: Rendered, name: str = "web") -> dict[str, Any]:
    assert not rendered.code, rendered.failure
    found: dict[str, Any] = json.loads(rendered.output)["services"][name]
    return found


def _program(path: Path, body: str) -> str:
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\n")
    path.chmod(0o755)
    return str(path)


def test_a_missing_engine_says_what_to_install() -> None:
    engine = ComposeEngine("/nowhere/docker-compose")
    rendered = _rendered(engine, {"compose.yaml": "services: {}"}, "--file=compose.yaml")
    assert (engine.version(), engine.command) == ("", ())
    assert rendered.code == "engine-missing"
    assert rendered.fix == "install assay[compose], or put docker-compose on PATH"


@pytest.mark.parametrize("helped", ["", "--no-path-resolution --no-normalize --format"])
def test_a_program_that_can_not_be_kept_from_the_machine_is_none(tmp_path: Path, helped: str) -> None:
    body = f"print('2.20.1' if sys.argv[1] == 'version' else {helped!r})"
    assert ComposeEngine(_program(tmp_path / "old", body)).version() == ""


def test_a_docker_with_the_plugin_is_called_by_its_subcommand(tmp_path: Path) -> None:
    flags = "--no-path-resolution --no-normalize --no-env-resolution --format"
    body = (
        "if sys.argv[1] != 'compose':\n    sys.exit(1)\n"
        f"print({{'version': 'v2.39.3-desktop.1'}}.get(sys.argv[2], {flags!r}))"
    )
    engine = ComposeEngine(_program(tmp_path / "docker", body))
    assert engine.version() == "docker-compose v2.39.3-desktop.1"
    assert engine.command == (str(tmp_path / "docker"), "compose")


def test_variables_come_from_the_files_and_stand_for_themselves_elsewhere(
    engine: ComposeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAG", "of-this-machine")
    monkeypatch.setenv("KNOWN", "of-this-machine")
    files = {
        "compose.yaml": 'services: {web: {image: "shop:${TAG}", command: ["$KNOWN", "${OTHER:-d}", "$$HOME"]}}',
        ".env": "KNOWN=of-the-file\n",
    }
    web = _service(_rendered(engine, files, "--file=compose.yaml", "--symbolic=TAG"))
    assert web["image"] == "shop:$${TAG}"
    assert web["command"] == ["of-the-file", "d", "$$HOME"]


def test_what_must_be_a_number_or_a_port_is_filled_in_afterwards(engine: ComposeEngine) -> None:
    files = {"compose.yaml": 'services: {web: {image: x, ports: ["${BIND}:80"], healthcheck: {retries: $N}}}'}
    rendered = _rendered(engine, files, "--file=compose.yaml", "--symbolic=BIND", "--symbolic=N")
    assert rendered.notes == (NOT_INTERPOLATED,)
    assert _service(rendered)["ports"] == ["${BIND}:80"]


def test_no_name_of_the_folder_and_no_path_of_the_export_is_in_the_output(engine: ComposeEngine) -> None:
    text = "services: {web: {build: ./web, volumes: [./data:/data, kept:/kept]}}\nvolumes: {kept: {}}"
    rendered = _rendered(engine, {"shop/compose.yaml": text}, "--file=shop/compose.yaml", folder="shop")
    web = _service(rendered)
    assert web["build"] == {"context": "./web"}
    assert web["volumes"][0]["source"] == "./data"
    assert json.loads(rendered.output)["volumes"] == {"kept": {}}
    assert b"/tmp" not in rendered.output


def test_the_engines_own_words_name_paths_from_the_top(engine: ComposeEngine) -> None:
    rendered = _rendered(engine, {"shop/compose.yaml": "web: {image: x}"}, "--file=shop/compose.yaml", folder="shop")
    assert rendered.code == "engine-failed"
    assert rendered.failure == "validating shop/compose.yaml: additional properties 'web' not allowed"


def test_a_contradiction_costs_nothing_and_is_told(engine: ComposeEngine) -> None:
    rendered = _rendered(
        engine, {"compose.yaml": "services: {web: {image: x, volumes: ['kept:/kept']}}"}, "--file=compose.yaml"
    )
    assert _service(rendered)["image"] == "x"
    assert rendered.notes == (f'{INCONSISTENT}service "web" refers to undefined volume kept',)


def test_later_files_win_and_every_profile_counts(engine: ComposeEngine) -> None:
    files = {
        "compose.yaml": "services: {web: {image: one, profiles: [extra]}}",
        "deploy/compose.prod.yaml": "services: {web: {image: two, deploy: {replicas: 3}}}",
    }
    web = _service(_rendered(engine, files, "--file=compose.yaml", "--file=deploy/compose.prod.yaml"))
    assert (web["image"], web["deploy"]["replicas"], web["profiles"]) == ("two", 3, ["extra"])


def test_another_program_is_none() -> None:
    assert ComposeEngine(sys.executable).version() == ""


def test_a_folder_that_is_not_there_is_a_failure(engine: ComposeEngine, tmp_path: Path) -> None:
    rendered = engine.render(Job("compose", "gone", ()), tmp_path, {})
    assert (rendered.code, rendered.failure) == ("engine-failed", "the folder gone is not there")


def test_an_engine_that_fails_without_a_word_tells_its_status(tmp_path: Path) -> None:
    flags = "--no-path-resolution --no-normalize --no-env-resolution --format"
    known = {"config": flags, "version": "5.0.0"}
    body = f"print({known!r}[sys.argv[1]]) if sys.argv[1] in {known!r} else sys.exit(7)"
    rendered = _rendered(ComposeEngine(_program(tmp_path / "mute", body)), {"compose.yaml": ""}, "--file=compose.yaml")
    assert (rendered.code, rendered.failure) == ("engine-failed", "ended with status 7")


def test_names_that_steer_the_engine_are_known() -> None:
    occupied = ["HOME", "TZ", "PATH", "COMPOSE_PROJECT_NAME", "http_proxy", "HTTPS_PROXY", "GOFLAGS", "DOCKER_CONFIG"]
    assert all(is_occupied(name) for name in occupied)
    assert not any(is_occupied(name) for name in ("TAG", "DOCKER_TAG", "DOCKER_REGISTRY", "SENTRY_IMAGE", "GIT"))


def test_the_settings_of_an_env_file_do_not_steer_the_engine(engine: ComposeEngine, tmp_path: Path) -> None:
    """Traced: whatever `.env` says, it opens the export alone, starts nothing and connects to nothing."""
    tracer = shutil.which("strace")
    if tracer is None:
        pytest.skip("strace is not on this machine")
    log = tmp_path / "calls"
    log.mkdir()
    # A file for each thread: in a common one, a call that another interrupts stands in two halves, its answer apart.
    command = ["strace", "-ff", "-qq", "-e", "trace=open,openat,connect,execve", "-o", str(log / "of"), *engine.command]
    body = f"os.execv({tracer!r}, [*{command!r}, *sys.argv[1:]])"
    traced = ComposeEngine(_program(tmp_path / "traced", body))
    if not traced.version():
        pytest.skip("strace may not trace here")
    files = {
        "compose.yaml": "services: {a: {image: 'x:${V}', env_file: /etc/passwd,"
        " secrets: [s], configs: [c], volumes: ['/etc:/e']}}\n"
        "secrets: {s: {file: /etc/group}}\nconfigs: {c: {file: ../../../../etc/fstab}}\n",
        ".env": "V=1\nDOCKER_CONFIG=./conf\nDOCKER_HOST=tcp://127.0.0.1:4444\nDOCKER_CONTEXT=other\nPATH=./conf\n"
        "COMPOSE_FILE=/etc/passwd\nCOMPOSE_ENV_FILES=/etc/passwd\nOTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4445\n",
        "conf/config.json": '{"credsStore": "x", "cliPluginsExtraDirs": ["./conf"]}',
        "conf/git": "",
    }
    for part in log.iterdir():
        part.unlink()
    assert _service(_rendered(traced, files, "--file=compose.yaml"), "a")["image"] == "x:1"
    calls = [line for part in log.iterdir() for line in part.read_text().splitlines()]
    lines = [line for line in calls if "ENOENT" not in line and "= ? ERESTART" not in line]
    assert not [line for line in lines if "connect(" in line]
    assert len([line for line in lines if "execve(" in line]) == 1
    own = str(Path(engine.command[0]))
    opened = [line.split('"')[1] for line in lines if "open" in line and '"' in line]
    system = ("/proc/", "/sys/", "/dev/null", "/etc/localtime", "/usr/share/zoneinfo", own)
    beyond = [
        path for path in opened if not path.startswith(system) and Path(path).name not in {".env", "compose.yaml"}
    ]
    assert not beyond
