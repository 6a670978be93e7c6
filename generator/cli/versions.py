"""`assay show` and `assay diff`: one environment version, and what differs between any two."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.cli.losses import say_losses
from generator.cli.options import repository_options, request_of
from generator.cli.progress import TerminalProgress
from generator.cli.version_markdown import difference_markdown, version_markdown
from generator.cli.version_text import difference_text, version_text
from generator.errors import ExitCode, Place, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    import msgspec

    from generator.evidence.reading import Evidence
    from generator.evidence.version_views import ShownSide

F = TypeVar("F", bound="Callable[..., Any]")
SETTINGS = {"help_option_names": ["-h", "--help"]}
"""As the group has them: a command keeps the help option of the first context that it is asked in."""
FORMATS = ("text", "json", "markdown")
_READ_ALREADY = ("repo", "config", "ref", "as_of", "limit", "results", "records", "live", "application", "keys")
"""Options that say how a history is read, which evidence that is there already was."""


def _version_options(command: F) -> F:
    for option in (
        click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Default: text."),
        click.option(
            "--evidence",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="A site or an evidence folder to read, instead of the repository.",
        ),
    ):
        command = option(command)
    return repository_options(command)


@click.command(context_settings=SETTINGS)
@click.argument("version")
@_version_options
def show(version: str, evidence: Path | None, form: str, **options: Any) -> None:  # noqa: ANN401 - the shared options
    """Print one environment VERSION, and how to bring it back.

    VERSION is an environment (production: its newest version), or one of its versions: production@3f9a1c2 by its
    digest or a commit, production@2026-08-21 at the end of a day (UTC), production@2026-08-21T16:45:00Z at a moment,
    production@v1.4.0 by a tag, production-12 by a deployment's number. Secrets are shown as fingerprints.
    """
    from generator.evidence.version_views import shown_version  # noqa: PLC0415 - loaded when asked for

    with _opened(evidence, options) as found:
        shown = shown_version(found, version)
        forms = {"text": version_text, "markdown": version_markdown}
        _print(forms[form](shown) if form in forms else _json(shown), found, [shown.version], form)


@click.command(context_settings=SETTINGS)
@click.argument("a")
@click.argument("b")
@_version_options
def diff(a: str, b: str, evidence: Path | None, form: str, **options: Any) -> None:  # noqa: ANN401 - the shared options
    """Print what differs from version A to version B, of one environment or of two.

    Each is named as for `assay show`. The exit code is the same whether something differs or not.
    """
    from generator.evidence.version_views import shown_difference  # noqa: PLC0415 - loaded when asked for

    with _opened(evidence, options) as found:
        shown = shown_difference(found, a, b)
        forms = {"text": difference_text, "markdown": difference_markdown}
        _print(forms[form](shown) if form in forms else _json(shown), found, [shown.a, shown.b], form)


def _json(shown: msgspec.Struct) -> str:
    import msgspec  # noqa: PLC0415 - as above

    return msgspec.json.format(msgspec.json.encode(shown, order="sorted"), indent=2).decode() + "\n"


def _opened(folder: Path | None, options: dict[str, Any]) -> AbstractContextManager[Evidence]:
    from generator.pipeline.versions import evidence_of  # noqa: PLC0415 - loaded when asked for

    if folder is not None:
        refuse_both(folder)
    return evidence_of(request_of(**options), folder, TerminalProgress(quiet=True))


def _print(text: str, evidence: Evidence, sides: Sequence[ShownSide], form: str) -> None:
    """Print what is told, and exit by whether their environments could be read up to these versions."""
    from generator.pipeline.versions import lost_in  # noqa: PLC0415 - as above

    click.echo(text, nl=False)
    lost = lost_in(evidence, [(side.environment, side.deployment.at) for side in sides])
    say_losses(lost, quiet=form == "json")
    sys.exit(int(ExitCode.UNREADABLE if lost else ExitCode.OK))


def refuse_both(folder: Path) -> None:
    """Raise `UsageError` where an option says how to read a history, though evidence is read from `folder`."""
    context = click.get_current_context()
    given = click.core.ParameterSource.COMMANDLINE
    both = [name for name in _READ_ALREADY if context.get_parameter_source(name) is given]
    if both:
        option = f"--{both[0].replace('_', '-')}"
        reason = f"the evidence was read already, so {option} says nothing"
        raise UsageError("evidence", reason, place=Place(str(folder)), fix=f"leave out {option} or --evidence")
