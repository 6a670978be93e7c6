"""A headless Chromium without a network, and the sites that it looks at: the demo's and a hostile repository's."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route, sync_playwright

from generator.cli.progress import TerminalProgress
from generator.pipeline.showing import build_demo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
SERVER = "127.0.0.1"


def _note_failure(seen: Seen, request: Request) -> None:
    # What a page still asked for when the next one was opened is given up, and has not failed.
    if request.failure != "net::ERR_ABORTED":
        seen.failed.append(f"failed: {request.url} {request.failure}")


@dataclass
class Seen:
    """What a page did while it was looked at; an empty list each is what is wanted."""

    failed: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    """Requests to another host than the site's own; each was stopped."""
    said: list[str] = field(default_factory=list)
    """Errors and warnings on the console, and exceptions."""
    dialogs: list[str] = field(default_factory=list)

    @property
    def everything(self) -> list[str]:
        """Return all of it."""
        return [*self.failed, *self.elsewhere, *self.said, *self.dialogs]


@dataclass(frozen=True)
class Look:
    """A page of the browser, with what it did so far."""

    page: Page
    seen: Seen


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give the browser; skips where none is installed."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.skip("no Chromium on PATH (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def look(chromium: Browser) -> Iterator[Callable[..., Look]]:
    """Give a function that opens an empty page, in which nothing but files and this machine can be reached."""
    opened = []

    def new(**options: Any) -> Look:  # noqa: ANN401 - playwright's own options
        context = chromium.new_context(**options)
        opened.append(context)
        seen = Seen()

        def only_here(route: Route) -> None:
            target = urlsplit(route.request.url)
            if target.scheme == "file" or target.hostname == SERVER:
                route.continue_()
            else:
                seen.elsewhere.append(route.request.url)
                route.abort()

        def dismiss(dialog: Dialog) -> None:
            seen.dialogs.append(dialog.message)
            dialog.dismiss()

        context.route("**/*", only_here)
        page = context.new_page()
        page.on("requestfailed", lambda request: _note_failure(seen, request))
        page.on("response", lambda r: seen.failed.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.on("console", lambda m: seen.said.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: seen.said.append(f"exception: {error}"))
        page.on("dialog", dismiss)
        return Look(page, seen)

    yield new
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo's site, once for each process that tests."""
    site = tmp_path_factory.mktemp("demo") / "site"
    build_demo(site, None, TerminalProgress(quiet=True), lambda: 0.0)
    return site


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it overrides
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve `folder` on this machine and give its address, with a slash at the end."""
    with ThreadingHTTPServer((SERVER, 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://{SERVER}:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session", params=["file", "server"])
def demo_address(request: pytest.FixtureRequest, demo_site: Path) -> Iterator[str]:
    """Give the address of the demo's site, opened from disk and from a server."""
    if request.param == "file":
        yield f"{demo_site.as_uri()}/"
        return
    with served(demo_site) as address:
        yield address
