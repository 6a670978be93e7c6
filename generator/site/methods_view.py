"""What the Methods page says of this very report: what was read, by what, and what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.site.integrity import integrity
from generator.site.records_view import records_view
from generator.site.texts import gettext as _
from generator.site.texts import ngettext, number
from generator.site.words import counted, digest, first_upper

if TYPE_CHECKING:
    from generator.evidence.metrics import MetricsSummary, ProfileText
    from generator.evidence.summary import Coverage, Summary, UnreadableRecord
    from generator.site.context import Context
    from generator.site.records_view import RecordsView
    from generator.site.words import Digest, Moment

OWN = "assay"
"""The profile whose definitions the page itself has."""
MOST_UNREADABLE = 500
MOST_ALSO = 20
"""Commits that are named of one thing that several brought."""
MOST_OPEN = 10
"""Lines of what was passed over that stand open: nothing has to be done about them."""


class UnreadableLine(NamedTuple):
    """Something that could not be read, or was passed over, once for all environments that met it."""

    code: str
    reason: str
    environments: str
    """Every environment that met it, in the order of promotion; empty where it belongs to none."""
    place: str
    commit: Digest
    also: tuple[Digest, ...]
    """Further commits that brought the same, oldest first; some of them where they are many."""
    again: int
    """How many they are."""
    also_left: int
    """Those that are not shown."""
    when: Moment
    fix: str


class DefinitionRow(NamedTuple):
    """How one body defines a measure."""

    title: str
    formula: str
    differs: str
    source: str
    url: str
    """Shown as text: a report is read offline, and leads nowhere else."""
    own: bool
    """Whether it is Assay's own, which the page words itself."""


class MeasureDefinitions(NamedTuple):
    """One measure by the definitions of all that have it."""

    name: str
    anchor: str
    rows: tuple[DefinitionRow, ...]


class MethodsView(NamedTuple):
    """What the Methods page says of this report."""

    summary: Summary
    integrity: str
    as_of: Moment
    commit: Digest
    config_digest: Digest
    commits: str
    """How many were read, in words."""
    files: str
    lost: str
    """How many things could not be read, in words; empty where everything could."""
    faults: tuple[UnreadableLine, ...]
    """What is lost because it could not be read."""
    faults_left: int
    notes: tuple[UnreadableLine, ...]
    """What is passed over on purpose: nothing is wrong with it."""
    notes_left: int
    notes_folded: str
    """`50 files and templates` where they are too many to stand open; else empty."""
    unbound: tuple[str, ...]
    """Files of imported results that no deployment answers to, the first of them."""
    records: RecordsView | None
    """What pipelines and incident tools tell; `None` where nothing."""
    own_key: bool
    not_assessed: tuple[tuple[str, str], ...]
    """(environment, reason)."""
    counted_by: str
    """Title of the profile that the configuration chose."""
    definitions: tuple[MeasureDefinitions, ...]


def methods_view(context: Context) -> MethodsView:
    """Return what was read, by what, and what was not."""
    summary = context.summary
    metrics = summary.metrics
    faults = _unreadable_lines(context, [row for row in summary.unreadable if row.level == "unreadable"])
    notes = _unreadable_lines(context, [row for row in summary.unreadable if row.level != "unreadable"])
    return MethodsView(
        summary=summary,
        integrity=integrity(summary.integrity),
        as_of=context.calendar.moment(summary.as_of),
        commit=digest(summary.commit.id),
        config_digest=digest(summary.config_digest),
        commits=_commits(summary.coverage),
        files=ngettext("%(number)s distinct content read", "%(number)s distinct contents read", summary.coverage.blobs),
        lost=counted(len(faults), "thing") if faults else "",
        faults=faults[:MOST_UNREADABLE],
        faults_left=max(0, len(faults) - MOST_UNREADABLE),
        notes=notes[:MOST_UNREADABLE],
        notes_left=max(0, len(notes) - MOST_UNREADABLE),
        notes_folded=counted(len(notes), "file or template", "files and templates") if len(notes) > MOST_OPEN else "",
        unbound=summary.unbound_results,
        records=records_view(context),
        own_key=summary.fingerprint_key == "own",
        not_assessed=tuple((env.name, reason) for env in summary.environments for reason in env.not_assessed),
        counted_by=next((t.title for t in metrics.profile_texts if t.profile == metrics.profile), metrics.profile),
        definitions=_definitions(metrics),
    )


def _commits(coverage: Coverage) -> str:
    return _(
        "%(all)s of the histories read: %(touching)s touch the model, %(elsewhere)s do not",
        all=number(coverage.commits),
        touching=number(coverage.touching),
        elsewhere=number(coverage.elsewhere),
    )


def _definitions(metrics: MetricsSummary) -> tuple[MeasureDefinitions, ...]:
    """Return every measure with its definitions, in the order of the evidence, the chosen profile's first."""
    found: dict[str, list[ProfileText]] = {}
    for text in metrics.profile_texts:
        found.setdefault(text.measure, []).append(text)
    return tuple(
        MeasureDefinitions(
            name=first_upper(_(measure)),
            anchor=measure.replace(" ", "-"),
            rows=tuple(
                DefinitionRow(text.title, text.formula, text.differs, text.source, text.url, text.profile == OWN)
                for text in sorted(texts, key=lambda text: text.profile != metrics.profile)
            ),
        )
        for measure, texts in found.items()
    )


def _unreadable_lines(context: Context, rows: list[UnreadableRecord]) -> tuple[UnreadableLine, ...]:
    """Return `rows` as lines, with what several environments share once, at the commit where it was first met."""
    alike: dict[tuple[str, str, str, int, str], list[UnreadableRecord]] = {}
    for row in rows:
        alike.setdefault((row.code, row.reason, row.path, row.line, row.fix), []).append(row)
    lines = []
    for same in alike.values():
        first = min(same, key=lambda row: row.at)
        met = {row.environment for row in same}
        names = [env.name for env in context.summary.environments if env.name in met]
        place = first.path + (f":{first.line}" if first.path and first.line else "")
        also = [commit for commit in dict.fromkeys(c for row in same for c in row.also) if commit != first.commit]
        lines.append(
            UnreadableLine(
                code=first.code,
                reason=first.reason,
                environments=", ".join(names),
                place=place,
                commit=digest(first.commit),
                also=tuple(digest(commit) for commit in also[:MOST_ALSO]),
                again=len(also),
                also_left=max(0, len(also) - MOST_ALSO),
                when=context.calendar.moment(first.at),
                fix=first.fix,
            )
        )
    return tuple(lines)
