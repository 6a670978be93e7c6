"""What is the user's own in a site: colours, logo, icon and pages, laid into the site's source before it is built."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import Place, UsageError
from generator.site.contrast import DARK, palette, poor, whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.site.contrast import Palette
    from generator.site.settings import SiteSettings

TOKENS = "docs/assets/stylesheets/tokens.css"
IMAGES = "assets/images"
PAGES = "pages"
"""Folder of the site that holds the user's own pages: none of ours stands there."""
DARK_PREFIX = "dark-"
"""Start of a key that sets the colour of dark pages."""


class Own(NamedTuple):
    """What of the user's own was laid into the source of a site."""

    logo: str
    """Path in the site; empty for our mark."""
    favicon: str
    pages: tuple[str, ...]
    """Markdown pages by their paths in the site's source, in the order of the navigation."""


def lay_own(source: Path, settings: SiteSettings) -> Own:
    """Lay what `settings` name into `source`, the copy of `site_src` of a build.

    Raises `UsageError` for a colour that no token has or that nobody could read, and for pages that can't be had.
    """
    if settings.colours:
        path = source / TOKENS
        css = path.read_text("utf-8")
        path.write_text(css + colour_style(css, dict(settings.colours), settings.source), "utf-8")
    return Own(
        logo=_picture(source, settings.logo, "logo"),
        favicon=_picture(source, settings.favicon, "favicon-own"),
        pages=_pages(source, settings.pages) if settings.pages is not None else (),
    )


def colour_style(css: str, colours: Mapping[str, str], place: str) -> str:
    """Return the style that puts `colours` (key → `#rrggbb`) in the place of the tokens of `css`.

    Raises `UsageError` where a key names no token, or where text in a colour could not be read on its ground.
    """
    base = palette(css)
    light = {key: whole(colour) for key, colour in colours.items() if not key.startswith(DARK_PREFIX)}
    dark = {key.removeprefix(DARK_PREFIX): whole(c) for key, c in colours.items() if key.startswith(DARK_PREFIX)}
    for key in sorted(colours):
        if key.removeprefix(DARK_PREFIX) not in base.light:
            names = ", ".join(sorted(name for name in base.light if not name.startswith("chart-")))
            fix = f"use one of {names}, or chart-NAME of docs/theme.md"
            raise UsageError("colours", f"site.colours: there is no colour {key!r}", place=Place(place), fix=fix)
    _refuse_poor(base, light, dark, place)
    # What is set for light pages must not hold on dark ones.
    kept = {name: base.dark[name] for name in light}
    blocks = (
        _block(":root,\n[data-md-color-scheme]", light),
        _on_screen(_block(f'[data-md-color-scheme="{DARK}"], [data-bs-theme="dark"]', {**kept, **dark})),
    )
    return "".join(["\n/* The colours of assay.yaml. */\n", *blocks])


def _block(selector: str, colours: Mapping[str, str]) -> str:
    lines = "".join(f"  --assay-{name}: {colour};\n" for name, colour in sorted(colours.items()))
    return f"\n{selector} {{\n{lines}}}\n" if lines else ""


def _on_screen(block: str) -> str:
    return f"\n@media screen {{{block}}}\n" if block else ""


def _refuse_poor(base: Palette, light: Mapping[str, str], dark: Mapping[str, str], place: str) -> None:
    for prefix, before, own in (("", base.light, light), (DARK_PREFIX, base.dark, dark)):
        for found in poor({**before, **own}):
            if found.upper not in own and found.lower not in own:
                continue
            key = found.upper if found.upper in own else found.lower
            other = found.lower if key == found.upper else found.upper
            reason = (
                f"site.colours: {prefix}{key} {own[key]} has a contrast of {found.ratio:.2f} : 1 to {prefix}{other},"
                f" {found.least:g} : 1 is the least that people can read"
            )
            fix = f"take a {'lighter' if prefix else 'darker'} colour, or change {prefix}{other} too"
            raise UsageError("colours", reason, place=Place(place), fix=fix)


def _picture(source: Path, picture: Path | None, name: str) -> str:
    if picture is None:
        return ""
    path = f"{IMAGES}/{name}{picture.suffix}"
    shutil.copyfile(picture, source / "docs" / path)
    return path


def _refuse_ways_out(folder: Path) -> None:
    """Refuse a link that leads out of `folder`: what it leads to would be copied into a site for others to read."""
    try:
        top = folder.resolve()
        out = [path for path in sorted(folder.rglob("*")) if path.is_symlink() and not _is_within(path, top)]
    except (OSError, RuntimeError) as fault:
        reason = "the pages can't be read"
        raise UsageError("pages", reason, place=Place(str(folder)), fix="name a folder that can be read") from fault
    if out:
        name = out[0].relative_to(folder).as_posix()
        fix = "put the file itself there"
        raise UsageError("pages", f"{name} is a link that leads out of the folder", place=Place(str(folder)), fix=fix)


def _is_within(path: Path, top: Path) -> bool:
    found = path.resolve()
    # A link to a folder above itself would be copied without an end.
    return found.is_relative_to(top) and not path.absolute().is_relative_to(found)


def _pages(source: Path, folder: Path) -> tuple[str, ...]:
    """Copy the user's pages, with all that stands beside them, and return the Markdown ones, an index first."""
    target = source / "docs" / PAGES
    _refuse_ways_out(folder)
    try:
        shutil.copytree(folder, target, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns(".*"))
    except (OSError, shutil.Error) as fault:
        fix = "name a folder of Markdown pages that can be read"
        raise UsageError("pages", "the pages can't be copied", place=Place(str(folder)), fix=fix) from fault
    found = [path.relative_to(source / "docs").as_posix() for path in target.rglob("*.md") if path.is_file()]
    if not found:
        fix = "put a page such as index.md into it"
        raise UsageError("pages", "no Markdown page in the folder", place=Place(str(folder)), fix=fix)
    return tuple(sorted(found, key=lambda path: (path != f"{PAGES}/index.md", path)))
