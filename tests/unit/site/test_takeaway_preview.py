"""The picture of a release that others show: of one size, from text that is cut and escaped, for few releases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from defusedxml.ElementTree import fromstring
from unit.site.takeaway_context import context_of

from generator.site.frames import MassPage
from generator.site.takeaway.preview import (
    FOLDER,
    HEIGHT,
    MOST,
    SHARED,
    WIDTH,
    Preview,
    drawing,
    fitted,
    introduced,
    repacked,
    wide,
    wrapped,
    write_previews,
)

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.context import Context

URL = "https://reports.example.com/shop/"
HOSTILE = '<script>alert("1")</script> & more '


@pytest.fixture(scope="module")
def shop(shop_evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(shop_evidence, tmp_path_factory.mktemp("drawn"))


def _page(name: str, kind: str = "release") -> MassPage:
    return MassPage(kind, f"releases/{name}.html", 'Release "1"', "It went <forward>.", "<p>")


def test_text_is_escaped_and_fits() -> None:
    preview = Preview("x", HOSTILE, HOSTILE * 9, HOSTILE * 9, "#0a5e94", HOSTILE * 40, HOSTILE * 9, "3f9a1c2")
    root = fromstring(drawing(preview))
    texts = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any("<script>" in text for text in texts)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "rect", "text"}
    lines = wrapped(HOSTILE * 40, 46, 1000, 4)
    assert len(lines) == 4
    assert lines[-1].endswith("…")
    assert all(wide(line, 46) <= 1000 for line in lines)


def test_what_fits_is_not_cut() -> None:
    assert fitted("Release 12", 62, 1000) == "Release 12"
    assert wrapped("cart went forward", 46, 1000, 4) == ("cart went forward",)
    assert wrapped("", 46, 1000, 4) == ()
    assert fitted("x" * 500, 62, 1000).endswith("…")


def test_pictures_are_of_the_newest_releases_and_the_same_each_time(shop: Context, tmp_path: Path) -> None:
    rows = shop.index.releases[-2:]
    index = replace(shop.index, releases=rows)
    for name in ("one", "other"):
        write_previews(replace(shop, index=index), tmp_path / name)
    pictures = sorted((tmp_path / "one" / FOLDER).iterdir())
    assert [path.stem for path in pictures] == sorted([SHARED, *(row.id for row in rows)])
    for path in pictures:
        data = path.read_bytes()
        assert data == (tmp_path / "other" / FOLDER / path.name).read_bytes()
        assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (WIDTH, HEIGHT)
        assert len(data) < 100_000
        assert repacked(data) == data


def test_releases_say_what_others_show_of_them(shop: Context) -> None:
    newest, oldest = shop.index.releases[-1].id, shop.index.releases[0].id
    assert len(shop.index.releases) > MOST
    first, last, month = introduced([_page(newest), _page(oldest), _page("month-2026-01", "month")], shop, URL)
    assert f'content="{URL}{FOLDER}/{newest}.png"' in first.head
    assert f'content="{URL}releases/{newest}.html"' in first.head
    assert 'content="Release &quot;1&quot;"' in first.head
    assert "<forward>" not in first.head
    assert f'content="{URL}{FOLDER}/{SHARED}.png"' in last.head
    assert month.head == ""


def test_without_an_address_nothing_is_said(shop: Context) -> None:
    page = _page(shop.index.releases[-1].id)
    assert list(introduced([page], shop, "")) == [page]
