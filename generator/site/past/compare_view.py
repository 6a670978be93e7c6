"""What differs between environments now: each beside its upstream, and each newest release beside the one before.

The page compares any two versions by script; what is asked for most stands in it without.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from generator.evidence.summarising import short_version
from generator.evidence.versions import ConnectionRow, VersionState, difference
from generator.site.past.firsts import ARTIFACT
from generator.site.texts import N_, ngettext, number
from generator.site.texts import gettext as _
from generator.site.words import shown, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.evidence.packs import ComponentRecord
    from generator.evidence.summary import EnvironmentSummary
    from generator.evidence.versions import ComponentDifference, ConnectionDifference, VersionDifference
    from generator.site.context import Context
    from generator.site.words import Moment, Value

MOST = 200
"""Components of one comparison that the page holds without scripts."""
MOST_FIELDS = 12
"""Fields of one component that the page holds without scripts."""
COMPONENT = "component"


class Side(NamedTuple):
    """One of the two versions."""

    deployment: str
    environment: str
    page: str
    at: Moment


class FieldRow(NamedTuple):
    """One field that differs."""

    aspect: str
    field: str
    a: Value
    b: Value


class Difference(NamedTuple):
    """One component that differs."""

    name: str
    page: str
    kind: str
    mark: str
    """`added`, `removed` or `changed`, from the first side to the second."""
    words: str
    a: str
    """What people call its version on the first side; empty where it is not there or runs none."""
    b: str
    fields: tuple[FieldRow, ...]
    summary: str
    """`4 config, 1 scale`; says so where none of its fields differs. Empty where the versions tell it."""
    left: int
    """Fields that the page does not hold."""


class ConnectionLine(NamedTuple):
    """One connection that differs."""

    source: str
    target: str
    port: str
    mark: str
    words: str
    how: str
    """How it is known: `declared`, `reference`, `inferred` or `exposes`."""


class Comparison(NamedTuple):
    """Two versions beside each other."""

    title: str
    a: Side
    b: Side
    same: bool
    summary: str
    components: tuple[Difference, ...]
    """Those that run another version, or stand on one side only."""
    settings: tuple[Difference, ...]
    """Those that run the same version with other settings."""
    others: tuple[Difference, ...]
    """Exposures and resources."""
    connections: tuple[ConnectionLine, ...]
    left: int
    """Components and resources that the page does not hold."""


class Quick(NamedTuple):
    """A comparison that is often asked for."""

    words: str
    address: str
    """What stands behind `#`."""


class CompareView(NamedTuple):
    """The page."""

    as_of: str
    quick: tuple[Quick, ...]
    comparisons: tuple[Comparison, ...]
    versions: int
    """Deployments that there are to choose from."""


def compare_view(context: Context) -> CompareView:
    """Return each environment beside its upstream, production first, and the links to what is asked for most."""
    pairs = [
        (context.environments[env.upstream], env)
        for env in context.from_production
        if env.upstream and _stands(context, env) and _stands(context, context.environments[env.upstream])
    ]
    quick = [
        Quick(
            _("%(upstream)s and %(environment)s now", upstream=shown(up.name), environment=shown(env.name)),
            f"a={quote(up.newest, safe='')}&b={quote(env.newest, safe='')}",
        )
        for up, env in pairs
    ]
    return CompareView(
        as_of=context.summary.as_of,
        quick=(*quick, *_newest_releases(context)),
        comparisons=tuple(_comparison(context, up, env) for up, env in pairs if env.production),
        versions=sum(env.deployments for env in context.summary.environments),
    )


def _stands(context: Context, env: EnvironmentSummary) -> bool:
    return env.present and bool(env.newest) and env.name in context.index.newest


def _newest_releases(context: Context) -> Iterable[Quick]:
    for env in context.productions:
        positions = context.index.by_environment.get(env.name, [])
        if len(positions) > 1:
            before, newest = (context.index.releases[position].id for position in positions[-2:])
            words = _("The newest release of %(environment)s and the one before", environment=shown(env.name))
            yield Quick(words, f"a={quote(before, safe='')}&b={quote(newest, safe='')}")


class _Beside(NamedTuple):
    """Two versions with what differs."""

    found: VersionDifference
    a: Mapping[str, ComponentRecord]
    b: Mapping[str, ComponentRecord]
    names: tuple[str, str]
    """Their environments."""

    def role(self, name: str) -> str:
        return (self.b.get(name) or self.a[name]).role


def _comparison(context: Context, upstream: EnvironmentSummary, env: EnvironmentSummary) -> Comparison:
    states = _state(context, upstream), _state(context, env)
    a, b = ({record.id: record for record in state.components} for state in states)
    beside = _Beside(difference(*states), a, b, (upstream.name, env.name))
    found = beside.found
    parts: dict[str, list[Difference]] = {"components": [], "settings": [], "others": []}
    for one in found.components[:MOST]:
        parts[_part(beside, one)].append(_difference(context, beside, one))
    return Comparison(
        title=_("%(upstream)s and %(environment)s now", upstream=shown(upstream.name), environment=shown(env.name)),
        a=_side(context, upstream),
        b=_side(context, env),
        same=found.same,
        summary=_summary(beside),
        components=tuple(parts["components"]),
        settings=tuple(parts["settings"]),
        others=tuple(parts["others"]),
        connections=tuple(_connection(beside, one) for one in found.connections[:MOST]),
        left=max(0, len(found.components) - MOST) + max(0, len(found.connections) - MOST),
    )


def _state(context: Context, env: EnvironmentSummary) -> VersionState:
    standing = context.index.newest[env.name]
    records = [record for entry in standing.nodes.values() if (record := standing.record(entry)) is not None]
    rows = [ConnectionRow(e.source, e.target, e.port, e.how) for e in standing.connections()]
    return VersionState(env.name, env.digest, tuple(sorted(records, key=lambda record: record.id)), tuple(sorted(rows)))


def _side(context: Context, env: EnvironmentSummary) -> Side:
    return Side(env.newest, env.name, context.deployment_link(env.newest)[0], context.calendar.moment(env.since))


def _part(beside: _Beside, one: ComponentDifference) -> str:
    if beside.role(one.component) != COMPONENT:
        return "others"
    runs_other = one.a is None or one.b is None or any(field.aspect == ARTIFACT for field in one.fields)
    return "components" if runs_other else "settings"


def _mark(a: str | None, b: str | None) -> str:
    return "added" if a is None else "removed" if b is None else "changed"


def _words(beside: _Beside, mark: str) -> str:
    if mark == "changed":
        return _("changed")
    return _("only in %(environment)s", environment=shown(beside.names[mark == "added"]))


def _summary(beside: _Beside) -> str:
    if beside.found.same:
        return _("Equal: every component, field and connection is the same in both.")
    counts = Counter((beside.role(one.component) == COMPONENT, _mark(one.a, one.b)) for one in beside.found.components)
    alike = len({*beside.a, *beside.b}) - len(beside.found.components)
    told = [
        _told(counts[True, "changed"], N_("%(number)s component differs"), N_("%(number)s components differ")),
        *[
            _told(
                counts[True, mark],
                N_("%(number)s component only in %(environment)s"),
                N_("%(number)s components only in %(environment)s"),
                environment=shown(beside.names[mark == "added"]),
            )
            for mark in ("removed", "added")
        ],
        _told(
            sum(count for (is_component, _kind), count in counts.items() if not is_component),
            N_("%(number)s exposure or resource differs"),
            N_("%(number)s exposures and resources differ"),
        ),
        _told(
            len(beside.found.connections),
            N_("%(number)s connection differs"),
            N_("%(number)s connections differ"),
        ),
        _told(alike, N_("%(number)s is the same"), N_("%(number)s are the same")),
    ]
    return "; ".join(text for text in told if text) + "."


def _told(count: int, one: str, many: str, **values: str) -> str:
    return ngettext(one, many, count, **values) if count else ""


def _difference(context: Context, beside: _Beside, one: ComponentDifference) -> Difference:
    mark = _mark(one.a, one.b)
    rows = [FieldRow(field.aspect, field.field, value(field.a), value(field.b)) for field in one.fields]
    # What runs is told by the versions; the whole of it comes first all the same, as its name may differ too.
    rows.sort(key=lambda row: row.aspect != ARTIFACT)
    # One artifact is told by its two versions; what stands on one side only, by its name.
    told = mark != "changed" or [row.aspect for row in rows] == [ARTIFACT]
    return Difference(
        name=one.component,
        page=context.component_link(one.component),
        kind=one.b or one.a or "",
        mark=mark,
        words=_words(beside, mark),
        a=_version(beside.a.get(one.component)),
        b=_version(beside.b.get(one.component)),
        fields=() if told else tuple(rows[:MOST_FIELDS]),
        summary="" if told else _fields_summary(rows),
        left=0 if told else max(0, len(rows) - MOST_FIELDS),
    )


def _version(record: ComponentRecord | None) -> str:
    artifacts = [text for aspect, _name, text in record.fields if aspect == ARTIFACT] if record is not None else []
    return ", ".join(dict.fromkeys(short_version(text) for text in artifacts))


def _fields_summary(rows: Sequence[FieldRow]) -> str:
    if not rows:
        return _("only its names, ports, labels or references differ")
    counts = Counter(row.aspect for row in rows)
    return ", ".join(f"{number(counts[aspect])} {_(aspect)}" for aspect in sorted(counts))


def _connection(beside: _Beside, one: ConnectionDifference) -> ConnectionLine:
    mark = _mark(one.a, one.b)
    how = f"{one.a} → {one.b}" if mark == "changed" else one.b or one.a or ""
    return ConnectionLine(one.source, one.target, one.port, mark, _words(beside, mark), how)
