"""What an audit of a git history cannot see, and how much of it the records of this report make up for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.texts import gettext as _
from generator.site.texts import number

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def unseen(context: Context, entries: Sequence[Entry]) -> tuple[Unseen, ...]:
    """Return what git cannot see of the production changes `entries`."""
    return tuple(
        one
        for one in (_by_hand(context), _when(context, entries), _who(entries), _yes(entries), _signed(entries),
                    _unread(context), _whole(context))
        if one is not None
    )  # fmt: skip


def _by_hand(context: Context) -> Unseen:
    what = _("What somebody changed in a running environment without a commit.")
    if any(environment.live is not None for environment in context.productions):
        told = _("A snapshot of what runs is compared with the model.")
        return Unseen(what, told, known=True, page="drift.html")
    return Unseen(what, _("No snapshot of what runs is given."), known=False)


def _when(context: Context, entries: Sequence[Entry]) -> Unseen:
    what = _("Whether and when a change truly arrived: a commit only says what should be.")
    told = sum(any(line.kind == "deployment" for line in context.records.get(entry.id, ())) for entry in entries)
    if not told:
        return Unseen(what, _("No pipeline tells, so times are those of commits."), known=False)
    words = _(
        "A pipeline's record tells of %(count)s of %(number)s changes.", count=number(told), number=number(len(entries))
    )
    return Unseen(what, words, known=True)


def _who(entries: Sequence[Entry]) -> Unseen:
    what = _("Whether authors are who they say: a commit holds any name that one writes into it.")
    if entries and not any(entry.author for entry in entries):
        return Unseen(what, _("The configuration leaves names out of this report."), known=False)
    others = sum(bool(entry.committer) for entry in entries)
    if not others:
        return Unseen(what, _("Authors and committers are the same people."), known=False)
    words = _(
        "Of %(count)s of %(number)s changes the committer is somebody else than the author, and is shown beside.",
        count=number(others),
        number=number(len(entries)),
    )
    return Unseen(what, words, known=True)


def _yes(entries: Sequence[Entry]) -> Unseen:
    what = _("A yes that was given elsewhere, as in the review of a pull request.")
    told = sum(bool(entry.approvals) for entry in entries)
    if not told:
        return Unseen(what, _("Nothing in the repository or its records says who approved anything."), known=False)
    words = _(
        "Trailers, merges, signatures, files and records tell of a yes to %(count)s of %(number)s changes.",
        count=number(told),
        number=number(len(entries)),
    )
    return Unseen(what, words, known=True)


def _signed(entries: Sequence[Entry]) -> Unseen | None:
    ways = {one.way for entry in entries for one in entry.approvals}
    conditions = {row.condition for entry in entries for row in entry.short}
    if ways & {"tag", "commit"} or "signed" in conditions:
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
