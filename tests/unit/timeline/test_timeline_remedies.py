"""Roll-forwards that are seen: two things have to agree, and each has a look-alike in which only one of them does."""

from __future__ import annotations

import pytest

from generator.history.commits import Commit
from generator.model.component import Aspect, Role
from generator.timeline.changes import Change
from generator.timeline.declared import Known
from generator.timeline.kinds import Kind, Stamp
from generator.timeline.remedies import KEPT, Remedies
from generator.timeline.verdicts import Verdict, movers, says_revert

FAILED = "abcdef01" + "0" * 32


def _change(
    subject: str,
    old: str | None,
    new: str | None,
    *,
    field: str = "env.LIMIT",
    aspect: Aspect = Aspect.CONFIG,
    kind: Kind = Kind.FORWARD,
) -> Change:
    return Change(subject, aspect, field, old, new, kind, Role.COMPONENT)


class _Environment:
    """Production, in which `FAILED` raised the limit of cart from 10 to 99."""

    def __init__(self) -> None:
        self.sequence = 0
        self.known = Known("production")
        self.remedies = Remedies(self.known)
        self.deploy("Raise the limit (#7)", _change("cart", "10", "99"), commit=FAILED)

    def deploy(
        self, subject: str, *changes: Change, commit: str = "", reverts: str = "", kind: Kind = Kind.FORWARD
    ) -> Verdict:
        self.sequence += 1
        sequence = self.sequence
        identity = commit or f"{sequence:040x}"
        made = Commit(identity, (), None, "", subject, (), reverts=(reverts,) if reverts else ())
        verdict = self.remedies.judge(Verdict(kind, "observed", (), bulk=False), changes, made)
        stamp = Stamp(sequence, identity, None)
        self.remedies.take(stamp, verdict, changes, made)
        self.known.add(stamp)
        return verdict


BACK = _change("cart", "99", "10")
NEW = _change("cart", "99", "50")
CAPACITY = _change("cart", "4", "2", field="replicas", aspect=Aspect.SCALE)
LINK = _change("cart -> db", "inferred", None, field="connection", aspect=Aspect.TOPOLOGY)
REMOVED = _change("cart", "Deployment", None, field="component", aspect=Aspect.TOPOLOGY)


@pytest.mark.parametrize("subject", ["Less", 'Revert "Raise the limit"'])
def test_gits_own_words_and_a_version_never_had_are_enough(subject: str) -> None:
    verdict = _Environment().deploy(subject, NEW, reverts=FAILED[:8])
    assert (verdict.kind, verdict.confidence) == (Kind.ROLL_FORWARD, "observed")
    assert [stamp.sequence for stamp in verdict.mends] == [1]


@pytest.mark.parametrize(("mends", "kind"), [(True, Kind.FORWARD), (False, Kind.ROLL_FORWARD)])
def test_to_revert_a_hotfix_is_to_go_on_where_it_mended_something(mends: bool, kind: Kind) -> None:  # noqa: FBT001 - a table
    there, identity = _Environment(), "abcdef02" + "0" * 32
    stamp, made = Stamp(2, identity, None), Commit(identity, (), None, "", "Limit", ())
    hotfix = Verdict(Kind.HOTFIX, "observed", (), bulk=False, mends=(Stamp(1, FAILED, None),) if mends else ())
    there.remedies.take(stamp, hotfix, (NEW,), made)
    there.known.add(stamp)
    there.sequence = 2
    assert there.deploy("Limit again", _change("cart", "50", "60"), reverts=identity).kind is kind


@pytest.mark.parametrize("change", [CAPACITY, LINK, REMOVED], ids=["capacity", "link", "removal"])
def test_what_brings_no_version_is_none_whatever_is_reverted(change: Change) -> None:
    assert _Environment().deploy('Revert "Raise the limit"', change, reverts=FAILED).kind is Kind.FORWARD


def test_a_revert_of_what_was_never_deployed_here_is_none() -> None:
    assert _Environment().deploy("Less", NEW, reverts="1234567").kind is Kind.FORWARD


def test_a_revert_that_brings_an_earlier_version_is_a_rollback_and_stays_one() -> None:
    assert _Environment().deploy("Less", BACK, reverts=FAILED, kind=Kind.ROLLBACK).kind is Kind.ROLLBACK


def test_to_revert_a_remedy_is_to_go_on() -> None:
    environment = _Environment()
    environment.deploy("Less", NEW, reverts=FAILED, commit="b" * 40)
    assert environment.deploy("More", _change("cart", "50", "98"), reverts="b" * 40).kind is Kind.FORWARD
    assert environment.deploy('Revert "Revert "Raise the limit""', _change("cart", "98", "97")).kind is Kind.FORWARD


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ('Revert "Raise the limit"', Kind.ROLL_FORWARD),
        ('Revert "Raise the limit (#7)" (#8)', Kind.ROLL_FORWARD),
        ("Rolling back “Raise the limit”: carts are empty", Kind.ROLL_FORWARD),
        ('Improve "Raise the limit"', Kind.FORWARD),
        ('Revert "Raise the roof"', Kind.FORWARD),
        ("Revert Raise the limit", Kind.FORWARD),
        ('"Raise the limit" was right, revert the roof', Kind.FORWARD),
    ],
)
def test_a_quoted_subject_counts_beside_the_word_alone(subject: str, kind: Kind) -> None:
    verdict = _Environment().deploy(subject, NEW)
    assert (verdict.kind, verdict.confidence) == (kind, "inferred" if kind is Kind.ROLL_FORWARD else "observed")


def test_a_quoted_deployment_changed_the_same_components() -> None:
    environment = _Environment()
    assert environment.deploy('Revert "Raise the limit"', NEW, _change("till", "1", "2")).kind is Kind.FORWARD


def test_a_quoted_deployment_is_one_of_the_last() -> None:
    environment = _Environment()
    for number in range(KEPT):
        environment.deploy(f"Till {number}", _change("till", str(number), str(number + 1)))
    assert environment.deploy('Revert "Raise the limit"', NEW).kind is Kind.FORWARD


def test_fields_that_go_back_count_beside_the_word_alone() -> None:
    assert _Environment().deploy("Back out of the new limit", BACK).kind is Kind.ROLL_FORWARD
    assert _Environment().deploy("Another limit", BACK).kind is Kind.FORWARD
    assert _Environment().deploy("Back out of the new limit", BACK, LINK).kind is Kind.ROLL_FORWARD
    assert _Environment().deploy("Back out of the new limit", BACK, CAPACITY).kind is Kind.FORWARD, "not every field"
    assert _Environment().deploy("Back out of the new limit", NEW).kind is Kind.FORWARD


def test_all_fields_go_back_before_one_deployment() -> None:
    environment = _Environment()
    environment.deploy("Till", _change("till", "1", "2"))
    assert environment.deploy("Revert both", BACK, _change("till", "2", "1")).kind is Kind.FORWARD


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("Revert it", True),
        ("rolled-back", True),
        ("rollback", True),
        ("Back out", True),
        ("backup", False),
        ("", False),
    ],
)
def test_words_for_going_back(subject: str, says: bool) -> None:  # noqa: FBT001 - a table
    assert says_revert(subject) is says


def test_components_that_move_as_the_deployment_does() -> None:
    back = Change("a", Aspect.ARTIFACT, "image", "2", "1", Kind.ROLLBACK, Role.COMPONENT)
    on = Change("b", Aspect.ARTIFACT, "image", "1", "2", Kind.FORWARD, Role.COMPONENT)
    new = Change("c", Aspect.ARTIFACT, "image", None, "1", Kind.INITIAL, Role.COMPONENT)
    changes = [back, on, new, _change("d", "1", "2")]
    assert movers(changes, Kind.ROLLBACK) == ("a",)
    assert movers(changes, Kind.FORWARD) == ("b", "c"), "artifacts decide, and what is new goes forward"
    assert movers([CAPACITY], Kind.FORWARD) == ("cart",)
