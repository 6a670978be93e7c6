"""What a component is now, in sentences: production first, then where others have something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.facts import seconds
from generator.site.components.rows import moment
from generator.site.texts import gettext as _
from generator.site.words import listed, shown, span

if TYPE_CHECKING:
    from generator.site.components.now import Now, Placed
    from generator.site.components.stays import Stay
    from generator.site.context import Context
    from generator.site.words import Moment

MOST = 5
"""Environments that are told one by one."""


def sentences(context: Context, now: Now, as_of: int) -> tuple[str, ...]:
    """Return what stands where and since when; of what is removed, what it was last."""
    if not now.placed:
        return _removed(context, now)
    order = {env.name: place for place, env in enumerate(context.from_production)}
    placed = sorted(now.placed, key=lambda one: order[one.environment.name])
    first, others = placed[0], placed[1:]
    same = [one.environment.name for one in others if one.cell.version == first.cell.version]
    other = [one for one in others if one.cell.version != first.cell.version]
    found = [
        _first(context, first, now.history.standing(first.environment.name)),
        *(_other(one, as_of, now.history.standing(one.environment.name)) for one in other[:MOST]),
    ]
    if same:
        names = listed([shown(name) for name in same])
        found.append(
            _("The same version stands in %(environments)s.", environments=names)
            if first.cell.version
            else _("It is part of %(environments)s too.", environments=names)
        )
    gone = [one.environment for one in now.history.gone]
    if gone:
        found.append(_("Removed from %(environments)s.", environments=listed([shown(name) for name in gone])))
    return tuple(found)


def _since(placed: Placed, stay: Stay | None) -> int | None:
    """Return when the version came, by a record where one tells, in seconds since 1970; `None` where nothing does."""
    if stay is not None:
        return stay.start
    return seconds(placed.cell.since) if placed.cell.since else None


def _first(context: Context, placed: Placed, stay: Stay | None) -> str:
    name, version = shown(placed.environment.name), shown(placed.cell.version if stay is None else stay.version)
    if not version:
        return _("It is part of %(environment)s, without a version of its own.", environment=name)
    since = _since(placed, stay)
    if since is None:
        return _("It runs %(version)s in %(environment)s.", version=version, environment=name)
    return _(
        "It has run %(version)s in %(environment)s since %(when)s.",
        version=version,
        environment=name,
        when=moment(context, since).text,
    )


def _other(placed: Placed, as_of: int, stay: Stay | None) -> str:
    name, version = shown(placed.environment.name), shown(placed.cell.version if stay is None else stay.version)
    if not version:
        return _("It is in %(environment)s too, without a version of its own.", environment=name)
    since = _since(placed, stay)
    if since is None:
        return _("%(environment)s has %(version)s.", environment=name, version=version)
    return _(
        "%(environment)s has had %(version)s for %(span)s.",
        environment=name,
        version=version,
        span=span(max(0, as_of - since)),
    )


def _removed(context: Context, now: Now) -> tuple[str, ...]:
    last = {lane.environment: lane.stays[-1] for lane in now.history.lanes}
    found = []
    for gone in reversed(now.history.gone[-MOST:]):
        name, stay = shown(gone.environment), last.get(gone.environment)
        # A record may tell the time at which its version went.
        told = stay.end if stay is not None and stay.ended_by == gone.deployment else None
        when = context.calendar.moment(gone.at) if told is None else moment(context, told)
        found.append(_left(name, when, "" if stay is None else shown(stay.version)))
    return tuple(found) or (_("No environment has it now."),)


def _left(environment: str, when: Moment, version: str) -> str:
    if not when.iso:
        return _("Removed from %(environment)s, at a time that is not known.", environment=environment)
    values = {"environment": environment, "when": when.text}
    if not version:
        return _("Removed from %(environment)s on %(when)s.", **values)
    return _("Removed from %(environment)s on %(when)s, when it ran %(version)s.", version=version, **values)
