import errno
import os
from pathlib import Path
from typing import Any

import pytest

from generator.errors import FaultError, RefusedError
from generator.site import publish
from generator.site.publish import publication


def put(work: Path, text: str) -> None:
    (work / "site" / "evidence").mkdir(parents=True)
    (work / "site" / "evidence" / "summary.json").write_text("{}")
    (work / "site" / "index.html").write_text(text)


def site(output: Path, text: str) -> Path:
    with publication(output) as work:
        put(work, text)
    return output


@pytest.fixture(params=["exchanged", "renamed"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish in both ways: with the system's exchange of two names, and where it has none."""
    if request.param == "renamed":
        monkeypatch.setattr(publish, "_exchange_names", lambda *_: False)


@pytest.mark.usefixtures("way")
def test_a_new_site_takes_the_place_of_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    output = site(tmp_path / "deep" / "site", "old")
    (output / "gone.html").write_text("of the old site")
    site(output, "new")
    assert (output / "index.html").read_text() == "new"
    assert not (output / "gone.html").exists()
    assert [path.name for path in output.parent.iterdir()] == ["site"]


@pytest.mark.usefixtures("way")
def test_an_error_while_building_leaves_the_old_site(tmp_path: Path) -> None:
    output = site(tmp_path / "site", "old")

    def fail() -> None:
        with publication(output) as work:
            put(work, "half")
            raise OSError(errno.ENOSPC, "No space left on device", str(work / "x"))

    with pytest.raises(FaultError, match=r"error\[no-space\].*untouched"):
        fail()
    assert (output / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_failing_second_rename_brings_the_old_site_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = site(tmp_path / "site", "old")
    monkeypatch.setattr(publish, "_exchange_names", lambda *_: False)
    rename = Path.rename

    def second_fails(self: Path, target: Path) -> Any:  # noqa: ANN401 - as the method it stands for
        if target == output and self.name == "site" and self.parent != tmp_path:
            raise OSError(errno.EIO, "Input/output error", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", second_fails)
    with pytest.raises(FaultError, match="Input/output error"):
        site(output, "new")
    assert (output / "index.html").read_text() == "old"


def test_what_a_killed_build_left_is_removed(tmp_path: Path) -> None:
    remains = tmp_path / ".site.new-4711"
    (remains / "site").mkdir(parents=True)
    site(tmp_path / "site", "new")
    assert not remains.exists()


def test_a_second_build_of_the_same_site_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    with publication(tmp_path / "site") as work:
        put(work, "first")
        with pytest.raises(FaultError, match="busy"):
            site(tmp_path / "site", "second")
    assert (tmp_path / "site" / "index.html").read_text() == "first"


def test_a_folder_of_someone_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("years of work")
    with pytest.raises(RefusedError, match="no site of Assay"):
        site(tmp_path / "home", "new")
    assert (tmp_path / "home" / "thesis.txt").exists()


def test_a_link_in_the_place_of_the_site_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "real")
    with pytest.raises(RefusedError, match="not a folder"):
        site(tmp_path / "site", "new")


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert (site(tmp_path / "site", "new") / "index.html").read_text() == "new"


def test_the_folder_can_be_read_by_a_server(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        assert site(tmp_path / "site", "new").stat().st_mode & 0o777 == 0o755
    finally:
        os.umask(mask)
