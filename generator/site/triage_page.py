"""The page of all failures: whose they were, when, and what tells so."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from generator.site.change_rows import Link
from generator.site.texts import N_, decimal, ngettext, number
from generator.site.texts import gettext as _
from generator.site.triage_view import VERDICTS, failed_range, origin_row, slug
from generator.site.words import counted, listed, quarter, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.site.context import Context
    from generator.site.index import Failure
    from generator.site.triage_view import OriginRow
    from generator.site.words import Moment

MEANINGS = {
    "application": N_("the upstream ran the same artifact with the same settings, and missed it"),
    "application, unvalidated": N_("the artifact had never run upstream"),
    "deployment suspected": N_("the same artifact ran upstream with other settings"),
    "deployment": N_("no artifact changed: settings, scale or topology alone"),
    "mixed": N_("artifact and settings changed, or components disagree"),
    "environment": N_("nothing in the model changed"),
    "not assessed": N_("it can't be told from what is kept"),
}
GATE = "gate"
TRIGGERS = ("rollback", "incident")
"""What says that something failed. A gate that did not hold says that something was missing, and no more."""
SHARES = {
    "deployment": ("deployment", "deployment suspected"),
    "application": ("application", "application, unvalidated"),
    "mixed": ("mixed",),
    "environment": ("environment",),
    "not assessed": ("not assessed",),
}
"""Whose a failure was, with the verdicts that say so."""
MOST_FAILURES = 200
"""Failures that the page lists, the newest; the rest is counted."""


class FailureLine(NamedTuple):
    """One failure in the list of them."""

    environment: str
    deployment: Link
    target: str
    """Where its verdict is told in full: a place on the page of its release, else its page, if it has one."""
    when: Moment
    kind: str
    verdict: str
    slug: str
    trigger: str
    again: bool
    """Whether a rollback took it back, and is the line that counts."""
    reason: str
    first: Link
    last: Link | None
    good: Link | None
    origin: OriginRow | None
    never_in: str


class CountRow(NamedTuple):
    """Counts of one verdict or quarter."""

    name: str
    slug: str
    meaning: str
    counts: tuple[int, ...]
    total: int
    gated: int
    """Releases that only did not pass a gate; not in `total`."""


class TriagePage(NamedTuple):
    """The Triage page."""

    total: int
    """Failures, each once: what a rollback took back is that rollback's."""
    gated: int
    """Deployments of which a gate alone speaks; where a rollback took one back, it is that rollback's failure."""
    triggers: tuple[str, ...]
    verdicts: tuple[CountRow, ...]
    """A row a verdict that was ever reached, counts by trigger."""
    columns: tuple[str, ...]
    """Verdicts that were ever reached, the columns of `quarters`."""
    quarters: tuple[CountRow, ...]
    """Newest first, those without a failure or a failed gate left out."""
    rows: tuple[FailureLine, ...]
    """Rollbacks, incidents, and what a rollback took back; newest first."""
    left: int
    gate_rows: tuple[FailureLine, ...]
    """Deployments of which a gate alone speaks, newest first."""
    gate_left: int
    clean: tuple[str, ...]
    """What is said of each environment in which nothing failed."""
    share: str
    """Whose the failures were, in one sentence; empty where nothing failed."""
    where: str
    """How many of them each environment had; empty where all were in the only production."""
    lately: str
    """The same of the newest quarter with a failure; empty where there is no other."""
    latest: FailureLine | None
    """The newest failure of production."""
    newest: str
    """Whether the newest release failed, as a sentence; empty where there is none."""


class _Noted(NamedTuple):
    """What is held of every verdict while they are counted."""

    failure: Failure
    trigger: str
    verdict: str
    first: int
    last: int
    components: tuple[str, ...]


def triage_page(context: Context) -> TriagePage:
    """Return the Triage page: each verdict is kept as a few words, and only the newest as lines."""
    noted = [_note(context, failure) for failure in context.index.failures]
    again = _taken_back(noted)
    failed = [one for one in noted if one.trigger != GATE or one in again]
    gated = [one for one in noted if one.trigger == GATE and one not in again]
    counted_once = [one for one in failed if one not in again]
    reached = [name for name in VERDICTS if any(one.verdict == name for one in noted)]
    names = sorted({quarter(one.failure.at) for one in (*counted_once, *gated)}, reverse=True)
    verdicts = tuple(_of_verdict(name, counted_once, gated) for name in reached)
    return TriagePage(
        total=len(counted_once),
        gated=len(gated),
        triggers=TRIGGERS,
        verdicts=verdicts,
        columns=tuple(reached),
        quarters=_quarters(names, reached, counted_once, gated),
        rows=tuple(_line(context, one, again=one in again) for one in reversed(failed[-MOST_FAILURES:])),
        left=max(0, len(failed) - MOST_FAILURES),
        gate_rows=tuple(_line(context, one, again=False) for one in reversed(gated[-MOST_FAILURES:])),
        gate_left=max(0, len(gated) - MOST_FAILURES),
        clean=_clean(context, {one.failure.environment for one in failed}, gated),
        share=_share({row.name: row.total for row in verdicts}) if counted_once else "",
        where=_where(context, counted_once),
        lately=_lately(counted_once),
        latest=_latest(context, counted_once),
        newest=_newest(context, failed),
    )


def _newest(context: Context, failed: Sequence[_Noted]) -> str:
    """Return whether the newest release failed, as far as is known."""
    if not context.index.releases:
        return ""
    newest = context.index.releases[-1]
    name = context.release_name(newest)
    if any(one.failure.id == newest.id for one in failed):
        return _("The newest release, %(name)s, failed or took a failed one back.", name=name)
    return _("Nothing is known to have failed with the newest release, %(name)s.", name=name)


def _latest(context: Context, failed: Sequence[_Noted]) -> FailureLine | None:
    names = {env.name for env in context.productions}
    last = next((one for one in reversed(failed) if one.failure.environment in names), None)
    return _line(context, last, again=False) if last is not None else None


def _lately(failed: Sequence[_Noted]) -> str:
    """Return whose the failures of the newest quarter with one were; empty where all failures are of one quarter."""
    quarters = Counter(quarter(one.failure.at) for one in failed)
    newest = max(quarters, default="")
    if len(quarters) < 2 or not newest:  # noqa: PLR2004 - one alone has no other to be held against
        return ""
    own = [one for one in failed if quarter(one.failure.at) == newest]
    count = sum(one.verdict in SHARES["deployment"] for one in own)
    return ngettext(
        "In %(quarter)s %(count)s of %(number)s were the deployment's.",
        "In %(quarter)s %(count)s of %(number)s were the deployment's.",
        len(own),
        quarter=newest,
        count=number(count),
    )


def _note(context: Context, failure: Failure) -> _Noted:
    record = context.objects.triage(failure.environment, failure.triage)
    first, last = _number(record.failed_from), _number(record.failed_to)
    names = tuple(row.component for row in record.components)
    return _Noted(failure, record.trigger.partition(" ")[0], record.verdict, first, last, names)


def _number(deployment: str) -> int:
    """Return the number of a deployment, which its id ends with."""
    return int(deployment.rpartition("-")[2])


def _taken_back(noted: Sequence[_Noted]) -> set[_Noted]:
    """Return what a rollback of one of its components took back: it and the rollback tell of one failure."""
    ranges: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for one in noted:
        if one.trigger == "rollback":
            for name in one.components:
                ranges[one.failure.environment, name].append((one.first, one.last))
    reach = {key: _reach(sorted(pairs)) for key, pairs in ranges.items()}
    found = set()
    for one in noted:
        keys = [(one.failure.environment, name) for name in one.components] if one.trigger != "rollback" else []
        if any(_is_within(one.first, *reach[key]) for key in keys if key in reach):
            found.add(one)
    return found


def _is_within(number: int, firsts: Sequence[int], lasts: Sequence[int]) -> bool:
    before = bisect_right(firsts, number)
    return before > 0 and lasts[before - 1] >= number


def _reach(ranges: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return where ranges begin, in order, and for each how far it or one before it goes."""
    return [first for first, _ in ranges], list(accumulate((last for _, last in ranges), max))


def _of_verdict(name: str, failed: Sequence[_Noted], gated: Sequence[_Noted]) -> CountRow:
    counts = Counter(one.trigger for one in failed if one.verdict == name)
    alone = sum(one.verdict == name for one in gated)
    return _counts(name, slug(name), [counts[trigger] for trigger in TRIGGERS], alone)


def _quarters(
    names: Sequence[str], reached: Sequence[str], failed: Sequence[_Noted], gated: Sequence[_Noted]
) -> tuple[CountRow, ...]:
    counts = Counter((quarter(one.failure.at), one.verdict) for one in failed)
    alone = Counter(quarter(one.failure.at) for one in gated)
    return tuple(_counts(name, "", [counts[name, verdict] for verdict in reached], alone[name]) for name in names)


def _share(totals: Mapping[str, int]) -> str:
    """Return whose the failures were; those of the deployment are named also where there are none."""
    every = sum(totals.values())
    counts = {whose: sum(totals.get(name, 0) for name in names) for whose, names in SHARES.items()}
    own = counts.pop("deployment")
    percent = decimal(100 * own / every, 0)
    if own:
        told = ngettext(
            "The one failure was the deployment's, or is suspected to be.",
            "Of %(number)s failures %(count)s were the deployment's, or are suspected to be (%(percent)s %%).",
            every,
            count=number(own),
            percent=percent,
        )
    else:
        told = ngettext(
            "The one failure was not the deployment's.", "Of %(number)s failures none was the deployment's.", every
        )
    parts = [_others(whose, count) for whose, count in counts.items() if count]
    return " ".join([told, _("Apart from that: %(parts)s.", parts=listed(parts, len(parts)))]) if parts else told


def _others(whose: str, count: int) -> str:
    """Return how many failures were not the deployment's, and whose they were."""
    match whose:
        case "application":
            return ngettext("%(number)s the application's", "%(number)s the application's", count)
        case "mixed":
            return ngettext("%(number)s mixed", "%(number)s mixed", count)
        case "environment":
            return ngettext("%(number)s the environment's", "%(number)s the environment's", count)
        case _other:
            return ngettext("%(number)s not assessed", "%(number)s not assessed", count)


def _where(context: Context, failed: Sequence[_Noted]) -> str:
    counts = Counter(one.failure.environment for one in failed)
    productions = [env.name for env in context.productions]
    if not counts or list(counts) == productions:
        return ""
    names = [env.name for env in context.from_production if counts[env.name]]
    parts = [_("%(number)s in %(name)s", number=number(counts[name]), name=shown(name)) for name in names]
    return _("They happened here: %(places)s.", places=listed(parts, len(parts)))


def _counts(name: str, css: str, counts: list[int], gated: int) -> CountRow:
    return CountRow(name, css, _(MEANINGS[name]) if name in MEANINGS else "", tuple(counts), sum(counts), gated)


def _clean(context: Context, failed: set[str], gated: Sequence[_Noted]) -> tuple[str, ...]:
    alone = Counter(one.failure.environment for one in gated)
    guarded = {one.name for one in context.summary.environments if one.gates}
    found = []
    for env in context.from_production:
        if env.name in failed:
            continue
        values = {"name": shown(env.name), "deployments": counted(env.deployments, "deployment")}
        if alone[env.name]:
            said = ngettext(
                "Nothing failed in %(name)s: no rollback and no incident in %(deployments)s, and one of them did not"
                " pass a gate.",
                "Nothing failed in %(name)s: no rollback and no incident in %(deployments)s, and %(number)s of them did"
                " not pass a gate.",
                alone[env.name],
                **values,
            )
        elif env.name in guarded:
            said = _(
                "Nothing failed in %(name)s: no rollback and no incident in %(deployments)s, and no gate failed.",
                **values,
            )
        else:
            said = _(
                "Nothing failed in %(name)s: no rollback and no incident in %(deployments)s, and no gate guards it.",
                **values,
            )
        found.append(said)
    return tuple(found)


def _line(context: Context, noted: _Noted, *, again: bool) -> FailureLine:
    failure = noted.failure
    record = context.objects.triage(failure.environment, failure.triage)
    good = record.last_good
    first, last = failed_range(context, record)
    page, name = context.deployment_link(failure.id)
    return FailureLine(
        environment=failure.environment,
        deployment=Link(page, name),
        target=f"{page}#failed" if failure.id in context.index.position else page,
        when=context.calendar.moment(failure.at),
        kind=failure.kind,
        verdict=record.verdict,
        slug=slug(record.verdict),
        trigger=record.trigger,
        again=again,
        reason=record.reason,
        first=first,
        last=last,
        good=Link(*context.deployment_link(good.deployment)) if good is not None else None,
        origin=origin_row(context, record.origin),
        never_in=record.never_in,
    )
