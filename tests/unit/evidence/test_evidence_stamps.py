from pathlib import Path

from generator.evidence.stamps import code_stamp, folder_stamp


def test_a_stamp_tells_names_and_contents_and_nothing_of_when(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        (folder / "in").mkdir(parents=True)
        (folder / "in" / "a.py").write_text("a = 1\n", "utf-8")
    (other / "in" / "a.py").touch()
    assert folder_stamp(one) == folder_stamp(other)
    (other / "in" / "a.py").rename(other / "in" / "b.py")
    assert folder_stamp(one) != folder_stamp(other)
    (one / "note.txt").write_text("n", "utf-8")
    before = folder_stamp(one)
    (one / "note.txt").write_text("m", "utf-8")
    assert folder_stamp(one) != before


def test_only_files_of_the_pattern_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a = 1\n", "utf-8")
    before = folder_stamp(tmp_path, "*.py")
    (tmp_path / "a.pyc").write_bytes(b"\0")
    assert folder_stamp(tmp_path, "*.py") == before
    assert code_stamp() != before
