"""The newest rollback of a production: what it took back, and what became of it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.deployment_lines import DeploymentLines
from generator.site.change_rows import Link
from generator.site.listing_views import release_row
from generator.site.names import release_page
from generator.site.texts import N_
from generator.site.texts import gettext as _
from generator.site.triage_view import slug
from generator.site.words import listed, shown, span, version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.evidence.records import ChangeRecord, DeploymentRecord
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context
    from generator.site.listing_views import ReleaseRow

SEARCHED = 40
"""Later releases of a component that are looked through for the next change of what went back."""
MOST_COMPONENTS = 30
MOST_STEPS = 3
AFTER = {
    "rollback": N_("%(component)s went back further, to %(version)s."),
    "redo": N_("%(component)s went forward again to %(version)s, which had been here before."),
}
FORWARD = N_("%(component)s went forward again, to %(version)s.")
REMOVED = N_("%(component)s was removed.")
SETTING = N_("%(field)s of %(component)s was changed again.")
STAYS = N_("%(component)s has stayed at %(version)s since.")
STAYS_SET = N_("%(field)s of %(component)s has stayed as it was set.")


class Became(NamedTuple):
    """One thing that came after a rollback."""

    text: str
    release: Link
    """Empty where nothing came after."""
    later: str
    """How long after the rollback; empty where that can't be told."""


class RollbackStory(NamedTuple):
    """The newest rollback of a production, whose the failure was, and what became of it."""

    row: ReleaseRow
    culprits: tuple[Link, ...]
    """Releases that it took back, in part at least."""
    culprits_left: int
    became: tuple[Became, ...]
    became_left: int
    """Further components that went back."""
    verdict: str
    """Empty where no triage belongs to it."""
    slug: str
    reason: str


def rollback_stories(context: Context, environments: Sequence[EnvironmentSummary]) -> tuple[RollbackStory, ...]:
    """Return the newest rollback of each of `environments` that has one, the oldest first."""
    known = [env.last_rollback for env in environments if env.last_rollback in context.index.position]
    positions = sorted(context.index.position[identity] for identity in known)
    records = _records(context, positions)
    wanted = {position: _steps(context, records[position], position) for position in positions}
    after = _records(context, [at for steps in wanted.values() for places in steps.values() for at in places])
    return tuple(_story(context, position, records[position], wanted[position], after) for position in positions)


def record_of(context: Context, position: int) -> DeploymentRecord:
    """Return the record of the release at `position` of the index."""
    return _records(context, [position])[position]


def _records(context: Context, positions: Iterable[int]) -> dict[int, DeploymentRecord]:
    """Return the records of releases by their positions."""
    wanted = list(positions)
    lines = [context.index.releases[position].line for position in wanted]
    return dict(zip(wanted, context.once(_lines).read(lines), strict=True))


def _lines(context: Context) -> DeploymentLines:
    return DeploymentLines(context.evidence.folder, context.index.lines)


def _went_back(record: DeploymentRecord) -> tuple[ChangeRecord, ...]:
    """Return what went back, one change a component: its artifact where that did."""
    found: dict[str, ChangeRecord] = {}
    for change in record.changes:
        if change.kind == "rollback" and (change.component not in found or change.aspect == "artifact"):
            found[change.component] = change
    return tuple(found.values())


def _steps(context: Context, record: DeploymentRecord, position: int) -> dict[str, list[int]]:
    """Return the releases after the rollback that changed what it took back, by component."""
    steps = {}
    for change in _went_back(record)[:MOST_COMPONENTS]:
        positions = context.index.by_component.get((record.environment, change.component), [])
        begin = bisect_right(positions, position)
        steps[change.component] = positions[begin : begin + SEARCHED]
    return steps


def _story(
    context: Context,
    position: int,
    record: DeploymentRecord,
    steps: Mapping[str, Sequence[int]],
    after: Mapping[int, DeploymentRecord],
) -> RollbackStory:
    release, back = context.index.releases[position], _went_back(record)
    became = [_next(context, release.at, change, steps.get(change.component, ()), after) for change in back]
    grouped = tuple(_grouped(became))
    links = [Link(*context.deployment_link(c.culprit)) for c in back if c.culprit]
    culprits = tuple(dict.fromkeys(link for link in links if link.text))
    story = RollbackStory(
        row=release_row(context, release),
        culprits=culprits[:MOST_STEPS],
        culprits_left=max(0, len(culprits) - MOST_STEPS),
        became=grouped[:MOST_STEPS],
        became_left=max(0, len(grouped) - MOST_STEPS),
        verdict="",
        slug="",
        reason="",
    )
    if not release.triage:
        return story
    told = context.objects.triage(release.environment, release.triage)
    return story._replace(verdict=told.verdict, slug=slug(told.verdict), reason=told.reason)


def _next(
    context: Context, since: str, back: ChangeRecord, positions: Sequence[int], after: Mapping[int, DeploymentRecord]
) -> tuple[str, Became]:
    """Return the component with what came after it went back."""
    component, field = shown(back.component), shown(back.field)
    told = {"component": component, "field": field, "version": shown(version(back.new or ""))}
    for position in positions:
        for change in after[position].changes:
            if (change.component, change.field) != (back.component, back.field) or change.kind == "gap":
                continue
            release = context.index.releases[position]
            told["version"] = shown(version(change.new or ""))
            if change.new is None:
                text = _(REMOVED, **told)
            else:
                text = _(AFTER.get(change.kind, FORWARD) if change.aspect == "artifact" else SETTING, **told)
            later = context.calendar.between(since, release.at)
            link = Link(release_page(release.id), context.release_name(release))
            return component, Became(text, link, span(later) if later is not None and later >= 0 else "")
    text = _(STAYS if back.aspect == "artifact" else STAYS_SET, **told)
    return component, Became(text, Link("", ""), "")


def _grouped(steps: Sequence[tuple[str, Became]]) -> Iterator[Became]:
    """Yield what came after, components that moved together in one line."""
    by_release: dict[str, list[tuple[str, Became]]] = {}
    for component, became in steps:
        by_release.setdefault(became.release.page, []).append((component, became))
    for page, together in by_release.items():
        if len(together) == 1:
            yield together[0][1]
            continue
        names = listed([component for component, _became in together])
        text = N_("%(names)s changed again.") if page else N_("%(names)s have stayed so since.")
        yield together[0][1]._replace(text=_(text, names=names))
