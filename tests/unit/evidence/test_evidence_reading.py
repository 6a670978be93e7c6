from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.values import replay

from generator.errors import AssayError
from generator.evidence.reading import Evidence
from generator.evidence.summarising import short_version

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_without_evidence_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="no evidence folder"):
        Evidence(tmp_path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    folder = replay(tmp_path, ["p/a=A"]).folder
    path = folder / "summary.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": "assay-evidence/9"}))
    with pytest.raises(AssayError, match="assay-evidence/9"):
        Evidence(folder)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    folder = replay(tmp_path, ["p/a=A", "p/a=B"]).folder
    with (folder / "deployments.jsonl").open("a") as file:
        file.write('{"id": 1}\n')
    with pytest.raises(AssayError, match=r"deployments\.jsonl:3"):
        list(Evidence(folder).deployments())


def test_an_object_that_is_not_next_is_refused(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/a=A", "p/a=B", "p/a=C"])
    with pytest.raises(AssayError, match="not where the deployments expect it"):
        found.evidence.topologies("production").advance(found.of("production")[2].digest)


def test_a_walk_tells_what_came_and_what_went(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/a=A p/b=A", "p/a=B", "p/a=B #same"])
    first, second, third = (d.digest for d in found.of("production"))
    walk = found.evidence.topologies("production")
    came, gone = walk.advance(first)
    assert (sorted(came), sorted(gone)) == (["c a", "c b"], [])
    came, gone = walk.advance(second)
    assert (sorted(came), sorted(gone)) == (["c a"], ["c a", "c b"])
    assert walk.advance(third) == ({}, {})
    assert sorted(walk.entries) == ["c a"]


def test_a_long_history_is_walked_over_whole_lists(tmp_path: Path) -> None:
    found = replay(tmp_path, [f"p/a={n} p/b=A" for n in range(300)])
    walk = found.evidence.topologies("production")
    components = found.evidence.components()
    for number, deployment in enumerate(found.of("production")):
        walk.advance(deployment.digest)
        fields = components[walk.entries["c a"].component].fields
        assert fields == (("artifact", "image", str(number)),)
        assert "c b" in walk.entries


def test_evidence_is_never_written_over(tmp_path: Path) -> None:
    replay(tmp_path / "one", ["p/a=A"])
    (tmp_path / "two" / "evidence").mkdir(parents=True)
    with pytest.raises(AssayError, match="error"):
        replay(tmp_path / "two", ["p/a=A"])


@pytest.mark.parametrize(
    ("artifact", "version"),
    [
        ("registry:5000/shop/cart:1.9.2", "1.9.2"),
        ("shop/cart", "cart"),
        ("registry:5000/cart", "cart"),
        (f"shop/cart:{'ab' * 20}", "abababababab"),
        (f"shop/cart@sha256:{'0123456789ab' * 5}0123", "0123456789ab"),
        (f"shop/cart:1.2@sha256:{'0123456789ab' * 5}0123", "1.2"),
        ("1.10", "1.10"),
    ],
)
def test_what_people_call_a_version(artifact: str, version: str) -> None:
    assert short_version(artifact) == version
