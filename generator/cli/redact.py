"""`assay redact`: a person's name taken out of a published bundle or site; and `--keep`, how long bundles stay."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from generator.cli.options import KEY_VARIABLE
from generator.cli.versions import SETTINGS
from generator.evidence.retention import POLICIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.pipeline.redacting import Redacted

F = TypeVar("F", bound="Callable[..., Any]")


def keep_option(command: F) -> F:
    """Add the option that says which earlier bundles a site keeps."""
    option = click.option(
        "--keep",
        type=click.Choice(POLICIES),
        default="manifests",
        show_default=True,
        help="Earlier bundles to keep in archive/: each; those of a year, and of older ones the last of each month; "
        "or none, but for their manifests.",
    )
    return option(command)


@click.command(context_settings=SETTINGS)
@click.argument("target", metavar="BUNDLE|SITE", type=click.Path(path_type=Path))
@click.option("--person", required=True, metavar="NAME", help="Name to erase, as the pages show it.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is published.")
@click.option("--basis", default="", metavar="TEXT", help="What obliges to it, such as an article of a law.")
@click.option(
    "--repo",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Repository whose assay.yaml says how the site looks; default: plain.",
)
@click.option("--overlay", type=click.Path(exists=True, file_okay=False, path_type=Path), multiple=True, metavar="DIR")
@click.option("--pages", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--language", default="", metavar="CODE", help="Language of the site; default: as configured, else en.")
@click.option("--dot", default="", metavar="COMMAND", help="Layout program to use instead of the embedded one.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def redact(  # noqa: PLR0913, PLR0917 - one parameter an option
    target: Path,
    person: str,
    reason: str,
    basis: str,
    repo: Path | None,
    overlay: tuple[Path, ...],
    pages: Path | None,
    language: str,
    dot: str,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Erase a person from a BUNDLE or a SITE, for somebody's right to it.

    A new bundle follows the old one, with a marked gap that `assay verify` accepts and shows. The next build that
    follows it erases the same again. Git, and copies that are published elsewhere, stay as they are.
    """
    from generator.pipeline.redacting import Erasure  # noqa: PLC0415 - loaded when asked for
    from generator.pipeline.redacting_site import redact_at  # noqa: PLC0415 - as above
    from generator.site.settings import SiteSettings  # noqa: PLC0415 - as above

    erasure = Erasure(person, reason, basis, os.environ.get(KEY_VARIABLE, "").encode())
    settings = SiteSettings(overlays=overlay, pages=pages)
    done = redact_at(target, erasure, settings, repository=repo, language=language, dot=dot.split() or None)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(done), sort_keys=True))
    elif not quiet:
        _say(done, target)


def _say(done: Redacted, target: Path) -> None:
    one = done.redaction
    number = sum(one.places.values())
    click.echo(
        f"{one.id}: erased {_times(number)} in {_counted(len(one.places), 'file')}; this is bundle {done.sequence} now"
    )
    for sequence, count in sorted(done.archive.items()):
        click.echo(f"archive/{sequence}: erased {_times(count)}")
    for name, lines in sorted(done.left.items()):
        why = "it is part of what a component, a file or a ref is called"
        click.echo(f"warning: {name}: left in {_counted(lines, 'line')}: {why}", err=True)
    if done.signatures:
        click.echo(f"The {_counted(done.signatures, 'signature file')} of the old bundle no longer held, and went.")
    click.echo(f"It is not signed. To sign it again: assay sign {target} --key FILE")
    click.echo("Replace every published copy, and tell who has one. The history in git still has the name.")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"
