"""The texts of our scripts in the language of the site: a script that names the translation of each English text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from generator.site.machine_words import SCRIPTED
from generator.site.texts import translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "texts.js"
SAID = re.compile(r"""\bt\(\s*("(?:[^"\\\n]|\\.)*")""")
"""A text as our scripts say it: `t("Nothing found")`."""


def script_messages(folder: Path) -> Iterator[str]:
    """Yield the texts that the scripts of `folder` say, in their order, then words of the evidence that they show."""
    for path in sorted(folder.glob("*.js")):
        for literal in SAID.findall(path.read_text("utf-8")):
            yield str(json.loads(literal))
    yield from SCRIPTED


def write_script_texts(folder: Path) -> None:
    """Write the script with the translations of what the scripts of `folder` say; without any it is an empty object."""
    texts = {message: translated(message) for message in script_messages(folder)}
    told = {message: text for message, text in sorted(texts.items()) if text != message}
    lines = json.dumps(told, indent=1, ensure_ascii=False).replace("<", "\\u003c")
    head = "/* Texts of scripts in the language of the site, by the English ones. */\n"
    (folder / FILE).write_text(f"{head}globalThis.assayTexts = {lines};\n", "utf-8")
