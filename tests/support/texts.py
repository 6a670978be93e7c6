"""The texts of the site, collected from code, templates and scripts into catalogues: `make texts`.

It brings `templates/texts/LANGUAGE.po` up to date, all that are there or (`make texts LANGUAGE=fr`) a new one: what is
new stands in it untranslated, what is gone is gone, and translations stay.
"""

from __future__ import annotations

import ast
import json
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from generator.site.script_texts import SAID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOP = Path(__file__).parents[2]
CATALOGUES = TOP / "templates" / "texts"
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "said": None,
    "said_count": (1, 2),
}
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true"}
Message = tuple[str | tuple[str, ...], str | None]
"""A text (or its forms), and its context."""


def collect() -> dict[Message, list[str]]:
    """Return every text with the files that say it, both sorted."""
    found: dict[Message, set[str]] = {}
    for path, message in _everything():
        found.setdefault(message, set()).add(path.relative_to(TOP).as_posix())
    # A text that is also the first form of two is one entry.
    for forms, context in [key for key in found if isinstance(key[0], tuple)]:
        for form in forms:
            found[forms, context] |= found.pop((form, context), set())
    return {message: sorted(found[message]) for message in sorted(found, key=repr)}


def _everything() -> Iterator[tuple[Path, Message]]:
    for path in sorted([*(TOP / "generator" / "site").rglob("*.py"), *(TOP / "generator" / "embedding").rglob("*.py")]):
        yield from ((path, message) for message in _texts(path, "python", KEYWORDS))
        yield from ((path, (forms, None)) for forms in _counted(path))
    for path in sorted((TOP / "templates").glob("*.html")):
        yield from ((path, message) for message in _texts(path, "jinja2.ext:babel_extract", KEYWORDS))
    for path in sorted((TOP / "site_src" / "docs" / "assets" / "javascripts").glob("*.js")):
        # As the site itself finds them: Babel does not look into template literals.
        yield from ((path, (json.loads(literal), None)) for literal in SAID.findall(path.read_text("utf-8")))
    navigation = TOP / "site_src" / "mkdocs.yml"
    for line in navigation.read_text("utf-8").partition("\nnav:\n")[2].partition("\n\n")[0].splitlines():
        yield navigation, (line.strip(" -").partition(":")[0], None)


def _texts(path: Path, method: str, keywords: Mapping[str, object]) -> Iterator[Message]:
    options = OPTIONS if "jinja2" in method else {}
    for _, message, _, context in extract_from_file(method, path, keywords=keywords, options=options):  # type: ignore[arg-type]  # Babel's own type leaves the contexts out
        yield (tuple(message) if isinstance(message, (tuple, list)) else message), context


def _counted(path: Path) -> Iterator[tuple[str, str]]:
    """Yield forms of which a count chooses one far away: nouns of `counted`, and two marked texts beside each other."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "counted":
            nouns = [one.value for one in node.args[1:] if isinstance(one, ast.Constant)]
            if nouns and isinstance(nouns[0], str):
                yield nouns[0], str(nouns[1]) if len(nouns) > 1 else f"{nouns[0]}s"
        for one, many in pairwise(map(_marked, node.args)):
            if one and many:
                yield one, many


def _marked(node: ast.expr) -> str:
    """Return the text that `N_` marks; nothing for anything else."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
        text = node.args[0]
        return str(text.value) if isinstance(text, ast.Constant) else ""
    return ""


def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language with every text of today, translated as far as its file has it."""
    path = CATALOGUES / f"{language}.po"
    known = Catalog(locale=language)
    if path.is_file():
        with path.open("rb") as file:
            known = read_po(file, locale=language, abort_invalid=True)
    made = Catalog(locale=language, project="Assay", fuzzy=False, header_comment="# Texts of Assay's pages.")
    for (message, context), places in collect().items():
        before = known.get(message[0] if isinstance(message, tuple) else message, context)
        told = before.string if before is not None else ""
        if isinstance(message, tuple) and not isinstance(told, (tuple, list)):
            told = ("",) * made.num_plurals
        made.add(message, told, locations=[(place, 0) for place in places], context=context)
    return made


def written(made: Catalog) -> bytes:
    """Return a catalogue as its file, with nothing of a clock in it."""
    file = BytesIO()
    write_po(file, made, omit_header=False, sort_output=True, include_lineno=False, width=120)
    lines = file.getvalue().decode("utf-8").splitlines(keepends=True)
    dated = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Last-Translator',
        '"Language-Team',
        '"Report-Msgid',
        '"Generated',
    )
    return "".join(line for line in lines if not line.startswith(dated)).encode("utf-8")


def main(languages: list[str]) -> None:
    """Bring the catalogues up to date, and say what they lack."""
    for language in languages or sorted(path.stem for path in CATALOGUES.glob("*.po")):
        made = catalogue(language)
        CATALOGUES.mkdir(exist_ok=True)
        (CATALOGUES / f"{language}.po").write_bytes(written(made))
        told = [message for message in made if message.id]
        lacking = [m for m in told if not (all(m.string) if isinstance(m.string, (tuple, list)) else m.string)]
        sys.stdout.write(f"{language}: {len(told)} texts, {len(lacking)} not translated\n")


if __name__ == "__main__":
    main(sys.argv[1:])
