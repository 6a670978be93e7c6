"""Which configuration holds: a named file, the checkout's or the commit's `assay.yaml`, or a detected layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.assurance.rule_set import built_in_ids
from generator.config.detection import detect
from generator.config.loading import load_config
from generator.errors import FaultError, Place, RefusedError, UsageError
from generator.history.repository import open_repository
from generator.pipeline.masking import masked_config
from generator.readers.registry import reader_names

if TYPE_CHECKING:
    from pathlib import Path

    from generator.config.detection import Detected
    from generator.config.schema import Config
    from generator.history.repository import Repository
    from generator.pipeline.request import Request

CONFIG_FILE = "assay.yaml"


@dataclass(frozen=True, slots=True)
class Layout:
    """The configuration of a run, and how it was come by."""

    config: Config
    source: str
    """File it was read from; empty where it was detected."""
    reasons: tuple[str, ...]
    """What was seen, as sentences, where it was detected."""


def find_layout(repository: Repository, head: str, config: Path | None) -> Layout:
    """Return the layout of `repository` at the commit `head`.

    Raises `ConfigErrors` with every error of a configuration file, `UsageError` for a file that is not there, and
    `RefusedError` where there is neither a file nor a layout that can be detected.
    """
    if config is not None:
        return _from_file(config)
    if repository.work_tree is not None:
        checked_out = repository.work_tree / CONFIG_FILE
        if checked_out.is_symlink():
            reason = "a symbolic link; links of a repository are never followed"
            raise RefusedError(
                "symlink", reason, place=Place(CONFIG_FILE), fix="commit the file, or name it by --config"
            )
        if checked_out.is_file():
            return _from_file(checked_out, CONFIG_FILE)
    files = repository.files(head)
    if CONFIG_FILE in files:
        with repository.blobs() as blobs:
            data = blobs.get(files[CONFIG_FILE], CONFIG_FILE)
        if not isinstance(data, bytes):
            raise RefusedError(data.code, data.reason, place=data.place, fix=data.fix)
        loaded = load_config(data, CONFIG_FILE, reader_names(), built_in_ids())
        return Layout(masked_config(loaded), CONFIG_FILE, ())
    found = detect_layout(repository, head, files)
    if found.config is None:
        fix = "write assay.yaml: name the environments and where they stand (assay schema tells its keys)"
        raise RefusedError("no-layout", f"no layout was recognised: {' '.join(found.reasons)}", fix=fix)
    return Layout(found.config, "", (*found.reasons, f"This is {_SURE[found.confidence]}."))


_SURE = {"sure": "certain", "likely": "likely, not certain", "guess": "a guess"}


def detect_layout(repository: Repository, head: str, files: dict[str, str] | None = None) -> Detected:
    """Look for a known layout in the files of the commit `head`, and in those that stood there before."""
    files = repository.files(head) if files is None else files
    with repository.blobs() as blobs:

        def read(path: str) -> bytes:
            content = blobs.get(files[path], path)
            return content if isinstance(content, bytes) else b""

        return detect(sorted(files), read, repository.former_files(head), repository.branches(), repository.tags())


def detect_at(request: Request) -> tuple[Detected, Path | None]:
    """Return the layout that is detected where `request` says, and the folder of the checkout, if there is one.

    Raises `RefusedError` for a repository without commits.
    """
    repository = open_repository(request.repository, allow_shallow=request.allow_shallow)
    head = repository.resolve(request.ref or "HEAD")
    if head is None:
        raise RefusedError("no-commits", "the repository has no commits yet", fix="commit the deployment model first")
    return detect_layout(repository, head), repository.work_tree


def _from_file(path: Path, shown: str = "") -> Layout:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError("config-missing", "no such file", place=Place(str(path)), fix="check --config") from None
    except OSError as fault:
        raise FaultError("config", str(fault), place=Place(str(path))) from fault
    config = load_config(data, shown or str(path), reader_names(), built_in_ids())
    return Layout(masked_config(config), shown or path.name, ())
