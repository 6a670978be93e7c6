"""The Dockerfile: its steps in a clean folder, and what they made, run as a container would be.

Not shown here, since this takes a registry: the base image itself, the packages of the distribution (those of this
machine stand in for them), and the wheels of the libraries (those of the tests' environment do).
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from support.containers import VENV, Image, can_contain, read_stages
from support.pipelines import ROOT
from support.plain_git import git
from support.signing import ssh_key

if TYPE_CHECKING:
    from pathlib import Path

DOCKERFILE = ROOT / "ci" / "docker" / "Dockerfile"
NEEDS_NETWORK = ("apt-get", '"${wheel}[${EXTRAS}]"')


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """Return the image, as far as this machine can make it."""
    room = tmp_path_factory.mktemp("image")
    why_not = can_contain(room)
    if why_not:
        pytest.skip(why_not)
    stages = read_stages(DOCKERFILE.read_text("utf-8"))
    made = Image(ROOT, stages, room, NEEDS_NETWORK)
    assert [len(stage.left_out) for stage in stages] == [1, 1], "more is left out than what needs a network"
    return made


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a folder that the user of the image may write to."""
    folder = tmp_path / "out"
    folder.mkdir()
    shutil.chown(folder, 10001, 10001)
    return folder


def test_the_image_says_what_it_is() -> None:
    first, last = read_stages(DOCKERFILE.read_text("utf-8"))
    assert first.base == last.base
    assert ":" in first.base
    assert not first.base.endswith(":latest")
    assert json.loads(last.last("ENTRYPOINT")) == ["assay"]
    assert last.last("HEALTHCHECK") == "NONE"
    assert last.last("USER") == "10001:10001"
    sent = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = [
        part.rstrip("/")
        for word, text in [*first.instructions, *last.instructions]
        if word == "COPY"
        for part in text.split()[:-1]
    ]
    assert {line[1:] for line in sent if line.startswith("!")} == set(copied)


def test_the_wheel_is_what_runs(image: Image, out: Path) -> None:
    """Nothing of the checkout is left in the image: the installed package has its templates in it."""
    code = "import generator, pathlib; p = pathlib.Path(generator.__file__).parent; print(p, (p / '_data').is_dir())"
    found = image.run(["-c", code], {"/out": (out, "rw")}, {}, entrypoint=[str(VENV / "bin" / "python")], folder="/out")
    assert found.stdout.split()[1] == "True", found.stdout + found.stderr
    assert found.stdout.startswith(str(VENV))


def test_the_image_brings_its_templates_compiled(image: Image, out: Path) -> None:
    """Its user can't keep what was compiled: without that step each run would compile them again."""
    code = "from generator.site.sources import our_templates as t; "
    code += "print(len(list(t().glob('*.html'))), len(list(t().glob('__pycache__/*.html.*'))))"
    found = image.run(["-c", code], {"/out": (out, "rw")}, {}, entrypoint=[str(VENV / "bin" / "python")], folder="/out")
    sources, compiled = found.stdout.split()
    assert int(sources) > 40, found.stderr
    assert compiled == sources


@pytest.mark.parametrize("home", [{}, {"HOME": "/locked"}])
def test_a_read_only_checkout_of_another_user_is_reported_on_without_a_home(
    image: Image, small: Path, out: Path, home: dict[str, str]
) -> None:
    locked = small.parent / "locked"
    (locked / ".cache" / "assay").mkdir(parents=True)
    locked.chmod(0o700)
    mounts = {"/repo": (small, "ro"), "/out": (out, "rw"), "/locked": (locked, "rw")}
    arguments = ["build", "--output", "/out/site", "--previous", "none", "--json"]
    done = image.run(arguments, mounts, {"TMPDIR": "/out", **home})
    assert done.returncode == 0, done.stderr
    assert (out / "site" / "index.html").stat().st_uid == 10001
    assert json.loads(done.stdout)["commit"] == git(small, "rev-parse", "HEAD")
    assert sorted(path.name for path in out.iterdir()) == ["site"]


def test_a_checkout_that_nobody_named_is_refused(image: Image, small: Path, out: Path) -> None:
    mounts = {"/other": (small, "ro"), "/out": (out, "rw")}
    done = image.run(["check", "--repo", "/other"], mounts, {"TMPDIR": "/out"})
    assert done.returncode == 4
    assert done.stderr.startswith("error[foreign-owner] /other/.git: ")


def test_without_a_command_it_tells_what_it_can(image: Image, out: Path) -> None:
    stage = read_stages(DOCKERFILE.read_text("utf-8"))[-1]
    done = image.run(json.loads(stage.last("CMD")), {"/out": (out, "rw")}, {}, folder="/")
    assert done.returncode == 0, done.stderr
    assert "Usage: assay" in done.stdout


def test_the_steps_of_the_image_run_in_a_job_of_gitlab(image: Image, small: Path, out: Path, tmp_path: Path) -> None:
    """There, the runner clones as root and lets everybody write; the image's user is another one."""
    git(small, "config", "core.sharedRepository", "0666")
    for path in [small, *small.rglob("*")]:
        path.chmod(path.stat().st_mode | (0o777 if path.is_dir() else 0o666))
    environment = {"GITLAB_CI": "true", "TMPDIR": "/out", "ASSAY_PREVIOUS": "none", "ASSAY_OUTPUT": "public"}
    environment["ASSAY_SIGN_KEY"] = ssh_key(tmp_path, "ed25519").read_text("utf-8")
    steps = "for step in whole-history check build; do sh /opt/assay/steps/$step.sh || exit; done"
    mounts = {"/builds": (small, "rw"), "/out": (out, "rw")}
    done = image.run(["-c", steps], mounts, environment, entrypoint=["sh"], folder="/builds")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (small / "public" / "index.html").is_file()
    assert (small / "public" / "evidence" / "manifest.json.sig").is_file()
    assert (small / "assay-reports" / "results.sarif").is_file()
