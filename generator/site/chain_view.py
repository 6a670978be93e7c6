"""The chain of bundles, and what became of what earlier ones hold and the history has no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.errors import RefusedError
from generator.evidence.breaks import read_breaks, read_vanished
from generator.evidence.chain import read_chain
from generator.evidence.manifest import decode_manifest
from generator.evidence.reading import DEPLOYMENTS, lines_of
from generator.site.change_rows import Link
from generator.site.texts import gettext as _
from generator.site.texts import ngettext
from generator.site.words import digest, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.evidence.breaks import Break, Vanished
    from generator.evidence.chain import Link as ChainLink
    from generator.site.context import Context
    from generator.site.words import Digest, Moment

MOST_BUNDLES = 50
"""Earlier bundles that the page lists, the newest of them."""
MOST_BREAKS = 100
MOST_VANISHED = 200


class BundleRow(NamedTuple):
    """An earlier bundle."""

    sequence: int
    digest: Digest
    """Of its manifest."""
    as_of: Moment
    commit: Digest
    version: str
    """Version of Assay that wrote it; empty where its manifest is none that this version reads."""


class BreakRow(NamedTuple):
    """Something of git that an earlier bundle holds and that is no more, or otherwise."""

    rule: str
    anchor: str
    subject: str
    environment: str
    old: Digest
    new: Digest
    """Empty where nothing took its place."""
    bundle: int
    found: Moment
    found_by: Digest


class VanishedRow(NamedTuple):
    """A deployment of an earlier bundle whose commit the history has no more."""

    id: str
    kind: str
    when: Moment
    subject: str
    commit: Digest
    bundle: int
    """The last bundle that had it."""
    became: str
    link: Link
    """The deployment that `became` speaks of; its text is empty where there is none."""


class BrokenView(NamedTuple):
    """What earlier bundles hold and the history has no more, or has otherwise."""

    breaks: tuple[BreakRow, ...]
    """Newest first."""
    breaks_left: int
    vanished: tuple[VanishedRow, ...]
    """In the order of the bundles that had them, then of their deployments."""
    vanished_left: int
    said: str
    """How much it is, as a sentence."""


class ChainView(NamedTuple):
    """The chain of bundles."""

    sequence: int
    said: str
    earlier: tuple[BundleRow, ...]
    """Newest first."""
    earlier_left: int
    broken: BrokenView | None
    """`None` where everything still stands."""


class _Commit(msgspec.Struct, frozen=True):
    id: str


class _Line(msgspec.Struct, frozen=True):
    """What of a deployment tells whether it is what became of another."""

    id: str
    environment: str
    digest: str
    commit: _Commit


def chain_view(context: Context) -> ChainView:
    """Return the chain that this report's bundle ends."""
    links = read_chain(context.evidence.folder)
    count = len(links)
    if not links:
        said = _("This bundle is the first of its chain: no earlier one was there to follow.")
    else:
        said = ngettext(
            "This bundle is number %(sequence)s of its chain: it follows one earlier bundle.",
            "This bundle is number %(sequence)s of its chain: it follows %(number)s earlier bundles.",
            count,
            sequence=str(count + 1),
        )
    return ChainView(
        sequence=count + 1,
        said=said,
        earlier=tuple(_bundle(context, link) for link in links[: -MOST_BUNDLES - 1 : -1]),
        earlier_left=max(0, count - MOST_BUNDLES),
        broken=context.once(broken_view),
    )


def broken_view(context: Context) -> BrokenView | None:
    """Return what earlier bundles hold and the history has no more; `None` where that is nothing."""
    folder = context.evidence.folder
    breaks, vanished = read_breaks(folder), read_vanished(folder)
    if not breaks and not vanished:
        return None
    now = _Now(context) if vanished else None
    return BrokenView(
        breaks=tuple(_break(context, one) for one in breaks[: -MOST_BREAKS - 1 : -1]),
        breaks_left=max(0, len(breaks) - MOST_BREAKS),
        vanished=tuple(_vanished(context, one, now) for one in vanished[:MOST_VANISHED] if now is not None),
        vanished_left=max(0, len(vanished) - MOST_VANISHED),
        said=_said(breaks, vanished),
    )


def _said(breaks: Sequence[Break], vanished: Sequence[Vanished]) -> str:
    refs = sum(one.rule != "release-vanished" for one in breaks)
    moved = ngettext(
        "One branch or tag was rewritten, moved or deleted since an earlier bundle.",
        "%(number)s times a branch or tag was rewritten, moved or deleted since an earlier bundle.",
        refs,
    )
    gone = ngettext(
        "One deployment left the history; its record is kept.",
        "%(number)s deployments left the history; their records are kept.",
        len(vanished),
    )
    return " ".join([*([moved] if refs else []), *([gone] if vanished else [])])


def _bundle(context: Context, link: ChainLink) -> BundleRow:
    moment = context.calendar.moment
    try:
        manifest = decode_manifest(link.text)
    except RefusedError:
        return BundleRow(link.sequence, digest(link.digest), moment(""), digest(""), "")
    inputs = manifest.inputs
    return BundleRow(link.sequence, digest(link.digest), moment(inputs.as_of), digest(inputs.commit), manifest.version)


def _break(context: Context, one: Break) -> BreakRow:
    return BreakRow(
        rule=one.rule,
        anchor=context.rule_anchor(one.rule),
        subject=one.subject,
        environment=one.environment,
        old=digest(one.old),
        new=digest(one.new),
        bundle=one.bundle,
        found=context.calendar.moment(one.found_at),
        found_by=digest(one.found_by),
    )


class _Now:
    """The deployments that there are, by what tells that one of them is what became of another."""

    def __init__(self, context: Context) -> None:
        self.by_commit: dict[tuple[str, str], str] = {}
        self.by_digest: dict[tuple[str, str], str] = {}
        for line in lines_of(context.evidence.folder / DEPLOYMENTS, _Line):
            self.by_commit[line.environment, line.commit.id] = line.id
            self.by_digest[line.environment, line.digest] = line.id


def _vanished(context: Context, one: Vanished, now: _Now) -> VanishedRow:
    record = one.record
    again = now.by_commit.get((record.environment, record.commit.id), "")
    same = now.by_digest.get((record.environment, record.digest), "")
    if again:
        became = _("its commit is back in the history")
    elif same:
        became = _("the same environment version stands in the history, from another commit")
    else:
        became = _("nothing: the history has no deployment of this environment version")
    known = again or same
    return VanishedRow(
        id=shown(record.id),
        kind=record.kind,
        when=context.calendar.moment(record.commit.committed_at),
        subject=record.commit.subject,
        commit=digest(record.commit.id),
        bundle=one.bundle,
        became=became,
        link=Link(*context.deployment_link(known)) if known else Link("", ""),
    )
