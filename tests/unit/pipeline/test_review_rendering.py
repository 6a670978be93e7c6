"""The same commits give the same bytes, however they are read and whatever is kept of former runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from support.engines import FAILS, StandIn
from support.manifests import deployment
from support.replay import gathered, write_trees

from generator.pipeline import ahead

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """environments:
  staging: {path: [deploy/staging, old/staging], reader: kustomize}
  production: {path: deploy/production, reader: kustomize, upstream: staging, production: true}
"""


def _tree(staging: int, production: int, *, broken: bool = False, moved: bool = True) -> dict[str, str | bytes]:
    home = "deploy" if moved else "old"
    kustomization = "resources: [a.yaml]\n"
    return {
        f"{home}/staging/kustomization.yaml": kustomization,
        f"{home}/staging/a.yaml": deployment("api", f"shop/api:{staging}") + ("# fail\n" if broken else ""),
        "deploy/production/kustomization.yaml": kustomization,
        "deploy/production/a.yaml": deployment("api", f"shop/api:{production}"),
    }


TREES = [
    _tree(1, 1, moved=False),
    _tree(2, 1, moved=False),
    _tree(2, 1),
    _tree(3, 2),
    _tree(3, 2, broken=True),
    _tree(3, 3),
    _tree(4, 3) | {"deploy/staging/b/kustomization.yaml": "resources: []\n"},
    _tree(3, 1),
    _tree(4, 4),
]


def _bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_trees(tmp_path / "r", TREES)


@pytest.fixture
def engine(tmp_path: Path) -> StandIn:
    return StandIn(tmp_path / "bin", fault=FAILS)


@pytest.mark.parametrize(
    "settings",
    [{"CHUNK": 1}, {"MOST_PLANNED": 1}, {"WORTHWHILE_PLANNED": 0}, {"WORTHWHILE_PLANNED": 0, "CHUNK": 1}],
)
def test_the_size_of_batches_and_processes_make_no_difference(
    repository: Path, engine: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, int]
) -> None:
    plain = gathered(repository, tmp_path / "plain", CONFIG, engines=engine.named)
    for name, value in settings.items():
        monkeypatch.setattr(ahead, name, value)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    other = gathered(repository, tmp_path / "other", CONFIG, engines=engine.named)
    assert _bytes(plain.folder) == _bytes(other.folder)
    assert plain.kinds("staging")[:3] == ["initial", "forward", "redeploy"]


def test_what_is_kept_makes_no_difference(repository: Path, engine: StandIn, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    runs = [
        gathered(repository, tmp_path / name, CONFIG, engines=engine.named, cache=kept)
        for name, kept in (("none", None), ("cold", cache), ("warm", cache))
    ]
    assert runs[2].outcome.renderings["rendered"] == 0
    assert _bytes(runs[0].folder) == _bytes(runs[1].folder) == _bytes(runs[2].folder)
