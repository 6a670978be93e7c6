"""Row 52: a flipped bit in what is kept between runs costs time, and never a byte of the site."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from reproducible.comparing import contents
from support.command import assay
from support.manifests import CONFIG, deployment
from support.replay import write_trees

from generator.evidence.site_json import SITE, SITE_FORMAT, SiteManifest, site_text
from generator.site.carrying import Carrying

if TYPE_CHECKING:
    from pathlib import Path

TREES = [
    {"assay.yaml": CONFIG, **{f"deploy/{name}.yaml": deployment(name, f"shop/{name}:{n}") for name in ("web", "api")}}
    for n in (1, 2, 3, 4)
]
PAGES = {f"releases/{name}.html": f"<p>{name}</p>".encode() for name in ("production-1", "production-2", "a")}


def _flip(path: Path, place: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)


def test_a_flip_in_each_byte_of_what_pages_were_drawn_from(tmp_path: Path) -> None:
    """A page comes over as it was, or is drawn again: no flipped bit makes one stand for another."""
    site, memory = tmp_path / "site", tmp_path / "pages" / "one.keys"
    for name, data in PAGES.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in PAGES.items()}
    (site / SITE).write_bytes(site_text(SiteManifest(SITE_FORMAT, "1", "", digests)))
    first = Carrying(None, memory)
    for name, data in PAGES.items():
        assert not first.holds(name, data, target=tmp_path / "unused")
    first.keep(site, hashlib.sha256((site / SITE).read_bytes()).hexdigest())
    sound, target, carried = memory.read_bytes(), tmp_path / "page", 0
    for place in range(len(sound)):
        memory.write_bytes(sound)
        _flip(memory, place, place % 8)
        again = Carrying(site, memory)
        for name, data in PAGES.items():
            if again.holds(name, data, target=target):
                carried += 1
                again.finish()
                assert target.read_bytes() == data
                target.unlink()
            assert not again.holds(name, data + b" changed", target=target)
    assert 0 < carried < len(sound) * len(PAGES)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a site, its cache, and beside it the site that the next commit gives."""
    folder = tmp_path_factory.mktemp("kept")
    repository = write_trees(folder / "repository", TREES)
    _build(repository, folder / "now", "HEAD~1")
    shutil.copytree(folder / "now", folder / "next", copy_function=shutil.copy2)
    found = _build(repository, folder / "next", "HEAD")
    assert found["after"], "the run went on where the last one had ended"
    assert found["carried"], "pages came over"
    return folder


def _build(repository: Path, place: Path, ref: str) -> dict[str, object]:
    options = ("--ref", ref, "--output", place / "site", "--cache", place / "cache", "--json")
    done = assay("build", "--repo", repository, *options)
    assert (done.exit_code, done.stderr) == (0, "")
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("kind", "what"), [("*.state", "after"), ("*.keys", "carried")])
def test_a_flipped_bit_gives_the_same_site(kind: str, what: str, kept: Path, tmp_path: Path) -> None:
    shutil.copytree(kept / "now", tmp_path / "now", copy_function=shutil.copy2)
    (path,) = (tmp_path / "now" / "cache").rglob(kind)
    _flip(path, 20, 3)
    found = _build(kept / "repository", tmp_path / "now", "HEAD")
    assert not found[what], "nothing of it was taken"
    assert contents(tmp_path / "now" / "site") == contents(kept / "next" / "site")
