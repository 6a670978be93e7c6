"""What lies in the cache is taken only as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.cached import read_sealed, write_sealed, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_written_is_read_again_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "kept"
    assert read_sealed(path) is None
    assert write_sealed(path, b"what is kept")
    assert bytes(read_sealed(path) or b"") == b"what is kept"
    sound = path.read_bytes()
    for place in range(len(sound)):
        path.write_bytes(sound[:place] + bytes((sound[place] ^ 1,)) + sound[place + 1 :])
        assert read_sealed(path) is None
    for length in (0, 31, 32, len(sound) - 1):
        path.write_bytes(sound[:length])
        assert read_sealed(path) is None
    assert [entry.name for entry in path.parent.iterdir()] == ["kept"]


def test_a_place_that_takes_no_file_is_told_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert not write_whole(tmp_path / "file" / "kept", b"data")
    (tmp_path / "kept").mkdir()
    assert not write_sealed(tmp_path / "kept", b"data")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "kept"]
