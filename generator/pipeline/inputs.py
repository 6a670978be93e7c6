"""What a run was given, named by its content: never by where on a machine it stands."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from generator.errors import FaultError, Place, Unreadable
from generator.evidence.manifest import Inputs, file_digest
from generator.pipeline.folders import folder_listing
from generator.pipeline.record_sources import FOLDER
from generator.pipeline.results import RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.pipeline.folders import Holding
    from generator.pipeline.request import Request


def inputs_of(request: Request, ref: str, commit: str, as_of: str, applications: Mapping[str, str]) -> Inputs:
    """Return what `request` gave: `ref` led to `commit`, `as_of` is the report time, RFC 3339 in UTC.

    `applications` are the digests of applications' own histories, by pattern of components. Raises `RefusedError` for
    folders that can't be listed, `FaultError` for what the machine can't read.
    """
    try:
        return Inputs(
            ref=ref,
            commit=commit,
            as_of=as_of,
            limit=request.limit,
            allow_shallow=request.allow_shallow,
            results=_folder(request.results, RESULTS),
            records=_folder(request.records, FOLDER),
            live={name: _snapshot(path) for name, path in sorted(request.live.items())},
            application=dict(sorted(applications.items())),
            keys=tuple(sorted(file_digest(path.resolve()) for path in request.keys)),
        )
    except OSError as fault:
        raise FaultError("read", str(fault), place=Place(str(fault.filename or ""))) from fault


def _folder(folder: Path | None, holding: Holding) -> str:
    if folder is None:
        return ""
    listing = folder_listing(folder, holding)
    lines = []
    for path, handle in listing.files.items():
        data = listing.read(handle, path)
        told = data.reason.encode() if isinstance(data, Unreadable) else data
        lines.append((path, hashlib.sha256(told).hexdigest()))
    return _combined(lines)


def _snapshot(path: Path) -> str:
    if not path.is_dir():
        return _combined([(path.name, file_digest(path.resolve()))])
    inside = (file for file in path.rglob("*") if file.is_file() and not file.is_symlink())
    return _combined((file.relative_to(path).as_posix(), file_digest(file)) for file in inside)


def _combined(files: Iterable[tuple[str, str]]) -> str:
    """Return one digest of files: of a line each, name and SHA-256, in the order of their names."""
    digest = hashlib.sha256()
    for path, content in sorted(files):
        digest.update(f"{content}  {path}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
