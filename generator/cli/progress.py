"""How far a run is: a line that is rewritten on a terminal, plain lines elsewhere, always on standard error."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from generator.config.schema import Config

_STAGES = {
    "open": "Opening",
    "history": "Reading the history to",
    "summary": "Adding up",
    "site": "Building the site in",
}


EVERY = 10.0
"""Seconds between two lines on rendering where there is no terminal."""


class TerminalProgress:
    """A `Progress` on standard error; says nothing where `quiet`."""

    def __init__(self, *, quiet: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Write to standard error, at intervals by `clock`, which counts seconds."""
        self._console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
        self._clock = clock
        self._told = clock()
        self._commits = self._renderings = ""
        self._open = False

    def stage(self, name: str, detail: str = "") -> None:
        """Write one line."""
        if self._open:
            self._console.print()
        self._commits, self._renderings, self._open = "", "", False
        self._told = self._clock()
        self._console.print(escape(" ".join(part for part in (_STAGES.get(name, name), detail) if part)))

    def layout(self, source: str, reasons: Sequence[str], config: Config) -> None:
        """Write which layout holds; a detected one in full, since nobody wrote it down."""
        if source:
            self._console.print(escape(f"Layout: {source}"))
            return
        self._console.print("Layout: detected, since there is no assay.yaml (`assay init` writes one)")
        for reason in reasons:
            self._console.print(escape(f"  {reason}"))
        for name, environment in config.environments.items():
            where = ", ".join(environment.path) or ", ".join(source.template for source in config.model)
            after = f" after {environment.upstream}" if environment.upstream else ""
            mark = " (production)" if environment.production else ""
            self._console.print(escape(f"  {name}{mark}: {where}{after}"))

    def count(self, done: int, total: int | None) -> None:
        """Rewrite one line on a terminal; elsewhere lines of counting would only fill a log."""
        of = f" of {total}" if total is not None else ""
        self._commits = f"{done}{of} commits"
        if self._console.is_terminal:
            self._rewrite()

    def rendering(self, rendered: int, found: int) -> None:
        """Write it into the same line on a terminal; elsewhere a line now and then, for engines may take minutes."""
        if not rendered and not found:
            return
        text = f"rendered {rendered}, {found} from the cache"
        if text == self._renderings:
            return
        self._renderings = text
        if self._console.is_terminal:
            self._rewrite()
        elif self._clock() >= self._told + EVERY:
            self._told = self._clock()
            self._console.print(f"  {self._so_far()}")

    def _rewrite(self) -> None:
        self._open = True
        self._console.print(f"  {self._so_far()}", end="\r")

    def _so_far(self) -> str:
        return ", ".join(part for part in (self._commits, self._renderings) if part)
