"""What a run was given is named by its content, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.pipeline.inputs import inputs_of
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.manifest import Inputs


def _given(place: Path, text: str = "1") -> Inputs:
    for name in ("results", "records", "live"):
        (place / name / "inner").mkdir(parents=True)
        (place / name / "inner" / "a.json").write_text(text)
        (place / name / "b.json").write_text("b")
    (place / "key").write_text("key")
    (place / "snapshot.yaml").write_text(text)
    request = Request(
        place,
        results=place / "results",
        records=place / "records",
        live={"production": place / "snapshot.yaml", "staging": place / "live"},
        keys=(place / "key",),
        limit=7,
        allow_shallow=True,
    )
    return inputs_of(request, "main", "c" * 40, "2026-01-01T00:00:00Z", {"shop": "d" * 64})


def test_the_same_content_elsewhere_is_the_same_input(tmp_path: Path) -> None:
    one = _given(tmp_path / "one")
    assert one == _given(tmp_path / "another place")
    assert str(tmp_path) not in repr(one)
    assert (one.ref, one.commit, one.limit, one.allow_shallow) == ("main", "c" * 40, 7, True)
    assert (one.application, len(one.keys)) == ({"shop": "d" * 64}, 1)


def test_other_content_is_another_input(tmp_path: Path) -> None:
    one, other = _given(tmp_path / "one"), _given(tmp_path / "other", "2")
    assert one.results != other.results
    assert one.records != other.records
    assert all(one.live[name] != other.live[name] for name in ("production", "staging"))
    assert one.keys == other.keys


def test_a_name_counts_and_a_link_does_not(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("1")
    before = inputs_of(Request(tmp_path, results=tmp_path / "a"), "", "", "", {}).results
    (tmp_path / "a" / "link").symlink_to(tmp_path / "a" / "x")
    assert inputs_of(Request(tmp_path, results=tmp_path / "a"), "", "", "", {}).results == before
    (tmp_path / "a" / "x").rename(tmp_path / "a" / "y")
    assert inputs_of(Request(tmp_path, results=tmp_path / "a"), "", "", "", {}).results != before


def test_nothing_given_is_nothing(tmp_path: Path) -> None:
    found = inputs_of(Request(tmp_path), "HEAD", "c" * 40, "", {})
    assert (found.results, found.records, found.live, found.application, found.keys) == ("", "", {}, {}, ())
