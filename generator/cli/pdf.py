"""`assay pdf`: a release or a period on paper."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.losses import say_losses
from generator.cli.options import repository_options, request_of
from generator.cli.progress import TerminalProgress
from generator.cli.versions import SETTINGS, refuse_both
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@click.command(context_settings=SETTINGS)
@click.argument("target", metavar="RELEASE|PERIOD")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Default: TARGET.pdf, here.")
@click.option("--evidence", type=click.Path(path_type=Path), metavar="DIR", help="Evidence to read, not a history.")
@click.option("--site", type=click.Path(path_type=Path), metavar="DIR", help="Site whose evidence to read.")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of Assay's own texts.")
@click.option("--overlay", type=click.Path(exists=True, file_okay=False, path_type=Path), multiple=True, metavar="DIR")
@repository_options
def pdf(
    target: str,
    output: Path | None,
    evidence: Path | None,
    site: Path | None,
    language: str,
    overlay: Sequence[Path],
    **options: Any,  # noqa: ANN401 - the shared options
) -> None:
    """Write a dossier of a RELEASE (production-12, or its tag) or a PERIOD as PDF.

    A PERIOD is a year, a quarter, a month or days: 2026, 2026-Q3, 2026-09, 2026-01-01..2026-03-31, in UTC. Needs the
    extra `pdf`.
    """
    from generator.pipeline.dossier import write_dossier  # noqa: PLC0415 - loaded when asked for
    from generator.pipeline.versions import evidence_of, lost_in  # noqa: PLC0415 - as above
    from generator.site.settings import SiteSettings  # noqa: PLC0415 - as above

    if evidence is not None and site is not None:
        raise UsageError("evidence", "--site and --evidence name two places", fix="leave out one of them")
    folder = evidence or site
    if folder is not None:
        refuse_both(folder)
    path = output or Path(f"{UNSAFE.sub('-', target).strip('-.') or 'dossier'}.pdf")
    settings = SiteSettings(language=language, overlays=tuple(overlay))
    with evidence_of(request_of(**options), folder, TerminalProgress(quiet=True)) as found:
        lost = lost_in(found, write_dossier(found, target, path, settings))
        click.echo(f"Wrote {path}")
        say_losses(lost)
    sys.exit(int(ExitCode.UNREADABLE if lost else ExitCode.OK))
