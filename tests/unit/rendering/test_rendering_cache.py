from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.rendering.cache import LONGEST, Cache
from generator.rendering.export import UnsafePathError, exported
from generator.rendering.jobs import InputFile, Job, Stub

if TYPE_CHECKING:
    from pathlib import Path

KEY = "ab" + "0" * 62


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    Cache(tmp_path / "cache").put(KEY, b"payload")
    cache = Cache(tmp_path / "cache")
    assert (cache.get(KEY), cache.get("cd" + "0" * 62), cache.damaged) == (b"payload", None, 0)
    assert [p.name for p in (tmp_path / "cache" / "ab").iterdir()] == [KEY[2:]]


@pytest.mark.parametrize("place", [0, 14, 45, -1])
def test_a_flipped_bit_is_seen_and_the_entry_thrown_away(tmp_path: Path, place: int) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"payload")
    file = tmp_path / "ab" / KEY[2:]
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    assert (cache.get(KEY), cache.damaged, file.exists()) == (None, 1, False)


def test_an_entry_under_a_wrong_name_or_cut_short_is_not_taken(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"payload")
    file = tmp_path / "ab" / KEY[2:]
    other = tmp_path / "ab" / ("1" + KEY[3:])
    other.write_bytes(file.read_bytes())
    file.write_bytes(file.read_bytes()[:20])
    assert (cache.get("ab1" + KEY[3:]), cache.get(KEY), cache.damaged) == (None, None, 2)


def test_a_cache_that_cannot_be_written_fails_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache")
    cache.put(KEY, b"payload")
    assert (cache.get(KEY), cache.writable) == (None, False)


def test_what_is_too_large_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, bytes(LONGEST + 1))
    assert (cache.get(KEY), cache.writable) == (None, True)


def test_an_export_holds_the_files_and_stubs_alone_and_goes_away(tmp_path: Path) -> None:
    job = Job("e", "a/b", (InputFile("a/x", "1"),), (Stub("s/y", "stub", "named"),))
    with exported(job, {"a/x": b"1"}) as folder:
        assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == {"a/x", "s/y"}
        assert (folder / "a" / "b").is_dir()
        assert not folder.is_relative_to(tmp_path)
    assert not folder.exists()


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", ".git/config", "a//b", "./a", "a/.git/hooks/x", "a\0b"]
)
def test_a_path_that_leads_out_is_never_written(path: str) -> None:
    with pytest.raises(UnsafePathError), exported(Job("e", "", ()), {path: b"x"}):
        pass


def test_equal_jobs_have_equal_names() -> None:
    job = Job("e", "f", (InputFile("a", "1"),))
    assert job.digest() == Job("e", "f", (InputFile("a", "1"),)).digest()
    others = [
        Job("e", "", job.files),
        Job("e", "f", ()),
        Job("e", "f", job.files, (), ("x",)),
        Job("d", "f", job.files),
    ]
    assert len({job.digest(), *[other.digest() for other in others]}) == 5
