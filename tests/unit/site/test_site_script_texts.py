"""Texts of scripts in the language of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site.script_texts import script_messages, write_script_texts
from generator.site.texts import speaking

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Nothing found"
msgstr "Nichts gefunden </script>"
"""


def test_texts_are_found_in_scripts(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('x = t("Nothing found"); y = t( "{n} \\"rows\\"", { n }); z = at("no");', "utf-8")
    assert list(script_messages(tmp_path))[:2] == ["Nothing found", '{n} "rows"']


def test_a_site_in_english_needs_none(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('t("Nothing found")', "utf-8")
    write_script_texts(tmp_path)
    assert (tmp_path / "texts.js").read_text("utf-8").endswith("globalThis.assayTexts = {};\n")


def test_what_is_translated_is_told_to_scripts(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/de.po").write_text(CATALOGUE, "utf-8")
    (tmp_path / "a.js").write_text('t("Nothing found"); t("Other")', "utf-8")
    with speaking("de", [tmp_path]):
        write_script_texts(tmp_path)
    told = (tmp_path / "texts.js").read_text("utf-8")
    assert '"Nothing found": "Nichts gefunden \\u003c/script>"' in told
    assert "Other" not in told
