"""Takes the pictures in this folder: pages of the demo's site in a headless Chromium (`make screenshots`)."""  # noqa: INP001 - a script, no package

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from generator.cli.progress import TerminalProgress
from generator.pipeline.showing import build_demo

PICTURES = {"home.png": "index.html", "release.png": "releases/production-21.html"}
"""Page of the demo by the picture of it; the release is the rollback whose message hides it."""


def main() -> None:
    """Write every picture beside this file."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit("error: no chromium on PATH (on Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory(prefix="assay-pictures-") as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build_demo(site, None, TerminalProgress(quiet=True), lambda: 0.0)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 960}, color_scheme="light")
        for name, path in PICTURES.items():
            page.goto((site / path).as_uri(), wait_until="load")
            page.wait_for_timeout(300)
            page.screenshot(path=Path(__file__).with_name(name))
        browser.close()


if __name__ == "__main__":
    main()
