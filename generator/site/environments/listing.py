"""The deployments of an environment as rows, cut into parts of which only one is held at a time."""

from __future__ import annotations

import shlex
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.bringing_back import commands
from generator.site.change_rows import Link
from generator.site.names import PART, anchor, deployments_page, environment_page, release_page
from generator.site.texts import gettext as _
from generator.site.texts import number
from generator.site.verdicts import verdict
from generator.site.words import digest, shown

if TYPE_CHECKING:
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context
    from generator.site.words import Digest, Moment

NEWEST = 10
"""Deployments that the page of an environment shows itself, the newest."""
DAY = 10
"""Characters of the day in an RFC 3339 time."""


class DeploymentRow(NamedTuple):
    """A deployment in a list."""

    id: str
    anchor: str
    page: str
    """Page of a release; empty outside of production."""
    name: str
    number: int
    when: Moment
    kind: str
    flags: tuple[str, ...]
    verdict: str
    subject: str
    commit: Digest
    deployed: Digest | None
    """Commit whose files are deployed, where a pin names another one."""
    digest: Digest
    place: str
    """Where the list of its environment has it."""


class PartRow(NamedTuple):
    """A part of the list, as the page of the environment names it."""

    page: str
    first: int
    last: int
    text: str
    since: str
    """Day of its first deployment; empty where no commit of it has a usable date."""
    until: str


class PartView(NamedTuple):
    """A part of the list, as a page."""

    environment: str
    page: str
    """Page of the environment."""
    heading: str
    period: str
    rows: tuple[DeploymentRow, ...]
    """Newest first."""
    earlier: Link | None
    later: Link | None
    commands: tuple[str, ...]


class Part(NamedTuple):
    """A part that is complete."""

    path: str
    view: PartView


class Listing:
    """The deployments of one environment, while the history is read."""

    def __init__(self, context: Context, environment: EnvironmentSummary) -> None:
        """Stand before the first deployment."""
        self._context = context
        self._environment = environment
        newest = environment.newest.rpartition("-")[2]
        self._last = int(newest) if newest.isdecimal() else 0
        self._held: list[DeploymentRow] = []
        self.newest: deque[DeploymentRow] = deque(maxlen=NEWEST)
        """The newest deployments, oldest first."""
        self.parts: list[PartRow] = []
        """Every part that is complete, oldest first."""

    def add(self, record: DeploymentRecord) -> Part | None:
        """Take the next deployment; return the part before it where that is complete now."""
        row = deployment_row(self._context, record, self._environment.upstream)
        full = self.close() if self._held and _part(self._held[0].number) != _part(row.number) else None
        self._held.append(row)
        self.newest.append(row)
        return full

    def close(self) -> Part | None:
        """Return the part that is held, as a page; `None` where nothing is."""
        if not self._held:
            return None
        rows, self._held = self._held, []
        row = _part_row(self._environment.name, rows)
        self.parts.append(row)
        first, last = number(row.first), number(row.last)
        name = shown(self._environment.name)
        view = PartView(
            environment=self._environment.name,
            page=environment_page(self._environment.name),
            heading=_("Deployments %(first)s to %(last)s of %(environment)s", first=first, last=last, environment=name)
            if row.first != row.last
            else _("Deployment %(first)s of %(environment)s", first=first, environment=name),
            period=_("From %(since)s to %(until)s.", since=row.since, until=row.until) if row.since else "",
            rows=tuple(reversed(rows)),
            earlier=self._neighbour(row.first - PART),
            later=self._neighbour(row.first + PART),
            commands=generic_commands(self._environment),
        )
        return Part(row.page, view)

    def _neighbour(self, sequence: int) -> Link | None:
        first = _part(sequence) * PART + 1
        if first < 1 or first > self._last:
            return None
        last = min(first + PART - 1, self._last)
        return Link(deployments_page(self._environment.name, first), _range(first, last))


def generic_commands(environment: EnvironmentSummary) -> tuple[str, ...]:
    """Return the commands that bring any version back, with words in the place of what a row says."""
    add, listing, _remove = commands(environment, "VERSION", "COMMIT")
    return add, listing, f"assay show {shlex.quote(f'{environment.name}@COMMIT')}"


def deployment_row(context: Context, record: DeploymentRecord, upstream: str) -> DeploymentRow:
    """Return a deployment as a row; a release has its sentence already."""
    position = context.index.position.get(record.id)
    release = None if position is None else context.index.releases[position]
    marks = (record.bypass, "bypass"), (record.bulk, "bulk"), (record.partial, "partial")
    commit = record.commit
    return DeploymentRow(
        id=record.id,
        anchor=anchor(record.id),
        page="" if release is None else release_page(record.id),
        name=shown(record.id) if release is None else context.release_name(release),
        number=record.sequence,
        when=context.dates.moment(commit.committed_at),
        kind=record.kind,
        flags=tuple(name for held, name in marks if held),
        verdict=verdict(record, upstream) if release is None else release.verdict,
        subject=commit.subject,
        commit=digest(commit.id),
        deployed=digest(commit.deployed) if commit.deployed else None,
        digest=digest(record.digest),
        place=f"{deployments_page(record.environment, record.sequence)}#{anchor(record.id)}",
    )


def _part(sequence: int) -> int:
    return (sequence - 1) // PART


def _part_row(environment: str, rows: list[DeploymentRow]) -> PartRow:
    days = sorted(row.when.iso[:DAY] for row in rows if row.when.iso)
    first, last = rows[0].number, rows[-1].number
    return PartRow(
        page=deployments_page(environment, first),
        first=first,
        last=last,
        text=_range(first, last),
        since=days[0] if days else "",
        until=days[-1] if days else "",
    )


def _range(first: int, last: int) -> str:
    return number(first) if first == last else f"{number(first)}\N{EN DASH}{number(last)}"
