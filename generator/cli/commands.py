"""The commands of `assay`."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.check import check
from generator.cli.check_formats.plain import log_safe
from generator.cli.losses import say_losses
from generator.cli.metrics import metrics
from generator.cli.options import followed, previous_option, repository_options, request_of
from generator.cli.pdf import pdf
from generator.cli.progress import TerminalProgress
from generator.cli.redact import keep_option, redact
from generator.cli.signing import sign, signing_of, signing_options, statement
from generator.cli.verify import verify
from generator.cli.versions import diff, show
from generator.errors import AssayError, Place, RefusedError, UsageError
from generator.pipeline.faults import fault_of

if TYPE_CHECKING:
    from generator.pipeline.request import Outcome

OUTPUT = Path("site")
FOLLOWED = "Site or bundle that this one follows; default: the site at --output. `none` begins a new chain."


class _Group(click.Group):
    """Prints every failure as one line, with its own exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except AssayError as fault:
            click.echo(log_safe(str(fault)), err=True)
            sys.exit(int(fault.exit_code))
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - a traceback would end with the code of a failed check
            internal = fault_of(error)
            click.echo(log_safe(str(internal)), err=True)
            sys.exit(int(internal.exit_code))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="assay", message="assay %(version)s")
def main() -> None:
    """Release evidence from the git history of a deployment repository, as a static, offline site."""


@main.command()
@repository_options
@click.option("--output", type=click.Path(path_type=Path), default=OUTPUT, metavar="DIR", help="Default: site.")
@click.option(
    "--overlay",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Folder with templates, site_src or texts of your own, laid over ours; the last one wins.",
)
@click.option(
    "--pages",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of Markdown pages of your own, shown after ours.",
)
@click.option("--language", default="", metavar="CODE", help="Language of the site; default: as configured, else en.")
@click.option("--dot", default="", metavar="COMMAND", help="Layout program to use instead of the embedded one.")
@signing_options("--sign-key", "--sign-with")
@previous_option(FOLLOWED, "PATH|none")
@keep_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def build(
    output: Path,
    overlay: tuple[Path, ...],
    pages: Path | None,
    language: str,
    dot: str,
    *,
    as_json: bool,
    quiet: bool,
    **options: Any,  # noqa: ANN401 - the shared options
) -> None:
    """Read the history and build its site."""
    from generator.pipeline.building import build as build_  # noqa: PLC0415 - only this command needs the engines
    from generator.site.settings import SiteSettings  # noqa: PLC0415 - as above

    progress = TerminalProgress(quiet=quiet or as_json)
    engine = dot.split() or None
    previous = followed(options.pop("previous"), output)
    signing = signing_of(options.pop("sign_key"), options.pop("sign_with"))
    keep = options.pop("keep")
    request = replace(request_of(**options), previous=previous, signing=signing, keep=keep)
    if request.cache is not None and request.cache.absolute().is_relative_to(output.absolute()):
        fix = "name a folder beside it by --cache"
        raise UsageError("cache", "the cache would stand in the site", place=Place(str(request.cache)), fix=fix)
    own = SiteSettings(overlays=overlay, pages=pages)
    outcome = build_(request, output, progress, time.perf_counter, settings=own, language=language, dot=engine)
    _say(outcome, output, as_json=as_json, quiet=quiet)
    sys.exit(int(outcome.exit_code))


def _say(outcome: Outcome, output: Path, *, as_json: bool, quiet: bool) -> None:
    summary = outcome.summary
    lost = [u for u in summary.unreadable if u.level == "unreadable"]
    for warning in outcome.warnings:
        click.echo(f"warning: {warning}", err=True)
    say_losses(lost, quiet=quiet or as_json)
    if as_json:
        result = {
            "output": str(output),
            "commit": summary.commit.id,
            "as_of": summary.as_of,
            "deployments": outcome.deployments,
            "unreadable": len(lost),
            "after": outcome.after,
            "carried": outcome.carried,
            "pages": outcome.pages,
            "diagrams": outcome.diagrams,
            "renderings": outcome.renderings,
            "seconds": {name: round(value, 3) for name, value in outcome.seconds.items()},
        }
        click.echo(json.dumps(result, sort_keys=True))
    elif not quiet:
        releases = sum(e.deployments for e in summary.environments if e.production)
        seconds = sum(outcome.seconds.values())
        counts = f"{_counted(outcome.deployments, 'deployment')}, {_counted(releases, 'release')} among them"
        click.echo(f"{counts}, in {seconds:.1f} s")
        click.echo(f"Open {(output / 'index.html').absolute().as_uri()}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"


@main.command()
@repository_options
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Default: assay.yaml in the checkout.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print instead of writing.")
def init(output: Path | None, *, to_stdout: bool, **options: Any) -> None:  # noqa: ANN401 - the shared options
    """Write an assay.yaml from the layout that is detected."""
    from generator.config.writing import write_config  # noqa: PLC0415 - loaded when asked for
    from generator.pipeline.layout import CONFIG_FILE, detect_at  # noqa: PLC0415 - loaded when asked for

    request = request_of(**options)
    detected, work_tree = detect_at(request)
    text = write_config(detected)
    for reason in detected.reasons:
        click.echo(reason, err=True)
    if to_stdout:
        click.echo(text, nl=False)
        return
    if output is None and work_tree is None:
        raise UsageError("no-checkout", "a bare repository has no place for assay.yaml", fix="use --output or --stdout")
    target = output or Path(str(work_tree)) / CONFIG_FILE
    if target.exists():
        raise RefusedError(
            "exists", "the file is there already", place=Place(str(target)), fix="remove it, or --stdout"
        )
    target.write_text(text, "utf-8")
    click.echo(f"Wrote {target}")


@main.command()
@click.option("--output", type=click.Path(path_type=Path), default=OUTPUT, metavar="DIR", help="Default: site.")
@click.option("--repo", type=click.Path(path_type=Path), metavar="DIR", help="Where to keep the sample repository.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def demo(output: Path, repo: Path | None, *, quiet: bool) -> None:
    """Write a sample deployment repository and build its site."""
    from generator.pipeline.showing import build_demo  # noqa: PLC0415 - loaded when asked for

    outcome = build_demo(output, repo, TerminalProgress(quiet=quiet), time.perf_counter)
    _say(outcome, output, as_json=False, quiet=quiet)
    sys.exit(int(outcome.exit_code))


@main.command()
@click.option("--output", type=click.Path(path_type=Path), default=OUTPUT, metavar="DIR", help="Default: site.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True)
def serve(output: Path, port: int) -> None:
    """Serve a built site on this machine alone; it also opens from disk without a server."""
    from generator.cli.serving import serve as serve_  # noqa: PLC0415 - loaded when asked for

    if not (output / "index.html").is_file():
        raise RefusedError("no-site", "there is no site", place=Place(str(output)), fix="run assay build first")
    serve_(output, port)


@main.command()
@click.argument("name", default="config")
def schema(name: str) -> None:
    """Print a JSON Schema: `config`, or a record of the evidence folder by NAME."""
    from generator.pipeline.schemas import published_schemas  # noqa: PLC0415 - loaded when asked for

    schemas = published_schemas()
    if name not in schemas:
        known = ", ".join(sorted(schemas))
        raise UsageError("schema", f"there is no schema {name!r}", fix=f"use one of: {known}")
    click.echo(json.dumps(schemas[name], indent=2, sort_keys=True))


main.add_command(check)
main.add_command(show)
main.add_command(diff)
main.add_command(metrics)
main.add_command(pdf)
main.add_command(redact)
main.add_command(verify)
main.add_command(sign)
main.add_command(statement)
