"""What can be found of one more release is written as if all of it were gathered anew."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from unit.site.synthetic import write_evidence

from generator.evidence import folding
from generator.evidence.folding import Folds
from generator.evidence.reading import DEPLOYMENTS, Evidence
from generator.site.context import Context
from generator.site.finding import shards, write
from generator.site.finding.entries import SHARD
from generator.site.finding.indexing import FOLDER
from generator.site.finding.release_table import DATA_FILE
from generator.site.index import Index
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.records import DeploymentRecord

RELEASES = 90


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "RENEW", 1)
    monkeypatch.setattr(shards, "LEAST", 300)
    monkeypatch.setattr(shards, "LARGEST", 600)
    monkeypatch.setattr(shards, "FIT", 4)


class Shop(NamedTuple):
    evidence: Path
    lines: list[bytes]
    """Of its deployments."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    evidence = write_evidence(tmp_path_factory.mktemp("shop") / "evidence", RELEASES, hostile=True)
    return Shop(evidence, (evidence / DEPLOYMENTS).read_bytes().splitlines(keepends=True))


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the lines that folds take in."""
    seen: list[int] = []
    take = write._Finding.take  # noqa: SLF001 - to see what it is given

    def noted(self: write._Finding, line: int, record: DeploymentRecord) -> None:
        seen.append(line)
        take(self, line, record)

    monkeypatch.setattr(write._Finding, "take", noted)  # noqa: SLF001
    return seen


def written(shop: Shop, lines: list[bytes], site: Path, memory: Path | None = None, former: Path | None = None) -> None:
    """Write what can be found of these deployments into `site`."""
    work = site.with_name(f"{site.name}-evidence")
    shutil.copytree(shop.evidence, work)
    (work / DEPLOYMENTS).write_bytes(b"".join(lines))
    bundle = Evidence(work)
    folds = Folds(bundle, memory, b"", former)
    context = Context(bundle, bundle.components(), Index(), Calendar(bundle.summary.as_of), {}, (), folds)
    write.write_finding(context, site)
    assert folds.known.keys() == {f"{FOLDER}/{path.name}" for path in (site / FOLDER).iterdir()}
    folds.keep()


def files(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*.js")}


@pytest.fixture(scope="module")
def whole(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "LEAST", 300)
        patch.setattr(shards, "LARGEST", 600)
        patch.setattr(shards, "FIT", 4)
        site = tmp_path_factory.mktemp("whole") / "site"
        written(shop, shop.lines, site)
    found = files(site)
    assert len(found) > 40
    return found


@pytest.mark.parametrize("cut", [0, 1, 2, SHARD - 1, SHARD, SHARD + 1, 150, 2 * SHARD + 40, -SHARD, -2, -1, None])
def test_one_more_from_any_cut_gives_the_same_files(
    cut: int | None, shop: Shop, whole: dict[str, bytes], taken: list[int], tmp_path: Path
) -> None:
    before = shop.lines[:cut]
    written(shop, before, tmp_path / "one", tmp_path / "m")
    assert len(taken) == len(before)
    written(shop, shop.lines, tmp_path / "two", tmp_path / "m", tmp_path / "one")
    assert taken == [*range(1, len(shop.lines) + 1)]
    assert files(tmp_path / "two") == whole


@pytest.mark.parametrize("renew", [1, 10, 1000])
def test_many_times_one_more_gives_the_same_files_and_leaves_the_former_ones_alone(
    renew: int,
    shop: Shop,
    whole: dict[str, bytes],
    taken: list[int],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(folding, "RENEW", renew)
    former, held = None, {}
    for run, cut in enumerate((60, 61, 70, 133, 134, 150, len(shop.lines) - 1, len(shop.lines))):
        written(shop, shop.lines[:cut], tmp_path / str(run), tmp_path / "m", former)
        if former is not None:
            assert files(former) == held
        former = tmp_path / str(run)
        held = files(former)
    assert held == whole
    assert len(taken) == len(shop.lines) if renew == 1 else len(shop.lines) < len(taken) < 4 * len(shop.lines)


def test_full_shards_are_carried_and_not_written(shop: Shop, whole: dict[str, bytes], tmp_path: Path) -> None:
    written(shop, shop.lines[:-1], tmp_path / "one", tmp_path / "m")
    written(shop, shop.lines, tmp_path / "two", tmp_path / "m", tmp_path / "one")
    same = [path for path in whole if (tmp_path / "two" / path).stat().st_nlink == 2]
    assert f"{FOLDER}/r0.js" in same
    assert f"{FOLDER}/d0.js" in same
    assert len(same) > len(whole) / 2
    assert DATA_FILE not in same


@pytest.mark.parametrize("name", ["r0.js", "d0.js"])
@pytest.mark.parametrize("damage", ["gone", "other", "site"])
def test_where_a_full_shard_is_not_what_it_was_all_is_gathered_anew(
    name: str,
    damage: str,
    shop: Shop,
    whole: dict[str, bytes],
    taken: list[int],
    tmp_path: Path,
) -> None:
    written(shop, shop.lines[:-1], tmp_path / "one", tmp_path / "m")
    path = tmp_path / "one" / FOLDER / name
    if damage == "gone":
        path.unlink()
    elif damage == "other":
        path.write_bytes(path.read_bytes() + b"\n")
    left = files(tmp_path / "one")
    taken.clear()
    written(shop, shop.lines, tmp_path / "two", tmp_path / "m", None if damage == "site" else tmp_path / "one")
    assert len(taken) == len(shop.lines)
    assert files(tmp_path / "two") == whole
    assert files(tmp_path / "one") == left


def test_other_shards_are_written_where_the_former_site_has_them_no_more(
    shop: Shop, whole: dict[str, bytes], taken: list[int], tmp_path: Path
) -> None:
    written(shop, shop.lines[:-1], tmp_path / "one", tmp_path / "m")
    for path in (tmp_path / "one" / FOLDER).glob("[tivc]*.js"):
        path.write_bytes(b"")
    taken.clear()
    written(shop, shop.lines, tmp_path / "two", tmp_path / "m", tmp_path / "one")
    assert taken == [len(shop.lines)]
    assert files(tmp_path / "two") == whole


def test_a_component_that_came_with_no_change_is_found_last(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class More(Context):
        @property
        def component_pages(self) -> set[str]:
            return {*super().component_pages, "aaa-silent"}

    monkeypatch.setattr(f"{__name__}.Context", More)
    written(shop, shop.lines, tmp_path / "whole")
    written(shop, shop.lines[:-1], tmp_path / "one", tmp_path / "m")
    written(shop, shop.lines, tmp_path / "two", tmp_path / "m", tmp_path / "one")
    assert files(tmp_path / "two") == files(tmp_path / "whole")
    assert b"aaa-silent" in b"".join(files(tmp_path / "two").values())
