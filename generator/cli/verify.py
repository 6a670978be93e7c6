"""`assay verify`: a bundle, a site or a page against what it says of itself, and against git."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from generator.cli.options import repository_options, request_of
from generator.cli.progress import TerminalProgress
from generator.errors import ExitCode, Place, UsageError, escape_control

if TYPE_CHECKING:
    from generator.evidence.ssh_signatures import AllowedSigners
    from generator.evidence.verifying.bundle import Known, Wanted
    from generator.evidence.verifying.verdict import Verdict

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TOLD: dict[str, Any] = {"ref": "", "as_of": None, "limit": None, "allow_shallow": False}
"""Options of other commands that are inputs of the bundle, which its manifest tells."""
_MOST_KEY_BYTES = 16_000_000
WHAT_TO_DO = (
    "What to do: take the files again from where they were published, or build them again from the repository, and"
    " verify those. Do not go by what stands here."
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@repository_options
@click.option("--allowed-signers", type=click.Path(path_type=Path), metavar="FILE", help="SSH keys that may sign.")
@click.option("--follows", default="", metavar="PATH|SHA256", help="Bundle that this one must be, or follow.")
@click.option("--expect", default="", metavar="SHA256", help="Digest that its manifest.json must have.")
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE", help="Check one page against its record.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(
    folder: Path | None,
    allowed_signers: Path | None,
    follows: str,
    expect: str,
    page: Path | None,
    *,
    as_json: bool,
    **options: Any,  # noqa: ANN401 - the shared options
) -> None:
    """Check a site or an evidence FOLDER; exit 6 where something is not what it says.

    Offline: every file against the manifest, what they say against each other, the chain of bundles, and signatures by
    --allowed-signers. With --repo the evidence is built anew from git, by the options that the build had.
    """
    from generator.evidence.verifying.bundle import Wanted  # noqa: PLC0415 - loaded when asked for
    from generator.evidence.verifying.page import verify_page  # noqa: PLC0415 - as above
    from generator.pipeline.verifying import verify as verify_  # noqa: PLC0415 - as above

    known = _known(follows) if follows else None
    wanted = Wanted(_allowed(allowed_signers), _digest(expect, "--expect") if expect else "", known)
    if page is not None:
        verdict = verify_page(page, folder, wanted)
    elif folder is None:
        raise UsageError("folder", "nothing to verify is named", fix="assay verify FOLDER, or --page FILE")
    else:
        asked = options["repo"] is not None
        request = request_of(**options, **_TOLD) if asked else None
        verdict = verify_(folder, wanted, request, TerminalProgress(quiet=True))
    _say(verdict, wanted, as_json=as_json)
    sys.exit(int(ExitCode.OK if verdict.good else ExitCode.VERIFY_FAILED))


def _adapt(command: click.Command) -> None:
    """Let `--repo` be asked for here, and leave out what the manifest tells: other commands read where they stand."""
    command.params = [option for option in command.params if option.name not in _TOLD]
    for option in command.params:
        if isinstance(option, click.Option) and option.name == "repo":
            option.default, option.help = None, "Build the evidence anew from this repository, and compare."


_adapt(verify)


def _allowed(path: Path | None) -> AllowedSigners | None:
    if path is None:
        return None
    from generator.evidence.ssh_signatures import read_allowed  # noqa: PLC0415 - as above

    try:
        data = path.read_bytes() if path.stat().st_size <= _MOST_KEY_BYTES else None
    except OSError as fault:
        reason = fault.strerror or "can't be read"
        raise UsageError("keys", reason, place=Place(str(path)), fix="check --allowed-signers") from fault
    if data is None:
        raise UsageError("keys", f"more than {_MOST_KEY_BYTES} bytes", place=Place(str(path)))
    return read_allowed(str(path), data)


def _digest(given: str, option: str) -> str:
    if not _SHA256.fullmatch(given.lower()):
        raise UsageError(
            "digest", f"{given!r} is no SHA-256", fix=f"{option} takes what sha256sum manifest.json prints"
        )
    return given.lower()


def _known(given: str) -> Known:
    """Return the bundle that `--follows` names by its digest, or by where it is."""
    from generator.evidence.chain import link_of, read_chain  # noqa: PLC0415 - as above
    from generator.evidence.verifying.bundle import Known, bundle_folder  # noqa: PLC0415 - as above

    path = Path(given)
    if not path.exists():
        return Known(_digest(given, "--follows"))
    folder = bundle_folder(path)
    return Known(link_of(folder).digest, frozenset(link.digest for link in read_chain(folder)))


def _say(verdict: Verdict, wanted: Wanted, *, as_json: bool) -> None:
    if as_json:
        result = {"good": verdict.good, **msgspec.to_builtins(verdict)}
        click.echo(msgspec.json.encode(result, order="sorted"))
        return
    for mismatch in verdict.mismatches:
        click.echo(f"error[verify] {Place(mismatch.path)}: {mismatch.reason}", err=True)
    if verdict.left_out:
        click.echo(f"and {verdict.left_out} further mismatches", err=True)
    for heading, sentences in (
        ("ok", verdict.checked),
        ("signed", verdict.signers),
        ("erased", verdict.gaps),
        ("note", verdict.notes),
        ("not checked", verdict.not_checked),
    ):
        for sentence in sentences:
            click.echo(f"{heading}: {escape_control(sentence)}")
    if verdict.mismatches:
        click.echo(WHAT_TO_DO, err=True)
    elif wanted.allowed is None and not verdict.signers:
        click.echo("Everything that was checked is as it says. Signatures were not asked for: integrity only.")
    else:
        click.echo("Everything that was checked is as it says, and signed by who may sign.")
