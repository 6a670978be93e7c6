"""What `assay.yaml` says of the site: language, address, and what of it is the user's own."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from generator.config.cleaning import clean_path, refuse
from generator.config.closed import Closed

_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_URL = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?", re.ASCII)


def _url(value: str) -> str:
    if value and not _URL.fullmatch(value):
        refuse(f"`{value}` is no address of a site", "write it as in `https://reports.example.com/shop/`")
    return value


def _file(value: str) -> str:
    return clean_path(value) if value else value


Url = Annotated[str, AfterValidator(_url)]
File = Annotated[str, AfterValidator(_file)]


class Site(Closed):
    """How the site looks. Pages and templates of one's own are given by options: a repository must not run code."""

    language: Annotated[str, Field(pattern=rf"^{_LANGUAGE}$")] = "en"
    """Language of our own texts, as a BCP 47 code: `en` or `de`, or one whose catalogue stands in an overlay."""
    url: Url = ""
    """Address that the site will have: feeds, previews and the sitemap need it."""
    logo: File = ""
    """Picture (SVG or PNG) of the repository in the place of our mark."""
    favicon: File = ""
    """Icon of the pages' tabs, of the repository too."""
    colours: dict[str, str] = Field(default_factory=dict)
    """Colours that replace those of the theme: token → colour, such as `accent: "#0a5c36"`; see docs/theme.md."""
