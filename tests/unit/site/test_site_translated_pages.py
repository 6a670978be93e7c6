"""Hand-written pages in German: each stands beside its English one, with the same places to fill and to lead to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
import yaml
from markdown.extensions.toc import slugify

from generator.site.sources import lay_site_source

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[3] / "site_src" / "docs"
GERMAN = ".de.md"
PAGES = sorted(
    path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if path.name != "frame.md" and "." not in path.stem
)
TRANSLATED = {"title", "description"}
PLACEHOLDER = re.compile(r'<div data-assay="[^"]*"[^>]*></div>')
LINK = re.compile(r"\]\(([^)\s]+)\)")
ANCHOR = re.compile(r"\{:? ?#([\w-]+)[^}]*\}\s*$")
CODE = re.compile(r"`[^`\n]+`")
WORDS_IN_CODE = {"8 of 9": "8 von 9", "3 of 4": "3 von 4"}
"""What a figure on a page says beside its number, which a German site says in German."""


def parts(page: str) -> tuple[dict[str, object], str]:
    _, front, body = (DOCS / page).read_text("utf-8").split("---\n", 2)
    return cast("dict[str, object]", yaml.safe_load(front)), body


def german(page: str) -> str:
    return page.removesuffix(".md") + GERMAN


def anchors(body: str) -> Iterator[str]:
    """Yield what a link can lead to in a page: ids that are set, and those that headings get from their words."""
    for line in body.splitlines():
        if found := ANCHOR.search(line):
            yield found[1]
        elif line.startswith("#"):
            yield slugify(line.lstrip("#").strip(), "-")


def test_there_are_pages() -> None:
    assert {"index.md", "glossary.md", "methods.md", "audit/index.md"} <= set(PAGES)


def test_no_german_page_stands_alone() -> None:
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob(f"*{GERMAN}")}
    assert there == {german(page) for page in PAGES}


@pytest.mark.parametrize("page", PAGES)
def test_the_front_matter_differs_in_its_texts_alone(page: str) -> None:
    english, _ = parts(page)
    translated, _ = parts(german(page))
    assert list(translated) == list(english)
    assert all(isinstance(translated[key], str) and translated[key] for key in TRANSLATED)
    assert {key: translated[key] for key in english if key not in TRANSLATED} == {
        key: value for key, value in english.items() if key not in TRANSLATED
    }


@pytest.mark.parametrize("page", PAGES)
def test_placeholders_anchors_and_links_are_those_of_the_english_page(page: str) -> None:
    _, english = parts(page)
    _, translated = parts(german(page))
    assert PLACEHOLDER.findall(translated) == PLACEHOLDER.findall(english)
    assert list(anchors(translated)) == list(anchors(english))
    assert LINK.findall(translated) == LINK.findall(english)


@pytest.mark.parametrize("page", PAGES)
def test_code_is_that_of_the_english_page(page: str) -> None:
    _, english = parts(page)
    _, translated = parts(german(page))
    expected = {WORDS_IN_CODE.get(code.strip("`"), code.strip("`")) for code in CODE.findall(english)}
    assert {code.strip("`") for code in CODE.findall(translated)} == expected


def test_a_german_site_has_the_german_pages_under_the_english_names(tmp_path: Path) -> None:
    lay_site_source([], tmp_path / "de", "de")
    lay_site_source([], tmp_path / "en", "en")
    for page in PAGES:
        assert (tmp_path / "de" / "docs" / page).read_bytes() == (DOCS / german(page)).read_bytes()
        assert (tmp_path / "en" / "docs" / page).read_bytes() == (DOCS / page).read_bytes()
    assert not list(tmp_path.rglob(f"*{GERMAN}"))
