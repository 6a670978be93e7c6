"""Beginning where the last run ended: its stages as they stood when it had taken in its history.

A run can go on where commits that follow are all that is new. Whatever can say something of deployments that were
judged before (an incident, a record, a result, another configuration, another version of this code) has the whole
history read again, and so has a cache that is gone: what comes out is the same.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.config.schema import config_digest
from generator.evidence.stamps import code_stamp
from generator.evidence.store import Begun
from generator.evidence.summarising import nobody
from generator.history.commits import Chain
from generator.pipeline.checkpoints import NotKept, freeze, thaw
from generator.pipeline.taken import Taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.config.schema import Config
    from generator.evidence.former import Former
    from generator.evidence.store import EvidenceStore, StoreMemory
    from generator.history.repository import Repository
    from generator.pipeline.request import Request
    from generator.pipeline.stage import RunParts
    from generator.pipeline.stages import Stages
    from generator.pipeline.tracks import Histories

FOLDER = "runs"
_SEAL = 32
_PACKAGES = ("assay", "msgspec", "rpds-py", "PyYAML", "python-dotenv", "kubernetes-validate", "jsonschema-rs")
"""Whose versions reading and judging depend on."""
_EACH_RUN = frozenset({"_as_of", "_store", "_judging", "_exemptions", "_stages", "_applications"})
"""What of the stages each run sets up for itself."""
_OF_RULES = ("looks_at", "check", "concerns", "facts")


class Stand(NamedTuple):
    """Where a run stood when it had taken in its history."""

    head: str
    """Full id of the newest commit that was taken in."""
    as_of: int | None
    taken: Taken
    store: StoreMemory
    stages: bytes


class Recalling:
    """What one run begins with, and what it leaves to the next."""

    def __init__(self, request: Request, config: Config, repository: Repository, histories: Histories) -> None:
        """Look whether runs like this one can be kept at all."""
        self._path: Path | None = None
        self._histories = histories
        self._stand: Stand | None = None
        self._folder = Path()
        self._left: bytes | None = None
        if request.goes_on and request.cache is not None and _is_plain(request, config, repository, histories):
            self._path = request.cache / FOLDER / f"{_key(request, config, histories)}.state"

    def look(self, former: Former | None, as_of: int | None) -> None:
        """Look for where the run stood that wrote the bundle `former`; it has to be what this one begins with."""
        if self._path is None or former is None:
            return
        stand = _read(self._path, former.link.digest)
        if stand is None or stand.as_of is None or as_of is None:
            return
        # A commit from the future of the former report counted for nothing there, and may count now.
        if stand.taken.latest <= stand.as_of <= as_of and self._tail(stand) is not None:
            self._stand, self._folder = stand, former.folder

    def forget(self) -> None:
        """Begin at the beginning, and leave nothing: something says more of what was judged before."""
        self._path = self._stand = None

    @property
    def goes_on(self) -> bool:
        """Return whether the run begins where another one ended."""
        return self._stand is not None

    @property
    def histories(self) -> Histories:
        """Return what is left to be read."""
        tail = self._tail(self._stand) if self._stand is not None else None
        return self._histories.of(tail) if tail is not None else self._histories

    @property
    def after(self) -> str:
        """Return the full id of the commit after which the run begins; empty for the beginning."""
        return self._stand.head if self._stand is not None else ""

    def restore(self, stages: Stages, run: RunParts, store: EvidenceStore) -> Taken:
        """Let `stages` and `store`, set up anew, stand where the others stood; return what that run had come to.

        Where what was kept holds something that is never taken, such as a class of another package, nothing is changed,
        and the run begins at the beginning.
        """
        if self._stand is None:
            return Taken()
        try:
            told: Any = thaw(self._stand.stages, dict(_anchors(stages, run)))
        except NotKept:
            self._stand = None
            return Taken()
        vars(stages).update(told["stages"])
        vars(run.exemptions).update(told["exemptions"])
        vars(stages.approvals).update(told["approvals"])
        for stage in stages:
            own = told["each"][stage.name]
            vars(stage.timeline).update(own["timeline"])
            vars(stage).update(own["stage"])
        store.go_on(Begun(self._folder, self._stand.store))
        return self._stand.taken

    def leave(self, head: str, as_of: int | None, taken: Taken, stages: Stages, run: RunParts) -> None:
        """Take down where the run stands, before it looks back on all of it; see `keep`."""
        if self._path is None:
            return
        told = {
            "stages": {name: value for name, value in vars(stages).items() if name not in _EACH_RUN},
            "exemptions": vars(run.exemptions),
            "approvals": vars(stages.approvals),
            "each": {stage.name: {"stage": vars(stage), "timeline": vars(stage.timeline)} for stage in stages},
        }
        try:
            frozen = freeze(told, dict(_anchors(stages, run)))
            self._left = freeze(Stand(head, as_of, taken, run.store.memory(), frozen), {})
        except NotKept:
            # A policy or a reader of another package: the next run reads the whole history.
            self._path = None

    def keep(self, manifest: str) -> None:
        """Keep what was left, for the run that follows the bundle whose manifest has this SHA-256."""
        if self._path is None or self._left is None:
            return
        work = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            work.parent.mkdir(parents=True, exist_ok=True)
            work.write_bytes(_seal(manifest, self._left) + self._left)
            work.replace(self._path)
        except OSError:
            with suppress(OSError):
                work.unlink()

    def _tail(self, stand: Stand) -> Chain | None:
        track = self._histories.all[0].track
        return track.after(stand.head) if isinstance(track, Chain) else None


def _read(path: Path, manifest: str) -> Stand | None:
    """Return where the run stood that wrote the bundle of this `manifest`; `None` where that is not kept."""
    try:
        data = path.read_bytes()
        if data[:_SEAL] != _seal(manifest, data[_SEAL:]):
            return None
        found = thaw(data[_SEAL:], {})
    except (OSError, NotKept):
        return None
    return found if isinstance(found, Stand) else None


def _seal(manifest: str, data: bytes) -> bytes:
    return hashlib.sha256(manifest.encode() + b"\0" + data).digest()


def _is_plain(request: Request, config: Config, repository: Repository, histories: Histories) -> bool:
    """Return whether nothing but commits can be new: one chain, read whole, and nothing imported."""
    if len(histories.all) != 1 or repository.shallow or config.authors != "names":
        return False
    history = histories.all[0]
    given = (request.limit, request.base, request.applications, request.keys, request.results, request.records)
    engines = any(source.reader.name != "values" for source in history.bindings.tree_sources)
    return isinstance(history.track, Chain) and not (any(given) or config.results or config.policies or engines)


def _key(request: Request, config: Config, histories: Histories) -> str:
    """Return the name of all that a judgement depends on beside the commits."""
    told = [config_digest(config), histories.main.root, sys.version, code_stamp().hex()]
    told.append(hashlib.sha256(request.fingerprint_key).hexdigest())
    for package in _PACKAGES:
        try:
            told.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            told.append(f"no {package}")
    return hashlib.sha256("\0".join(told).encode()).hexdigest()[:40]


def _anchors(stages: Stages, run: RunParts) -> Iterator[tuple[str, object]]:
    """Yield what each run has of its own, by name: what leads to files and programs, and the rules."""
    yield from (("store", run.store), ("readings", run.readings), ("exemptions", run.exemptions))
    yield from (("declared", run.declared), ("nobody", nobody))
    for stage in stages:
        name = stage.name
        yield from ((f"stage {name}", stage), (f"timeline {name}", stage.timeline))
        yield from ((f"still {name}", stage.timeline.still), (f"rules {name}", stage.rules))
        if stage.ignore is not None:
            yield f"ignore {name}", stage.ignore
        for number, rule in enumerate(stage.rules):
            yield f"rule {name} {number}", rule
            for part in _OF_RULES:
                if (found := getattr(rule, part, None)) is not None:
                    yield f"{part} {name} {number}", found
