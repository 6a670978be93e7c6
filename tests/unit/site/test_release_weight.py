"""A release page stays light, whatever the release: it folds, and counts what it leaves out."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from support.replay import gathered, write_trees

from generator.site.build import build_site
from generator.site.release_limits import LEVELS

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 60_000
"""Bytes of a page, its frame included."""
MANY = 500
CONFIG = """\
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
"""
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, labels: {{app: {name}}}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - name: main
          image: registry.example/shop/{name}:{version}
          env: [{{name: PEER, value: "http://{peer}"}}, {{name: LIMIT, value: "{limit}"}}]
---
"""


def manifests(environment: str, number: int) -> dict[str, str]:
    """Return the files of 500 deployments, each with a version and a setting of its own."""
    texts = []
    for at in range(MANY):
        name = f"component-with-a-rather-long-name-{at:03}"
        limit = f"{environment if at % 3 == 0 else 'same'}-{number}-" + "x" * 150
        texts.append(
            MANIFEST.format(
                name=name,
                replicas=1 + number,
                version=f"{number}.{at}.0",
                peer=f"component-with-a-rather-long-name-{(at + 1) % MANY:03}",
                limit=limit,
            )
        )
    return {f"{environment}/all.yaml": "".join(texts)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a history in which 500 components come at once, move at once, and wait to move once more."""
    folder = tmp_path_factory.mktemp("bulk")
    steps = [("1", "1"), ("2", "1"), ("2", "2"), ("3", "2")]
    trees = [
        manifests("staging", int(staging)) | manifests("production", int(production)) for staging, production in steps
    ]
    found = gathered(write_trees(folder / "repository", trees), folder / "evidence", CONFIG)
    assert [d.bulk for d in found.of("production")] == [False, True]
    build_site(found.folder, folder / "site")
    return folder / "site"


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<wbr>|<[^>]+>", lambda m: "" if m[0] == "<wbr>" else " ", html)).split())


def test_pages_of_a_release_of_500_components_are_light(site: Path) -> None:
    pages = [*(site / "releases").glob("production-*.html"), site / "releases" / "next-production.html"]
    assert len(pages) == 3
    assert {page.name: page.stat().st_size for page in pages if page.stat().st_size > LARGEST} == {}


@pytest.mark.parametrize("name", ["production-2", "next-production"])
def test_what_is_left_out_is_counted_with_its_place(site: Path, name: str) -> None:
    html = (site / "releases" / f"{name}.html").read_text("utf-8")
    told = plain(html)
    left = re.search(r"([\d,]+) more changes stand in the evidence: (\S+)", told)
    assert left
    assert int(left[1].replace(",", "")) > MANY
    assert re.search(r"line \d+", told) or name.startswith("next")
    assert re.search(r'more changes stand in the evidence: <a href="\.\./evidence/[^"]+"', html)


def test_each_level_holds_less_than_the_one_before() -> None:
    for level, leaner in pairwise(LEVELS):
        assert all(less <= more for less, more in zip(leaner, level, strict=True))
        assert leaner.changes < level.changes
