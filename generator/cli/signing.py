"""`assay sign` and `assay statement`, and the options of `assay build` that sign."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.errors import UsageError
from generator.evidence.predicates import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.pipeline.signing import Signing

AGENT_VARIABLE = "SSH_AUTH_SOCK"
_SITE = Path("site")
F = TypeVar("F", bound="Callable[..., Any]")


def signing_options(key: str, command: str) -> Callable[[F], F]:
    """Return what adds the options that sign, under the names given, to a command."""

    def add(function: F) -> F:
        function = click.option(
            command,
            "sign_with",
            default="",
            metavar="COMMAND",
            help="Program that signs {file} into {bundle}, such as cosign; run without a shell.",
        )(function)
        return click.option(
            key,
            "sign_key",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="SSH key that signs: a private key, or the public key of one that an agent holds.",
        )(function)

    return add


def signing_of(sign_key: Path | None, sign_with: str) -> Signing | None:
    """Return what signs, by the options; `None` where nothing does."""
    from generator.pipeline.signing import Signing  # noqa: PLC0415 - loaded when asked for
    from generator.pipeline.signing_hook import parse_hook  # noqa: PLC0415 - as above
    from generator.pipeline.ssh_signing import open_key  # noqa: PLC0415 - as above

    if sign_key is None and not sign_with:
        return None
    hook = parse_hook(sign_with, dict(os.environ)) if sign_with else None
    agent = os.environ.get(AGENT_VARIABLE, "")
    return Signing(open_key(sign_key.expanduser(), agent) if sign_key is not None else None, hook)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@signing_options("--key", "--with")
@click.option("--anew", is_flag=True, help="Sign every statement again, also those that this key signed before.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def sign(folder: Path, sign_key: Path | None, sign_with: str, *, anew: bool, quiet: bool) -> None:
    """Sign a site or an evidence FOLDER as it stands."""
    from generator.pipeline.signing import sign_in_place  # noqa: PLC0415 - loaded when asked for

    signing = signing_of(sign_key, sign_with)
    if signing is None:
        raise UsageError("sign", "nothing to sign with", fix="name a key by --key, or a program by --with")
    done = sign_in_place(folder, signing, anew=anew)
    if quiet:
        return
    for name in done.files:
        click.echo(f"Wrote {folder / name}")
    if signing.key is not None:
        counts = f"{done.statements} statements signed, {done.carried} carried"
        click.echo(f"{counts}; the key is {signing.key.fingerprint}", err=True)


@click.command()
@click.argument("release")
@click.option("--site", type=click.Path(path_type=Path), default=_SITE, metavar="DIR", help="Default: site.")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="Only statements of this kind; default: all.")
@click.option("--envelope", is_flag=True, help="Print signed envelopes instead.")
def statement(release: str, site: Path, kind: str | None, *, envelope: bool) -> None:
    """Print the in-toto statements of a RELEASE, one a line: `production-42`, `production@TAG`, `production@COMMIT`."""
    from generator.pipeline.stating import statements_of_release  # noqa: PLC0415 - loaded when asked for

    for line in statements_of_release(site, release, KINDS[kind] if kind else "", signed=envelope):
        click.echo(line)
