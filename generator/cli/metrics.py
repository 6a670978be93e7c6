"""`assay metrics`: delivery measures as a table, JSON, CSV or OpenMetrics, and as badges."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.cli.losses import say_losses
from generator.cli.metrics_csv import metrics_csv
from generator.cli.metrics_openmetrics import metrics_openmetrics
from generator.cli.metrics_text import metrics_text
from generator.cli.options import Moment, repository_options, request_of
from generator.cli.progress import TerminalProgress
from generator.cli.versions import SETTINGS, refuse_both
from generator.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.evidence.metrics_report import MetricsReport
    from generator.evidence.reading import Evidence
    from generator.pipeline.metrics import Question

F = TypeVar("F", bound="Callable[..., Any]")
FORMATS = ("table", "json", "csv", "openmetrics")
PERIODS = ("all", "rolling", "year", "quarter", "month", "week", "day", "hour")
OF_THEIR_OWN = ("all", "rolling")
"""Periods that begin and end by themselves."""
PROFILES = ("assay", "dora", "gitlab", "devlake", "datadog", "octopus")
OURS = "assay"


class _Until(Moment):
    """A time as RFC 3339, or a date, which means its end in UTC."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - as click has it
        """Return the first moment that no longer belongs to it, seconds since 1970 UTC."""
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            return super().convert(value, param, ctx)
        return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + timedelta(days=1).total_seconds())


def _metrics_options(command: F) -> F:
    folder = click.Path(path_type=Path)
    for option in (
        click.option("--badges", type=folder, metavar="DIR", help="Write badges for a README there too."),
        click.option("--format", "form", type=click.Choice(FORMATS), default="table", help="Default: table."),
        click.option(
            "--profile", type=click.Choice(PROFILES), help="Whose definitions to count by; default: as configured."
        ),
        click.option("--until", type=_Until(), metavar="DATE", help="Leave out calendar periods after it."),
        click.option("--since", type=Moment(), metavar="DATE", help="Leave out calendar periods before it."),
        click.option(
            "--period",
            "periods",
            type=click.Choice(PERIODS),
            multiple=True,
            help="What to cut time into; may be given several times. Default: all and rolling (up to the report time),"
            " with --since or --until month.",
        ),
        click.option("--subject", default="", metavar="NAME", help="Only this component or team."),
        click.option(
            "--by", type=click.Choice(("environment", "component", "team")), default="environment",
            help="Whose measures; default: environment.",
        ),
        click.option(
            "--environment", "environments", multiple=True, metavar="NAME",
            help="May be given several times; all for every one. Default: production ones.",
        ),
        click.option(
            "--evidence", type=folder, metavar="DIR",
            help="A site or an evidence folder to read, instead of the repository.",
        ),
    ):  # fmt: skip
        command = option(command)
    return repository_options(command)


@click.command(context_settings=SETTINGS)
@_metrics_options
def metrics(  # noqa: PLR0913 - one parameter an option
    *,
    evidence: Path | None,
    environments: tuple[str, ...],
    by: str,
    subject: str,
    periods: tuple[str, ...],
    since: int | None,
    until: int | None,
    profile: str | None,
    form: str,
    badges: Path | None,
    **options: Any,  # noqa: ANN401 - the shared options
) -> None:
    """Print how delivery goes: frequency, velocity, failures, lead and recovery times, availability.

    The numbers are those of the site, each with the counts behind it. What can't be measured says why.
    """
    from generator.pipeline.metrics import Question, answer  # noqa: PLC0415 - loaded when asked for
    from generator.pipeline.versions import evidence_of  # noqa: PLC0415 - as above

    if evidence is not None:
        refuse_both(evidence)
    bounded = since is not None or until is not None
    asked = Question(
        environments=environments,
        by=by,  # type: ignore[arg-type]  # click lets one of its names through alone
        subject=subject,
        units=periods or (("month",) if bounded else OF_THEIR_OWN),  # type: ignore[arg-type]  # as above
        since=since,
        until=until,
        profile=profile or "",
    )
    _refuse_what_says_nothing(asked, bounded=bounded)
    with evidence_of(request_of(**options), evidence, TerminalProgress(quiet=True)) as found:
        report = answer(found, asked)
        by_profile = report.profile != OURS and _fits_profiles(asked)
        click.echo(_printed(report, form, subject, by_profile=by_profile), nl=False)
        if badges is not None:
            _write_badges(found, report, environments, badges)
        sys.exit(int(_told_losses(found, environments, quiet=form != "table")))


def _refuse_what_says_nothing(asked: Question, *, bounded: bool) -> None:
    if asked.subject and asked.by == "environment":
        raise UsageError("subject", "an environment has no subject", fix="name its kind: --by component or --by team")
    if asked.since is not None and asked.until is not None and asked.since >= asked.until:
        raise UsageError("since", "--since is not before --until", fix="give the earlier time to --since")
    own = [unit for unit in asked.units if unit in OF_THEIR_OWN]
    if bounded and own:
        reason = f"--period {own[0]} begins and ends by itself, so --since and --until say nothing"
        raise UsageError("period", reason, fix="ask for calendar periods, such as --period month")
    if asked.profile not in {"", OURS} and not _fits_profiles(asked):
        reason = f"{asked.profile} is counted for environments, over all time and rolling windows"
        raise UsageError("profile", reason, fix="leave out --by, --since, --until and other periods, or --profile")


def _fits_profiles(asked: Question) -> bool:
    return asked.by == "environment" and set(asked.units) <= set(OF_THEIR_OWN)


def _printed(report: MetricsReport, form: str, subject: str, *, by_profile: bool) -> str:
    if form == "csv":
        return metrics_csv(report, by_profile=by_profile)
    if form == "openmetrics":
        return metrics_openmetrics(report, by_profile=by_profile)
    if form == "table":
        return metrics_text(report, subject, by_profile=by_profile)
    import msgspec  # noqa: PLC0415 - loaded when asked for

    return msgspec.json.format(msgspec.json.encode(report, order="sorted"), indent=2).decode() + "\n"


def _write_badges(evidence: Evidence, report: MetricsReport, environments: tuple[str, ...], folder: Path) -> None:
    from generator.pipeline.metrics import write_badges_of  # noqa: PLC0415 - loaded when asked for

    for path in write_badges_of(evidence, environments, report.profile, folder):
        click.echo(f"Wrote {path}", err=True)


def _told_losses(evidence: Evidence, environments: tuple[str, ...], *, quiet: bool) -> ExitCode:
    """Say what could not be read of the environments that were measured, and return what the command ends with."""
    from generator.pipeline.metrics import environments_of  # noqa: PLC0415 - loaded when asked for
    from generator.pipeline.versions import lost_in  # noqa: PLC0415 - as above

    # What belongs to no environment, such as a record, may be missing in any of them.
    lost = lost_in(evidence, [(name, "") for name in ("", *environments_of(evidence.summary, environments))])
    say_losses(lost, quiet=quiet)
    return ExitCode.UNREADABLE if lost else ExitCode.OK
