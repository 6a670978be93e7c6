"""Rows of a component's page: its versions, what was taken back, and when its settings changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from generator.site.change_rows import Link
from generator.site.texts import gettext as _
from generator.site.triage_view import slug
from generator.site.words import counted, shown, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.site.components.histories import SettingsChange
    from generator.site.components.stays import Lane, Stay
    from generator.site.context import Context
    from generator.site.words import Moment

OPEN = 10
"""Versions of the first environment that stand open, the newest."""
MOST_ROLLBACKS = 12


class VersionRow(NamedTuple):
    """A version, for the time in which it stood."""

    version: str
    since: Moment
    until: Moment | None
    """`None` where it stands."""
    lasted: str
    seconds: int
    kind: str
    deployment: Link
    validation: str
    """Empty where no upstream is asked."""
    origin: Link | None
    soak: str
    soak_seconds: int


class Versions(NamedTuple):
    """The versions of one environment, newest first."""

    environment: str
    anchor: str
    page: str
    upstream: str
    newest: tuple[Stay, ...]
    """Those that stand open."""
    older: tuple[Stay, ...]
    total: str
    """`24 versions`."""
    left: int
    """Older ones that the page has not."""
    first: str
    """The oldest of those that don't stand open, as a page shows it; empty where there are none."""
    last: str
    newest_rows: Markup = Markup()
    """Drawn, see `with_rows`."""
    older_rows: Markup = Markup()


class RollbackRow(NamedTuple):
    """A version that was taken back."""

    environment: str
    when: Moment
    left: str
    """The version that went."""
    to: str
    deployment: Link
    culprit: Link | None
    then: str
    """What followed, in words."""
    then_link: Link | None
    verdict: str
    """Whose the failure was, of this component; empty where nothing was assessed."""
    slug: str
    reason: str


class SettingsRow(NamedTuple):
    """A deployment that changed settings."""

    environment: str
    when: Moment
    deployment: Link
    kind: str
    fields: tuple[str, ...]
    more: int


def moment(context: Context, at: int) -> Moment:
    """Return a time, in seconds since 1970, in words."""
    return context.calendar.moment(datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z"))


def version_rows(context: Context, stays: Sequence[Stay], upstream: str, as_of: int) -> tuple[VersionRow, ...]:
    """Return `stays` in one environment as rows, in the order given."""
    return tuple(_version(context, stay, upstream, as_of) for stay in stays)


def _version(context: Context, stay: Stay, upstream: str, as_of: int) -> VersionRow:
    lasted = max(0, (as_of if stay.end is None else stay.end) - stay.start)
    soak = "" if stay.soak_seconds is None else span(stay.soak_seconds)
    return VersionRow(
        version=shown(stay.version),
        since=moment(context, stay.start),
        until=None if stay.end is None else moment(context, stay.end),
        lasted=span(lasted),
        seconds=lasted,
        kind=stay.kind,
        deployment=Link(*context.deployment_link(stay.deployment)),
        validation=stay.validation if upstream else "",
        origin=Link(*context.deployment_link(stay.origin)) if stay.origin else None,
        soak=soak,
        soak_seconds=-1 if stay.soak_seconds is None else stay.soak_seconds,
    )


def rollback_rows(context: Context, component: str, lanes: Sequence[Lane]) -> tuple[RollbackRow, ...]:
    """Return what was taken back in any environment, newest first."""
    found = [
        (stay.start, lane, place) for lane in lanes for place, stay in enumerate(lane.stays) if stay.kind == "rollback"
    ]
    newest = sorted(found, key=lambda row: row[0], reverse=True)[:MOST_ROLLBACKS]
    return tuple(_rollback(context, component, lane, place) for _start, lane, place in newest)


def _rollback(context: Context, component: str, lane: Lane, place: int) -> RollbackRow:
    stay = lane.stays[place]
    after = lane.stays[place + 1] if place + 1 < len(lane.stays) else None
    verdict, reason = _verdict(context, component, lane.environment, stay.triage)
    return RollbackRow(
        environment=lane.environment,
        when=moment(context, stay.start),
        left=shown(stay.before),
        to=shown(stay.version),
        deployment=Link(*context.deployment_link(stay.deployment)),
        culprit=Link(*context.deployment_link(stay.culprit)) if stay.culprit else None,
        then=_then(stay, after),
        then_link=Link(*context.deployment_link(after.deployment)) if after is not None else None,
        verdict=verdict,
        slug=slug(verdict),
        reason=reason,
    )


def _then(stay: Stay, after: Stay | None) -> str:
    if after is not None:
        after_span = span(max(0, after.start - stay.start))
        return _("%(version)s after %(span)s", version=shown(after.version), span=after_span)
    return _("it stands") if stay.end is None else _("it was taken away")


def _verdict(context: Context, component: str, environment: str, triage: str) -> tuple[str, str]:
    """Return the verdict on a component, and its reason: where it has none of its own, that on the deployment."""
    if not triage:
        return "", ""
    record = context.objects.triage(environment, triage)
    own = next((row for row in record.components if row.component == component), None)
    return (record.verdict, record.reason) if own is None else (own.verdict, own.reason)


def settings_row(context: Context, change: SettingsChange) -> SettingsRow:
    """Return a change of settings as a row."""
    return SettingsRow(
        environment=change.environment,
        when=context.calendar.moment(change.at),
        deployment=Link(*context.deployment_link(change.deployment)),
        kind=change.kind,
        fields=change.fields,
        more=change.total - len(change.fields),
    )


def total(lane: Lane) -> str:
    """Return how many versions an environment ever had."""
    return counted(len(lane.stays) + lane.earlier, "version")
