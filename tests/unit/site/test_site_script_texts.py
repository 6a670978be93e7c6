"""Texts of scripts in the language of the site, and that no script says anything past them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.site.machine_words import SCRIPTED
from generator.site.script_texts import EVERYWHERE, FILE, script_messages, write_script_texts
from generator.site.texts import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parents[3] / "site_src"
SCRIPTS = sorted((SOURCE / "docs/assets/javascripts").glob("*.js"))
CATALOGUE = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Nothing found"
msgstr "Nichts gefunden </script>"

msgid "Copied"
msgstr "Kopiert"
"""

COMMENT = re.compile(r"^\s*//[^\n]*|^\s*/\*.*?\*/", re.MULTILINE | re.DOTALL)
LITERAL = r"""(?:"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`)"""
"""On one line, so that what is no literal (a quote in a pattern) confuses one line at most."""
SHOWN = re.compile(
    r"(?:\b(?:textContent|innerText|title|placeholder|ariaLabel|ariaValueText|ariaRoleDescription|alt)\b\s*(?:=|:)"
    r"""|"aria-(?:label|valuetext|roledescription|description)"\s*[,:\]]|"(?:title|placeholder|alt)","""
    rf"|\bnew Error\()\s*((?:{LITERAL}|[^;])*)"
)
"""What is shown or spoken, up to the end of the statement at most."""
PLACES = re.compile(r"\$?\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
WORD = re.compile(r"[A-Za-z]{2,}")
PROSE = re.compile(r"^(?:[A-Z][a-z]+|[a-z]+)(?:,? [A-Za-z][a-z']*)+[.:]?$|^[A-Z][a-z]+$")
SAID = re.compile(rf"\bt\(\s*{LITERAL}")
CLASSES = re.compile(
    rf"\b(?:className|class)\s*[:=]\s*{LITERAL}|(?:querySelector(?:All)?|closest|matches|split)\({LITERAL}"
)
KEYS = {"Enter", "Escape", "Home", "End", "Infinity"}
KINDS = {"LoadBalancer", "NodePort", "Service"}
NAMES = {"Linear", "Log"}
"""Parts of names of functions."""
NOT_SHOWN = {"use strict", *KEYS, *KINDS, *NAMES}
CONSOLE = {"could not be loaded": "iframe-worker.js", "a chart asks for": "charts.js"}
"""What reaches the console alone, by its script."""
WORDS = {"name", "kind", "aspect", "drift", "level", "outcome", "how", "old", "now"}
"""Variables that hold a word of the evidence, which the catalogue has."""


def code(path: Path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


def literals(text: str) -> Iterator[str]:
    """Yield what literals say by themselves: without what is set into them."""
    for found in re.findall(LITERAL, text):
        yield PLACES.sub("", found[1:-1]).strip()


def upto(text: str) -> str:
    """Return a value up to where it ends: at the comma, the bracket or the line that its own brackets don't hold."""
    depth = 0
    for at, sign in enumerate(re.sub(LITERAL, lambda found: "\0" * len(found[0]), text)):
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0 or (not depth and sign in ",\n"):
            return text[:at]
    return text


def shown_english(script: str) -> list[str]:
    """Return what a script shows or speaks in English past the catalogue."""
    found = []
    for match in SHOWN.finditer(script):
        value = re.sub(r"^\s*\n\s*", "", match[1])
        # Of a translated text, only what is set into it could be English of the script's own.
        found += [text for text in literals(SAID.sub("t(", upto(value))) if WORD.search(text)]
    return found


def prose(script: str) -> list[str]:
    """Return literals that read like words for people, wherever they go."""
    bare = CLASSES.sub("", SAID.sub("t(", script))
    return [text for text in literals(bare) if PROSE.match(text) and text not in NOT_SHOWN]


def test_texts_are_found_in_scripts(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('x = t("Nothing found"); y = t( "{n} \\"rows\\"", { n }); z = at("no");', "utf-8")
    (tmp_path / "b.js").write_text('z = `${t("within")} a text`;', "utf-8")
    assert list(script_messages(tmp_path))[:3] == ["Nothing found", '{n} "rows"', "within"]


def test_a_site_in_english_needs_none(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('t("Nothing found")', "utf-8")
    write_script_texts(tmp_path)
    assert (tmp_path / FILE).read_text("utf-8").endswith("globalThis.assayTexts = {};\n")
    assert (tmp_path / "a.js").read_text("utf-8") == 't("Nothing found")'


def test_what_is_translated_is_told_to_the_script_that_says_it(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/de.po").write_text(CATALOGUE, "utf-8")
    (tmp_path / "a.js").write_text('t("Nothing found"); t("Other"); t("Copied")', "utf-8")
    (tmp_path / EVERYWHERE[0]).write_text('t("Copied")', "utf-8")
    with speaking("de", [tmp_path]):
        write_script_texts(tmp_path)
    told, rest = (tmp_path / "a.js").read_text("utf-8").split("\n")
    assert '{"Nothing found": "Nichts gefunden \\u003c/script>"}' in told
    assert rest == 't("Nothing found"); t("Other"); t("Copied")'
    assert '"Copied": "Kopiert"' in (tmp_path / FILE).read_text("utf-8")
    assert (tmp_path / EVERYWHERE[0]).read_text("utf-8") == 't("Copied")'


def test_texts_of_every_page_are_those_of_the_scripts_that_every_page_loads() -> None:
    config = (SOURCE / "mkdocs.yml").read_text("utf-8").partition("\nextra_javascript:\n")[2]
    loaded = [Path(one["path"]).name for one in yaml.safe_load(config)]
    assert loaded == [FILE, *EVERYWHERE]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_shows_no_english_past_the_catalogue(path: Path) -> None:
    script = code(path)
    found = [*prose(script), *shown_english(script)]
    assert [text for text in found if CONSOLE.get(text) != path.name] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_asks_of_the_catalogue_is_found_there(path: Path) -> None:
    """A text by its name alone would be in no catalogue: only words of the evidence are asked for so."""
    asked = re.findall(rf"\bt\(\s*(?!{LITERAL})([^)=]*?)\s*[,)](?!\s*=>)", code(path))
    assert {one.rpartition(".")[2] for one in asked} - {"text"} <= WORDS
    assert not re.search(r"\bt\(\s*`", code(path))


@pytest.mark.parametrize(
    "script",
    [
        'a.textContent = "Explore";',
        'a.textContent = done ? t("Copied") : "Not copied";',
        'element("span", { textContent: "Explore" })',
        'a.setAttribute("aria-label", `${title}: zoom in`);',
        'make({ "aria-label": `group ${name}` });',
        'element("input", { placeholder: "Any" });',
        'a.title = t("{what} there", { what: "Something" });',
        "throw new Error(`${file} could not be loaded`);",
    ],
)
def test_english_in_a_script_is_found(script: str) -> None:
    assert shown_english(script)


def test_prose_in_a_script_is_found() -> None:
    script = 'button("Show the whole", act); const made = ["Gates", t("By")]; a.className = "ledger stack";'
    assert prose(script) == ["Show the whole", "Gates"]
    assert "forward" in SCRIPTED
