"""The past goes on from the former report: the same files from any cut, by taking in new deployments alone."""

from __future__ import annotations

import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import pytest
from support.fleets import fleet_trees
from support.past_scripts import script_data
from support.replay import gathered, write_trees
from unit.site.past.test_past_history import CONFIG, TREES, written
from unit.site.synthetic import write_evidence

from generator.errors import RefusedError
from generator.evidence import folding
from generator.evidence.folding import Folds
from generator.evidence.reading import DEPLOYMENTS, SUMMARY, Evidence
from generator.evidence.summary import Summary
from generator.site.past.environment import EnvironmentPast
from generator.site.past.history import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BASE = b"settings"


@pytest.fixture(scope="module")
def fleet_evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return evidence in which production has some versions before staging."""
    folder = tmp_path_factory.mktemp("fleet")
    trees = [{path: text.encode() for path, text in tree.items()} for tree in fleet_trees(90)]
    for number in range(20, 80, 15):
        for tree in trees[number:]:
            tree["tags/production/app-2"] = b"image_tag: hot%d\n" % number
        for tree in trees[number + 6 :]:
            tree["tags/staging/app-2"] = b"image_tag: hot%d\n" % number
    repository = write_trees(folder / "repository", trees)
    return gathered(repository, folder / "evidence", trees[0]["assay.yaml"].decode()).evidence.folder


@pytest.fixture(scope="module")
def small_evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    return gathered(write_trees(folder / "repository", TREES), folder / "evidence", CONFIG).evidence.folder


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "RENEW", 1)
    monkeypatch.setattr("generator.site.past.shard.MOST_DEPLOYMENTS", 7)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of the deployments that were taken in since the list was last cleared."""
    found: list[str] = []
    take: Callable[..., None] = EnvironmentPast.take

    def noted(past: EnvironmentPast, record: object, *others: object) -> None:
        found.append(getattr(record, "id", ""))
        take(past, record, *others)

    monkeypatch.setattr(EnvironmentPast, "take", noted)
    return found


def cut(evidence: Path, lines: int, folder: Path) -> Evidence:
    """Return `evidence` as it was after its first deployments."""
    shutil.copytree(evidence, folder)
    text = (evidence / DEPLOYMENTS).read_bytes().splitlines(keepends=True)
    (folder / DEPLOYMENTS).write_bytes(b"".join(text[:lines]))
    return Evidence(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.js")}


def published(evidence: Evidence, site: Path, memory: Path, former: Path | None = None) -> dict[str, bytes]:
    folds = Folds(evidence, memory, BASE, former)
    found = contents(written(evidence, site, folds))
    folds.keep()
    return found


@pytest.mark.parametrize("name", ["fleet_evidence", "small_evidence", "shop_evidence"])
def test_from_any_cut_the_files_are_those_of_a_whole_run(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, taken: list[str]
) -> None:
    evidence: Path = request.getfixturevalue(name)
    total = len((evidence / DEPLOYMENTS).read_bytes().splitlines())
    whole = contents(written(Evidence(evidence), tmp_path / "whole"))
    former = published(cut(evidence, 0, tmp_path / "e0"), tmp_path / "0", tmp_path / "memory")
    steps = [*range(0, total, max(1, total // 25)), total]
    for before, lines in pairwise(steps):
        at = cut(evidence, lines, tmp_path / f"e{lines}")
        taken.clear()
        site = tmp_path / str(lines)
        former = published(at, site, tmp_path / "memory", tmp_path / str(before))
        # What never was kept has nothing to go on from.
        assert len(taken) == lines - before
        assert former == contents(written(at, tmp_path / f"anew{lines}"))
    assert former == whole


def test_what_the_upstream_had_only_later_is_told_by_the_index(fleet_evidence: Path, tmp_path: Path) -> None:
    folder = written(Evidence(fleet_evidence), tmp_path)
    late = script_data(folder / "production" / "index.js")["late"]
    assert {value for _component, _field, value, _index in late} >= {"hot20", "hot35", "hot50"}
    assert "late" not in script_data(folder / "staging" / "index.js")


def test_full_shards_are_those_of_the_former_site(fleet_evidence: Path, tmp_path: Path) -> None:
    evidence = Evidence(fleet_evidence)
    published(evidence, tmp_path / "one", tmp_path / "memory")
    published(evidence, tmp_path / "other", tmp_path / "memory", tmp_path / "one")
    shards = sorted((tmp_path / "one" / FOLDER / "production").glob("[0-9]*.js"), key=lambda path: int(path.stem))
    same = [path.samefile(tmp_path / "other" / path.relative_to(tmp_path / "one")) for path in shards]
    assert len(same) > 3
    assert same == [*[True] * (len(same) - 1), False]


def spoil_shard(evidence: Path, site: Path) -> None:
    del evidence
    path = site / FOLDER / "production" / "0.js"
    path.write_bytes(path.read_bytes() + b"\n")


def change_teams(evidence: Path, site: Path) -> None:
    del site
    summary = msgspec.json.decode((evidence / SUMMARY).read_bytes(), type=Summary)
    environments = [
        msgspec.structs.replace(env, cells=tuple(msgspec.structs.replace(cell, team="them") for cell in env.cells))
        for env in summary.environments
    ]
    changed = msgspec.structs.replace(summary, environments=tuple(environments))
    (evidence / SUMMARY).write_bytes(msgspec.json.encode(changed))


@pytest.mark.parametrize("spoil", [spoil_shard, change_teams])
def test_what_is_not_what_it_was_is_begun_anew(
    spoil: Callable[[Path, Path], None], tmp_path: Path, taken: list[str]
) -> None:
    evidence = write_evidence(tmp_path / "evidence", 40)
    published(Evidence(evidence), tmp_path / "one", tmp_path / "memory")
    spoil(evidence, tmp_path / "one")
    one = contents(tmp_path / "one")
    taken.clear()
    found = published(Evidence(evidence), tmp_path / "other", tmp_path / "memory", tmp_path / "one")
    assert len(taken) == len(list(Evidence(evidence).deployments()))
    assert found == contents(written(Evidence(evidence), tmp_path / "whole"))
    # Files that both sites share were replaced, not written into.
    assert contents(tmp_path / "one") == one


def test_topologies_that_are_not_those_of_the_deployments_are_refused(tmp_path: Path) -> None:
    evidence = write_evidence(tmp_path / "evidence", 40)
    published(Evidence(evidence), tmp_path / "one", tmp_path / "memory")
    path = evidence / "objects/topology/production.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], *lines]))
    with pytest.raises(RefusedError):
        published(Evidence(evidence), tmp_path / "other", tmp_path / "memory", tmp_path / "one")
