"""The texts of our scripts in the language of the site: which English text each says, and what it is there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from generator.site.machine_words import SCRIPTED
from generator.site.texts import translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE = "texts.js"
EVERYWHERE = ("assay.js", "tables.js")
"""Scripts that every page loads, and with them `texts.js`."""
SAID = re.compile(r"""\bt\(\s*("(?:[^"\\\n]|\\.)*")""")
"""A text as our scripts say it: `t("Nothing found")`."""


def script_messages(folder: Path) -> Iterator[str]:
    """Yield the texts that the scripts of `folder` say, in their order, then words of the evidence that they show."""
    for path in sorted(folder.glob("*.js")):
        yield from _said(path)
    yield from SCRIPTED


def write_script_texts(folder: Path) -> None:
    """Give the scripts of `folder` the translations of what they say.

    What every page may need stands in a script of its own, empty where nothing is translated. Each other script begins
    with its own texts, so that no page loads those of scripts that it does not have.
    """
    everywhere = [message for name in EVERYWHERE if (folder / name).is_file() for message in _said(folder / name)]
    common = _translations([*everywhere, *SCRIPTED])
    head = "/* Texts of scripts in the language of the site, by the English ones. */\n"
    (folder / FILE).write_text(f"{head}globalThis.assayTexts = {_literal(common, 1)};\n", "utf-8")
    for path in sorted(folder.glob("*.js")):
        if path.name == FILE or path.name in EVERYWHERE:
            continue
        own = {message: text for message, text in _translations(_said(path)).items() if message not in common}
        if own:
            told = f"globalThis.assayTexts = {{ ...globalThis.assayTexts, ...{_literal(own, None)} }};\n"
            path.write_text(told + path.read_text("utf-8"), "utf-8")


def _said(path: Path) -> Iterator[str]:
    for literal in SAID.findall(path.read_text("utf-8")):
        yield str(json.loads(literal))


def _translations(messages: Iterable[str]) -> dict[str, str]:
    """Return the translated texts by the English ones, without those that stay as they are."""
    texts = {message: translated(message) for message in messages}
    return {message: text for message, text in sorted(texts.items()) if text != message}


def _literal(texts: dict[str, str], indent: int | None) -> str:
    return json.dumps(texts, indent=indent, ensure_ascii=False).replace("<", "\\u003c")
