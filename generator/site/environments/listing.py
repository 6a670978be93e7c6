"""The deployments of an environment, cut into parts whose records are read where a page of them is drawn.

A part shows its own deployments and leads to its neighbours, so of a history that grows the newest two parts change.
"""

from __future__ import annotations

import hashlib
import shlex
from array import array
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.evidence.bringing_back import commands
from generator.site.change_rows import Link
from generator.site.names import PART, anchor, deployments_page, environment_page, release_page
from generator.site.texts import gettext as _
from generator.site.texts import number
from generator.site.verdicts import verdict
from generator.site.words import digest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.evidence.deployment_lines import DeploymentLines
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context
    from generator.site.words import Digest, Moment

NEWEST = 10
"""Deployments that the page of an environment shows itself, the newest."""
DAY = 10
"""Characters of the day in an RFC 3339 time."""
_LINE = "I"
_KEY = 16
_ENCODER = msgspec.msgpack.Encoder()


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
    """A part of the list, before it is drawn."""

    path: str
    head: PartView
    """All of its page but the rows."""
    key: bytes
    """Stands for its rows."""
    view: Callable[[], PartView]
    """Reads the deployments that it shows."""


class PartState(msgspec.Struct, array_like=True, gc=False):
    """A part of the list, as far as it goes."""

    first: int
    """Number of its first deployment."""
    last: int
    count: int
    since: str
    until: str
    key: bytes
    """Digest of the records of its deployments."""


class ListingState(msgspec.Struct, array_like=True, gc=False):
    """The list of one environment."""

    parts: list[PartState]
    lines: bytes
    """Line of each deployment in `deployments.jsonl`, as the bytes of an array."""


class Listing:
    """The deployments of one environment: what its page and the pages of its parts need to know of them."""

    def __init__(self, context: Context, environment: EnvironmentSummary, state: ListingState | None = None) -> None:
        """Stand before the first deployment, or go on from `state`."""
        self._context = context
        self._environment = environment
        newest = environment.newest.rpartition("-")[2]
        self._last = int(newest) if newest.isdecimal() else 0
        self._parts = [] if state is None else list(state.parts)
        self._lines = array(_LINE)
        if state is not None:
            self._lines.frombytes(state.lines)

    def add(self, line: int, record: DeploymentRecord) -> None:
        """Take the next deployment, which stands in this line of the evidence."""
        if not self._parts or _part(self._parts[-1].first) != _part(record.sequence):
            self._parts.append(PartState(record.sequence, 0, 0, "", "", b""))
        part = self._parts[-1]
        part.last, part.count = record.sequence, part.count + 1
        part.key = hashlib.blake2b(part.key + _ENCODER.encode(record), digest_size=_KEY).digest()
        day = self._context.dates.moment(record.commit.committed_at).iso[:DAY]
        if day:
            part.since, part.until = min(part.since or day, day), max(part.until, day)
        self._lines.append(line)

    def state(self) -> ListingState:
        """Return what is needed to go on."""
        return ListingState(self._parts, self._lines.tobytes())

    @cached_property
    def parts(self) -> tuple[PartRow, ...]:
        """Every part, oldest first."""
        name = self._environment.name
        return tuple(
            PartRow(
                page=deployments_page(name, part.first),
                first=part.first,
                last=part.last,
                text=_range(part.first, part.last),
                since=part.since,
                until=part.until,
            )
            for part in self._parts
        )

    def newest(self, lines: DeploymentLines) -> tuple[DeploymentRow, ...]:
        """Return the newest deployments, newest first."""
        return self._rows(lines, max(0, len(self._lines) - NEWEST), len(self._lines))

    def pages(self, lines: DeploymentLines) -> Iterator[Part]:
        """Yield every part as a page, oldest first."""
        begin = 0
        for row, part in zip(self.parts, self._parts, strict=True):
            end = begin + part.count
            head = self._head(row)
            yield Part(row.page, head, part.key, partial(self._view, head, lines, begin, end))
            begin = end

    def _head(self, row: PartRow) -> PartView:
        first, last = number(row.first), number(row.last)
        name = shown(self._environment.name)
        return PartView(
            environment=self._environment.name,
            page=environment_page(self._environment.name),
            heading=_("Deployments %(first)s to %(last)s of %(environment)s", first=first, last=last, environment=name)
            if row.first != row.last
            else _("Deployment %(first)s of %(environment)s", first=first, environment=name),
            period=_("From %(since)s to %(until)s.", since=row.since, until=row.until) if row.since else "",
            rows=(),
            earlier=self._neighbour(row.first - PART),
            later=self._neighbour(row.first + PART),
            commands=self._commands,
        )

    def _view(self, head: PartView, lines: DeploymentLines, begin: int, end: int) -> PartView:
        return head._replace(rows=self._rows(lines, begin, end))

    def _rows(self, lines: DeploymentLines, begin: int, end: int) -> tuple[DeploymentRow, ...]:
        upstream = self._environment.upstream
        records = lines.read(self._lines[begin:end])
        return tuple(deployment_row(self._context, record, upstream) for record in reversed(records))

    @cached_property
    def _commands(self) -> tuple[str, ...]:
        return generic_commands(self._environment)

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


def _range(first: int, last: int) -> str:
    return number(first) if first == last else f"{number(first)}\N{EN DASH}{number(last)}"
