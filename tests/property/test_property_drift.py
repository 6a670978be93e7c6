"""Algebra of drift and of what may stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.sides import Side

from generator.assurance.drift import DriftClass, DriftItem, DriftRegister
from generator.assurance.exemptions import Exemptions
from generator.assurance.findings import Finding, Level
from generator.declarations.entries import Acceptance, Declarations, Waiver
from generator.model.component import Aspect, Component, Field, Role, component

NAMES = st.sampled_from(["api", "api-2", "web"])
FIELDS = st.builds(
    Field,
    st.sampled_from([Aspect.ARTIFACT, Aspect.CONFIG]),
    st.sampled_from(["a", "env.a", "env.b", "ports[a]"]),
    st.sampled_from(["", "1", "2"]),
)
COMPONENTS = st.builds(
    lambda name, kind, fields: component(name, Role.COMPONENT, kind, fields=fields),
    NAMES,
    st.sampled_from(["Deployment", "StatefulSet"]),
    st.lists(FIELDS, max_size=4),
)
TREES = st.lists(COMPONENTS, min_size=1, max_size=3).map(lambda found: {one.id: one for one in found})
HISTORIES = st.lists(st.tuples(TREES, TREES), min_size=1, max_size=6)
PATTERNS = st.sampled_from(["*", "api", "api*", "web", "env.*", "a", "*b", "ports[a]"])
RULES = ["missing-limits", "missing-probe", "unpinned-image"]
EXPIRIES = st.integers(0, 7)
ACCEPTANCES = st.builds(
    lambda name, field, drift, expires: Acceptance(name, "Ada", "because", expires, field, drift),
    PATTERNS,
    PATTERNS,
    st.sampled_from(["*", *DriftClass]),
    EXPIRIES,
)
FINDINGS = st.builds(
    lambda rule, subject, field: Finding(rule, Level.NOTE, "", subject, field, "", 0),
    st.sampled_from(RULES),
    NAMES,
    st.sampled_from(["a", "env.a", "env.b", "ports[a]"]),
)
WAIVERS = st.builds(
    lambda rule, name, field: Waiver(rule, "Ada", "because", 9, name, field),
    st.sampled_from([*RULES, "missing-*", "*"]),
    PATTERNS,
    PATTERNS,
)


def _stand(side: Side, tree: dict[str, Component]) -> None:
    for name in [*side.now.keys() - tree.keys(), *tree]:
        side.put(name, tree.get(name))


def _follow(
    history: list[tuple[dict[str, Component], dict[str, Component]]], acceptances: tuple[Acceptance, ...] = ()
) -> list[tuple[list[DriftItem], DriftRegister]]:
    """Return what stands at each step of `history`, whose steps are a second apart."""
    up, here, exemptions = Side(), Side(), Exemptions()
    exemptions.set(Declarations(acceptances=acceptances), "declared", 0)
    register = DriftRegister(up, here, exemptions.of("production"))
    found = []
    for time, (above, own) in enumerate(history):
        names = {*up.now, *here.now, *above, *own}
        _stand(up, above)
        _stand(here, own)
        register.update(sorted(names), f"commit {time}", time)
        found.append((list(register.items), register))
        counted = [item for item in register.items if item.counted]
        assert register.counts == {c: sum(1 for i in counted if i.drift is c) for c in DriftClass}
        assert register.accepted == sum(1 for i in register.items if i.exempt is not None)
    return found


@given(TREES)
def test_an_environment_does_not_drift_from_itself(tree: dict[str, Component]) -> None:
    ((items, _),) = _follow([(tree, tree)])
    assert items == []


@given(TREES, TREES)
def test_swapping_the_sides_inverts_the_items(one: dict[str, Component], other: dict[str, Component]) -> None:
    ((there, _),) = _follow([(one, other)])
    ((back, _),) = _follow([(other, one)])
    told = {(i.component, i.aspect, i.field, i.upstream, i.value) for i in there}
    assert told == {(i.component, i.aspect, i.field, i.value, i.upstream) for i in back}
    alone = {(i.component, i.aspect, i.field) for i in there if i.drift is DriftClass.STRUCTURE}
    assert alone == {(i.component, i.aspect, i.field) for i in back if i.drift is DriftClass.STRUCTURE}


@given(HISTORIES)
def test_the_age_grows_while_the_two_differ(history: list[tuple[dict[str, Component], dict[str, Component]]]) -> None:
    began: dict[tuple[str, str, str], int] = {}
    for time, (items, _) in enumerate(_follow(history)):
        now = {(i.component, i.aspect, i.field): i.since_time for i in items}
        began = {path: began.get(path, time) for path in now}
        assert now == began, "from the start of the unbroken inequality, whatever the values were"


@given(HISTORIES, st.lists(ACCEPTANCES, max_size=3).map(tuple))
def test_acceptances_change_what_counts_and_nothing_else(
    history: list[tuple[dict[str, Component], dict[str, Component]]], acceptances: tuple[Acceptance, ...]
) -> None:
    plain = [{(i.component, i.aspect, i.field): i for i in items} for items, _ in _follow(history)]
    for time, (items, _) in enumerate(_follow(history, acceptances)):
        told = {(i.component, i.aspect, i.field): i for i in items}
        assert told.keys() == plain[time].keys()
        for path, item in told.items():
            other = plain[time][path]
            assert (item.since, item.drift, item.upstream, item.value) == (
                (other.since, other.drift, other.upstream, other.value)
            )
            said = [a for a in acceptances if time < a.expires and _accepts(a, item)]
            assert (item.exempt is not None) is bool(said)


def _accepts(entry: Acceptance, item: DriftItem) -> bool:
    """Tell by another way than the one under test whether an acceptance is of an item."""
    return entry.drift in {"*", item.drift} and _plainly(entry.component, item.component) and _ends(entry, item.field)


def _waives(entry: Waiver, finding: Finding) -> bool:
    return (
        _plainly(entry.rule, finding.rule)
        and _plainly(entry.component, finding.subject)
        and _ends(entry, finding.field)
    )


def _ends(entry: Acceptance | Waiver, field: str) -> bool:
    ends = [field[place:] for place in range(len(field)) if place == 0 or field[place - 1] == "."]
    return any(_plainly(entry.field, end) for end in ends)


def _plainly(pattern: str, text: str) -> bool:
    if pattern.endswith("*"):
        return text.startswith(pattern[:-1])
    return text.endswith(pattern[1:]) if pattern.startswith("*") else text == pattern


@given(st.lists(WAIVERS, max_size=3).map(tuple), st.lists(FINDINGS, max_size=6))
def test_a_waiver_hides_what_it_matches_and_no_other(waivers: tuple[Waiver, ...], findings: list[Finding]) -> None:
    exemptions = Exemptions()
    exemptions.set(Declarations(waivers), "declared", 0)
    view = exemptions.of("production")
    for finding in findings:
        assert (view.waived(finding) is not None) is any(_waives(waiver, finding) for waiver in waivers)
    for state in exemptions.states(0, RULES):
        assert isinstance(state.entry, Waiver)
        assert state.matched == sum(1 for finding in set(findings) if _waives(state.entry, finding))
