"""What must hold of gates whatever is known: they are pure, more approvals never hurt, silence never passes."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from generator.assurance.gates.facts import Came, DriftAge, Found, GateFacts, Outcome, Soak, Yes
from generator.assurance.gates.judging import judge
from generator.assurance.gates.people import Person, how_many, same
from generator.config.gates import Gate
from generator.history.signing.signers import NO_KEYS, UNSIGNED, Signature, SignatureOutcome

NAMES = st.sampled_from(["", "Ada", "ada ", "Grace", "Linus", "bot[bot]"])
ADDRESSES = st.sampled_from(["", "ada@x", "ADA@x", "grace@x", "linus@x", "noreply@github.com"])
PEOPLE = st.builds(Person, NAMES, ADDRESSES)
WAYS = st.sampled_from(["trailer", "merge", "tag", "commit", "file"])
TIMES = st.one_of(st.none(), st.integers(0, 100))
YES = st.builds(
    Yes,
    way=WAYS,
    person=PEOPLE,
    source=st.just("somewhere"),
    gate=st.sampled_from(["", "gate", "other"]),
    at=TIMES,
    also=st.lists(PEOPLE, max_size=1).map(tuple),
    doubt=st.sampled_from(["", "it is not clear"]),
)
SIGNATURES = st.sampled_from([None, UNSIGNED, NO_KEYS, Signature(SignatureOutcome.GOOD, "", (("Ada", "ada@x"),), "1")])
SECONDS = st.one_of(st.none(), st.integers(-5, 10))
VALIDATIONS = st.sampled_from(["promoted", "bypass", "simultaneous", "not assessed"])
FACTS = st.builds(
    GateFacts,
    environment=st.just("production"),
    production=st.just(value=True),
    kind=st.sampled_from(["forward", "rollback"]),
    time=TIMES,
    author=PEOPLE,
    merged=st.one_of(st.none(), st.lists(PEOPLE, max_size=2).map(tuple)),
    approvals=st.lists(YES, max_size=5).map(tuple),
    signature=SIGNATURES,
    tags=st.one_of(st.none(), st.lists(st.tuples(st.just("v1"), SIGNATURES.filter(bool)), max_size=2).map(tuple)),
    changed=st.booleans(),
    upstream=st.sampled_from(["", "staging"]),
    soaks=st.lists(st.builds(Soak, st.just("api"), st.just("1"), VALIDATIONS, SECONDS), max_size=3).map(tuple),
    findings=st.one_of(
        st.none(),
        st.lists(st.builds(Found, st.sampled_from(["error", "note"]), st.integers(0, 2)), max_size=2).map(tuple),
    ),
    drift=st.one_of(
        st.none(),
        st.lists(st.builds(DriftAge, st.sampled_from(["ahead", "config"]), TIMES), max_size=3).map(tuple),
    ),
    results=st.lists(
        st.builds(Came, st.just("tests"), st.sampled_from(["passed", "failed", "missing", "unreadable", "?"])),
        max_size=2,
    ).map(tuple),
)
TERMS = st.fixed_dictionaries(
    {
        "by": st.lists(WAYS, min_size=1, unique=True),
        "count": st.integers(1, 3),
        "four_eyes": st.booleans(),
    }
)
CONDITIONS: tuple[dict[str, object], ...] = (
    {"approval": {}},
    {"result": "tests"},
    {"soak": "5s"},
    {"freeze": {"from": "1970-01-01T00:00:10Z", "until": "1970-01-01T00:00:20Z"}},
    {"drift": {"most": "1", "older_than": "5s"}},
    {"findings": "warning"},
    {"signed": "either"},
    {"approval": {"count": "2"}, "except": "rollback"},
)
GATES = tuple(Gate.model_validate({"name": f"gate {place}"} | condition) for place, condition in enumerate(CONDITIONS))


def _gate(terms: dict[str, object]) -> Gate:
    return Gate.model_validate({"name": "gate", "approval": terms})


@given(FACTS)
def test_judging_is_a_pure_function(facts: GateFacts) -> None:
    verdicts = judge(GATES, facts)
    assert [verdict.name for verdict in verdicts] == [gate.name for gate in GATES]
    assert verdicts == judge(GATES, msgspec.structs.replace(facts))
    assert tuple(reversed(verdicts)) == judge(reversed(GATES), facts)
    assert all(verdict.detail.endswith(".") and verdict.detail.isprintable() for verdict in verdicts)


@given(FACTS, TERMS, YES, st.integers(0, 5))
def test_one_more_approval_never_fails_what_passed(
    facts: GateFacts, terms: dict[str, object], more: Yes, place: int
) -> None:
    (before,) = judge([_gate(terms)], facts)
    given_too = (*facts.approvals[:place], more, *facts.approvals[place:])
    (after,) = judge([_gate(terms)], msgspec.structs.replace(facts, approvals=given_too))
    assert before.outcome is not Outcome.PASSED or after.outcome is Outcome.PASSED


@given(FACTS, TERMS)
def test_the_order_of_approvals_does_not_count(facts: GateFacts, terms: dict[str, object]) -> None:
    turned = msgspec.structs.replace(facts, approvals=facts.approvals[::-1])
    outcomes = {judge([_gate(terms)], each)[0].outcome for each in (facts, turned)}
    assert len(outcomes) == 1


@given(FACTS)
def test_a_result_passes_only_where_all_of_it_passed(facts: GateFacts) -> None:
    verdict = judge(GATES[1:2], facts)[0]
    passed = bool(facts.results) and all(result.outcome == "passed" for result in facts.results)
    assert (verdict.outcome is Outcome.PASSED) == passed


@given(FACTS)
def test_nothing_known_never_passes(facts: GateFacts) -> None:
    silent = GateFacts("production", production=True, kind=facts.kind, time=None, upstream=facts.upstream)
    assert all(verdict.outcome in {Outcome.MISSING, Outcome.NOT_ASSESSED} for verdict in judge(GATES, silent))


@given(FACTS)
def test_an_unknown_or_missing_soak_never_passes(facts: GateFacts) -> None:
    verdict = judge(GATES[2:3], facts)[0]
    if any(soak.validation != "promoted" or (soak.seconds or 0) < 5 for soak in facts.soaks):
        assert verdict.outcome is not Outcome.PASSED


@given(st.lists(PEOPLE, max_size=6))
def test_people_are_counted_as_by_trying_every_choice(people: list[Person]) -> None:
    best = 0
    known = [person for person in people if person.name.strip() or person.address]
    for choice in range(1 << len(known)):
        chosen = [person for place, person in enumerate(known) if choice >> place & 1]
        if not any(same(one, other) for place, one in enumerate(chosen) for other in chosen[:place]):
            best = max(best, len(chosen))
    assert how_many(people) == best
