"""The page of a component: where it runs in which version, how it came to that, and what is said of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.facts import seconds
from generator.site.change_rows import Link
from generator.site.checks_view import finding_line
from generator.site.components.figures import figures
from generator.site.components.links import connections
from generator.site.components.rows import OPEN, Versions, rollback_rows, settings_row, total
from generator.site.components.sentence import sentences
from generator.site.components.swimlane import swimlane
from generator.site.drift_view import drift_line
from generator.site.names import anchor, component_page, environment_page
from generator.site.texts import number
from generator.site.words import counted, shown

if TYPE_CHECKING:
    from generator.site.checks_view import FindingLine
    from generator.site.components.figures import Figures
    from generator.site.components.links import Connections
    from generator.site.components.now import Now
    from generator.site.components.rows import RollbackRow, SettingsRow
    from generator.site.components.swimlane import Swimlane
    from generator.site.context import Context
    from generator.site.drift_view import DriftLine
    from generator.site.words import Moment

MOST_DRIFT = 15
MOST_FINDINGS = 12
ASPECTS = ("config", "scale", "exposure", "secret")


class ComponentView(NamedTuple):
    """The page."""

    id: str
    kind: str
    removed: bool
    """Whether no environment has it now."""
    sentences: tuple[str, ...]
    owner: str
    last: Link | None
    """The newest deployment that changed it."""
    last_at: Moment
    releases: str
    rollbacks: str
    settings: str
    """What it has of settings now; empty where it has none."""
    confirmed: bool
    """Whether records of pipelines tell when deployments finished: times here then differ from those of commits."""
    swimlane: Swimlane
    versions: tuple[Versions, ...]
    """Production first."""
    taken_back: tuple[RollbackRow, ...]
    taken_back_left: int
    """Older ones that the page has not."""
    changes: tuple[SettingsRow, ...]
    changes_left: int
    drift: tuple[tuple[str, str, DriftLine], ...]
    """(environment, upstream, difference), those that count first."""
    drift_left: int
    drift_say: str
    """Empty where no environment that has it is compared with its upstream."""
    findings: tuple[tuple[str, FindingLine], ...]
    """(environment, finding), those that count first."""
    findings_left: int
    findings_say: str
    connections: Connections | None
    figures: tuple[Figures, ...]
    previous: Link | None
    next: Link | None


def component_view(context: Context, now: Now, previous: str, following: str) -> ComponentView:
    """Return the page of a component; `previous` and `following` are the ids beside it, empty at the ends."""
    history = now.history
    productions = frozenset(env.name for env in context.productions)
    as_of = seconds(context.summary.as_of) or 0
    drift = sorted(now.drift, key=lambda one: one[1].exempt is not None or bool(one[1].expected))
    findings = sorted(now.findings, key=lambda one: one[1].exempt is not None)
    rollbacks = sum(lane.rollbacks for lane in history.lanes)
    taken_back = rollback_rows(context, now.id, history.lanes)
    differ = now.standing_drift()
    return ComponentView(
        id=now.id,
        kind=kind_of(context, now),
        removed=not now.placed,
        sentences=sentences(context, now, as_of),
        owner=now.owner,
        last=Link(*context.deployment_link(history.newest)) if history.newest else None,
        last_at=context.calendar.moment(history.newest_at),
        releases=number(now.releases(productions)),
        rollbacks=number(rollbacks),
        settings=_settings(context, now),
        confirmed=bool(context.told_times),
        swimlane=swimlane(history.lanes, as_of, lambda identity: context.deployment_link(identity)[0]),
        versions=_versions(context, now),
        taken_back=taken_back,
        taken_back_left=max(0, rollbacks - len(taken_back)),
        changes=tuple(settings_row(context, change) for change in history.changes),
        changes_left=history.changes_total - len(history.changes),
        drift=tuple((name, context.upstreams[name], drift_line(context, row)) for name, row in drift[:MOST_DRIFT]),
        drift_left=max(0, len(drift) - MOST_DRIFT),
        drift_say=counted(differ, "difference") if differ is not None else "",
        findings=tuple((name, finding_line(context, row)) for name, row in findings[:MOST_FINDINGS]),
        findings_left=max(0, len(findings) - MOST_FINDINGS),
        findings_say=counted(now.standing_findings(), "finding"),
        connections=connections(context, now),
        figures=figures(now, context.summary.metrics.small),
        previous=_link(previous),
        next=_link(following),
    )


def kind_of(context: Context, now: Now) -> str:
    """Return what kind of component it is, or was; environments that differ name the one nearest to production."""
    if now.placed:
        return now.placed[-1].cell.kind
    return context.component_kinds[now.id]


def _link(identity: str) -> Link | None:
    return Link(component_page(identity), shown(identity)) if identity else None


def _versions(context: Context, now: Now) -> tuple[Versions, ...]:
    lanes = {lane.environment: lane for lane in now.history.lanes}
    found: list[Versions] = []
    for env in context.from_production:
        lane = lanes.get(env.name)
        if lane is None:
            continue
        stays = lane.stays[::-1]
        # The first stands open, production's where it has any; the others unfold, so that the page stays short.
        held = stays[:OPEN] if not found else ()
        older = stays[len(held) :]
        found.append(
            Versions(
                environment=env.name,
                anchor=anchor(f"versions-{env.name}"),
                page=environment_page(env.name),
                upstream=env.upstream,
                newest=held,
                older=older,
                total=total(lane),
                left=lane.earlier,
                first=shown(older[-1].version) if older else "",
                last=shown(older[0].version) if older else "",
            )
        )
    return tuple(found)


def _settings(context: Context, now: Now) -> str:
    """Return how many settings it has now, by what they are of, in the environment nearest to production."""
    record = context.components.get(now.placed[-1].cell.digest) if now.placed else None
    counts = Counter(aspect for aspect, _name, _value in record.fields) if record is not None else Counter()
    return ", ".join(f"{number(counts[aspect])} {aspect}" for aspect in ASPECTS if counts[aspect])
