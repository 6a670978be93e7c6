"""From the HTML of a dossier to its PDF: tagged, with bookmarks, from our own pictures alone, and without a clock."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "https://report.invalid/"
"""Stands for the root of the report; nothing is ever asked of it."""
PICTURE = re.compile(r"assets/diagrams/([0-9a-f]{8,128}\.svg)", re.ASCII)
FONT = re.compile(r"fonts/([A-Za-z-]+\.woff2)", re.ASCII)
FAMILY = re.compile(rb'font-family="[^"]*"')
FONTS = Path("themes", "readthedocs", "css", "fonts")
"""Fonts under an open licence that the site's engine brings, so that no machine's own move a line."""
VARIANT = "pdf/ua-1"
LOGGERS = ("weasyprint", "weasyprint.progress", "fontTools", "fontTools.subset")
MISSING = "No dossier can be made without WeasyPrint"


def to_pdf(html: str, pictures: Path) -> bytes:
    """Return `html` as PDF; its pictures are those in the folder `pictures`, and nothing else is read or fetched.

    The same HTML and pictures give the same bytes. Raises `UsageError` where WeasyPrint is not installed.
    """
    weasyprint = _engine()
    with _quiet():
        document = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=_own_files(pictures))
        identifier = sha256(html.encode("utf-8", "backslashreplace")).digest()[:16]
        drawn: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier)
    return drawn


def _engine() -> Any:  # noqa: ANN401 - the module
    try:
        return import_module("weasyprint")
    except (ImportError, OSError) as fault:
        # Without Pango the module is there and can't be loaded.
        reason = MISSING if isinstance(fault, ImportError) else f"{MISSING}: {fault}"
        fix = "pip install 'assay[pdf]'; see https://doc.courtbouillon.org/weasyprint for what it needs of the system"
        raise UsageError("pdf", reason, fix=fix) from fault


def _own_files(pictures: Path) -> Any:  # noqa: ANN401 - a class of the module, which is an extra
    """Return what WeasyPrint asks for files: it has our pictures and fonts, and refuses all others."""
    urls = import_module("weasyprint.urls")
    fonts = _fonts()

    class OwnFiles(urls.URLFetcher):  # type: ignore[misc, name-defined]  # the package publishes no types
        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ANN401 - as above
            del headers
            found = _read(url.removeprefix(BASE), pictures, fonts) if url.startswith(BASE) else None
            if found is None:
                message = f"a dossier is made of its own files alone, not of {url[:80]}"
                raise ValueError(message)
            return urls.URLFetcherResponse(url, found[0], {"Content-Type": found[1]})

    return OwnFiles()


def _read(name: str, pictures: Path, fonts: Path | None) -> tuple[bytes, str] | None:
    """Return the bytes and type of a file that a dossier may have; `None` for any other."""
    picture, font = PICTURE.fullmatch(name), FONT.fullmatch(name)
    try:
        if picture is not None:
            drawn = (pictures / picture[1]).read_bytes()
            # A picture names the fonts of screens; on paper it has those that come with the dossier.
            return (FAMILY.sub(b'font-family="Dossier"', drawn) if fonts is not None else drawn), "image/svg+xml"
        if font is not None and fonts is not None:
            return (fonts / font[1]).read_bytes(), "font/woff2"
    except FileNotFoundError:
        return None
    return None


def _fonts() -> Path | None:
    spec = find_spec("mkdocs")
    places = [Path(place) / FONTS for place in (spec.submodule_search_locations or ())] if spec is not None else []
    return next((place for place in places if place.is_dir()), None)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep WeasyPrint from talking to our terminal of styles that it leaves out."""
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in LOGGERS]
    for logger, _level in before:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in before:
            logger.setLevel(level)
