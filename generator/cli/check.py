"""`assay check`: the gate for a pipeline."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
import msgspec

from generator.cli.check_formats.plain import counted, log_safe, verdict_of
from generator.cli.losses import say_in_vain, say_losses
from generator.cli.options import followed, previous_option, repository_options, request_of
from generator.cli.progress import TerminalProgress
from generator.errors import UsageError

if TYPE_CHECKING:
    from generator.pipeline.checking.report import Report

SETTINGS = {"help_option_names": ["-h", "--help"]}
"""As the group has them: a command keeps the help option of the first context that it is asked in."""
LEVELS = ("error", "warning", "note", "never")


@click.command(context_settings=SETTINGS)
@repository_options
@click.option("--commit", default="", metavar="C", help="What one commit brought, against its first parent.")
@click.option("--range", "range_", default="", metavar="A..B", help="What the commits from A to B brought.")
@click.option("--base", default="", metavar="B", help="What a change brings to this branch, see --head.")
@click.option("--head", default="", metavar="H", help="Newest commit of the change; default: HEAD.")
@click.option("--next", "next_", is_flag=True, help="What would come with the next release.")
@click.option("--environment", multiple=True, metavar="NAME", help="Only this environment; default: as configured.")
@click.option("--fail-on", type=click.Choice(LEVELS), help="Level that fails it; default: as configured, else error.")
@click.option(
    "--format",
    "forms",
    multiple=True,
    metavar="NAME[=FILE]",
    help="text, json, junit, sarif, gitlab, github or markdown, to a file or printed; repeatable.",
)
@previous_option("Site or bundle that is published: what of it git has no more is found too.")
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON.")
def check(  # noqa: PLR0913 - one parameter an option
    commit: str,
    range_: str,
    base: str,
    head: str,
    environment: tuple[str, ...],
    *,
    fail_on: str | None,
    forms: tuple[str, ...],
    next_: bool,
    as_json: bool,
    **options: Any,  # noqa: ANN401 - the shared options
) -> None:
    """Judge what holds now, or what a change brings; exit 1 where it fails by the policy."""
    from generator.cli.check_formats.writing import FORMATS, asked_formats, write  # noqa: PLC0415 - as below
    from generator.pipeline.checking.running import check as check_  # noqa: PLC0415 - loaded when asked for
    from generator.pipeline.checking.scope import Asked  # noqa: PLC0415 - as above

    shown, files = asked_formats(forms)
    if as_json and any("=" not in form for form in forms):
        raise UsageError("format", "--json and --format both go to standard output", fix="give the format a file")
    asked = Asked(commit, range_, base, head, next_)
    previous = followed(options.pop("previous"), None)
    request = replace(request_of(**options), previous=previous)
    report = check_(request, asked, environment, fail_on or "", TerminalProgress(quiet=True))
    write(report, files)
    click.echo(_rows(report) if as_json else FORMATS[shown](report), nl=False)
    _say(report, alone=not as_json and shown in {"text", "github"})
    sys.exit(report.exit_code)


def _rows(report: Report) -> str:
    """Return every finding as one row of a list, worst first."""
    rows = [
        {"environment": case.environment, **msgspec.to_builtins(item.finding)}
        for case, item in report.worst_first
        if item.finding is not None
    ]
    return json.dumps(rows, sort_keys=True) + "\n"


def _say(report: Report, *, alone: bool) -> None:
    """Tell on standard error how it ended, and what could not be read; `alone` where people read the output."""
    if alone:
        found = [item for _, item in report.items if item.finding is not None]
        waived = sum(item.exempt is not None for item in found)
        told = counted(len(found), "finding") + (f", {waived} of them waived" if waived else "")
        before = f"; {counted(report.standing, 'finding')} stood before" if report.standing else ""
        click.echo(f"{told}{before}. {log_safe(verdict_of(report))}", err=True)
    say_in_vain(report.exemptions, report.unmatched, log_safe)
    say_losses(report.unreadable, quiet=not alone, clean=log_safe)
