"""A memo gives what was made before for the same input, and holds no more than the newest report asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.memo import Memo

if TYPE_CHECKING:
    from pathlib import Path


def ask(memo: Memo, *keys: bytes) -> list[bytes]:
    """Return the keys that had to be made."""
    made: list[bytes] = []

    def make(key: bytes) -> bytes:
        made.append(key)
        return key.upper()

    for key in keys:
        assert memo.get(key, lambda key=key: make(key)) == key.upper()  # type: ignore[misc]  # bound at once
    return made


def test_what_was_made_is_kept_for_the_next_report_and_what_nobody_asks_for_is_not(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "some.memo"
    asked = ((b"a", b"b", b"a"), (b"b", b"c"), (b"a", b"c"))
    made = []
    for keys in asked:
        memo = Memo(path, b"base")
        made.append(ask(memo, *keys))
        memo.keep()
    assert made == [[b"a", b"b"], [b"c"], [b"a"]]
    assert ask(Memo(path, b"other"), b"a") == [b"a"]
    assert ask(Memo(), b"a", b"a") == [b"a"]
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_damaged_memo_is_made_anew_and_one_that_can_not_be_written_costs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "some.memo"
    memo = Memo(path)
    ask(memo, b"a")
    memo.keep()
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    again = Memo(path)
    assert ask(again, b"a") == [b"a"]
    again.keep()
    assert ask(Memo(path), b"a") == []
    (tmp_path / "file").write_bytes(b"")
    nowhere = Memo(tmp_path / "file" / "some.memo")
    assert ask(nowhere, b"a") == [b"a"]
    nowhere.keep()
