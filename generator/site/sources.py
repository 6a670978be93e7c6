"""Where templates and the hand-written pages stand, and a user's own folders laid over them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place, UsageError
from generator.site.script_texts import write_script_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

TRANSLATION = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""Middle of the name of a translated page: `index.de.md`."""
SCRIPTS = "assets/javascripts"
PACKAGE = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Return the folder that holds `templates/` and `site_src/`: in the wheel, or beside the package in a checkout."""
    for folder in (PACKAGE / "_data", PACKAGE.parent):
        if (folder / "templates").is_dir() and (folder / "site_src").is_dir():
            return folder
    raise FaultError(
        "install", "templates and site_src are missing", place=Place(str(PACKAGE)), fix="install Assay again"
    )


def our_templates() -> Path:
    """Return the folder of the templates that come with Assay."""
    return data_folder() / "templates"


def template_folders(overlays: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders to look for templates in, the last overlay first."""
    return (*(folder / "templates" for folder in reversed(overlays)), our_templates())


def text_folders(overlays: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders that hold a `texts/` with catalogues, the last overlay first."""
    return (*reversed(overlays), our_templates())


def lay_site_source(overlays: Sequence[Path], target: Path, language: str) -> None:
    """Copy `site_src` to `target`, then each overlay's `site_src` over it.

    Texts of scripts come in the language that the build speaks. Of a page `index.md` with a translation `index.de.md`,
    a site in that language has the translation; no site has translations into other languages. Raises `UsageError`
    where an overlay has nothing to lay over.
    """
    shutil.copytree(data_folder() / "site_src", target, copy_function=shutil.copyfile)
    for overlay in overlays:
        source = overlay / "site_src"
        if not any((overlay / name).is_dir() for name in ("site_src", "templates", "texts")):
            raise UsageError("overlay", "no templates, site_src or texts in it", place=Place(str(overlay)))
        if source.is_dir():
            shutil.copytree(source, target, copy_function=shutil.copyfile, dirs_exist_ok=True)
    _choose_language(target / "docs", language)
    write_script_texts(target / "docs" / SCRIPTS)


def _choose_language(docs: Path, language: str) -> None:
    for path in sorted(docs.rglob("*.*.md")):
        stem, _, code = path.stem.rpartition(".")
        if code == language:
            path.replace(path.with_name(f"{stem}.md"))
        elif TRANSLATION.fullmatch(code):
            path.unlink()
