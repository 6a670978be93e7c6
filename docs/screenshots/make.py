"""Takes a picture of every kind of page of the demo's site, on a phone, a desk and paper (`make screenshots`)."""  # noqa: INP001 - a script, no package

from __future__ import annotations

import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright
from support.site_pages import PAGES, place

from generator.cli.progress import TerminalProgress
from generator.pipeline.showing import build_demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
LONGEST = 2600
"""Pixels of a page that its picture shows: enough to judge it, without a folder of a hundred megabytes."""
SIGHTS: dict[str, dict[str, Any]] = {
    "390": {"viewport": {"width": 390, "height": 844}},
    "1280": {"viewport": {"width": 1280, "height": 900}},
    "1280-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "print": {"viewport": {"width": 794, "height": 1123}},
}
"""Widths in CSS pixels; that of paper is A4's at 96 pixels an inch."""
DARK_KINDS = ("home", "release", "topology", "matrix", "trends")
COLOURS = 96


def main() -> None:
    """Write every picture beside this file, and remove those of kinds that are gone."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("error: no chromium on PATH (on Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory(prefix="assay-pictures-") as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build_demo(site, None, TerminalProgress(quiet=True), lambda: 0.0)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        made = {name for sight in SIGHTS for name in _take(browser, site, sight)}
        browser.close()
    for old in sorted(HERE.glob("*.png")):
        if old.name not in made:
            old.unlink()


def _take(browser: Browser, site: Path, sight: str) -> list[str]:
    page = browser.new_page(**SIGHTS[sight])
    if sight == "print":
        page.emulate_media(media="print")
    names = []
    for kind in PAGES if sight != "1280-dark" else DARK_KINDS:
        page.goto((site / place(site, kind)).as_uri(), wait_until="load")
        page.evaluate("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
        page.wait_for_timeout(300)
        height = page.evaluate("document.documentElement.scrollHeight")
        width = SIGHTS[sight]["viewport"]["width"]
        clip: Any = {"x": 0, "y": 0, "width": width, "height": min(height, LONGEST)}
        taken = Image.open(BytesIO(page.screenshot(full_page=True, clip=clip)))
        names.append(f"{kind.replace(' ', '-')}-{sight}.png")
        few = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(HERE / names[-1], optimize=True)
    page.close()
    return names


if __name__ == "__main__":
    main()
