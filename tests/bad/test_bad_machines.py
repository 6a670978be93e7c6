"""Machines that fail, and bundles that were touched (rows 49, 54 and 56); row 55 is in `tests/reproducible`."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

import pytest
from support.command import assay, assay_process
from support.manifests import CONFIG, deployment
from support.replay import gathered, write_trees

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TREES = [
    {
        "assay.yaml": CONFIG,
        **{
            f"deploy/{name}.yaml": deployment(name, f"shop/{name}:{n}", {"API_KEY": f"hunter{n}"})
            for name in ("web", "api", "bée")
        },
    }
    for n in (1, 2, 1)
]


def _contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_checkout_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    repository = write_trees(tmp_path / "repository", TREES)
    before = _contents(repository)
    for path in [*repository.rglob("*"), repository]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = assay_process("build", "--quiet", "--repo", repository, "--output", tmp_path / "site", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert _contents(repository) == before, "nothing of it was touched"
    for path in [repository, *repository.rglob("*")]:
        path.chmod(0o755)


@pytest.mark.parametrize("size", [0, 6_000, 250_000])
def test_a_disk_without_room_is_a_fault_that_leaves_the_old_site(size: int, tmp_path: Path) -> None:
    repository = write_trees(tmp_path / "repository", TREES)
    arguments = ("build", "--quiet", "--repo", repository, "--output", tmp_path / "site")
    assert assay_process(*arguments).returncode == 0
    before, names = _contents(tmp_path / "site"), sorted(p.name for p in tmp_path.iterdir())
    done = assay_process(*arguments, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert (done.returncode, done.stdout) == (5, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error[")
    assert _contents(tmp_path / "site") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == names, "nothing is left behind"


def test_a_disk_that_fills_in_the_middle_of_a_history_is_one_line(tmp_path: Path) -> None:
    """The history is longer than what is read ahead, so programs still run when the fault comes."""
    trees = [{"assay.yaml": CONFIG, "deploy/api.yaml": deployment(image=f"shop/api:{n}")} for n in range(1_500)]
    done = assay_process(
        *("build", "--quiet", "--output", tmp_path / "site", "--repo", write_trees(tmp_path / "repository", trees)),
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
    )
    assert done.returncode == 5
    (line,) = done.stderr.splitlines()
    assert line.startswith("error[")


def _add(folder: Path) -> str:
    (folder / "objects" / "more.jsonl").write_text("{}\n")
    return "objects/more.jsonl"


def _remove(folder: Path) -> str:
    (folder / "deployments.jsonl").unlink()
    return "deployments.jsonl"


def _change(folder: Path) -> str:
    path = folder / "summary.json"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return "summary.json"


def _link(folder: Path) -> str:
    path = folder / "summary.json"
    path.rename(folder.parent / "summary.json")
    path.symlink_to("../summary.json")
    return "summary.json"


@pytest.mark.parametrize("fault", [_add, _remove, _change, _link])
def test_a_bundle_that_was_touched_fails_and_names_the_file(fault: Callable[[Path], str], tmp_path: Path) -> None:
    folder = gathered(write_trees(tmp_path / "repository", TREES), tmp_path / "evidence").folder
    good = assay("verify", folder)
    assert (good.exit_code, good.stderr) == (0, "")
    name = fault(folder)
    bad = assay("verify", folder)
    assert bad.exit_code == 6
    line, what_to_do = bad.stderr.splitlines()
    assert line.startswith(f"error[verify] {name}: ")
    assert what_to_do.startswith("What to do: ")
    assert "ok: Every file" not in bad.stdout


@pytest.mark.parametrize("size", range(0, 200, 40))
def test_a_manifest_that_was_cut_is_no_manifest(size: int, tmp_path: Path) -> None:
    folder = gathered(write_trees(tmp_path / "repository", TREES), tmp_path / "evidence").folder
    (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes()[:size])
    found = assay("verify", folder)
    assert found.exit_code == 6
    assert found.stderr.splitlines()[0].startswith("error[verify] manifest.json: is no manifest: ")
