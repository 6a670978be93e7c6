"""What a user's mkdocs.yml says of the report in their site."""

from __future__ import annotations

import re

from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError

FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*")


class _Folder(c.Type[str]):
    """A folder of the site, as `assay` or `reports/shop`."""

    def run_validation(self, value: object) -> str:
        text = str(super().run_validation(value))
        if not FOLDER.fullmatch(text):
            reason = f"{text!r} is no folder of a site: use letters, digits, - and _, with / between"
            raise ValidationError(reason)
        return text


class AssayOptions(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves its hook for subclasses without types
    """Options of the plugin; paths go from the folder of mkdocs.yml."""

    repository = c.Type(str, default=".")
    """The deployment repository, or a folder in it."""
    config = c.Type(str, default="")
    """File to use instead of the repository's own `assay.yaml`."""
    evidence = c.Type(str, default="")
    """An evidence folder that was made before; no history is read then."""
    folder = _Folder(str, default="assay")
    """Where the report stands in the site."""
    title = c.Type(str, default="Release evidence")
    """What its section of the navigation is called."""
    language = c.Type(str, default="")
    """BCP 47 code of the language of our own texts; empty for that of the repository's configuration."""
    overlay = c.Type(str, default="")
    """Folder with `templates/`, `site_src/` or `texts/` that are laid over ours."""
    cache = c.Type(str, default="")
    """Where renderings are kept from one build to the next; nothing is kept where it is empty."""
