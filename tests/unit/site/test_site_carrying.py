"""What was kept of the former site by another version of this code is left alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from generator.evidence.folding import Folds
from generator.evidence.reading import Evidence
from generator.evidence.site_json import SITE, SITE_FORMAT, SiteManifest, site_text
from generator.site.carrying import Carrying, Grounds, Kept

if TYPE_CHECKING:
    from pathlib import Path


def test_grounds_of_another_shape_are_none(shop_evidence: Path, tmp_path: Path) -> None:
    site, memory = tmp_path / "site", tmp_path / "pages.keys"
    site.mkdir()
    text = site_text(SiteManifest(SITE_FORMAT, "1", "", {"releases/one.html": "0"}))
    (site / SITE).write_bytes(text)
    folds = Folds(Evidence(shop_evidence))
    size, digest = folds.reach()
    known = Grounds(1, size, digest, b"records", (), b"", {})
    for grounds, follows in ((known, True), (["another", "shape"], False)):
        data = msgspec.msgpack.encode(grounds)
        kept = Kept(hashlib.sha256(text).hexdigest(), {}, b"", {}, (hashlib.sha256(data).digest(), data))
        memory.write_bytes(msgspec.msgpack.encode(kept))
        carrying = Carrying(site, memory)
        carrying.follow(folds, b"records")
        assert (carrying.grounds is not None) == follows
