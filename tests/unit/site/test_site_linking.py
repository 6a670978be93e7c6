"""Many files are linked beside other work; what can't be linked or copied is told."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from generator.errors import FaultError
from generator.site import linking
from generator.site.linking import Linking, Stock

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


def former(folder: Path) -> Path:
    """Return a site with three pages, one of which only seems to be."""
    (folder / "releases").mkdir(parents=True)
    (folder / "topologies").mkdir()
    (folder / "releases" / "one \u00e4.html").write_text("one")
    (folder / "topologies" / "two.html").write_text("two")
    (folder / "releases" / "elsewhere.html").symlink_to("one \u00e4.html")
    return folder


def test_a_stock_has_the_files_of_the_former_site_and_what_they_are_known_by(tmp_path: Path) -> None:
    site = former(tmp_path / "former")
    (tmp_path / "new" / "releases").mkdir(parents=True)
    (tmp_path / "new" / "releases" / "of-a-user.html").write_text("stays")
    (site / "releases" / "index.html").write_text("as it was")
    (tmp_path / "new" / "releases" / "index.html").write_text("as it is")
    with Stock(site, tmp_path / "stock") as stock:
        names = ("releases/index.html", "releases/one \u00e4.html", "topologies/two.html")
        found = {path: (site / path).stat() for path in names}
        marks = {path: (of.st_size, of.st_mtime_ns, of.st_ino) for path, of in found.items()}
        assert stock.marks == marks
        del marks["releases/index.html"], found["releases/index.html"]
        assert stock.lay(tmp_path / "new") == marks, "what stood there is not from stock"
    assert (tmp_path / "new" / "releases" / "index.html").read_text() == "as it is"
    assert (site / "releases" / "index.html").read_text() == "as it was"
    new = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert new == {*found, "releases/of-a-user.html", "releases/index.html"}
    assert all((tmp_path / "new" / path).samefile(site / path) for path in found)
    assert list((tmp_path / "stock").iterdir()) == []


def test_what_can_not_be_linked_leaves_an_empty_stock(tmp_path: Path) -> None:
    site = former(tmp_path / "former")
    (tmp_path / "stock").mkdir()
    with Stock(site, tmp_path / "stock") as stock:
        assert stock.marks == {}
        assert stock.lay(tmp_path / "new") == {}
    assert not (tmp_path / "new").exists()


def test_a_stock_that_nobody_asks_for_is_ended_and_one_of_nothing_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    class Seen(subprocess.Popen[bytes]):
        def __init__(self, *told: Any, **more: Any) -> None:  # noqa: ANN401 - handed on as they came
            super().__init__(*told, **more)
            begun.append(self)

    monkeypatch.setattr(subprocess, "Popen", Seen)
    with Stock(former(tmp_path / "former"), tmp_path / "stock"):
        pass
    assert [one.returncode is None for one in begun] == [False]
    with Stock() as stock:
        assert stock.marks == {}
    assert len(begun) == 1
