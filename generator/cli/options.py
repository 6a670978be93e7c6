"""Options that several commands share."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.errors import Place, UsageError
from generator.evidence.former import bundle_at
from generator.pipeline.chaining import bundle_of_site
from generator.pipeline.request import Request
from generator.rendering.engines import ADAPTERS

if TYPE_CHECKING:
    from collections.abc import Callable

NO_PREVIOUS = "none"
KEY_VARIABLE = "ASSAY_FINGERPRINT_KEY"
F = TypeVar("F", bound="Callable[..., Any]")


class Moment(click.ParamType[int]):
    """A time as RFC 3339, or a date, which means its first moment in UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - as click has it
        """Return seconds since 1970 UTC."""
        if isinstance(value, int):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-08-21 or 2026-08-21T16:45:00Z", param, ctx)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(moment.timestamp())


def repository_options(command: F) -> F:
    """Add the options that name a history."""
    for option in (
        click.option("--no-cache", is_flag=True, help="Keep nothing of what is rendered."),
        click.option(
            "--keys",
            type=click.Path(path_type=Path),
            multiple=True,
            metavar="FILE",
            help="Keys that verify signatures: OpenPGP certificates, or SSH allowed signers.",
        ),
        click.option("--application", multiple=True, metavar="COMPONENT=PATH", help="An application's own repository."),
        click.option("--live", multiple=True, metavar="ENV=FILE", help="Snapshot of what runs in an environment."),
        click.option(
            "--results", type=click.Path(path_type=Path), metavar="DIR", help="Results of tests and scans to import."
        ),
        click.option(
            "--records", type=click.Path(path_type=Path), metavar="DIR", help="Records of pipelines and incidents."
        ),
        click.option("--cache", type=click.Path(path_type=Path), metavar="DIR", help="Where renderings are kept."),
        click.option(
            "--engine", multiple=True, metavar="NAME=PATH", help="Program that renders kustomize, helm, compose."
        ),
        click.option("--allow-shallow", is_flag=True, help="Read a shallow clone; the report says that it is one."),
        click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Read the newest N commits only."),
        click.option("--as-of", type=Moment(), metavar="TIME", help="Report time; default: the newest commit's."),
        click.option("--ref", default="", metavar="REF", help="Branch, tag or commit to read; default: as configured."),
        click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Instead of its assay.yaml."),
        click.option(
            "--repo",
            type=click.Path(path_type=Path),
            default=Path(),
            metavar="PATH",
            help="Repository, or a folder in one; default: here.",
        ),
    ):
        command = option(command)
    return command


def request_of(  # noqa: PLR0913 - one parameter an option
    *,
    repo: Path,
    config: Path | None,
    ref: str,
    as_of: int | None,
    limit: int | None,
    engine: tuple[str, ...],
    cache: Path | None,
    results: Path | None,
    records: Path | None,
    live: tuple[str, ...],
    application: tuple[str, ...],
    keys: tuple[Path, ...],
    allow_shallow: bool,
    no_cache: bool,
) -> Request:
    """Return the request that the shared options make."""
    return Request(
        repo,
        config,
        ref,
        as_of=as_of,
        limit=limit,
        allow_shallow=allow_shallow,
        fingerprint_key=os.environ.get(KEY_VARIABLE, "").encode(),
        engines=dict(_engine(given) for given in engine),
        cache=None if no_cache else cache or default_cache(),
        results=_there(results, "results", "--results") if results is not None else None,
        records=_there(records, "records", "--records") if records is not None else None,
        live=dict(_snapshot(given) for given in live),
        applications=tuple(_application(given) for given in application),
        keys=tuple(_there(key, "keys", "--keys") for key in keys),
    )


def previous_option(help_: str, metavar: str = "PATH") -> Callable[[F], F]:
    """Return what adds the option that names the bundle before; `followed` reads it."""
    return click.option("--previous", default="", metavar=metavar, help=help_)


def followed(previous: str, output: Path | None) -> Path | None:
    """Return the bundle that `--previous` names, else that of the site at `output`, if there is one."""
    if previous == NO_PREVIOUS:
        return None
    if previous:
        return bundle_at(_there(Path(previous), "previous", "--previous"))
    return bundle_of_site(output) if output is not None else None


def _there(path: Path, code: str, option: str) -> Path:
    if not path.exists():
        raise UsageError(code, "no such file or folder", place=Place(str(path)), fix=f"check {option}")
    return path


def _snapshot(given: str) -> tuple[str, Path]:
    """Return the environment and the file that one `--live` names."""
    name, mark, path = given.partition("=")
    if not mark or not name or not path:
        raise UsageError("live", f"{given!r} names no environment and its file", fix="--live production=snapshot.yaml")
    return name, _there(Path(path), "live", "--live")


def _application(given: str) -> tuple[str, Path]:
    """Return the pattern of components and the repository that one `--application` names."""
    name, mark, path = given.partition("=")
    if not mark or not name or not path:
        fix = "--application checkout=../checkout"
        raise UsageError("application", f"{given!r} names no component and its repository", fix=fix)
    return name, _there(Path(path), "application", "--application")


def _engine(given: str) -> tuple[str, str]:
    """Return the engine and the absolute path of its program that one `--engine` names."""
    name, mark, path = given.partition("=")
    if not mark or name not in ADAPTERS or not path:
        fix = f"NAME=PATH, with one of {', '.join(sorted(ADAPTERS))} as NAME"
        raise UsageError("engine", f"{given!r} names no engine and its program", fix=fix)
    program = Path(path).expanduser().absolute()
    if not program.is_file():
        raise UsageError("engine", "no such program", place=Place(path), fix="check --engine")
    return name, str(program)


def default_cache() -> Path | None:
    """Return the user's folder for caches; `None` where the environment tells of none."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base and Path(base).is_absolute():
        return Path(base) / "assay"
    home = os.environ.get("HOME", "")
    return Path(home) / ".cache" / "assay" if home and Path(home).is_absolute() else None
