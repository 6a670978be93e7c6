"""A bundle written once more: the same where nothing is erased, and without a name wherever that stood."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.people import write_people
from support.replay import gathered

from generator.errors import RefusedError
from generator.evidence.former import open_former
from generator.evidence.manifest import files_of, read_manifest, verify_manifest
from generator.evidence.people import People
from generator.evidence.redaction import Erased, Redaction, fingerprint, name_words
from generator.evidence.rewriting import rewrite

if TYPE_CHECKING:
    from pathlib import Path

CANARIES = ("Zyxilla Quormund", "Brannock Tewfik", "Dolphine Haverstraw", "Karensa Oduyale", "Tancred Vrboski")
WORD = st.text(st.characters(codec="utf-8", categories=["Ll", "Lu"]), min_size=1, max_size=8).map(lambda w: f"Qj{w}zk")
NAMES = st.one_of(WORD, st.lists(WORD, min_size=2, max_size=4).map(" ".join))


class Scattered(People):
    """Puts a name into the place of others, here and there."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__("names", bytes)
        self._name, self._random = name, Random(seed)  # noqa: S311 - where names are put is no secret
        self.put = 0

    def touches(self, text: bytes) -> bool:
        return any(canary.encode() in text for canary in CANARIES)

    def record(self, value: Any) -> Any:  # noqa: ANN401 - anything that JSON can hold
        if isinstance(value, dict):
            return {key: self.record(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.record(item) for item in value]
        for canary in CANARIES if isinstance(value, str) else ():
            if canary in value and self._random.random() < 0.7:
                value = value.replace(canary, self._name)
                self.put += 1
        return value


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rewriting")
    return gathered(write_people(folder / "repository"), folder / "evidence").folder


def erasing(name: str) -> People:
    words = name_words(name)
    gone = Redaction("redaction-1", "person", fingerprint(words, b"key", ""), "asked for", "", 1, {})
    return People("names", bytes, Erased([gone], b"key", {}))


def test_a_bundle_with_nothing_to_erase_is_written_as_it_is(bundle: Path, tmp_path: Path) -> None:
    rewrite(bundle, tmp_path / "again", People("names", bytes), read_manifest(bundle), None)
    assert read_manifest(tmp_path / "again") == read_manifest(bundle)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, seed=st.integers(0, 1000))
def test_after_it_no_file_has_the_name(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory, name: str, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("case")
    scattered = Scattered(name, seed)
    rewrite(bundle, folder / "with", scattered, read_manifest(bundle), None)
    text = "".join(path.read_text("utf-8") for path in files_of(folder / "with").values())
    assert (name in text) is bool(scattered.put)
    former = open_former(folder / "with")
    rewrite(former.folder, folder / "without", erasing(name), former.manifest, former)
    for path in files_of(folder / "without").values():
        assert name.casefold() not in path.read_text("utf-8").casefold(), path
    assert verify_manifest(folder / "without") == ()
    assert read_manifest(folder / "without").predecessor == former.link.digest


def test_a_file_that_is_not_known_is_not_lost(bundle: Path, tmp_path: Path) -> None:
    manifest = read_manifest(bundle)
    strange = msgspec.structs.replace(manifest, files={**manifest.files, "objects/later/production.jsonl": "0"})
    with pytest.raises(RefusedError, match="does not know"):
        rewrite(bundle, tmp_path / "again", People("names", bytes), strange, None)
    assert not (tmp_path / "again").exists()
