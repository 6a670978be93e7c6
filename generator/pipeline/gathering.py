"""From a repository to its evidence folder: one pass over the history, oldest to newest."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from generator.assurance.exemptions import Exemptions
from generator.config.schema import config_digest
from generator.errors import ExitCode, FaultError, Place, RefusedError
from generator.evidence.catalogue import rule_records
from generator.evidence.manifest import Inputs
from generator.evidence.measuring import write_metrics_beside
from generator.evidence.recorder import commit_record
from generator.evidence.records import FORMAT, CommitRecord
from generator.evidence.sealing import Seal
from generator.evidence.store import EvidenceStore
from generator.evidence.summarising import environment_summary
from generator.evidence.summary import Coverage, IgnoreRecord, Summary
from generator.history.commits import rfc3339
from generator.history.repository import open_repository
from generator.pipeline.ahead import Source, Tally, batches
from generator.pipeline.applications import Applications
from generator.pipeline.broken import history_findings
from generator.pipeline.chaining import Read, follow, follow_nothing, named_refs
from generator.pipeline.collector import slow_collector
from generator.pipeline.coverage import Seen, coverage, read_from
from generator.pipeline.declaring import declared_at, unmatched
from generator.pipeline.exempting import exemption_records
from generator.pipeline.foreseeing import Report, foresee
from generator.pipeline.inputs import inputs_of
from generator.pipeline.judging import Judging
from generator.pipeline.layout import find_layout
from generator.pipeline.live import Snapshots, live_of
from generator.pipeline.look import look_of
from generator.pipeline.losses import NOTE
from generator.pipeline.masking import masked_commit
from generator.pipeline.owners import teams_at
from generator.pipeline.people import erased_in, people_at
from generator.pipeline.policies import policies_of
from generator.pipeline.recalling import Recalling
from generator.pipeline.record_sources import read_records
from generator.pipeline.records import ToldRecords
from generator.pipeline.request import Outcome
from generator.pipeline.stage import RunParts, surroundings
from generator.pipeline.stages import Stages
from generator.pipeline.taken import Taken
from generator.pipeline.tracks import change_of, histories
from generator.readers.fingerprints import Fingerprints
from generator.rendering.cache import Cache
from generator.rendering.engines import Engines
from generator.timeline.readings import Readings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.history.blobs import Blobs
    from generator.history.commits import Commit, FileChange
    from generator.history.repository import Repository
    from generator.pipeline.chaining import Following
    from generator.pipeline.counting import Counting
    from generator.pipeline.layout import Layout
    from generator.pipeline.losses import Losses
    from generator.pipeline.request import Progress, Request
    from generator.pipeline.tracks import Bound
    from generator.readers.reader import Mask

TITLE = "Release evidence"
"""Title of a report whose configuration gives none; a folder's name would differ from one clone to the next."""


def gather(
    request: Request, folder: Path, progress: Progress, meanwhile: Callable[[], object] = lambda: None
) -> Outcome:
    """Read the history that `request` names and write its evidence into `folder`, which must not exist yet.

    `meanwhile` is called while delivery is measured, for what the caller needs next and this does not.
    Raises `RefusedError` (nothing is written), `ConfigErrors`, or `FaultError` where the machine can't write.
    """
    progress.stage("open", str(request.repository))
    repository = open_repository(request.repository, allow_shallow=request.allow_shallow)
    head = repository.resolve(request.ref or "HEAD")
    try:
        if head is None:
            return _nothing(folder, follow_nothing(request.previous), request.integrity)
        layout = find_layout(repository, head, request.config)
        progress.layout(layout.source, layout.reasons, layout.config)
        if not request.ref and layout.config.ref != "HEAD":
            head = repository.resolve(layout.config.ref) or head
        look = look_of(repository, head, layout.config.site, layout.source)
        with slow_collector():
            outcome = _Run(request, repository, head, layout, progress).write(folder, meanwhile)
        return replace(outcome, look=look, check=layout.config.check, source=layout.source)
    except OSError as fault:
        raise FaultError("write", str(fault), place=Place(str(folder))) from fault


def _nothing(folder: Path, following: Following, integrity: str) -> Outcome:
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
        integrity=integrity,
    )
    with EvidenceStore(folder) as store:
        store.close(summary, Seal(version("assay"), inputs=Inputs(ref="HEAD"), former=following.former))
    return Outcome(summary, ExitCode.OK, 0)


class _Run:
    """One pass, with what it counts on the way."""

    def __init__(self, request: Request, repository: Repository, head: str, layout: Layout, progress: Progress) -> None:
        self.request, self.repository, self.head, self.layout = request, repository, head, layout
        self.progress = progress
        self.recalling = Recalling(request)
        change = change_of(repository, request, head)
        self.histories = histories(repository, layout.config, head, request.limit, change, self.recalling.known)
        self.chain = self.histories.main
        self.newest = self._newest()
        self.as_of = self._report_time()
        self.engines = Engines(request.engines)
        self.cache = Cache(request.cache) if request.cache is not None else None
        self.tally = Tally()
        self.taken = Taken()
        self.refs = {request.ref or layout.config.ref: head} | {
            name: commit for history in self.histories.all for name, commit in history.refs.items()
        }
        self.named = named_refs(repository, self.refs)
        self.following = follow(request.previous, self._read_for_chain())
        self.recalling.begin(layout.config, repository, self.histories)
        self.applications = Applications(request.applications, allow_shallow=request.allow_shallow)

    def write(self, folder: Path, meanwhile: Callable[[], object]) -> Outcome:
        config = self.layout.config
        opened, lost = policies_of(self.repository, self.head, config)
        self.losses.add("", self.newest, lost)
        self.losses.add("", self.newest, unmatched(self.repository, self.head, config, self.layout.source), NOTE)
        people = people_at(self.repository, self.histories, config, self._key, erased_in(self.following, self.request))
        with (
            self.repository.blobs() as blobs,
            EvidenceStore(folder, people) as store,
            Judging(config, self.repository, self.request, self.histories) as judging,
            opened as policies,
        ):
            mask = Fingerprints(self._key)
            readings = Readings(blobs, mask)
            files, links = self.repository.files_and_links(self.head)
            told = self._told(blobs, files, links)
            judging.people = people
            judging.begin(self.head, declared_at(self.repository, self.head, config.declarations), blobs, told)
            self.losses.add("", self.newest, policies.problems)
            rules = {name: policies.rules(surroundings(config, name)) for name in config.environments}
            parts = RunParts(config, readings, store, Exemptions(), judging.declared, rules)
            numbers = {name: number for number, h in enumerate(self.histories.all) for name in h.environments}
            stages = Stages(parts, judging, self.as_of, numbers, self.applications)
            self._recall(stages, parts, told, erased=bool(people.erased) or people.mode != "names")
            self._walk(stages, readings, mask, blobs)
            self.recalling.leave(self.head, self.as_of, self.taken, stages, parts)
            stages.finish(self.newest, self.as_of)
            self.progress.stage("summary")
            unnamed = [note for note in judging.declared.unmatched() if note.place.path not in told.sources]
            self.losses.add("", self.newest, unnamed, NOTE)
            for name, commit, problem in judging.lost:
                self.losses.add(name, commit, (problem,))
            snapshots = Snapshots(config, self.request, self.repository, self.head)
            owned = teams_at(files, config, blobs)
            self.losses.add("", self.newest, owned.lost)
            self.losses.add("", self.newest, owned.notes, NOTE)
            for stage in stages:
                stage.sources.team_of = owned.teams.of
                self.losses.add(stage.name, self.newest, live_of(snapshots, stage, blobs, mask))
                stage.sources.unreadable = self.losses.count(stage.name)
            if self.applications.given:
                store.app_changes(self.applications.changes())
            store.records(told.lines)
            unmeasured = self._summary(stages, judging, parts, told)
            memory = self.recalling.measures
            summary = write_metrics_beside(store, unmeasured, config.metrics, memory, meanwhile)
            store.flush()
            report = Report(self.newest, self.as_of, folder)
            for stage, known in zip(stages, summary.environments, strict=True):
                ahead = foresee(stage, judging, parts.exemptions.of(stage.name), known, report)
                if ahead is not None:
                    store.next_release(ahead)
            summary = store.shown(summary)
            self.recalling.keep(store.close(summary, self._seal(summary, stages)), store.stated)
        code = ExitCode.UNREADABLE if self.losses.any else ExitCode.OK
        rendered = {"rendered": self.tally.rendered, "from cache": self.tally.found}
        warnings = tuple(self._warnings())
        after = self.recalling.after
        return Outcome(summary, code, stages.deployments, renderings=rendered, warnings=warnings, after=after)

    def _walk(self, stages: Stages, readings: Readings, mask: Mask, blobs: Blobs) -> None:
        """Take the whole history in, oldest first."""
        self.progress.stage("history", self.head[:12])
        for commit, bound, declaring in self._bound(readings, mask):
            if declaring:
                self._declare(stages, commit, declaring, blobs)
            for name, transition in stages.take(commit, bound).items():
                self.counting.outcome(bound[name], transition)
                self.losses.add(name, commit, transition.problems)
                self.losses.add(name, commit, transition.notes, NOTE)
                self.taken.ignored.update(transition.ignored)
        self._refuse_misplaced(stages)

    def _recall(self, stages: Stages, parts: RunParts, told: ToldRecords, *, erased: bool) -> None:
        """Begin where the last run ended, if nothing but commits can have come since."""
        if erased or told.any or parts.declared.any or self.losses.records():
            self.recalling.forget()
        self.recalling.look(self.following.former, self.as_of)
        if self.recalling.goes_on:
            self.taken = self.recalling.restore(stages, parts, parts.store)

    def _told(self, blobs: Blobs, files: Mapping[str, str], links: Sequence[str]) -> ToldRecords:
        """Return what records tell, with the commits that incidents and approvals name looked up."""
        config = self.layout.config
        written = self.layout.source if "records" in config.model_fields_set else ""
        read = read_records(
            config.records,
            files,
            blobs,
            self.repository,
            links=links,
            folder=self.request.records,
            written=written,
        )
        self.losses.add("", self.newest, read.problems)
        self.losses.add("", self.newest, read.notes, NOTE)
        told = ToldRecords(read, config, self.histories, self.as_of)
        told.look_up(blobs, self.engines)
        return told

    def _summary(self, stages: Stages, judging: Judging, parts: RunParts, told: ToldRecords) -> Summary:
        config = self.layout.config
        return Summary(
            format=FORMAT,
            version=version("assay"),
            title=config.title or TITLE,
            as_of=rfc3339(self.as_of),
            commit=commit_record(self.newest, authors=config.authors != "none"),
            ref=read_from(config, self.request.ref or config.ref),
            environments=tuple(
                environment_summary(stage.sources, production=stage.production, as_of=self.as_of) for stage in stages
            ),
            unreadable=self.losses.records(),
            rules=rule_records(config, parts.policies),
            coverage=self._coverage((*judging.notes, *told.remarks, *self.applications.notes(), *self.following.notes)),
            ignored=tuple(
                IgnoreRecord(rule.component, rule.field, rule.environment, rule.reason, number in self.taken.ignored)
                for number, rule in enumerate(config.ignore)
            ),
            config_digest=config_digest(config),
            fingerprint_key="own" if self.request.fingerprint_key else "repository",
            integrity=self.request.integrity,
            exemptions=exemption_records(parts.exemptions, stages, self.as_of, config),
            unbound_results=judging.unbound,
            records=told.counts(),
            record_findings=told.findings(self.newest),
            history_findings=history_findings(self.following.breaks, config.checks),
        )

    def _read_for_chain(self) -> Read:
        config = self.layout.config
        return Read(
            repository=self.repository,
            histories=self.histories,
            refs=self.refs,
            named=self.named,
            config_digest=config_digest(config),
            production=frozenset(name for name, environment in config.environments.items() if environment.production),
            found_at=rfc3339(self.as_of),
            found_by=self.head,
        )

    def _seal(self, summary: Summary, stages: Stages) -> Seal:
        """Return what closes the bundle."""
        following, ref = self.following, self.request.ref or self.layout.config.ref
        return Seal(
            version=summary.version,
            config_digest=summary.config_digest,
            inputs=inputs_of(self.request, ref, self.head, summary.as_of, self.applications.digests),
            engines=self.tally.engines,
            counts=self.counting.counts(self.repository, self.histories, stages.deployments, stages.stale),
            refs=self.refs,
            named=self.named,
            former=following.former,
            breaks=following.breaks,
            vanished=following.vanished,
        )

    def _report_time(self) -> int | None:
        """Return the report time, seconds since 1970 UTC.

        Raises `RefusedError` where it is before the newest commit.
        """
        newest = self.newest
        as_of = self.request.as_of if self.request.as_of is not None else newest.time
        if as_of is not None and newest.time is not None and as_of < newest.time:
            reason = f"the report time {rfc3339(as_of)} is before the newest commit, of {rfc3339(newest.time)}"
            raise RefusedError("as-of", reason, fix="name an older commit by --ref, or a later time by --as-of")
        return as_of

    def _refuse_misplaced(self, stages: Stages) -> None:
        """Raise where an environment's own path never held a file; of a history that is not whole that can't be known.

        That is a slip, unless it is where production will be while its upstream is there already: no release yet.
        """
        unsure = {n for h in self.histories.all if h.cut or h.problems or not h.head for n in h.environments}
        for stage in stages if not self.repository.shallow else ():
            if stage.name in unsure:
                continue
            environment = self.layout.config.environments[stage.name]
            coming = stage.production and stage.upstream is not None and stage.upstream.state.seen
            if environment.path and not stage.state.seen and not coming:
                where = ", ".join(environment.path)
                reason = f"environment `{stage.name}`: no file that `{environment.reader}` reads ever stood at {where}"
                fix = "check `path` of the environment, and the ref that is read"
                raise RefusedError("path-missing", reason, place=Place(self.layout.source), fix=fix)

    @property
    def losses(self) -> Losses:
        return self.taken.losses

    @property
    def counting(self) -> Counting:
        return self.taken.counting

    def _key(self) -> bytes:
        return self.request.fingerprint_key or self.chain.root.encode("ascii")

    def _newest(self) -> Commit:
        """Return the newest commit of all histories; of several of one time that of the run's own ref."""
        heads = dict.fromkeys([h.head for h in self.histories.all if h.head] or [self.head])
        newest = [self.repository.newest(head) for head in sorted(heads, key=lambda head: head != self.head)]
        return masked_commit(max(newest, key=lambda commit: commit.time or 0))

    def _declare(self, stages: Stages, commit: Commit, changes: Iterable[FileChange], blobs: Blobs) -> None:
        """Take in what people say from `commit` on."""
        declarations = self.taken.declaring.take(changes, blobs)
        self.losses.add("", commit, self.taken.declaring.problems)
        stages.declare(declarations, commit)

    def _bound(self, readings: Readings, mask: Mask) -> Iterator[tuple[Commit, Bound, list[FileChange]]]:
        """Yield each commit that touches an environment or a declaration file, with what it changes of them.

        What it needs to be read is read already.
        """
        found, taken = self.histories.all, self.taken
        left, after = self.recalling.histories, self.recalling.after
        source = Source(self.repository, left, Readings, mask, self.engines, self.cache, after)
        # An interrupt ends the engines at once, and not when this generator is let go.
        with closing(batches(source)) as ahead:
            for batch in ahead:
                for ready in batch.readings:
                    binding = found[ready.history].bindings.of(ready.path)[ready.place]
                    readings.learn(binding, ready.blob, ready.path, ready.reading)
                readings.hand(batch.planned)
                self.tally = batch.tally
                self.progress.rendering(batch.tally.rendered, batch.tally.found)
                for event in batch.events:
                    history, commit = found[event.history], masked_commit(event.commit)
                    taken.date(event.history, commit)
                    for name in history.environments if commit.id in history.problems else ():
                        self.losses.add(name, commit, history.problems[commit.id])
                    bound = history.bind(commit)
                    declaring = [change for change in commit.changes if history.bindings.declares(change.path)]
                    self.counting.step(commit.id, history, bound, declaring=bool(declaring))
                    if bound or declaring:
                        yield commit, bound, declaring
                self.progress.count(self.counting.touching, None)

    def _warnings(self) -> Iterator[str]:
        """Yield what the machine's owner should know, and what no report may depend on."""
        if self.tally.damaged:
            yield f"{self.tally.damaged} entries of the cache were damaged; they were made anew"
        if self.tally.unwritable:
            yield "the cache could not be written, so the next run renders again what this one did"

    def _coverage(self, notes: tuple[str, ...]) -> Coverage:
        seen = Seen(self.counting.touching, len(self.counting.blobs), self.taken.skewed, self.taken.undated, notes)
        return coverage(self.repository, self.histories, self.layout, seen, self.tally.engines)
