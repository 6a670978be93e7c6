"""From a repository to its evidence folder: one pass over the history, oldest to newest."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from generator.config.schema import config_digest
from generator.errors import ExitCode, FaultError, Place, RefusedError, Unreadable
from generator.evidence.catalogue import rule_records
from generator.evidence.recorder import commit_record
from generator.evidence.records import FORMAT, CommitRecord
from generator.evidence.store import EvidenceStore
from generator.evidence.summarising import environment_summary
from generator.evidence.summary import Coverage, Summary, UnreadableRecord
from generator.history.commits import rfc3339
from generator.history.repository import open_repository
from generator.pipeline.ahead import Source, batches
from generator.pipeline.collector import slow_collector
from generator.pipeline.layout import find_layout
from generator.pipeline.request import Outcome
from generator.pipeline.stages import Stages
from generator.readers.fingerprints import Fingerprints
from generator.timeline.bindings import Bindings
from generator.timeline.readings import Readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.history.commits import Commit, FileChange
    from generator.history.repository import Repository
    from generator.pipeline.layout import Layout
    from generator.pipeline.request import Progress, Request
    from generator.readers.reader import Mask
    from generator.timeline.bindings import Binding

TITLE = "Release evidence"
"""Title of a report whose configuration gives none; a folder's name would differ from one clone to the next."""
Bound = dict[str, list[tuple["FileChange", "Binding"]]]


def gather(request: Request, folder: Path, progress: Progress) -> Outcome:
    """Read the history that `request` names and write its evidence into `folder`, which must not exist yet.

    Raises `RefusedError` (nothing is written), `ConfigErrors`, or `FaultError` where the machine can't write.
    """
    progress.stage("open", str(request.repository))
    repository = open_repository(request.repository, allow_shallow=request.allow_shallow)
    head = repository.resolve(request.ref or "HEAD")
    try:
        if head is None:
            return _nothing(folder)
        layout = find_layout(repository, head, request.config)
        progress.layout(layout.source, layout.reasons, layout.config)
        if not request.ref and layout.config.ref != "HEAD":
            head = repository.resolve(layout.config.ref) or head
        with slow_collector():
            return _Run(request, repository, head, layout, progress).write(folder)
    except OSError as fault:
        raise FaultError("write", str(fault), place=Place(str(folder))) from fault


def _nothing(folder: Path) -> Outcome:
    """Write the evidence of a repository without commits: a valid one that says so."""
    reason = "The repository has no commits yet."
    summary = Summary(
        format=FORMAT,
        version=version("assay"),
        title=TITLE,
        as_of="",
        commit=CommitRecord("", "", ""),
        ref="HEAD",
        environments=(),
        unreadable=(),
        rules=rule_records(),
        coverage=Coverage(0, 0, 0, 0, (), (reason,), detected=False, limited="", notes=(reason,)),
        config_digest="",
        fingerprint_key="repository",
    )
    with EvidenceStore(folder) as store:
        store.close(summary, {})
    return Outcome(summary, ExitCode.OK, 0)


class _Run:
    """One pass, with what it counts on the way."""

    def __init__(self, request: Request, repository: Repository, head: str, layout: Layout, progress: Progress) -> None:
        self.request, self.repository, self.head, self.layout = request, repository, head, layout
        self.progress = progress
        self.chain = repository.chain(head, request.limit)
        self.touching = 0
        self.skewed = 0
        self.undated = 0
        self.blobs: set[str] = set()
        self.unreadable: dict[tuple[str, str, str, str], UnreadableRecord] = {}

    def write(self, folder: Path) -> Outcome:
        config = self.layout.config
        bindings = Bindings(config)
        newest = self.repository.newest(self.head)
        as_of = self.request.as_of if self.request.as_of is not None else newest.time
        if as_of is not None and newest.time is not None and as_of < newest.time:
            reason = f"the report time {rfc3339(as_of)} is before the newest commit, of {rfc3339(newest.time)}"
            raise RefusedError("as-of", reason, fix="name an older commit by --ref, or a later time by --as-of")
        with self.repository.blobs() as blobs, EvidenceStore(folder) as store:
            mask = Fingerprints(self._key)
            readings = Readings(blobs, mask)
            stages = Stages(config, readings, store, as_of)
            self.progress.stage("history", self.head[:12])
            for commit, bound in self._bound(bindings, readings, mask):
                for name, transition in stages.take(commit, bound).items():
                    self._note(name, commit, transition.problems, "unreadable")
                    self._note(name, commit, transition.notes, "note")
            self._refuse_misplaced(stages)
            stages.finish(newest, as_of)
            self.progress.stage("summary")
            for stage in stages:
                stage.sources.unreadable = sum(
                    u.environment == stage.name and u.level == "unreadable" for u in self.unreadable.values()
                )
            summary = Summary(
                format=FORMAT,
                version=version("assay"),
                title=config.title or TITLE,
                as_of=rfc3339(as_of),
                commit=commit_record(newest, authors=config.authors == "names"),
                ref=self.request.ref or config.ref,
                environments=tuple(
                    environment_summary(stage.sources, production=stage.production, as_of=as_of) for stage in stages
                ),
                unreadable=tuple(self.unreadable.values()),
                rules=rule_records(),
                coverage=self._coverage(bindings),
                config_digest=config_digest(config),
                fingerprint_key="own" if self.request.fingerprint_key else "repository",
            )
            store.close(summary, {summary.ref: self.head})
        lost = any(u.level == "unreadable" for u in self.unreadable.values())
        return Outcome(summary, ExitCode.UNREADABLE if lost else ExitCode.OK, stages.deployments)

    def _refuse_misplaced(self, stages: Stages) -> None:
        """Raise where an environment's own path never held a file; of a history that was cut that can't be known.

        That is a slip, unless it is where production will be while its upstream is there already: no release yet.
        """
        for stage in stages if not (self.chain.cut or self.repository.shallow) else ():
            environment = self.layout.config.environments[stage.name]
            coming = stage.production and stage.upstream is not None and stage.upstream.state.seen
            if environment.path and not stage.state.seen and not coming:
                where = ", ".join(environment.path)
                reason = f"environment `{stage.name}`: no file that `{environment.reader}` reads ever stood at {where}"
                fix = "check `path` of the environment, and the ref that is read"
                raise RefusedError("path-missing", reason, place=Place(self.layout.source), fix=fix)

    def _key(self) -> bytes:
        return self.request.fingerprint_key or self.chain.root.encode("ascii")

    def _bound(self, bindings: Bindings, readings: Readings, mask: Mask) -> Iterator[tuple[Commit, Bound]]:
        """Yield each commit that touches an environment; what it needs to be read is read already."""
        last: int | None = None
        for batch in batches(Source(self.repository, self.chain, bindings, Readings, mask)):
            for ready in batch.readings:
                readings.learn(bindings.of(ready.path)[ready.place], ready.blob, ready.path, ready.reading)
            for commit in batch.commits:
                self._count(commit, last)
                last = commit.time if commit.time is not None else last
                bound = _bind(commit, bindings)
                if bound:
                    self.touching += 1
                    self.blobs.update([c.blob for changes in bound.values() for c, _ in changes if c.blob])
                    yield commit, bound
            self.progress.count(self.touching, None)

    def _count(self, commit: Commit, last: int | None) -> None:
        if commit.time is None:
            self.undated += 1
        elif last is not None and commit.time < last:
            self.skewed += 1

    def _note(self, environment: str, commit: Commit, problems: Iterable[Unreadable], level: str) -> None:
        """Keep each thing that could not be read once, with the commit that brought it."""
        for problem in problems:
            key = (environment, problem.place.path, problem.code, problem.reason)
            if key not in self.unreadable:
                self.unreadable[key] = UnreadableRecord(
                    code=problem.code,
                    reason=problem.reason,
                    environment=environment,
                    path=problem.place.path,
                    line=problem.place.line,
                    commit=commit.id,
                    at=rfc3339(commit.time),
                    fix=problem.fix,
                    level=level,
                )

    def _coverage(self, bindings: Bindings) -> Coverage:
        length = self.chain.length
        notes = list(self.repository.notes())
        if self.skewed:
            notes.append(f"{self.skewed} commits are dated before a commit they follow; order is by ancestry.")
        if self.undated:
            notes.append(f"{self.undated} commits carry no date that a calendar knows; they are kept without one.")
        limited = []
        if self.chain.cut:
            limited.append(f"Only the newest {length} commits were read (--limit), so counts begin in the middle.")
        if self.repository.shallow:
            limited.append("The clone is shallow: older history is cut off, so counts begin in the middle.")
        return Coverage(
            commits=length,
            touching=self.touching,
            elsewhere=max(0, length - self.touching),
            blobs=len(self.blobs),
            readers=bindings.readers,
            layout=self.layout.reasons,
            detected=not self.layout.source,
            limited=" ".join(limited),
            notes=tuple(notes),
        )


def _bind(commit: Commit, bindings: Bindings) -> Bound:
    bound: Bound = {}
    for change in commit.changes:
        for binding in bindings.of(change.path):
            bound.setdefault(binding.environment, []).append((change, binding))
    return bound
