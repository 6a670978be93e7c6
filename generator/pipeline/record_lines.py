"""Records as lines of the evidence, each with the deployment it belongs to, or why it belongs to none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.delivery_records import RecordLine, sorted_lines
from generator.history.commits import rfc3339
from generator.pipeline.record_links import confirming, why_not
from generator.pipeline.record_names import Unknown
from generator.pipeline.record_places import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.events.entries import ApprovalEvent, DeploymentEvent, DowntimeEvent, IncidentEvent, Records
    from generator.evidence.delivery_records import RecordKind
    from generator.pipeline.record_links import Links, Made

NO_LINK = "Nobody linked it to a deployment."


class Judged(NamedTuple):
    """What is known of records beside what they tell."""

    environments: tuple[str, ...]
    """Names of the configuration."""
    wrong: Mapping[tuple[str, str, str, int], str]
    """By kind, id, source and line: why a record contradicts itself or another one."""
    commits: Mapping[tuple[str, str], str]
    """By environment and id: the commit that the record of a deployment names."""
    names: bool
    """Whether the report shows names of people."""


def record_lines(records: Records, links: Links, judged: Judged) -> list[RecordLine]:
    """Return a line for every record, sorted."""
    lines = _Lines(links, judged)
    found = [
        *lines.deployments(records.deployments),
        *(lines.incident(event) for event in records.incidents),
        *(lines.downtime(event) for event in records.downtimes),
        *(lines.approval(event) for event in records.approvals),
        *(lines.unplaced(event) for event in records.unplaced),
        *(lines.unbegun(event) for event in records.unbegun),
        *_duplicates(records),
    ]
    return sorted_lines(found)


class _Lines:
    """Makes lines of records."""

    def __init__(self, links: Links, judged: Judged) -> None:
        self._links, self._judged = links, judged

    def deployments(self, events: Sequence[DeploymentEvent]) -> Iterator[RecordLine]:
        linked = [(event, self._made(event)) for event in events]
        good = [
            (made.id, event)
            for event, made in linked
            if not isinstance(made, Unknown)
            and self._links.is_own(event, made)
            and not self._wrong("deployment", event)
        ]
        first = confirming(good)
        for event, made in linked:
            if isinstance(made, Unknown):
                yield self._deployment(event, "", self._wrong("deployment", event) or made.reason)
            else:
                problem = self._wrong("deployment", event)
                if not self._links.is_own(event, made):
                    problem = problem or f"Its commit deployed nothing there, so it gives {made.id} no time."
                problem = problem or why_not(event, first.get(made.id))
                yield self._deployment(event, made.id, problem)

    def unplaced(self, event: DeploymentEvent) -> RecordLine:
        return self._deployment(event, "", "It names no environment.")

    def _made(self, event: DeploymentEvent) -> Made | Unknown:
        if event.environment not in self._judged.environments:
            return Unknown(self._nowhere(event.environment))
        return self._links.of_event(event)

    def _deployment(self, event: DeploymentEvent, deployment: str, problem: str) -> RecordLine:
        return RecordLine(
            kind="deployment",
            id=event.id,
            environment=event.environment,
            deployment=deployment,
            component=event.component,
            version=event.version,
            commit=event.commit,
            source_commit=event.source_commit,
            started=rfc3339(event.started),
            finished=rfc3339(event.finished),
            status=event.status,
            verified=event.verified,
            counts=not problem,
            problem=problem,
            source=event.source,
            line=event.line,
        )

    def incident(self, event: IncidentEvent) -> RecordLine:
        places = self._places(event.environment)
        deployments = self._links.caused(event.id, places)
        fixed_by = self._named(places, event.fixed_by) if event.fixed_by else ()
        bad = self._wrong("incident", event) or ("" if places else self._nowhere(event.environment))
        return RecordLine(
            kind="incident",
            id=event.id,
            environment=event.environment,
            deployments=deployments,
            fixed_by=fixed_by[0] if fixed_by else "",
            component=event.component,
            title=event.title,
            cause=event.cause,
            severity=event.severity,
            impact_start=rfc3339(event.impact_start),
            detected=rfc3339(event.detected if event.detected is not None else event.reported),
            cause_assigned=rfc3339(event.cause_assigned),
            restored=rfc3339(event.restored),
            counts=not bad,
            problem=bad or self._unlinked(event, places, deployments, fixed=bool(fixed_by)),
            source=event.source,
            line=event.line,
        )

    def _unlinked(self, event: IncidentEvent, places: Sequence[str], deployments: Sequence[str], *, fixed: bool) -> str:
        """Return what of the links of an incident leads nowhere."""
        told = []
        if not deployments:
            told.append(self._reason(places, event.deployment) if event.deployment else NO_LINK)
        if event.fixed_by and not fixed:
            told.append(f"What ended it is not known: {self._reason(places, event.fixed_by)}")
        return " ".join(told)

    def downtime(self, event: DowntimeEvent) -> RecordLine:
        bad = self._wrong("downtime", event) or (
            "" if self._places(event.environment) else self._nowhere(event.environment)
        )
        return self._downtime(event, rfc3339(event.start), bad)

    def unbegun(self, event: DowntimeEvent) -> RecordLine:
        return self._downtime(event, "", "No record tells when it began.")

    def _downtime(self, event: DowntimeEvent, start: str, problem: str) -> RecordLine:
        return RecordLine(
            kind="downtime",
            id=event.id,
            environment=event.environment,
            component=event.component,
            reason=event.reason,
            incident=event.incident,
            start=start,
            end=rfc3339(event.end),
            planned=event.planned,
            counts=not problem,
            problem=problem,
            source=event.source,
            line=event.line,
        )

    def approval(self, event: ApprovalEvent) -> RecordLine:
        places = self._places(event.environment)
        found = self._named(places, event.commit)
        problem = "" if places else self._nowhere(event.environment)
        if places and not found:
            problem = self._reason(places, event.commit)
        return RecordLine(
            kind="approval",
            id=event.id,
            environment=event.environment,
            deployment=found[0] if len(found) == 1 else "",
            deployments=found if len(found) > 1 else (),
            commit=event.commit,
            by=event.by if self._judged.names else "",
            gate=event.gate,
            at=rfc3339(event.at),
            counts=not (problem or self._wrong("approval", event)),
            problem=self._wrong("approval", event) or problem,
            source=event.source,
            line=event.line,
        )

    def _wrong(self, kind: RecordKind, event: DeploymentEvent | IncidentEvent | DowntimeEvent | ApprovalEvent) -> str:
        return self._judged.wrong.get((kind, event.id, event.source, event.line), "")

    def _places(self, environment: str) -> tuple[str, ...]:
        known = self._judged.environments
        return known if environment == EVERYWHERE else (environment,) if environment in known else ()

    def _nowhere(self, environment: str) -> str:
        if environment == EVERYWHERE:
            return "A deployment is of one environment, and it names none."
        return f"There is no environment `{environment}`."

    def _named(self, places: Sequence[str], name: str) -> tuple[str, ...]:
        """Return the deployments that a name means in each of `places`."""
        told = [self._links.named(place, self._judged.commits.get((place, name), name)) for place in places]
        return tuple(sorted(made.id for made in told if not isinstance(made, Unknown)))

    def _reason(self, places: Sequence[str], name: str) -> str:
        """Return why a name means no deployment in any of `places`."""
        for place in places:
            made = self._links.named(place, self._judged.commits.get((place, name), name))
            if isinstance(made, Unknown):
                return made.reason
        # It could not be known before the deployments were, and kinds are not judged twice.
        return f"`{name}` was linked to no deployment while the history was read."


def _duplicates(records: Records) -> Iterator[RecordLine]:
    for one in records.duplicates:
        first = f"{one.first_source}:{one.first_line}" if one.first_line else one.first_source
        yield RecordLine(
            kind=one.kind,  # type: ignore[arg-type]  # one of four words of events
            id=one.id,
            environment=one.environment,
            counts=False,
            problem=f"Another record has this id and says otherwise; the first one counts, at {first}.",
            source=one.source,
            line=one.line,
        )
