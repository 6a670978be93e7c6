"""The summary, from what the stages hold when the newest commit is taken in."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from generator.assurance.drift import DriftClass
from generator.evidence.counts import KindCounts
from generator.evidence.recorder import exempt_record, finding_entry
from generator.evidence.records import attribute
from generator.evidence.summary import (
    Cell,
    DriftRow,
    EnvironmentSummary,
    FindingTotal,
    Measures,
    SiteDrift,
)
from generator.history.commits import rfc3339
from generator.model.component import Aspect, Role
from generator.timeline.declared import deployment_id
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.assurance.drift import DriftRegister
    from generator.assurance.ledger import FindingsLedger
    from generator.evidence.packs import FindingEntry
    from generator.evidence.recorder import Recorder
    from generator.evidence.summary import DriftOverTime, LiveDrift
    from generator.model.component import Component
    from generator.timeline.deployments import Timeline
    from generator.timeline.kinds import Stamp

_DIGEST = re.compile(r"@?sha\d+:([0-9a-f]{12})[0-9a-f]*")
_LEVELS = {"error": 0, "warning": 1, "note": 2}
_LONG_HASH = re.compile(r"[0-9a-f]{20,}")


def short_version(artifact: str) -> str:
    """Return what people call the version of an artifact: an image's tag, else the start of its digest, else itself.

    `registry:5000/shop/cart:1.9.2` gives `1.9.2`; a commit id as a tag is shortened to 12 digits.
    """
    digest = _DIGEST.search(artifact)
    name = _DIGEST.sub("", artifact).rpartition("/")[2]
    _, colon, tag = name.partition(":")
    if not tag and digest:
        return digest[1]
    version = tag if colon else name
    return version[:12] if _LONG_HASH.fullmatch(version) else version


class EnvironmentSources:
    """Everything that one environment's summary is made from."""

    def __init__(
        self,
        timeline: Timeline,
        upstream: Timeline | None,
        ledger: FindingsLedger,
        drift: DriftRegister | None,
        recorder: Recorder,
    ) -> None:
        """Keep the stages' own objects; nothing is copied."""
        self.timeline, self.upstream, self.ledger, self.drift = timeline, upstream, ledger, drift
        self.recorder = recorder
        self.paths: tuple[str, ...] = ()
        """What of the repository is read for it."""
        self.readers: tuple[str, ...] = ()
        self.kinds: Counter[Kind] = Counter()
        self.changes = 0
        self.bypasses = 0
        self.simultaneous = 0
        self.bulks = 0
        self.partials = 0
        self.site: DriftRegister | None = None
        """Drift from the first production site, `reference`."""
        self.reference = ""
        self.live: LiveDrift | None = None
        self.drift_over_time: list[DriftOverTime] = []
        self.last: Stamp | None = None
        """The newest deployment that changed something."""
        self.last_rollback: Stamp | None = None
        self.unreadable = 0
        self.team_of: Callable[[Component], str] = nobody
        """Tells the team of a component."""


def nobody(_: Component) -> str:
    """Return the team of a component where no team is known."""
    return ""


def environment_summary(sources: EnvironmentSources, *, production: bool, as_of: int | None) -> EnvironmentSummary:
    """Return the summary of one environment at the report time `as_of` (seconds since 1970), without its measures."""
    timeline = sources.timeline
    name, state = timeline.environment, timeline.state
    return EnvironmentSummary(
        name=name,
        upstream=sources.upstream.environment if sources.upstream else "",
        production=production,
        present=state.exists,
        digest=state.digest,
        since=rfc3339(sources.last.time) if sources.last else "",
        deployments=sum(sources.kinds.values()),
        changes=sources.changes,
        kinds=_kinds(sources.kinds),
        years=(),
        bypasses=sources.bypasses,
        simultaneous=sources.simultaneous,
        bulks=sources.bulks,
        components=sum(1 for c in state.components.values() if c.role is Role.COMPONENT),
        connections=sum(len(edges) for edges in state.links.connections.values()),
        newest=deployment_id(name, timeline.sequence) if timeline.sequence else "",
        last_rollback=deployment_id(name, sources.last_rollback.sequence) if sources.last_rollback else "",
        cells=tuple(_cells(timeline, sources.upstream, sources.team_of)),
        drift=tuple(_drift_rows(sources.drift, as_of)),
        drift_not_assessed=_not_assessed(sources),
        drift_over_time=tuple(sources.drift_over_time),
        findings=tuple(
            sorted(
                (finding_entry(s, sources.recorder.release_of(s)) for s in sources.ledger.standing), key=_worst_first
            )
        ),
        measures=Measures(),
        unreadable=sources.unreadable,
        paths=sources.paths,
        reader=sources.readers,
        partials=sources.partials,
        waived=sources.ledger.waived,
        accepted=sources.drift.accepted if sources.drift is not None else 0,
        finding_totals=tuple(_finding_totals(sources)),
        gates=sources.recorder.judged.gates(),
        triage=sources.recorder.judged.triage(),
        results=sources.recorder.judged.results(),
        site=_site(sources, as_of),
        live=sources.live,
    )


def _kinds(kinds: Counter[Kind]) -> KindCounts:
    return KindCounts(**{attribute(kind.value): kinds[kind] for kind in Kind})


def _cells(timeline: Timeline, upstream: Timeline | None, team_of: Callable[[Component], str]) -> Iterator[Cell]:
    for identity in sorted(timeline.state.components):
        component = timeline.state.components[identity]
        if component.role is not Role.COMPONENT:
            continue
        artifacts = [f for f in component.fields if f.aspect is Aspect.ARTIFACT]
        stamps = [s for f in artifacts if (s := timeline.set_at(identity, f.aspect, f.name, f.value))]
        newest = max(stamps, key=lambda stamp: stamp.sequence, default=None)
        yield Cell(
            component=identity,
            role=component.role.value,
            kind=component.kind,
            digest=component.digest,
            version=", ".join(dict.fromkeys(short_version(f.value) for f in artifacts)),
            artifact=", ".join(dict.fromkeys(f.value for f in artifacts)),
            since=rfc3339(newest.time) if newest else "",
            deployment=deployment_id(timeline.environment, newest.sequence) if newest else "",
            standing=_standing(component, upstream),
            team=team_of(component),
        )


def _standing(component: Component, upstream: Timeline | None) -> str:
    """Return how a component's artifacts stand against the upstream's, the most telling of several first."""
    if upstream is None:
        return ""
    other = upstream.component(component.id) if upstream.exists else None
    if other is None:
        return "alone"
    theirs = {f.name: f.value for f in other.fields if f.aspect is Aspect.ARTIFACT}
    ours = {f.name: f.value for f in component.fields if f.aspect is Aspect.ARTIFACT}
    if theirs == ours:
        return "equal"
    if theirs.keys() != ours.keys():
        return "differs"
    unequal = [name for name in ours if ours[name] != theirs[name]]
    known = [upstream.had(component.id, Aspect.ARTIFACT, name, ours[name]) for name in unequal]
    return "behind" if all(known) else "ahead"


def _not_assessed(sources: EnvironmentSources) -> str:
    if sources.drift is None:
        return "There is no upstream environment to compare with."
    if sources.drift.assessed:
        return ""
    missing = sources.timeline if not sources.timeline.exists else sources.upstream
    name = missing.environment if missing else ""
    if missing is not None and missing.gone_since:
        return (
            f"Nothing to compare: {name} was removed on {rfc3339(missing.gone_since.time)[:10] or 'an unknown date'}."
        )
    return f"Nothing to compare: {name} has nothing at the newest commit."


def _drift_rows(register: DriftRegister | None, as_of: int | None) -> Iterator[DriftRow]:
    if register is None:
        return
    for item in sorted(register.items, key=lambda i: (i.since_time or 0, i.component, i.aspect, i.field)):
        age = as_of - item.since_time if as_of is not None and item.since_time is not None else 0
        yield DriftRow(
            component=item.component,
            aspect=item.aspect,
            field=item.field,
            drift=DriftClass(item.drift).value,
            upstream=item.upstream,
            value=item.value,
            since=item.since,
            since_at=rfc3339(item.since_time),
            age_seconds=age,
            expected=item.expected,
            exempt=exempt_record(item.exempt),
        )


def _site(sources: EnvironmentSources, as_of: int | None) -> SiteDrift | None:
    register = sources.site
    if register is None:
        return None
    counts = tuple((drift.value, register.counts[drift]) for drift in DriftClass)
    return SiteDrift(sources.reference, counts, tuple(_drift_rows(register, as_of)))


def _findings(sources: EnvironmentSources) -> Iterator[FindingEntry]:
    return (finding_entry(one, sources.recorder.release_of(one)) for one in sources.ledger.standing)


def _finding_totals(sources: EnvironmentSources) -> Iterator[FindingTotal]:
    """Yield how many findings of each rule came, went and hold, those of the newest deployment included."""
    counted: Counter[tuple[str, bool]] = Counter()
    late: Counter[str] = Counter()
    for one in sources.ledger.standing:
        counted[one.finding.rule, one.exempt is None] += 1
        late[one.finding.rule] += not sources.recorder.release_of(one)
    totals = sources.recorder.totals
    for rule in sorted({*totals, *late}):
        standing, waived = counted[rule, True], counted[rule, False]
        # What came after the newest deployment is in no deployment's list.
        opened = totals[rule] + late[rule]
        yield FindingTotal(rule, opened, opened - standing - waived, standing, waived)


def _worst_first(row: FindingEntry) -> tuple[int, str, str, str]:
    return (_LEVELS[row.level], row.rule, row.subject, row.field)
