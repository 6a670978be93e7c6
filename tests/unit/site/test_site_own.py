"""What is the user's own: colours that can be read, pictures, and pages that replace none of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import UsageError
from generator.site.contrast import palette
from generator.site.own import TOKENS, colour_style, lay_own
from generator.site.settings import SiteSettings

CSS = (Path(__file__).parents[3] / "site_src" / TOKENS).read_text("utf-8")


def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / TOKENS).parent.mkdir(parents=True)
    (folder / TOKENS).write_text(CSS, "utf-8")
    (folder / "docs/assets/images").mkdir(parents=True)
    return folder


def test_colours_are_laid_over_ours_for_light_and_dark(tmp_path: Path) -> None:
    folder = source(tmp_path)
    lay_own(folder, SiteSettings(colours=(("accent", "#0A5C36"), ("dark-added", "#7fd6a8"))))
    light, dark = palette((folder / TOKENS).read_text("utf-8"))
    before = palette(CSS)
    assert (light["accent"], dark["accent"]) == ("#0a5c36", before.dark["accent"])
    assert (light["added"], dark["added"]) == (before.light["added"], "#7fd6a8")


@pytest.mark.parametrize(("colours", "words"), [
    ({"accent": "#9adfb9"}, "accent #9adfb9 has a contrast of 1.48 : 1 to ground, 4.5 : 1"),
    ({"dark-ground": "#888888"}, "dark-ground #888888 has a contrast"),
    ({"akzent": "#000000"}, "there is no colour 'akzent'"),
    ({"ground": "#1b2127"}, "ground #1b2127 has a contrast of 1.00 : 1 to ink"),
])  # fmt: skip
def test_a_colour_that_cannot_be_read_or_meant_is_refused(colours: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        colour_style(CSS, colours, "assay.yaml")
    assert words in str(caught.value)
    assert str(caught.value).startswith("error[colours] assay.yaml: ")


def test_pages_stand_in_a_folder_of_their_own_with_what_is_beside_them(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "img").mkdir(parents=True)
    for name in ("zebra.md", "index.md", "img/a.svg", ".hidden.md"):
        (pages / name).write_text("x", "utf-8")
    folder = source(tmp_path)
    assert lay_own(folder, SiteSettings(pages=pages)).pages == ("pages/index.md", "pages/zebra.md")
    assert (folder / "docs/pages/img/a.svg").is_file()


@pytest.mark.parametrize(("link", "to"), [("a.md", "../secret.md"), ("sub", ".."), ("gone.md", "/nowhere/x.md")])
def test_a_link_out_of_the_folder_of_pages_is_refused(tmp_path: Path, link: str, to: str) -> None:
    (tmp_path / "secret.md").write_text("hidden", "utf-8")
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "index.md").write_text("x", "utf-8")
    (pages / "again.md").symlink_to("index.md")
    assert lay_own(source(tmp_path / "one"), SiteSettings(pages=pages)).pages == ("pages/index.md", "pages/again.md")
    (pages / link).symlink_to(to)
    with pytest.raises(UsageError, match=f"{link} is a link that leads out of the folder"):
        lay_own(source(tmp_path / "two"), SiteSettings(pages=pages))


def test_a_folder_without_pages_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no Markdown page"):
        lay_own(source(tmp_path), SiteSettings(pages=tmp_path / "empty"))


def test_a_logo_takes_the_place_of_our_mark(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"png")
    folder = source(tmp_path)
    assert lay_own(folder, SiteSettings(logo=tmp_path / "x.png")).logo == "assets/images/logo.png"
    assert (folder / "docs/assets/images/logo.png").read_bytes() == b"png"
