"""What an audit of a git history cannot see, and how much of it the records of this report make up for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.site.texts import gettext as _
from generator.site.texts import number

if TYPE_CHECKING:
    from generator.site.audit.entries import Entry
    from generator.site.context import Context


class Unseen(NamedTuple):
    """One thing that git does not tell."""

    what: str
    told: str
    """What this report has of it all the same, or that it has nothing."""
    known: bool
    """Whether it has something."""
    page: str = ""
    """Where more stands; empty where nothing does."""


class Seen(msgspec.Struct, array_like=True):
    """What git and its records told of production changes, counted one by one."""

    changes: int = 0
    authors: int = 0
    """Changes that name their author."""
    committers: int = 0
    """Changes that name another committer."""
    approved: int = 0
    """Changes that somebody said yes to."""
    ways: list[str] = []
    """In which ways."""
    conditions: list[str] = []
    """What gates asked for that did not pass."""

    def add(self, entry: Entry) -> None:
        """Count one more change."""
        self.changes += 1
        self.authors += bool(entry.author)
        self.committers += bool(entry.committer)
        self.approved += bool(entry.approvals)
        self.ways += {one.way for one in entry.approvals}.difference(self.ways)
        self.conditions += {row.condition for row in entry.short}.difference(self.conditions)


def unseen(context: Context, seen: Seen) -> tuple[Unseen, ...]:
    """Return what git cannot see of the production changes of which `seen` was told."""
    return tuple(
        one
        for one in (_by_hand(context), _when(context, seen), _who(seen), _yes(seen), _signed(seen),
                    _unread(context), _whole(context))
        if one is not None
    )  # fmt: skip


def _by_hand(context: Context) -> Unseen:
    what = _("What somebody changed in a running environment without a commit.")
    if any(environment.live is not None for environment in context.productions):
        told = _("A snapshot of what runs is compared with the model.")
        return Unseen(what, told, known=True, page="drift.html")
    return Unseen(what, _("No snapshot of what runs is given."), known=False)


def _when(context: Context, seen: Seen) -> Unseen:
    what = _("Whether and when a change truly arrived: a commit only says what should be.")
    told = sum(
        identity in context.index.position and any(line.kind == "deployment" for line in lines)
        for identity, lines in context.records.items()
    )
    if not told:
        return Unseen(what, _("No pipeline tells, so times are those of commits."), known=False)
    words = _(
        "A pipeline's record tells of %(count)s of %(number)s changes.", count=number(told), number=number(seen.changes)
    )
    return Unseen(what, words, known=True)


def _who(seen: Seen) -> Unseen:
    what = _("Whether authors are who they say: a commit holds any name that one writes into it.")
    if seen.changes and not seen.authors:
        return Unseen(what, _("The configuration leaves names out of this report."), known=False)
    others = seen.committers
    if not others:
        return Unseen(what, _("Authors and committers are the same people."), known=False)
    words = _(
        "Of %(count)s of %(number)s changes the committer is somebody else than the author, and is shown beside.",
        count=number(others),
        number=number(seen.changes),
    )
    return Unseen(what, words, known=True)


def _yes(seen: Seen) -> Unseen:
    what = _("A yes that was given elsewhere, as in the review of a pull request.")
    told = seen.approved
    if not told:
        return Unseen(what, _("Nothing in the repository or its records says who approved anything."), known=False)
    words = _(
        "Trailers, merges, signatures, files and records tell of a yes to %(count)s of %(number)s changes.",
        count=number(told),
        number=number(seen.changes),
    )
    return Unseen(what, words, known=True)


def _signed(seen: Seen) -> Unseen | None:
    if {"tag", "commit"}.intersection(seen.ways) or "signed" in seen.conditions:
        return None
    told = _("No gate that asks for a signature had anything to say, so signatures are not told here.")
    return Unseen(_("Whether commits are signed."), told, known=False)


def _unread(context: Context) -> Unseen | None:
    count = sum(record.level == "unreadable" for record in context.summary.unreadable)
    if not count:
        return None
    told = _("What can't be read is listed with its reason: %(number)s in all.", number=number(count))
    return Unseen(
        _("What a file that can't be read would have said."), told, known=True, page="methods.html#unreadable"
    )


def _whole(context: Context) -> Unseen | None:
    limited = context.summary.coverage.limited
    return Unseen(_("What happened before the history that was read."), limited, known=False) if limited else None
