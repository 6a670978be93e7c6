"""What a run is asked to do, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from generator.config.check import Check
from generator.evidence.summary import UNSIGNED
from generator.pipeline.look import Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from generator.config.schema import Config
    from generator.errors import ExitCode
    from generator.evidence.retention import Keep
    from generator.evidence.summary import Summary
    from generator.pipeline.signing import Signing


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of a run, without defaults that depend on the machine."""

    repository: Path
    """A repository, or a folder inside one."""
    config: Path | None = None
    """File to use instead of the repository's own `assay.yaml`."""
    ref: str = ""
    """Branch, tag or commit to read instead of the configured one; empty for that one."""
    as_of: int | None = None
    """Report time, seconds since 1970 UTC; `None` for the newest commit's time."""
    limit: int | None = None
    """Newest commits to read; `None` for all."""
    allow_shallow: bool = False
    fingerprint_key: bytes = b""
    """Key for fingerprints of secrets; empty to derive one from the repository's first commit."""
    engines: Mapping[str, str] = field(default_factory=dict)
    """Programs to use instead of those that are found: engine → path. Never taken from a repository."""
    cache: Path | None = None
    """Folder for what was rendered before; `None` to keep nothing."""
    results: Path | None = None
    """Folder with results of tests and scans that are not in the repository; `None` for none."""
    records: Path | None = None
    """Folder with records of pipelines and incident tools that are not in the repository; `None` for none."""
    live: Mapping[str, Path] = field(default_factory=dict)
    """Snapshots of what runs, beside those in the repository: environment → file."""
    applications: Sequence[tuple[str, Path]] = ()
    """Applications' own histories: pattern of components, and repository. Never taken from a repository."""
    keys: Sequence[Path] = ()
    """Files with the keys by which signatures are verified. Never taken from a repository."""
    signing: Signing | None = None
    """What signs the result; `None` for nothing. Never taken from a repository."""
    base: str = ""
    """Branch or commit that `ref` is a change of: the history is that of where the two parted, and `ref` is one step
    more. Empty for the history of `ref` itself."""
    previous: Path | None = None
    """Evidence folder of the bundle that the new one follows; `None` to begin a chain."""
    keep: Keep = "manifests"
    """Which earlier bundles stay in the archive of the site."""
    goes_on: bool = False
    """Whether the run may begin where the last one ended, and leaves word for the next: one that publishes may. What is
    to be verified must never be taken over from what it is held against."""

    @property
    def integrity(self) -> str:
        """What the report says of its own integrity, see `Summary.integrity`."""
        return self.signing.integrity if self.signing is not None else UNSIGNED


class Progress(Protocol):
    """Hears how far a run is."""

    def stage(self, name: str, detail: str = "") -> None:
        """Begin a stage."""
        ...

    def layout(self, source: str, reasons: Sequence[str], config: Config) -> None:
        """Tell which layout holds: the file it was read from, or (`source` empty) how it was detected."""
        ...

    def count(self, done: int, total: int | None) -> None:
        """Tell how much of the stage is done; `total` is `None` where it is not known yet."""
        ...

    def rendering(self, rendered: int, found: int) -> None:
        """Tell how many renderings an engine made so far, and how many were found in the cache."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave."""

    summary: Summary
    exit_code: ExitCode
    deployments: int
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time by stage, from the clock that the caller gave."""
    pages: dict[str, int] = field(default_factory=dict)
    """Pages of the site by kind; none where only evidence was asked for."""
    renderings: dict[str, int] = field(default_factory=dict)
    """Renderings by where they came from: an engine, or the cache."""
    warnings: tuple[str, ...] = ()
    """What the machine's owner should know; nothing in the report depends on it."""
    after: str = ""
    """Full id of the commit that the history was read from; empty where it was read from its beginning."""
    carried: int = 0
    """Pages of the former site that came over as they were."""
    diagrams: dict[str, int] = field(default_factory=dict)
    """Diagrams by what became of them."""
    look: Look = field(default_factory=Look)
    """What the configuration says of the site."""
    check: Check = field(default_factory=Check)
    """What the configuration says of checks."""
    source: str = ""
    """File that the configuration was read from; empty where the layout was detected."""
