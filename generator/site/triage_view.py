"""Whose a failure was: the verdict on one failure as a release page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from generator.evidence.triage import Verdict
from generator.site.change_rows import Link
from generator.site.drift_view import both_sides
from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _
from generator.site.words import counted, digest, shown, value

if TYPE_CHECKING:
    from generator.evidence.records import DeploymentRecord
    from generator.evidence.triage import TriageOrigin, TriageRecord
    from generator.site.context import Context
    from generator.site.words import Digest, Moment, Value

VERDICTS: tuple[str, ...] = get_args(Verdict)
VERDICT_WORDS = {
    "application": N_("application"),
    "application, unvalidated": N_("application, unvalidated"),
    "deployment suspected": N_("deployment suspected"),
    "deployment": N_("deployment"),
    "mixed": N_("mixed"),
    "environment": N_("environment"),
    "unknown": N_("unknown"),
}
"""Whose a failure was, as pages say it."""
OPEN_ROWS = 8
"""Rows of a table up to which it stands open."""


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

    deployment: Link
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
    gate_alone: bool
    """Whether a gate that did not hold is all that speaks of it: no incident does, and no rollback took it back."""
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
    itself: bool
    """Whether the failed range is the deployment whose page this is."""
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


def verdict_word(verdict: str) -> str:
    """Return a verdict in the language of the site; one that is not known as it stands."""
    word = VERDICT_WORDS.get(verdict)
    return verdict if word is None else _(word)


def slug(verdict: str) -> str:
    """Return a verdict as a part of a class name."""
    return verdict.replace(",", "").replace(" ", "-") if verdict in VERDICTS else "unknown"


def triage_view(context: Context, deployment: DeploymentRecord, name: str, most: int) -> TriageView:
    """Return the verdict `name` on a deployment, with at most `most` rows in each of its tables.

    Where the failed range is the deployment itself its fields are left out: its page shows them as what changed.
    """
    environment = deployment.environment
    record = context.objects.triage(environment, name)
    itself = record.failed_from == record.failed_to == deployment.id
    kept = () if itself else record.fields[:most]
    fields = tuple(_field(f.component, f.field, f.aspect, f.old, f.new) for f in kept)
    differ = tuple(_field(s.component, s.field, s.aspect, s.here, s.upstream) for s in record.settings_differing[:most])
    first, last = failed_range(context, record)
    components = tuple(_component(context, record, at) for at in range(min(len(record.components), most)))
    return TriageView(
        verdict=record.verdict,
        slug=slug(record.verdict),
        reason=record.reason,
        trigger=_trigger(record),
        gate_alone=record.trigger.startswith("gate ") and deployment.id not in context.index.taken_back,
        first=first,
        last=last,
        commit=digest(record.commit),
        upstream=record.upstream,
        fields=fields,
        fields_words=counted(record.fields_of, "field"),
        fields_left=0 if itself else record.fields_of - len(fields),
        itself=itself,
        components=components,
        components_words=counted(record.components_of, "component"),
        components_left=record.components_of - len(components),
        differing=differ,
        differing_words=counted(record.settings_differing_of, "setting"),
        differing_left=record.settings_differing_of - len(differ),
        folded=OPEN_ROWS,
        origin=origin_row(context, record.origin),
        never_in=record.never_in,
        good=_good(context, environment, record),
        truncated=record.truncated,
    )


def _field(component: str, field: str, aspect: str, left: str | None, right: str | None) -> FieldRow:
    return FieldRow(component, field, aspect, *both_sides(aspect, left, right))


def _trigger(record: TriageRecord) -> str:
    kind, _space, name = record.trigger.partition(" ")
    if kind == "rollback":
        return _("A rollback took it back.")
    if kind == "incident":
        return _("Incident %(name)s is linked to it.", name=shown(name))
    if kind == "gate":
        return _("The gate %(name)s did not hold. That alone says nothing of a failure.", name=shown(name))
    return f"{shown(record.trigger)}."


def failed_range(context: Context, record: TriageRecord) -> tuple[Link, Link | None]:
    """Return the first and the last deployment of the failed range; no last one where it is one alone."""
    first = Link(*context.deployment_link(record.failed_from))
    return first, None if record.failed_to == record.failed_from else Link(*context.deployment_link(record.failed_to))


def origin_row(context: Context, origin: TriageOrigin | None) -> OriginRow | None:
    """Return the upstream deployment that an artifact came from."""
    if origin is None:
        return None
    link = Link(*context.deployment_link(origin.deployment))
    return OriginRow(link, digest(origin.commit), context.dates.moment(origin.at))


def _good(context: Context, environment: str, record: TriageRecord) -> GoodRow | None:
    good = record.last_good
    if good is None:
        return None
    link = Link(*context.deployment_link(good.deployment))
    command = f"assay show {environment}@{good.digest[:16]}"
    return GoodRow(link, digest(good.digest), digest(good.commit), context.dates.moment(good.at), command)


def _component(context: Context, record: TriageRecord, at: int) -> ComponentRow:
    row = record.components[at]
    artifact, upstream = both_sides("artifact", row.artifact or None, row.upstream_artifact or None)
    words = []
    if row.differing:
        many = row.differing
        words.append(ngettext("%(number)s setting other than here", "%(number)s settings other than here", many))
    if row.exempt:
        words.append(_("%(number)s expected or accepted", number=number(row.exempt)))
    return ComponentRow(
        component=row.component,
        verdict=row.verdict,
        slug=slug(row.verdict),
        reason=row.reason,
        artifact=artifact if row.artifact else value(None),
        upstream=upstream if row.upstream_artifact else value(None),
        same=bool(row.artifact) and row.artifact == row.upstream_artifact,
        settings=", ".join(words),
        origin=origin_row(context, row.origin),
        never_in=row.never_in,
    )
