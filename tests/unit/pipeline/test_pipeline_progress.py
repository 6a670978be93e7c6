"""A run tells how far rendering is while engines render, and stops them where nobody listens any more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from support.engines import StandIn
from support.manifests import deployment
from support.replay import Silent, write_trees

from generator.errors import FaultError
from generator.pipeline import ahead
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

COMMITS = 24
CONFIG = "environments: {staging: {path: d, reader: kustomize}}\n"


class Heard(Silent):
    """Keeps what it is told, with how many commits were judged by then."""

    def __init__(self, *, stop_at: int = 0) -> None:
        self.told: list[tuple[int, int, int]] = []
        self.done = 0
        self.stop_at = stop_at

    def count(self, done: int, total: int | None) -> None:
        del total
        self.done = done

    def rendering(self, rendered: int, found: int) -> None:
        self.told.append((self.done, rendered, found))
        if self.stop_at and rendered >= self.stop_at:
            raise KeyboardInterrupt


def _run(folder: Path, engine: StandIn, progress: Heard, name: str, cache: Path | None = None) -> None:
    (folder / "c.yaml").write_text(CONFIG)
    request = Request(folder / "r", folder / "c.yaml", engines=engine.named, cache=cache)
    gather(request, folder / name, progress)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    trees = [
        {"d/kustomization.yaml": "resources: [a.yaml]\n", "d/a.yaml": deployment("api", f"shop/api:{n}")}
        for n in range(COMMITS)
    ]
    write_trees(tmp_path / "r", trees)
    return tmp_path


@pytest.mark.parametrize("least", [0, 1000], ids=["read ahead", "in turn"])
def test_it_is_told_while_engines_render(folder: Path, monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    monkeypatch.setattr(ahead, "WORTHWHILE_PLANNED", least)
    monkeypatch.setattr(ahead, "TOLD_FOUND", 5)
    engine = StandIn(folder / "bin")
    cold, warm = Heard(), Heard()
    _run(folder, engine, cold, "cold", folder / "cache")
    before = [rendered for done, rendered, _ in cold.told if done == 0]
    assert len(before) > 3, "also before the first commit is judged"
    assert before == sorted(before)
    assert (before[0] < COMMITS, before[-1]) == (True, COMMITS)
    _run(folder, engine, warm, "warm", folder / "cache")
    assert [(r, f) for _, r, f in warm.told] == [(0, 5), (0, 10), (0, 15), (0, 20), (0, COMMITS)]


def test_who_listens_makes_no_difference(folder: Path) -> None:
    engine = StandIn(folder / "bin")
    for name in ("one", "two"):
        _run(folder, engine, Heard(), name)
    one, two = (
        {p.relative_to(folder / name): p.read_bytes() for p in sorted((folder / name).rglob("*")) if p.is_file()}
        for name in ("one", "two")
    )
    assert one == two


@pytest.mark.parametrize("least", [0, 1000], ids=["read ahead", "in turn"])
def test_a_run_that_ends_while_it_is_told_ends_its_engines(
    folder: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    monkeypatch.setattr(ahead, "WORTHWHILE_PLANNED", least)
    engine = StandIn(folder / "bin", fault="time.sleep(0 if engine_is_first else 600)")
    text = engine.path.read_text("utf-8")
    first = "engine_is_first = len(open(here.with_suffix('.calls')).readlines()) <= 1\n"
    engine.path.write_text(text.replace("folder =", first + "folder ="), "utf-8")
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        _run(folder, engine, Heard(stop_at=1), "evidence")
    assert time.monotonic() - begin < 60


def test_an_unexpected_exception_of_the_reading_process_is_told_without_its_text(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise TypeError("hunter2")

    monkeypatch.setattr(ahead, "WORTHWHILE_PLANNED", 0)
    monkeypatch.setattr(ahead, "TreeUnits", broken)
    with pytest.raises(FaultError) as caught:
        _run(folder, StandIn(folder / "bin"), Heard(), "evidence")
    assert caught.value.code == "internal"
    assert str(caught.value).startswith("error[internal] generator/pipeline/ahead.py:")
    assert ": TypeError (" in str(caught.value)
    told = capfd.readouterr()
    assert "hunter2" not in str(caught.value) + told.err + told.out
    monkeypatch.setenv("ASSAY_TRACEBACK", "1")
    with pytest.raises(FaultError):
        _run(folder, StandIn(folder / "bin"), Heard(), "again")
    assert "hunter2" in capfd.readouterr().err
