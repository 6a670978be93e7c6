"""Records on their way through a run: read first, joined to what people declare, linked to deployments at the end.

Incidents and approvals have to be known before the first deployment is judged, so the commits that they name are looked
up ahead; what a pipeline tells of a deployment is linked once all deployments are known.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from generator.assurance.findings import Level
from generator.assurance.record_rules import RECORD_CONTRADICTION
from generator.declarations.entries import Approval, Declarations, Incident
from generator.errors import one_line
from generator.events.checking import contradictions
from generator.evidence.delivery_records import RECORD_KINDS, RecordCount, RecordFinding
from generator.evidence.packs import FindingEntry
from generator.history.commits import rfc3339
from generator.pipeline.record_lines import Judged, record_lines
from generator.pipeline.record_links import SUCCEEDED, Links
from generator.pipeline.record_names import CommitNames, Unknown, touching
from generator.pipeline.record_places import EVERYWHERE, placed
from generator.timeline.declared import deployment_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.config.schema import Config
    from generator.events.entries import Records
    from generator.evidence.delivery_records import RecordLine
    from generator.history.blobs import Blobs
    from generator.history.commits import Commit
    from generator.pipeline.record_sources import ReadRecords
    from generator.pipeline.tracks import Histories
    from generator.rendering.engines import Engines
    from generator.timeline.deployments import Deployment

_OFF = "off"


class ToldRecords:
    """What records tell of the deployments of one run."""

    def __init__(self, read: ReadRecords, config: Config, histories: Histories, as_of: int | None) -> None:
        """Take what was `read`; what is dated after `as_of`, the report time, contradicts it."""
        self._read, self._config = read, config
        self.records: Records = placed(read.records, config)
        self._environments = tuple(config.environments)
        known = (*self._environments, EVERYWHERE)
        self._contradictions = contradictions(self.records, known, as_of) if self.any else ()
        self._names = CommitNames(histories)
        self._links = Links(self._names)
        deployments = self.records.deployments
        self._commits = {(one.environment, one.id): one.commit for one in reversed(deployments) if one.commit}
        self.incidents: tuple[Incident, ...] = ()
        """Incidents that name a commit or deployment of their environment, as declaration files would have them."""
        self.approvals: tuple[Approval, ...] = ()
        """The same of approvals."""
        self.sources = frozenset(read.labels)
        """Every file and note that records stand in."""

    @property
    def any(self) -> bool:
        """Return whether there is any record."""
        return any(getattr(self.records, name) for name in self.records.__struct_fields__)

    def look_up(self, blobs: Blobs, engines: Engines) -> None:
        """Look up the commits that incidents and approvals name, ahead of the deployments."""
        named = [(one.environment, name) for one in self.records.incidents for name in (one.deployment, one.fixed_by)]
        named += [(one.environment, one.commit) for one in self.records.approvals]
        asked = {
            (place, full)
            for environment, name in named
            for place in self._places(environment)
            if name and not isinstance(full := self._full(place, name), Unknown)
        }
        found = touching(self._names, asked, blobs, engines)
        self.incidents = tuple(self._incidents(found))
        self.approvals = tuple(self._approvals(found))

    def _incidents(self, found: Mapping[tuple[str, str], str]) -> Iterator[Incident]:
        for event in self.records.incidents:
            for place in self._places(event.environment):
                began, ended = (self._known(place, name, found) for name in (event.deployment, event.fixed_by))
                if began:
                    yield Incident(event.id, began, place, event.title, ended, event.source, event.line)

    def _approvals(self, found: Mapping[tuple[str, str], str]) -> Iterator[Approval]:
        for event in self.records.approvals:
            for place in self._places(event.environment):
                commit = self._known(place, event.commit, found)
                if commit:
                    yield Approval(commit, event.by, place, event.at, event.gate, path=event.source, line=event.line)

    def _known(self, environment: str, name: str, found: Mapping[tuple[str, str], str]) -> str:
        full = self._full(environment, name) if name else Unknown("")
        return "" if isinstance(full, Unknown) else found.get((environment, full), "")

    def _full(self, environment: str, name: str) -> str | Unknown:
        return self._names.full(environment, self._commits.get((environment, name), name))

    def _places(self, environment: str) -> Sequence[str]:
        if environment == EVERYWHERE:
            return self._environments
        return (environment,) if environment in self._environments else ()

    def joined(self, declarations: Declarations) -> Declarations:
        """Return `declarations` with the incidents of records; one that both tell of is one."""
        if not self.incidents:
            return declarations
        declared = list(declarations.incidents)
        by_id: dict[str, list[int]] = {}
        for number, one in enumerate(declared):
            by_id.setdefault(one.id, []).append(number)
        for told in self.incidents:
            same = next((n for n in by_id.get(told.id, ()) if _same(declared[n], told)), None)
            if same is None:
                declared.append(told)
            elif told.fixed_by and not declared[same].fixed_by:
                declared[same] = msgspec.structs.replace(declared[same], fixed_by=told.fixed_by)
        return msgspec.structs.replace(declarations, incidents=tuple(declared))

    def begun(self, deployment: Deployment) -> int | None:
        """Return when the pipeline began to deploy, by the record that names the deployment's own commit.

        Where several succeeded it is the one that finished first; one that does not tell its start began at its finish,
        as far as anybody knows.
        """
        commit = deployment.commit.id
        name = deployment_id(deployment.environment, deployment.sequence)
        found = [self._starts.get((deployment.environment, one)) for one in (commit, name)]
        known = [start for start in found if start is not None]
        return min(known)[1] if known else None

    @cached_property
    def _starts(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """By environment, and commit or deployment: finish and start of the record that gives it its time."""
        wrong = {(one.id, one.source, one.line) for one in self._contradictions if not one.counts}
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for event in self.records.deployments:
            known = event.environment in self._environments and (event.id, event.source, event.line) not in wrong
            if not known or not event.commit or event.status != SUCCEEDED or event.finished is None:
                continue
            full = self._names.full(event.environment, event.commit)
            if not isinstance(full, Unknown):
                start = (event.finished, event.started if event.started is not None else event.finished)
                key = event.environment, full
                found[key] = min(start, found.get(key, start))
        return found

    def take(self, deployment: Deployment) -> None:
        """Take in the next deployment of its environment, after it was judged."""
        self._links.take(deployment)

    @cached_property
    def lines(self) -> Sequence[RecordLine]:
        """A line for every record, sorted; to be asked for once all deployments were taken in."""
        told = [one for one in reversed(self._contradictions) if not one.counts]
        wrong = {(one.kind, one.id, one.source, one.line): _sentence(one.reason) for one in told}
        names = self._config.authors != "none"
        return record_lines(self.records, self._links, Judged(self._environments, wrong, self._commits, names))

    def counts(self) -> tuple[RecordCount, ...]:
        """Return how many records of each kind came from each place, in the order of the configuration."""
        totals: dict[tuple[str, str], list[int]] = {}
        for line in self.lines:
            row = totals.setdefault((line.kind, self._read.labels.get(line.source, "")), [0, 0, 0])
            row[0] += 1
            row[1] += not line.linked and line.kind != "downtime"
            row[2] += not line.counts
        places = list(dict.fromkeys(self._read.labels.values()))
        return tuple(
            RecordCount(kind, place, *totals[kind, place])
            for kind in RECORD_KINDS
            for place in (*places, "")
            if (kind, place) in totals
        )

    def findings(self, newest: Commit) -> tuple[RecordFinding, ...]:
        """Return every record that contradicts itself or another one, as it stands at the `newest` commit.

        What never ended, and is measured all the same, is a note.
        """
        rule = RECORD_CONTRADICTION
        setting = self._config.checks.get(rule.id, "")
        if setting == _OFF:
            return ()
        return tuple(
            RecordFinding(
                one.environment,
                FindingEntry(
                    rule=rule.id,
                    level=setting or (Level.NOTE if one.counts else rule.level).value,
                    message=one_line(f"{one.kind} `{one.id}`: {one.message}"),
                    subject=one.id,
                    field="",
                    path=one.source,
                    line=one.line,
                    since=newest.id,
                    since_at=rfc3339(newest.time),
                ),
            )
            for one in self._contradictions
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what about the places of records a reader of the report should know, each one sentence."""
        return self._read.remarks


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _same(declared: Incident, told: Incident) -> bool:
    """Return whether two entries of one id link the same deployment."""
    return told.commit.startswith(declared.commit) and fnmatchcase(told.environment, declared.environment)
