"""Whose a failure was: the verdict on one failure as a release page shows it, and the page of all of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, get_args

from generator.evidence.triage import Verdict
from generator.site.change_rows import Link
from generator.site.drift_view import both_sides
from generator.site.words import counted, digest, number, quarter, shown, value

if TYPE_CHECKING:
    from generator.evidence.summary import EnvironmentSummary
    from generator.evidence.triage import TriageOrigin, TriageRecord
    from generator.site.context import Context
    from generator.site.index import Failure
    from generator.site.words import Digest, Moment, Value

VERDICTS: tuple[str, ...] = get_args(Verdict)
MEANINGS = {
    "application": "the upstream ran the same artifact with the same settings, and missed it",
    "application, unvalidated": "the artifact had never run upstream",
    "deployment suspected": "the same artifact ran upstream with other settings",
    "deployment": "no artifact changed: settings, scale or topology alone",
    "mixed": "artifact and settings changed, or components disagree",
    "environment": "nothing in the model changed",
    "not assessed": "it can't be told from what is kept",
}
TRIGGERS = ("rollback", "incident", "gate")
MOST_FIELDS = 20
MOST_COMPONENTS = 12
OPEN_ROWS = 8
"""Rows of a table up to which it stands open."""
MOST_FAILURES = 200
"""Failures that the page lists, the newest; the rest is counted."""


class FieldRow(NamedTuple):
    """What the failed range changed in one field, or a setting that differed upstream."""

    component: str
    field: str
    aspect: str
    left: Value
    """The old value; of a setting that differed, the one here."""
    right: Value
    """The new value; of a setting that differed, the upstream's."""


class OriginRow(NamedTuple):
    """The upstream deployment that an artifact came from."""

    deployment: str
    commit: Digest
    when: Moment


class ComponentRow(NamedTuple):
    """One component of the failed range."""

    component: str
    verdict: str
    slug: str
    reason: str
    artifact: Value
    upstream: Value
    same: bool
    """Whether the upstream ran the same artifact then."""
    settings: str
    """How the upstream's settings differed, in words."""
    origin: OriginRow | None
    never_in: str


class GoodRow(NamedTuple):
    """The last version that nothing is known against."""

    link: Link
    digest: Digest
    commit: Digest
    when: Moment
    command: str


class TriageView(NamedTuple):
    """The verdict on one failure."""

    verdict: str
    slug: str
    reason: str
    trigger: str
    """What says that something failed, as a sentence."""
    first: Link
    last: Link | None
    """The last deployment of the failed range; `None` where it is one deployment."""
    commit: Digest
    """Commit that the range began with."""
    upstream: str
    fields: tuple[FieldRow, ...]
    fields_words: str
    """`14 fields`."""
    fields_left: int
    components: tuple[ComponentRow, ...]
    components_words: str
    components_left: int
    differing: tuple[FieldRow, ...]
    differing_words: str
    differing_left: int
    folded: int
    """Rows from which on a table is folded."""
    origin: OriginRow | None
    never_in: str
    good: GoodRow | None
    truncated: bool


class FailureLine(NamedTuple):
    """One failure in the list of them."""

    environment: str
    deployment: Link
    when: Moment
    kind: str
    verdict: str
    slug: str
    trigger: str
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


class TriagePage(NamedTuple):
    """The Triage page."""

    total: int
    triggers: tuple[str, ...]
    verdicts: tuple[CountRow, ...]
    """A row a verdict that was ever reached, counts by trigger."""
    columns: tuple[str, ...]
    """Verdicts that were ever reached, the columns of `quarters`."""
    quarters: tuple[CountRow, ...]
    """Newest first, those without a failure left out."""
    rows: tuple[FailureLine, ...]
    """Newest first."""
    left: int
    several: bool
    """Whether failures of more than one environment are listed."""
    clean: tuple[str, ...]
    """What is said of each environment in which nothing failed."""
    share: str
    """`2 of 10 failures are the deployment's`; empty where nothing failed."""


def slug(verdict: str) -> str:
    """Return a verdict as a part of a class name."""
    return verdict.replace(",", "").replace(" ", "-") if verdict in VERDICTS else "unknown"


def triage_view(context: Context, environment: str, name: str) -> TriageView:
    """Return the verdict named by the digest `name`."""
    record = context.objects.triage(environment, name)
    fields = tuple(_field(f.component, f.field, f.aspect, f.old, f.new) for f in record.fields[:MOST_FIELDS])
    differ = tuple(
        _field(s.component, s.field, s.aspect, s.here, s.upstream) for s in record.settings_differing[:MOST_FIELDS]
    )
    first, last = _range(context, record)
    components = tuple(_component(context, record, at) for at in range(min(len(record.components), MOST_COMPONENTS)))
    return TriageView(
        verdict=record.verdict,
        slug=slug(record.verdict),
        reason=record.reason,
        trigger=_trigger(record),
        first=first,
        last=last,
        commit=digest(record.commit),
        upstream=record.upstream,
        fields=fields,
        fields_words=counted(record.fields_of, "field"),
        fields_left=record.fields_of - len(fields),
        components=components,
        components_words=counted(record.components_of, "component"),
        components_left=record.components_of - len(components),
        differing=differ,
        differing_words=counted(record.settings_differing_of, "setting"),
        differing_left=record.settings_differing_of - len(differ),
        folded=OPEN_ROWS,
        origin=_origin(context, record.origin),
        never_in=record.never_in,
        good=_good(context, environment, record),
        truncated=record.truncated,
    )


def _field(component: str, field: str, aspect: str, left: str | None, right: str | None) -> FieldRow:
    return FieldRow(component, field, aspect, *both_sides(aspect, left, right))


def _trigger(record: TriageRecord) -> str:
    kind, _, name = record.trigger.partition(" ")
    match kind:
        case "rollback":
            return "A rollback took it back."
        case "incident":
            return f"Incident {shown(name)} is linked to it."
        case "gate":
            return f"The gate {shown(name)} failed."
        case _:
            return f"{shown(record.trigger)}."


def _range(context: Context, record: TriageRecord) -> tuple[Link, Link | None]:
    first = Link(*context.deployment_link(record.failed_from))
    return first, None if record.failed_to == record.failed_from else Link(*context.deployment_link(record.failed_to))


def _origin(context: Context, origin: TriageOrigin | None) -> OriginRow | None:
    if origin is None:
        return None
    return OriginRow(origin.deployment, digest(origin.commit), context.calendar.moment(origin.at))


def _good(context: Context, environment: str, record: TriageRecord) -> GoodRow | None:
    good = record.last_good
    if good is None:
        return None
    link = Link(*context.deployment_link(good.deployment))
    command = f"assay show {environment}@{good.digest[:16]}"
    return GoodRow(link, digest(good.digest), digest(good.commit), context.calendar.moment(good.at), command)


def _component(context: Context, record: TriageRecord, at: int) -> ComponentRow:
    row = record.components[at]
    artifact, upstream = both_sides("artifact", row.artifact or None, row.upstream_artifact or None)
    words = [counted(row.differing, "setting") + " other than here"] if row.differing else []
    words += [f"{number(row.exempt)} expected or accepted"] if row.exempt else []
    return ComponentRow(
        component=row.component,
        verdict=row.verdict,
        slug=slug(row.verdict),
        reason=row.reason,
        artifact=artifact if row.artifact else value(None),
        upstream=upstream if row.upstream_artifact else value(None),
        same=bool(row.artifact) and row.artifact == row.upstream_artifact,
        settings=", ".join(words),
        origin=_origin(context, row.origin),
        never_in=row.never_in,
    )


def triage_page(context: Context) -> TriagePage:
    """Return the Triage page: each verdict is read once, and only the newest are held."""
    failures = context.index.failures
    by_verdict: Counter[tuple[str, str]] = Counter()
    by_quarter: Counter[tuple[str, str]] = Counter()
    rows = []
    listed_from = len(failures) - MOST_FAILURES
    for at, failure in enumerate(failures):
        record = context.objects.triage(failure.environment, failure.triage)
        by_verdict[record.verdict, record.trigger.partition(" ")[0]] += 1
        by_quarter[quarter(failure.at), record.verdict] += 1
        if at >= listed_from:
            rows.append(_line(context, failure, record))
    reached = [name for name in VERDICTS if any(verdict == name for verdict, _ in by_verdict)]
    verdicts = tuple(_counts(name, slug(name), [by_verdict[name, t] for t in TRIGGERS]) for name in reached)
    names = sorted({name for name, _ in by_quarter}, reverse=True)
    quarters = tuple(_counts(name, "", [by_quarter[name, verdict] for verdict in reached]) for name in names)
    failed = {failure.environment for failure in failures}
    ours = sum(count for (verdict, _), count in by_verdict.items() if verdict.startswith("deployment"))
    return TriagePage(
        total=len(failures),
        triggers=TRIGGERS,
        verdicts=verdicts,
        columns=tuple(reached),
        quarters=quarters,
        rows=tuple(reversed(rows)),
        left=max(0, len(failures) - len(rows)),
        several=len({row.environment for row in rows}) > 1,
        clean=tuple(_clean(context, env) for env in context.from_production if env.name not in failed),
        share=f"{number(ours)} of {counted(len(failures), 'failure')}" if failures else "",
    )


def _counts(name: str, css: str, counts: list[int]) -> CountRow:
    return CountRow(name, css, MEANINGS.get(name, ""), tuple(counts), sum(counts))


def _clean(context: Context, env: EnvironmentSummary) -> str:
    guarded = any(env.name == one.name and one.gates for one in context.summary.environments)
    gates = "no gate failed" if guarded else "no gate guards it"
    return (
        f"Nothing failed in {shown(env.name)}: no rollback and no incident in "
        f"{counted(env.deployments, 'deployment')}, and {gates}."
    )


def _line(context: Context, failure: Failure, record: TriageRecord) -> FailureLine:
    good = record.last_good
    first, last = _range(context, record)
    return FailureLine(
        environment=failure.environment,
        deployment=Link(*context.deployment_link(failure.id)),
        when=context.calendar.moment(failure.at),
        kind=failure.kind,
        verdict=record.verdict,
        slug=slug(record.verdict),
        trigger=record.trigger,
        reason=record.reason,
        first=first,
        last=last,
        good=Link(*context.deployment_link(good.deployment)) if good is not None else None,
        origin=_origin(context, record.origin),
        never_in=record.never_in,
    )
