"""Finding deployments by what people call them, and what is said of a deployment by whatever names it."""

from __future__ import annotations

from generator.config.declared import Trailers
from generator.declarations.entries import Declarations, Incident, Override
from generator.history.commits import Commit
from generator.timeline.claims import heard
from generator.timeline.declared import Declared, Known, Words
from generator.timeline.kinds import Kind, Stamp
from generator.timeline.verdicts import Verdict

FIRST, SECOND, THIRD = "1234567a" + "0" * 32, "1234567b" + "0" * 32, "fedcba98" + "0" * 32


def _commit(identity: str, *trailers: tuple[str, str], tree: str = "") -> Commit:
    return Commit(identity, (), None, "", "", (), trailers=trailers, tree=tree)


def _known() -> Known:
    known = Known("production")
    for sequence, commit in enumerate((FIRST, SECOND, THIRD), 1):
        known.add(Stamp(sequence, commit, None))
    return known


def test_a_deployment_is_found_by_its_commit_or_its_id() -> None:
    known = _known()
    names = {"1234567a": 1, FIRST: 1, "FEDCBA9": 3, "production-2": 2}
    found = {name: known.find(name) for name in names}
    assert {name: stamp.sequence if stamp else None for name, stamp in found.items()} == names


def test_a_name_that_is_not_exact_finds_nothing() -> None:
    known = _known()
    for name in ("1234567", "123456", "production-4", "production-0", "staging-1", "", "yes", "production", "1234567g"):
        assert known.find(name) is None, name


def test_a_deployment_is_found_by_the_commit_that_a_pin_deployed_and_later_ones_count() -> None:
    known = Known("production")
    known.add(Stamp(1, FIRST, None), THIRD)
    assert known.find(THIRD[:8]) == Stamp(1, FIRST, None)
    known.add(Stamp(2, SECOND, None), THIRD)
    assert known.find(THIRD[:8]) == Stamp(2, SECOND, None)


def test_a_name_of_another_environment_is_not_meant_for_this_one() -> None:
    known = _known()
    assert known.elsewhere("staging-3")
    assert not known.elsewhere("production-99")
    assert not known.elsewhere("1234567")


def test_of_most_deployments_nothing_is_said() -> None:
    declared = Declared(declarations=Declarations(overrides=(Override("1234567a", "hotfix", "Ada", "r"),)))
    assert declared.of("production", 3, _commit(THIRD, ("Signed-off-by", "Ada"))) is None
    assert Declared().of("production", 3, _commit(THIRD)) is None


def test_entries_name_a_deployment_by_commit_id_and_environment() -> None:
    by_commit = Override("1234567a", "hotfix", "Ada", "r", environment="prod*")
    by_id = Override("production-2", "rollback", "Ada", "r")
    elsewhere = Override("1234567a", "redo", "Ada", "r", environment="staging")
    incident = Incident("INC-1", "production-2", fixed_by="fedcba98")
    declared = Declared(None, Declarations(overrides=(by_commit, by_id, elsewhere), incidents=(incident,)))
    one, two, three = (declared.of("production", n, _commit(c)) for n, c in enumerate((FIRST, SECOND, THIRD), 1))
    assert one is not None
    assert two is not None
    assert three is not None
    assert (one.overrides, two.overrides) == ((by_commit,), (by_id,))
    assert (two.began, three.ended) == ((incident,), (incident,))
    assert [problem.place.line for problem in declared.unmatched()] == [0]


def test_an_entry_names_the_commit_that_a_pin_deployed() -> None:
    declared = Declared(None, Declarations(overrides=(Override("fedcba98", "hotfix", "Ada", "r"),)))
    assert declared.of("production", 1, _commit(FIRST, tree=THIRD)) is not None


def _heard(kind: Kind, words: Words, *, bypass: bool = False, production: bool = True) -> Verdict:
    verdict = Verdict(kind, "observed", ("It moved.",), bulk=False)
    return heard(verdict, words, _known(), bypass=bypass, production=production)


def _said(*trailers: tuple[str, str], overrides: tuple[Override, ...] = ()) -> Words:
    words = Declared(Trailers(fixes=("Mends",))).of("production", 4, _commit("9" * 40, *trailers))
    return Words(words.said if words else Declared().said(_commit("9" * 40)), overrides)


def test_trailers_are_looked_for_by_their_configured_names() -> None:
    assert _heard(Kind.FORWARD, _said(("mends", "production-1"))).kind is Kind.ROLL_FORWARD
    assert _heard(Kind.FORWARD, _said(("Fixes-deployment", "production-1"))).kind is Kind.FORWARD


def test_the_more_exact_declaration_counts() -> None:
    override = Override("9999999", "redo", "Ada", "r")
    everything = (("Rollback-of", "production-1"), ("Hotfix", "yes"), ("Mends", "production-2"))
    assert _heard(Kind.FORWARD, _said(*everything, overrides=(override,))).kind is Kind.REDO
    assert _heard(Kind.FORWARD, _said(*everything)).kind is Kind.ROLLBACK
    assert _heard(Kind.FORWARD, _said(*everything[1:])).kind is Kind.HOTFIX
    assert [stamp.sequence for stamp in _heard(Kind.FORWARD, _said(*everything)).mends] == [1, 2]


def test_the_last_override_counts_and_the_others_are_kept() -> None:
    overrides = tuple(Override("9999999", kind, "Ada", "r") for kind in ("hotfix", "rollback"))
    verdict = _heard(Kind.FORWARD, _said(overrides=overrides))
    assert verdict.kind is Kind.ROLLBACK
    assert [claim.value for claim in verdict.declared] == ["rollback", "hotfix"]


def test_a_kind_that_is_none_leaves_what_is_observed() -> None:
    verdict = _heard(Kind.FORWARD, _said(overrides=(Override("9999999", "gap", "Ada", "r"),)))
    assert (verdict.kind, verdict.confidence, verdict.observed) == (Kind.FORWARD, "observed", None)
    assert verdict.reasons[-1] == "`gap` is no kind of deployment, so what the values say stands."


def test_a_redeploy_stays_one_whatever_its_trailers_say_but_for_an_override() -> None:
    trailers = (("Hotfix", "yes"), ("Rollback-of", "production-1"), ("Mends", "production-1"))
    verdict = _heard(Kind.REDEPLOY, _said(*trailers))
    assert (verdict.kind, verdict.mends) == (Kind.REDEPLOY, ())
    assert len(verdict.declared) == 3
    override = Override("9999999", "hotfix", "Ada", "A restart")
    assert _heard(Kind.REDEPLOY, _said(overrides=(override,))).kind is Kind.HOTFIX


def test_a_link_makes_no_roll_forward_of_a_version_that_was_here_before() -> None:
    for kind in (Kind.ROLLBACK, Kind.REDO, Kind.GAP, Kind.INITIAL):
        verdict = _heard(kind, _said(("Mends", "production-1")), bypass=True)
        assert (verdict.kind, [stamp.sequence for stamp in verdict.mends]) == (kind, [1])


def test_outside_of_production_a_linked_bypass_is_a_roll_forward() -> None:
    words = _said(("Mends", "production-1"))
    assert _heard(Kind.FORWARD, words, bypass=True).kind is Kind.HOTFIX
    assert _heard(Kind.FORWARD, words, bypass=True, production=False).kind is Kind.ROLL_FORWARD


def test_a_declared_hotfix_is_no_partial_rollback() -> None:
    verdict = Verdict(Kind.ROLLBACK, "observed", (), bulk=False, partial=True)
    words = _said(("Hotfix", "yes"))
    assert not heard(verdict, words, _known(), bypass=False, production=True).partial
    words = _said(("Rollback-of", "production-1"))
    assert heard(verdict, words, _known(), bypass=False, production=True).partial
