"""The texts of a site in its language: GNU gettext catalogues, English where a text has no translation.

Every text that Assay itself says on a page goes through here; what a repository or its evidence says stays as it is.
The language is that of the build which runs (a context variable, so that builds in one process never mix): handing it
to every function that makes a sentence would hand it through the whole room.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import Place, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ENGLISH = "en"
FOLDER = "texts"
"""Folder of the catalogues, `LANGUAGE.po`, in the package's data and in a user's overlay."""


class Language(NamedTuple):
    """A language with what it says."""

    code: str
    """BCP 47, such as `de`."""
    catalogue: NullTranslations
    thousands: str
    decimal: str


_ENGLISH = Language(ENGLISH, NullTranslations(), ",", ".")
_SPOKEN: ContextVar[Language] = ContextVar("language", default=_ENGLISH)


@contextmanager
def speaking(code: str, folders: Sequence[Path]) -> Iterator[Language]:
    """Let every text be in the language `code` until the block ends.

    `folders` hold catalogues; of two with the same text, the first has its say. Raises `UsageError` where a language
    other than English has no catalogue, or a broken one.
    """
    spoken = _SPOKEN.set(_language(code, folders))
    try:
        yield _SPOKEN.get()
    finally:
        _SPOKEN.reset(spoken)


def spoken() -> Language:
    """Return the language of the build that runs."""
    return _SPOKEN.get()


def gettext(message: str, /, **values: object) -> str:
    """Return `message` in the language of the site, with `values` set in as `%(name)s`; a per cent sign is `%%`."""
    return translated(message) % values


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a text that goes with `count`; `%(number)s` is the count as a person writes it."""
    values.setdefault("number", number(count))
    return _SPOKEN.get().catalogue.ngettext(one, many, count) % values


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Return `message`, which means one thing in `context` and another elsewhere."""
    return _SPOKEN.get().catalogue.pgettext(context, message) % values


def translated(message: str) -> str:
    """Return the translation of `message` as it stands, for templates, which set its values in themselves."""
    # A catalogue's entry without a text is its header.
    return _SPOKEN.get().catalogue.gettext(message) if message else ""


def translated_count(one: str, many: str, count: int) -> str:
    """Return the translated form that goes with `count`, as it stands."""
    return _SPOKEN.get().catalogue.ngettext(one, many, count)


def translated_in(context: str, message: str) -> str:
    """Return the translation of `message` in `context`, as it stands."""
    return _SPOKEN.get().catalogue.pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - the name that tools of gettext look for
    """Mark a text for the catalogue that is translated later, where it is used."""
    return message


def number(count: int) -> str:
    """Return a count with the separator of thousands that the language has."""
    text = f"{count:,}"
    separator = _SPOKEN.get().thousands
    return text if separator == "," else text.replace(",", separator)


def decimal(figure: float, digits: int) -> str:
    """Return `figure` with `digits` decimals, and the separators of the language."""
    text, language = f"{figure:,.{digits}f}", _SPOKEN.get()
    if language.code == ENGLISH:
        return text
    return text.translate({ord(","): language.thousands, ord("."): language.decimal})


def _language(code: str, folders: Sequence[Path]) -> Language:
    paths = [path for folder in folders if (path := folder / FOLDER / f"{code}.po").is_file()]
    if code == ENGLISH and not paths:
        return _ENGLISH
    # Babel takes a tenth of a second to load, which a site in English need not pay.
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415
    from babel.support import Translations  # noqa: PLC0415

    if not paths:
        known = sorted({path.stem for folder in folders for path in (folder / FOLDER).glob("*.po")} | {ENGLISH})
        fix = f"use one of {', '.join(known)}, or lay a catalogue {FOLDER}/{code}.po into an overlay"
        raise UsageError("language", f"there is no catalogue of texts for {code!r}", fix=fix)
    merged: Translations | None = None
    for path in reversed(paths):
        try:
            with path.open("rb") as file:
                catalogue = read_po(file, locale=code, abort_invalid=True)
        except (PoFileError, ValueError) as fault:
            fix = "look at it with msgfmt --check"
            raise UsageError("language", f"no catalogue: {fault}", place=Place(str(path)), fix=fix) from fault
        packed = BytesIO()
        write_mo(packed, catalogue)
        packed.seek(0)
        merged = merged.merge(Translations(packed)) if merged is not None else Translations(packed)
    try:
        symbols = Locale.parse(code, sep="-").number_symbols.get("latn", {})
    except (UnknownLocaleError, ValueError):
        symbols = {}
    return Language(code, merged or NullTranslations(), symbols.get("group", ","), symbols.get("decimal", "."))
