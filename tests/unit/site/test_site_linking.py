"""Many files are linked beside other work; what can't be linked or copied is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.errors import FaultError
from generator.site import linking
from generator.site.linking import Linking

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("many", [1, 3, 1000])
def test_every_file_stands_at_its_second_place(many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MANY", many)
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    links = Linking()
    names = [f"page \u00e4 {number}.html" for number in range(10)]
    for name in names:
        (tmp_path / "old" / name).write_text(name)
        links.link(tmp_path / "old" / name, tmp_path / "new" / name)
    links.finish()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(names)
    assert all((tmp_path / "new" / name).samefile(tmp_path / "old" / name) for name in names)


@pytest.mark.parametrize("many", [1, 1000])
def test_a_file_that_is_gone_is_told(many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "MANY", many)
    links = Linking()
    for number in range(5):
        links.link(tmp_path / f"gone-{number}", tmp_path / "new")
    with pytest.raises(FaultError, match="No such file"):
        links.finish()


def test_what_can_not_be_linked_is_copied(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("new text")
    (tmp_path / "new").write_text("what stood there")
    links = Linking()
    links.link(tmp_path / "old", tmp_path / "new")
    links.finish()
    assert (tmp_path / "new").read_text() == "new text"
    assert not (tmp_path / "new").samefile(tmp_path / "old")
