"""How far a run is: a line that is rewritten on a terminal, plain lines elsewhere, always on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config.schema import Config

_STAGES = {
    "open": "Opening",
    "history": "Reading the history to",
    "summary": "Adding up",
    "site": "Building the site in",
}


class TerminalProgress:
    """A `Progress` on standard error; says nothing where `quiet`."""

    def __init__(self, *, quiet: bool) -> None:
        """Write to standard error."""
        self._console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)

    def stage(self, name: str, detail: str = "") -> None:
        """Write one line."""
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
        if self._console.is_terminal:
            of = f" of {total}" if total is not None else ""
            self._console.print(f"  {done}{of} commits", end="\r")
