from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.errors import RefusedError
from generator.evidence.redaction import (
    Erased,
    Redaction,
    fingerprint,
    lay_redactions,
    name_words,
    places_of,
    read_redactions,
)

if TYPE_CHECKING:
    from pathlib import Path


def gone(name: str, own: bytes = b"", bundle: str = "digest", number: int = 1) -> Redaction:
    return Redaction(f"redaction-{number}", "person", fingerprint(name_words(name), own, bundle), "r", "", 1, {})


@pytest.mark.parametrize("name", ["Priya Raman", "Will", "山田太郎", "Jean-Luc Picard", "🦊"])
def test_a_name_is_known_again_without_being_known(name: str) -> None:
    one = gone(name)
    assert name not in one.fingerprint
    erased = Erased([one], b"", {1: "digest"})
    assert erased.whole(name) == "[redacted redaction-1]"
    assert erased.whole("Somebody Else") is None
    if name != "🦊":
        assert erased.replaced(f"by {name}, or not") == "by [redacted redaction-1], or not"


def test_the_key_decides() -> None:
    own, public = gone("Priya Raman", b"key"), gone("Priya Raman")
    assert own.fingerprint.startswith("own:2:")
    assert public.fingerprint.startswith("bundle:2:")
    assert gone("Priya Raman", b"other").fingerprint != own.fingerprint
    assert Erased([public], b"", {1: "another bundle"}).whole("Priya Raman") is None


def test_without_the_key_it_is_refused_and_nothing_comes_back() -> None:
    with pytest.raises(RefusedError, match="without its key"):
        Erased([gone("Priya Raman", b"key")], b"", {1: "digest"})


def test_a_fingerprint_of_another_form_is_refused() -> None:
    with pytest.raises(RefusedError, match="no fingerprint"):
        Erased([Redaction("redaction-1", "person", "md5:1", "r", "", 1, {})], b"", {})


def test_places_are_counted_in_the_files_that_stand_there(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("[redacted redaction-1] [redacted redaction-1]\n[redacted redaction-2]\n")
    lay_redactions(tmp_path, [gone("A B"), gone("C D", number=2), gone("E F", number=3)])
    assert [one.places for one in read_redactions(tmp_path)] == [{"a.jsonl": 2}, {"a.jsonl": 1}, {}]
    assert places_of(tmp_path, ["a.jsonl", "redactions.jsonl"])["redaction-1"] == {"a.jsonl": 2}


def test_a_bundle_without_redactions_has_none(tmp_path: Path) -> None:
    assert read_redactions(tmp_path) == ()
    assert not Erased([], b"", {})
