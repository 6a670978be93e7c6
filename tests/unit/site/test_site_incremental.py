"""One more release: its pages are written, all others come over, and the site is the one that a full build gives."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.fleets import fleet_trees
from support.plain_git import git
from support.replay import Silent, write_trees

from generator.evidence.reading import Evidence
from generator.pipeline import building
from generator.pipeline.building import build
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from generator.pipeline.request import Outcome

COMMITS = 160


@pytest.fixture(autouse=True)
def stocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pages of small sites linked from the beginning, too, as those of large ones are."""
    monkeypatch.setattr(building, "MANY", 0)


class Published(NamedTuple):
    """A site, and what the run that made it told."""

    site: Path
    outcome: Outcome


def publish(repository: Path, site: Path, commit: str, cache: Path | None) -> Published:
    """Publish the report of `commit` at `site`, after what stands there."""
    former = site / "evidence"
    request = Request(repository, ref=commit, cache=cache, previous=former if former.is_dir() else None)
    return Published(site, build(request, site, Silent(), lambda: 0.0))


def contents(site: Path) -> dict[str, bytes]:
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}


def places(site: Path) -> dict[str, int]:
    """Return the number of each page on the disk: that of one that came over stays."""
    return {p.relative_to(site).as_posix(): p.stat().st_ino for p in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_trees(tmp_path_factory.mktemp("incremental") / "fleet", fleet_trees(COMMITS))


@pytest.fixture(scope="module")
def chain(repository: Path) -> list[str]:
    return git(repository, "rev-list", "--first-parent", "--reverse", "HEAD").split()


def last_release(repository: Path, chain: list[str]) -> int:
    """Return the place of the newest commit that made a release."""
    found = git(repository, "log", "-1", "--format=%H", "HEAD", "--", "tags/production").strip()
    return chain.index(found)


@pytest.fixture(scope="module")
def sites(repository: Path, chain: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Return a site before the newest release, its cache, and a copy of the site for a full build."""
    folder = tmp_path_factory.mktemp("published")
    before = chain[last_release(repository, chain) - 1]
    publish(repository, folder / "site", before, folder / "cache")
    shutil.copytree(folder / "site", folder / "full")
    return folder / "site", folder / "cache", folder / "full"


def test_one_more_release_writes_its_pages_and_equals_a_full_build(
    repository: Path, chain: list[str], sites: tuple[Path, Path, Path]
) -> None:
    site, cache, other = sites
    release, before = chain[last_release(repository, chain)], places(site)
    quick = publish(repository, site, release, cache)
    full = publish(repository, other, release, None)
    assert contents(quick.site) == contents(full.site)
    assert quick.outcome.after == chain[last_release(repository, chain) - 1]
    after = places(site)
    stayed = {path for path, place in after.items() if before.get(path) == place}
    assert quick.outcome.carried == len(stayed)
    assert full.outcome.carried == 0
    releases = [record for record in Evidence(site / "evidence").deployments() if record.environment == "production"]
    newest = releases[-1]
    changed = {change.component for change in newest.changes}
    touched = {newest.id, releases[-2].id, *(change.culprit for change in newest.changes if change.culprit)}
    for component in changed:
        of_it = [record.id for record in releases if component in {change.component for change in record.changes}]
        touched.add(of_it[-2])
    written = {path for path in after if path.startswith("releases/production-") and path not in stayed}
    assert written == {f"releases/{identity}.html" for identity in touched}
    month = newest.commit.committed_at[:7]
    months = sorted({record.commit.committed_at[:7] for record in releases})
    assert month == months[-1]
    # The month before it names how many releases the newest has.
    redrawn = {path for path in after if path.startswith("releases/month-") and path not in stayed}
    assert redrawn == {f"releases/month-{name}.html" for name in months[-2:]}


OVER = (40, 41, 44, 47, 75, 76)
"""Commits whose reports are published over each other."""


@pytest.fixture(scope="module")
def fulls(
    repository: Path, chain: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[int, dict[str, bytes]]:
    """Return what the site of each commit of `OVER` has where nothing comes over."""
    site = tmp_path_factory.mktemp("fulls") / "full"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("generator.site.reached.OWN_PAGES", 4)
        return {commit: contents(publish(repository, site, chain[commit], None).site) for commit in OVER}


@pytest.mark.parametrize(("renew", "many"), [(1, 0), (512, 0), (512, 1 << 40)])
def test_sites_over_each_other_equal_full_builds(  # noqa: PLR0917 - fixtures
    renew: int,
    many: int,
    repository: Path,
    chain: list[str],
    fulls: Mapping[int, dict[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Old releases are taken back, digests come back, topologies lose their own pages, components rest for long.

    Whoever holds the files of a former site by links of their own keeps them as they are.
    """
    monkeypatch.setattr("generator.evidence.folding.RENEW", renew)
    monkeypatch.setattr("generator.site.reached.OWN_PAGES", 4)
    monkeypatch.setattr(building, "MANY", many)
    held: dict[Path, dict[str, bytes]] = {}
    for commit in OVER:
        if commit == 47:
            # As from the cache of a pipeline: the same files elsewhere on the disk.
            shutil.copytree(tmp_path / "site", tmp_path / "copy", copy_function=shutil.copy)
            shutil.rmtree(tmp_path / "site")
            (tmp_path / "copy").rename(tmp_path / "site")
        if commit > 40:
            (tmp_path / "site" / "releases" / "of-nobody.html").write_text("laid there by hand")
            (tmp_path / "site" / "releases" / "link.html").symlink_to("index.html")
            held[tmp_path / f"held-{commit}"] = contents(tmp_path / "site")
            shutil.copytree(tmp_path / "site", tmp_path / f"held-{commit}", copy_function=os.link, symlinks=True)
        quick = publish(repository, tmp_path / "site", chain[commit], tmp_path / "cache")
        assert contents(quick.site) == fulls[commit], commit
        assert (quick.outcome.carried > 10) == (commit > 40)
    for folder, files in held.items():
        assert contents(folder) == files


def test_a_site_of_another_line_of_history_keeps_no_page_without_a_key(
    repository: Path, chain: list[str], tmp_path: Path
) -> None:
    """Both lines begin with what the folds have kept; what the other line reached since must not stay."""
    last = last_release(repository, chain)
    publish(repository, tmp_path / "site", chain[last - 5], tmp_path / "cache")
    publish(repository, tmp_path / "site", chain[last], tmp_path / "cache")
    git(repository, "branch", "-f", "other", chain[last - 5])
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"), "other")
    for number in range(8):
        (tmp_path / "tree" / "tags" / "staging" / "app-1").write_text(f"image_tag: v{900 + number}\n")
        git(tmp_path / "tree", "commit", "-qam", "More deployments than the first line has, and no release")
    other = git(repository, "rev-parse", "other").strip()
    git(repository, "worktree", "remove", "--force", str(tmp_path / "tree"))
    quick = build(Request(repository, ref=other, cache=tmp_path / "cache"), tmp_path / "site", Silent(), lambda: 0.0)
    full = publish(repository, tmp_path / "full", other, None)
    assert contents(tmp_path / "site") == contents(full.site)
    assert quick.carried


def spoil_page(site: Path, cache: Path) -> None:
    del cache
    page = next(site.glob("releases/production-3.html"))
    page.write_bytes(page.read_bytes().replace(b"<h1", b"<h1 class='spoilt'"))


def spoil_list(site: Path, cache: Path) -> None:
    del cache
    (site / "site.json").write_bytes((site / "site.json").read_bytes().replace(b'"assay-site/1"', b'"assay-site/9"'))


def spoil_keys(site: Path, cache: Path) -> None:
    del site
    for kept in [path for path in (cache / "pages").rglob("*") if path.is_file()]:
        kept.write_bytes(kept.read_bytes()[:-7])


@pytest.mark.parametrize("spoil", [spoil_page, spoil_list, spoil_keys])
def test_a_page_that_is_not_what_its_site_says_is_drawn_again(
    spoil: Callable[[Path, Path], None], repository: Path, chain: list[str], tmp_path: Path
) -> None:
    publish(repository, tmp_path / "site", chain[30], tmp_path / "cache")
    shutil.copytree(tmp_path / "site", tmp_path / "full")
    spoil(tmp_path / "site", tmp_path / "cache")
    quick = publish(repository, tmp_path / "site", chain[31], tmp_path / "cache")
    full = publish(repository, tmp_path / "full", chain[31], None)
    assert contents(quick.site) == contents(full.site)
