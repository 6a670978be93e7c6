"""Earlier bundles in the archive of a site: what is kept is what was published, and the chain never breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.manifests import CONFIG, deployment
from support.replay import START, Silent, write_trees

from generator.errors import RefusedError
from generator.evidence.chain import read_chain
from generator.evidence.verifying.bundle import verify_bundle
from generator.pipeline.building import build
from generator.pipeline.keeping import archive_of
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.retention import Keep

DAY = 86_400
MOMENTS = (START + DAY, START + 2 * DAY, START + 40 * DAY, START + 500 * DAY)
"""In January twice, in February, and over a year later."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_trees(tmp_path_factory.mktemp("keeping") / "repository", [{"deploy/api.yaml": deployment()}])


def built(repository: Path, site: Path, as_of: int, keep: Keep) -> None:
    config = site.with_name("assay.yaml")
    config.write_text(CONFIG)
    previous = site / "evidence" if site.exists() else None
    build(Request(repository, config, as_of=as_of, previous=previous, keep=keep), site, Silent(), float)


def kept(site: Path) -> list[str]:
    return sorted(path.name for path in (site / "archive").iterdir()) if (site / "archive").exists() else []


def test_a_year_keeps_the_last_of_each_month_before(repository: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    published = {}
    for number, moment in enumerate(MOMENTS, 1):
        built(repository, site, moment, "year")
        evidence = site / "evidence"
        published[str(number)] = {
            path.relative_to(evidence).as_posix(): path.read_bytes() for path in evidence.rglob("*") if path.is_file()
        }
    assert kept(site) == ["2", "3"]
    for name in kept(site):
        folder = site / "archive" / name
        now = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert now == published[name]
    page = (site / "downloads.html").read_text("utf-8")
    assert "archive/2/manifest.json" in page
    assert "archive/1/" not in page
    assert [link.sequence for link in read_chain(site / "evidence")] == [1, 2, 3]
    assert verify_bundle(site).mismatches == ()
    built(repository, site, MOMENTS[-1], "year")
    assert kept(site) == ["2", "3"], "the same once more takes the place of the same"
    built(repository, site, MOMENTS[-1] + DAY, "manifests")
    assert kept(site) == []
    assert [link.sequence for link in read_chain(site / "evidence")] == [1, 2, 3, 4]
    assert verify_bundle(site).mismatches == ()


def test_all_keeps_all_and_a_changed_one_is_not_carried(repository: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    for moment in MOMENTS[:3]:
        built(repository, site, moment, "all")
    assert kept(site) == ["1", "2"]
    manifest = site / "archive" / "1" / "manifest.json"
    text = manifest.read_bytes()
    manifest.unlink()
    manifest.write_bytes(text.replace(b"assay-evidence/1", b"assay-evidence/9"))
    assert any(one.path == "archive/1/manifest.json" for one in verify_bundle(site).mismatches)
    before = (site / "evidence" / "manifest.json").read_bytes()
    with pytest.raises(RefusedError, match="not bundle 1 of the chain"):
        built(repository, site, MOMENTS[3], "all")
    assert (site / "evidence" / "manifest.json").read_bytes() == before


def test_a_link_in_the_archive_is_not_followed(repository: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    for moment in MOMENTS[:2]:
        built(repository, site, moment, "all")
    (site / "archive" / "1" / "link").symlink_to("/etc/passwd")
    with pytest.raises(RefusedError, match="never followed"):
        built(repository, site, MOMENTS[2], "all")


def test_without_a_bundle_before_nothing_is_kept(repository: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    built(repository, site, MOMENTS[0], "all")
    assert kept(site) == []
    assert archive_of(site / "evidence", None, "all", "").bundles == ()
