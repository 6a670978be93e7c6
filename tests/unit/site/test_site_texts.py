"""Texts of the site in another language: whole catalogues, and pages that use them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.texts import CATALOGUES, catalogue, collect, written

from generator.cli.progress import TerminalProgress
from generator.errors import UsageError
from generator.pipeline.building import build
from generator.pipeline.request import Request
from generator.pipeline.showing import build_demo
from generator.site.sources import text_folders
from generator.site.texts import decimal, gettext, ngettext, number, speaking, spoken
from generator.site.words import counted, span

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGES = sorted(path.stem for path in CATALOGUES.glob("*.po"))
VALUES = re.compile(r"%\(\w+\)s|%%|\{\w+\}|\]\([\w-]+\)|</?\w+")
HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)


def test_german_is_among_the_languages() -> None:
    assert "de" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_text_translated_and_none_that_is_gone(language: str) -> None:
    """`make texts` would change nothing, and nothing waits for a translator."""
    made = catalogue(language)
    lacking = [m.id for m in made if m.id and not (all(m.string) if isinstance(m.string, (tuple, list)) else m.string)]
    assert lacking == []
    assert (CATALOGUES / f"{language}.po").read_bytes() == written(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_values_of_its_text(language: str) -> None:
    """A value that is lost or misspelt would fail on the page that shows it."""
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        texts: Sequence[str] = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        told = [str(form) for form in forms]
        known = [sorted(VALUES.findall(text)) for text in texts]
        if isinstance(message.id, str) and sorted(VALUES.findall(told[0])) != known[0]:
            wrong.append(told[0])
        wrong += [text for text in told if not set(VALUES.findall(text)) <= {value for one in known for value in one}]
    assert wrong == []


def test_texts_of_code_templates_scripts_and_navigation_are_collected() -> None:
    found = collect()
    places = {place for where in found.values() for place in where}
    assert {Path(place).suffix for place in places} == {".py", ".html", ".js", ".yml"}
    assert (("component", "components"), None) in found
    assert ("Assurance", None) in found


def test_english_needs_no_catalogue() -> None:
    with speaking("en", text_folders(())) as language:
        assert language.code == "en"
        assert (number(12345), decimal(1234.5, 1), gettext("100 %%")) == ("12,345", "1,234.5", "100 %")


def test_numbers_plurals_and_spans_follow_the_language() -> None:
    with speaking("de", text_folders(())):
        assert spoken().code == "de"
        assert (number(12345), decimal(1234.5, 1)) == ("12.345", "1.234,5")
        assert [counted(count, "component") for count in (1, 2)] == ["1 Komponente", "2 Komponenten"]
        assert span(5 * 86_400) == "5 Tage"
        assert gettext("") == ""
    assert counted(2, "component") == "2 components"


def test_an_overlay_has_the_first_say(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "de.po").write_text(f'{HEAD}msgid "Releases"\nmsgstr "Auslieferungen"\n', "utf-8")
    with speaking("de", text_folders((tmp_path,))):
        assert gettext("Releases") == "Auslieferungen"
        assert gettext("Matrix") == "Matrix"
        assert ngettext("%(number)s day", "%(number)s days", 3) == "3 Tage"


def test_a_language_without_a_catalogue_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="tlh") as told, speaking("tlh", text_folders(())):
        pass
    assert "de, en" in str(told.value)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "tlh.po").write_text(f'{HEAD}msgid "a"\nnonsense\n', "utf-8")
    with pytest.raises(UsageError, match=r"tlh\.po"), speaking("tlh", (tmp_path,)):
        pass


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._within = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._within += tag in {"script", "style", "code", "pre"}

    def handle_endtag(self, tag: str) -> None:
        self._within -= tag in {"script", "style", "code", "pre"}

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.found.add(" ".join(data.split()))


def test_a_german_site_says_nothing_of_ours_in_english(tmp_path: Path) -> None:
    """No page shows the English form of a text that has a German one; evidence and repository stay as they are."""
    quiet = TerminalProgress(quiet=True)
    build_demo(tmp_path / "english", tmp_path / "shop", quiet, lambda: 0.0)
    build(Request(tmp_path / "shop"), tmp_path / "site", quiet, lambda: 0.0, language="de")
    told = {
        message.id: str(message.string)
        for message in catalogue("de")
        if isinstance(message.id, str) and " " in message.id and "%" not in message.id and message.string != message.id
    }
    english: dict[str, str] = {}
    for page in sorted((tmp_path / "site").rglob("*.html")):
        parser = _Texts()
        parser.feed(page.read_text("utf-8"))
        english |= dict.fromkeys(parser.found & told.keys(), page.name)
        assert '<html lang="de"' in page.read_text("utf-8")[:200]
    assert english == {}
    assert not list((tmp_path / "site").rglob("*.de.md"))
