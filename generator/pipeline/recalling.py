"""Beginning where the last run ended: its stages as they stood when it had taken in its history.

A run can go on where commits that follow are all that is new. Whatever can say something of deployments that were
judged before (an incident, a record, a result, another configuration, another version of this code) has the whole
history read again, and so has a cache that is gone: what comes out is the same.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from generator.config.schema import config_digest
from generator.evidence.reading import MANIFEST
from generator.evidence.stamps import code_stamp
from generator.evidence.store import Begun
from generator.evidence.summarising import nobody
from generator.history.chains import Chain, Known
from generator.pipeline.checkpoints import NotKept, freeze, thaw
from generator.pipeline.marks import Kept, Mark, digest_of, mark_of
from generator.pipeline.taken import Taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.config.schema import Config
    from generator.evidence.former import Former
    from generator.evidence.store import EvidenceStore, StoreMemory
    from generator.history.repository import Repository
    from generator.pipeline.request import Request
    from generator.pipeline.stage import RunParts
    from generator.pipeline.stages import Stages
    from generator.pipeline.tracks import Histories

RENEW = 512
"""Commits after which a memory is written anew; until then they are read again by each run."""
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

    def __init__(self, request: Request) -> None:
        """Look for what was kept of the bundle that the run follows; nothing of it is taken yet."""
        self._request = request
        self._kept: Kept | None = None
        self._histories: Histories
        self._stand: Stand | None = None
        self._folder = Path()
        self._left: tuple[Mark, bytes | None] | None = None
        self._known: Known | None = None
        if request.goes_on and request.cache is not None and request.previous is not None:
            with suppress(OSError):
                manifest = digest_of((request.previous / MANIFEST).read_bytes())
                mark = mark_of(request.cache, manifest)
                self._known = mark.chain if mark is not None else None

    @property
    def known(self) -> Known | None:
        """Return what is known of the chain that was read then, so that it need not be listed again."""
        return self._known

    def begin(self, config: Config, repository: Repository, histories: Histories) -> None:
        """Look whether runs like this one, which reads `histories`, can be kept at all."""
        request, self._histories = self._request, histories
        if request.goes_on and request.cache is not None and _is_plain(request, config, repository, histories):
            self._kept = Kept(request.cache, _key(request, config, histories))

    def look(self, former: Former | None, as_of: int | None) -> None:
        """Look for where the run stood that wrote the bundle `former`; it has to be what this one begins with."""
        mark = self._kept.mark() if self._kept is not None and former is not None else None
        if self._kept is None or former is None or mark is None or former.link.digest not in mark.bundles:
            return
        stand = _stand_in(self._kept.memory(mark))
        if stand is None or stand.as_of is None or as_of is None:
            return
        # A commit from the future of the former report counted for nothing there, and may count now.
        if stand.taken.latest <= stand.as_of <= as_of and self._tail(stand) is not None:
            self._stand, self._mark, self._folder = stand, mark, former.folder

    def forget(self) -> None:
        """Begin at the beginning, and leave nothing: something says more of what was judged before."""
        self._kept = self._stand = None

    @property
    def goes_on(self) -> bool:
        """Return whether the run begins where another one ended."""
        return self._stand is not None

    @property
    def measures(self) -> Path | None:
        """Return the folder for what is kept of measures; `None` where nothing is kept."""
        return self._kept.measures if self._kept is not None else None

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
        store.go_on(Begun(self._folder, self._stand.store, self._mark.stated))
        return self._stand.taken

    def leave(self, head: str, as_of: int | None, taken: Taken, stages: Stages, run: RunParts) -> None:
        """Take down where the run stands, before it looks back on all of it; see `keep`.

        Where it went on over a few commits alone, the next run can begin where this one did.
        """
        if self._kept is None:
            return
        tail = self._tail(self._stand) if self._stand is not None else None
        if tail is not None and tail.length < RENEW:
            self._left = self._mark, None
            return
        told = {
            "stages": {name: value for name, value in vars(stages).items() if name not in _EACH_RUN},
            "exemptions": vars(run.exemptions),
            "approvals": vars(stages.approvals),
            "each": {stage.name: {"stage": vars(stage), "timeline": vars(stage.timeline)} for stage in stages},
        }
        try:
            frozen = freeze(told, dict(_anchors(stages, run)))
            memory = freeze(Stand(head, as_of, taken, run.store.memory(), frozen), {})
        except NotKept:
            # A policy or a reader of another package: the next run reads the whole history.
            self._kept = None
            return
        main = self._histories.main
        chain = Known(head, main.root, main.length)
        # What verifies a release without a date tells when the report was made.
        self._left = Mark(digest_of(memory), chain, (), None if taken.undated else {}), memory

    def keep(self, manifest: str, stated: Mapping[str, int]) -> None:
        """Keep what was left, for the run that follows the bundle whose manifest has this SHA-256.

        `stated` are the bytes of statements on what was written until then, by environment.
        """
        if self._kept is None or self._left is None:
            return
        mark, memory = self._left
        if memory is not None and mark.stated is not None:
            mark = msgspec.structs.replace(mark, stated=dict(stated))
        self._kept.keep(mark.holding(manifest), memory)

    def _tail(self, stand: Stand) -> Chain | None:
        track = self._histories.all[0].track
        return track.after(stand.head) if isinstance(track, Chain) else None


def _stand_in(memory: bytes | None) -> Stand | None:
    """Return where a run stood by what was kept of it; `None` where that can't be taken."""
    try:
        found = thaw(memory, {}) if memory is not None else None
    except NotKept:
        return None
    return found if isinstance(found, Stand) else None


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
