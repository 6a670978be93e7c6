"""Triage: each row of the table with a look-alike that is another, the failed range, and what is named."""

from __future__ import annotations

import msgspec
import pytest
from support.trails import Driven

from generator.assurance.triage.judging import Cause, cause_of, triage
from generator.assurance.triage.verdict import Outcome, TriageVerdict
from generator.timeline.kinds import Kind, Stamp
from generator.timeline.trail import KEPT

A, V, M = Outcome.APPLICATION, Outcome.UNVALIDATED, Outcome.MIXED
S, D, E = Outcome.SUSPECTED, Outcome.DEPLOYMENT, Outcome.ENVIRONMENT


def _expected(component: str, aspect: str, field: str) -> bool:
    return (component, aspect, field) == ("api", "config", "OWN")


def _last(*lines: str, cause: Cause | None = None) -> TriageVerdict:
    """Return the verdict on production's last deployment: as a rollback if it is one, else as an incident."""
    driven = Driven().run(*lines)
    made = driven.production.deployments[-1]
    return triage(cause or cause_of(made) or Cause("incident", "INC-1"), made, driven.production.trail, _expected)


TABLE: dict[str, tuple[tuple[str, ...], Outcome]] = {
    "the upstream ran it alike": (("s/api=A,L:i p/api=A,L:i", "s/api=B,L:i", "p/api=B,L:i", "p/api=A,L:i"), A),
    "a setting differed": (("s/api=A,L:i p/api=A,L:i", "s/api=B,L:d", "p/api=B,L:i", "p/api=A,L:i"), S),
    "a setting stood upstream alone": (("s/api=A p/api=A", "s/api=B,L:d", "p/api=B", "p/api=A"), S),
    "a secret differed": (("s/api=A p/api=A", "s/api=B,password:1", "p/api=B", "p/api=A"), S),
    "the capacity changed with it": (
        ("s/api=A p/api=A,replicas:3", "s/api=B", "p/api=B,replicas:1", "p/api=A,replicas:3"),
        M,
    ),
    "the capacity differed all along": (
        ("s/api=A p/api=A,replicas:3", "s/api=B", "p/api=B,replicas:3", "p/api=A,replicas:3"),
        A,
    ),
    "what differed is declared": (("s/api=A p/api=A,OWN:1", "s/api=B", "p/api=B,OWN:1", "p/api=A,OWN:1"), A),
    "the upstream had moved on": (("s/api=A p/api=A", "s/api=B", "s/api=C,L:d", "p/api=B", "p/api=A"), A),
    "the upstream had it alike in the end": (("s/api=A p/api=A", "s/api=B,L:d", "s/api=B", "p/api=B", "p/api=A"), A),
    "the upstream changed afterwards": (("s/api=A p/api=A", "s/api=B", "p/api=B", "s/api=B,L:d", "p/api=A"), A),
    "it never ran upstream": (("s/api=A p/api=A", "p/api=B", "p/api=A"), V),
    "the upstream got it afterwards": (("s/api=A p/api=A", "p/api=B", "s/api=B", "p/api=A"), V),
    "the upstream got it in the same commit": (("s/api=A p/api=A", "s/api=B p/api=B", "p/api=A"), V),
    "only a setting changed": (("s/api=A p/api=A,L:i", "p/api=A,L:d", "p/api=A,L:i"), D),
    "another component's setting changed": (
        ("s/api=A p/api=A p/db=X,L:i", "s/api=B", "p/api=B p/db=X,L:d", "p/api=A"),
        A,
    ),
    "both changed at once": (("s/api=A p/api=A,L:i", "s/api=B", "p/api=B,L:d", "p/api=A,L:i"), M),
    "both changed, one after the other": (
        ("s/api=A p/api=A,L:i", "s/api=B", "p/api=B,L:i", "p/api=B,L:d", "p/api=A,L:i"),
        M,
    ),
    "a setting that was set back before": (
        ("s/api=A,L:i p/api=A,L:i", "s/api=B,L:i", "p/api=B,L:d", "p/api=B,L:i", "p/api=A,L:i"),
        A,
    ),
    "two components of one mind": (
        ("s/api=A p/api=A s/db=X p/db=X", "s/api=B s/db=Y", "p/api=B p/db=Y", "p/api=A p/db=X"),
        A,
    ),
    "two components that disagree": (
        ("s/api=A p/api=A s/db=X p/db=X,L:1", "s/api=B", "p/api=B p/db=X,L:2", "p/api=A p/db=X,L:1"),
        M,
    ),
    "a touch that changed nothing": (("s/api=A p/api=A", "s/api=B", "p/api=B", "p!"), E),
    "more capacity": (("p/api=A", "p/api=A,replicas:2"), D),
    "a component that went": (("p/db=X p/api=A", "p/api"), D),
    "a component that came": (("p/db=X", "p/api=A"), M),
    "an artifact that went": (("p/api=A", "p/api="), D),
    "an artifact that came back as it was": (("p/api=A", "p/api=", "p/api=A"), D),
    "a connection that came": (("p/api=A,>db", "p/db=X"), M),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_table(case: str) -> None:
    lines, outcome = TABLE[case]
    assert _last(*lines).outcome == outcome


def test_a_rollback_tells_its_range_and_what_stood_before() -> None:
    lines = ("s/api=A p/api=A p/db=X", "s/api=B", "p/api=B", "p/db=Y", "s/api=C", "p/api=C", "p/api=A")
    driven = Driven().run(*lines)
    made = driven.production.deployments[-1]
    found = triage(Cause("rollback"), made, driven.production.trail)
    assert (found.trigger, found.first.sequence, found.last, found.truncated) == ("rollback", 2, 4, False)
    (row,) = found.components
    assert [(c.field, c.old, c.new) for c in row.changes] == [("image", "A", "C")]
    assert (row.artifact, row.upstream_artifact) == ("C", "C")
    assert row.origin is not None
    assert (row.origin.sequence, row.never) == (3, False)
    assert found.last_good is not None
    assert (found.last_good.stamp.sequence, found.last_good.digest) == (1, driven.production.deployments[0].digest)


def test_an_incident_is_about_its_deployment_alone() -> None:
    found = _last("s/api=A p/api=A,L:i", "p/api=A,L:d", "s/api=B,L:d", "p/api=B,L:d")
    assert (found.trigger, found.first.sequence, found.last, found.outcome) == ("incident INC-1", 3, 3, A)
    assert found.last_good is not None
    assert found.last_good.stamp.sequence == 2


def test_what_differs_and_what_is_allowed_to_is_told_apart() -> None:
    found = _last("s/api=A p/api=A", "s/api=B,L:d,replicas:1", "p/api=B,OWN:1,L:i", "p/api=A")
    (row,) = found.components
    assert [(d.field, d.here, d.upstream) for d in row.differing] == [("L", "i", "d")]
    assert row.exempt == 1


def test_an_artifact_that_came_to_both_at_once_is_said_to_have() -> None:
    found = _last(*TABLE["the upstream got it in the same commit"][0])
    assert found.origin is not None
    assert (found.origin.sequence, found.never) == (2, False)
    assert found.reason == "api B came to staging in the very same commit."


def test_what_ran_all_along_is_not_where_a_version_came_from() -> None:
    found = _last("s/api=A p/api=A p/db=X,L:1", "s/api=B", "p/api=B p/db=X,L:2", "p/api=A p/db=X,L:1")
    assert [(row.component, row.never) for row in found.components] == [("api", False), ("db", True)]
    assert (found.outcome, found.never) == (M, False)


def test_the_artifact_beside_the_one_that_moved_is_a_setting() -> None:
    found = _last("s/api=A,sidecar:1 p/api=A,sidecar:2", "s/api=B,sidecar:1", "p/api=B,sidecar:2", "p/api=A,sidecar:2")
    assert found.outcome == S
    assert [d.field for d in found.components[0].differing] == ["sidecar"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (TABLE["the upstream ran it alike"][0], "staging ran api B with the same settings and missed it."),
        (TABLE["a setting differed"][0], "api B ran in staging with other settings: L."),
        (TABLE["it never ran upstream"][0], "api B never ran in staging."),
        (TABLE["only a setting changed"][0], "api changed in its settings alone: L."),
        (TABLE["both changed at once"][0], "api changed its artifact (image) and its settings (L)."),
        (TABLE["a touch that changed nothing"][0], "Nothing in the model changed."),
        (TABLE["two components that disagree"][0], "Components disagree: api: application; db: deployment."),
    ],
)
def test_the_reason_names_names(lines: tuple[str, ...], reason: str) -> None:
    assert _last(*lines).reason == reason


@pytest.mark.parametrize(
    ("artifact", "version"),
    [
        ("registry.example:5000/shop/api:1.9.2", "1.9.2"),
        (f"shop/api:1.9.2@sha256:{'a' * 64}", "1.9.2"),
        (f"shop/api@sha256:{'a' * 64}", f"sha256:{'a' * 12}"),
        (f"shop/api:{'b' * 40}", "b" * 12),
        ("shop/api", "api"),
        ("2026.1", "2026.1"),
    ],
)
def test_an_artifact_is_called_by_its_version(artifact: str, version: str) -> None:
    driven = Driven().run("s/api=A p/api=A")
    driven.run(f"p/api={artifact}", "p/api=A")
    reason = triage(Cause("rollback"), driven.production.deployments[-1], driven.production.trail).reason
    assert reason == f"api {version} never ran in staging."


def test_an_environment_without_one_before_it_validates_nothing() -> None:
    driven = Driven().run("s/api=A", "s/api=B", "s/api=A")
    made = driven.staging.deployments[-1]
    found = triage(Cause("rollback"), made, driven.staging.trail)
    assert (found.outcome, found.never, found.origin) == (V, False, None)
    assert found.reason == "api B: there is no environment before staging to validate it."


def test_a_range_that_began_before_what_is_kept_is_told_in_part() -> None:
    churn = [f"p/api=B,L:{n}" for n in range(KEPT + 1)]
    found = _last("s/api=A p/api=A,L:i", "s/api=B", *churn, "p/api=A,L:i")
    assert (found.truncated, found.outcome, found.last_good) == (True, M, None)
    told = {c.field: (c.old, c.new) for c in found.components[0].changes}
    assert told["image"] == ("A", "B"), "the rollback itself tells what it took back"
    assert found.origin is not None
    assert found.origin.sequence == 2


def test_settings_that_are_not_kept_any_more_are_not_assessed() -> None:
    churn = [f"s/api=v{n}" for n in range(KEPT + 1)]
    found = _last("s/api=A p/api=A", "s/api=B", *churn, "p/api=B", "p/api=A")
    assert found.outcome == Outcome.NOT_ASSESSED
    assert found.origin is not None, "that it ran there is known"


def test_a_declared_culprit_begins_the_range() -> None:
    driven = Driven().run("s/api=A p/api=A", "s/api=B", "p/api=B", "p/api=C")
    made = driven.production.deployments[-1]
    culprit = Stamp(2, made.commit.id, None)
    found = triage(Cause("rollback", culprit=culprit), made, driven.production.trail)
    assert (found.first.sequence, found.last, found.outcome) == (2, 2, A)


def test_a_rollback_of_which_nothing_tells_the_culprit_takes_back_what_stood_before() -> None:
    driven = Driven().run("s/api=A p/api=A", "s/api=B", "p/api=B", "p/api=B p/db=X", "p/api=C")
    found = triage(Cause("rollback"), driven.production.deployments[-1], driven.production.trail)
    assert (found.first.sequence, found.last, found.outcome) == (2, 3, A)
    assert found.first.commit == driven.production.deployments[1].commit.id


def test_a_rollback_in_which_nothing_changes_is_about_itself() -> None:
    driven = Driven().run("p/api=A", "p!")
    found = triage(Cause("rollback"), driven.production.deployments[-1], driven.production.trail)
    assert (found.first.sequence, found.last, found.outcome) == (2, 2, E)


def test_of_several_causes_the_weightiest_counts() -> None:
    driven = Driven().run("p/api=A", "p/api=B", "p/api=A")
    forward, back = driven.production.deployments[1:]
    begun = msgspec.structs.replace(forward.verdict, incidents=("INC-1", "INC-2"))
    incident = msgspec.structs.replace(forward, verdict=begun)
    assert str(cause_of(back, ["soak"])) == "rollback"
    assert str(cause_of(incident, ["soak"])) == "incident INC-1"
    assert str(cause_of(forward, ["soak", "tests"])) == "gate soak"
    assert cause_of(forward) is None


def test_a_rollback_that_is_only_said_to_be_one_begins_where_it_says() -> None:
    driven = Driven().run("p/api=A", "p/api=B", "p/api=C")
    made = driven.production.deployments[-1]
    stamps = (Stamp(2, "b", None), Stamp(1, "a", None))
    said = msgspec.structs.replace(made.verdict, kind=Kind.ROLLBACK, mends=stamps)
    cause = cause_of(msgspec.structs.replace(made, verdict=said))
    assert cause is not None
    assert cause.culprit == stamps[1]


def test_a_later_verdict_does_not_depend_on_when_it_is_asked_for() -> None:
    driven = Driven().run(*TABLE["the upstream ran it alike"][0])
    made = driven.production.deployments[-1]
    first = triage(Cause("rollback"), made, driven.production.trail)
    driven.run("s/api=C", "p/api=C,L:x", "p/api=A")
    later = triage(Cause("rollback"), made, driven.production.trail)
    assert msgspec.to_builtins(later) == msgspec.to_builtins(first)


def test_a_declared_culprit_wins_over_what_the_values_tell() -> None:
    driven = Driven().run("s/api=A p/api=A", "s/api=B", "p/api=B", "s/api=C", "p/api=C,L:x", "p/api=A")
    made = driven.production.deployments[-1]
    third, first = driven.production.deployments[2], driven.production.deployments[0]
    for named, expected in ((third, 3), (first, 2)):
        stamp = Stamp(named.sequence, named.commit.id, None)
        said = msgspec.structs.replace(made.verdict, mends=(stamp,))
        cause = cause_of(msgspec.structs.replace(made, verdict=said))
        assert cause is not None
        found = triage(cause, made, driven.production.trail)
        assert found.first.sequence == expected, "what stands again is not what failed"


def test_a_declared_culprit_that_changed_nothing_of_it_leaves_the_word_to_the_values() -> None:
    driven = Driven().run("s/api=A p/api=A", "s/api=B", "p/api=B", "p/db=X", "p/api=A")
    made = driven.production.deployments[-1]
    found = triage(Cause("rollback", culprit=Stamp(3, "", None)), made, driven.production.trail)
    assert (found.first.sequence, found.outcome) == (2, A)


@pytest.mark.parametrize(
    ("before", "failed", "back"),
    [
        ("p/api=A", "p/api=B p/db=D", "p/api=A p/db"),
        ("p/api=A p/db=D", "p/api=B p/db", "p/api=A p/db=D"),
        ("p/api=A p/db=D,replicas:3", "p/api=B p/db=D,replicas:1", "p/api=A p/db=D,replicas:3"),
    ],
    ids=["came", "went", "in another number"],
)
def test_what_came_went_or_was_scaled_with_what_failed_is_part_of_it(before: str, failed: str, back: str) -> None:
    found = _last(f"s/api=A {before}", "s/api=B", failed, back)
    assert [row.component for row in found.components] == ["api", "db"]
    assert (found.outcome, found.first.sequence) == (M, 2)


def test_what_only_changes_with_a_rollback_is_no_part_of_what_failed() -> None:
    found = _last("s/api=A p/api=A p/db=D,replicas:3", "s/api=B", "p/api=B", "p/api=A p/db=D,replicas:1 p/new=N")
    assert [row.component for row in found.components] == ["api"]
    assert found.outcome == A


def test_a_setting_that_moved_to_and_fro_in_a_long_range_is_told_from_before_it() -> None:
    churn = [f"p/api=v{n},L:x,M:{n % 2}" for n in range(KEPT + 8)]
    found = _last("s/api=A p/api=A,L:i,M:0", "p/api=A,L:x,M:1", *churn, "p/api=A,L:i,M:0")
    told = {c.field: (c.old, c.new) for c in found.components[0].changes}
    assert found.truncated
    assert told == {"image": ("A", f"v{KEPT + 7}"), "L": ("i", "x"), "M": ("0", "1")}


@pytest.mark.parametrize("middle", [("p/api=B", "p/api="), ("p/api=B", "p/api=", "p/api=B")], ids=["open", "closed"])
def test_a_gap_in_the_range_is_no_version(middle: tuple[str, ...]) -> None:
    found = _last("s/api=A p/api=A", "s/api=B", *middle, "p/api=A")
    assert [(c.field, c.old, c.new) for c in found.components[0].changes] == [("image", "A", "B")]
    assert (found.outcome, found.components[0].artifact) == (A, "B")


def test_an_artifact_that_went_with_the_deployment_that_failed_is_told() -> None:
    found = _last("s/api=A p/api=A", "p/api=,L:1")
    assert [(c.field, c.new) for c in found.components[0].changes] == [("image", None), ("L", "1")]
    assert found.outcome == D
