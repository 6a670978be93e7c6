"""Where templates and the hand-written pages stand, and a user's own folders laid over them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGE = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Return the folder that holds `templates/` and `site_src/`: in the wheel, or beside the package in a checkout."""
    for folder in (PACKAGE / "_data", PACKAGE.parent):
        if (folder / "templates").is_dir() and (folder / "site_src").is_dir():
            return folder
    raise FaultError(
        "install", "templates and site_src are missing", place=Place(str(PACKAGE)), fix="install Assay again"
    )


def template_folders(overlays: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders to look for templates in, the last overlay first."""
    return (*(folder / "templates" for folder in reversed(overlays)), data_folder() / "templates")


def lay_site_source(overlays: Sequence[Path], target: Path) -> None:
    """Copy `site_src` to `target`, then each overlay's `site_src` over it.

    Raises `UsageError` where an overlay has neither `templates` nor `site_src`.
    """
    shutil.copytree(data_folder() / "site_src", target, copy_function=shutil.copyfile)
    for overlay in overlays:
        source = overlay / "site_src"
        if not source.is_dir() and not (overlay / "templates").is_dir():
            raise UsageError("overlay", "no templates and no site_src in it", place=Place(str(overlay)))
        if source.is_dir():
            shutil.copytree(source, target, copy_function=shutil.copyfile, dirs_exist_ok=True)
