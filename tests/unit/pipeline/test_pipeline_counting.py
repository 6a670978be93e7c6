"""Counts that add up: read, left out by a rule, unreadable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.manifests import deployment
from support.replay import gathered, write_trees

from generator.evidence.manifest import Counted, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
declarations: [.assay/*.yaml]
"""
API = deployment()
TEMPLATE = "kind: Deployment\nmetadata: {{ toYaml .Values.metadata }}\n"
BROKEN = "kind: [\n"


def _counts(tmp_path: Path, *trees: dict[str, str], limit: int | None = None) -> dict[str, Counted]:
    write_trees(tmp_path / "repository", trees)
    found = gathered(tmp_path / "repository", tmp_path / "evidence", CONFIG, limit=limit)
    counts = read_manifest(found.folder).counts
    assert all(count.adds_up for count in counts.values())
    assert counts["deployments"].all == len(found.deployments)
    return counts


def test_commits_are_read_or_left_out_by_a_rule(tmp_path: Path) -> None:
    first = {"staging/a.yaml": API}
    told = first | {".assay/said.yaml": "waivers: []\n"}
    counts = _counts(tmp_path, {"README": "1"}, {"README": "2"}, first, told)
    assert counts["commits"] == Counted(4, 1, {"no path of the model": 2, "declarations alone": 1}, 0)


def test_a_limit_leaves_out_older_commits(tmp_path: Path) -> None:
    trees = [{"staging/a.yaml": deployment(image=f"shop/api:{n}")} for n in range(5)]
    assert _counts(tmp_path, *trees, limit=2)["commits"] == Counted(5, 2, {"older than --limit": 3}, 0)


def test_each_content_is_one_file(tmp_path: Path) -> None:
    later = deployment(image="shop/api:2")
    counts = _counts(tmp_path, {"staging/a.yaml": API}, {"staging/a.yaml": later, "production/a.yaml": API})
    assert counts["files"] == Counted(2, 2, {}, 0)
    assert counts["deployments"] == Counted(3, 3, {}, 0)


def test_what_is_no_manifest_yet_is_left_out_and_what_is_broken_is_unreadable(tmp_path: Path) -> None:
    good, later = {"staging/a.yaml": API}, {"staging/a.yaml": deployment(image="shop/api:2")}
    counts = _counts(tmp_path, good, good | {"staging/t.yaml": TEMPLATE}, later | {"staging/b.yaml": BROKEN})
    assert counts["files"] == Counted(4, 2, {"template, not rendered here": 1}, 1)
    assert counts["deployments"].unreadable == 1
