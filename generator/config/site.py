"""What `assay.yaml` says of the site: language, address, and what of it is the user's own."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field

from generator.config.cleaning import clean_path, refuse
from generator.config.closed import Closed

_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})", re.ASCII)
_TOKEN = re.compile(r"[a-z][a-z0-9-]{0,40}", re.ASCII)
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".ico")
_URL = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?", re.ASCII)


def _url(value: str) -> str:
    if value and not _URL.fullmatch(value):
        refuse(f"`{value}` is no address of a site", "write it as in `https://reports.example.com/shop/`")
    return value


def _file(value: str) -> str:
    if value and PurePosixPath(value).suffix.lower() not in PICTURES:
        refuse(f"`{value}` is no picture that a site can show", f"use one that ends in {', '.join(PICTURES)}")
    return clean_path(value) if value else value


def _colour(value: str) -> str:
    if not _HEX.fullmatch(value):
        refuse(f"`{value}` is no colour", "write it as in `#0a5c36`, in quotes, since # begins a comment")
    return value


def _token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        refuse(f"`{value}` is no name of a colour", "docs/theme.md lists them")
    return value


Token = Annotated[str, AfterValidator(_token)]
Colour = Annotated[str, AfterValidator(_colour)]
Url = Annotated[str, AfterValidator(_url)]
File = Annotated[str, AfterValidator(_file)]


class Site(Closed):
    """How the site looks. Pages and templates of one's own are given by options: a repository must not run code."""

    language: Annotated[str, Field(pattern=rf"^{_LANGUAGE}$")] = "en"
    """Language of our own texts, as a BCP 47 code: `en` or `de`, or one whose catalogue stands in an overlay."""
    url: Url = ""
    """Address that the site will have: feeds, previews and the sitemap need it."""
    logo: File = ""
    """Picture of the repository in the place of our mark: SVG, PNG, JPEG, WebP or ICO, 500 kB at most."""
    favicon: File = ""
    """Icon of the pages' tabs, of the repository too."""
    colours: dict[Token, Colour] = Field(default_factory=dict)
    """Colours that replace those of the theme: token → colour, such as `accent: "#0a5c36"`, with `dark-` before the
    token for dark pages; see docs/theme.md."""
