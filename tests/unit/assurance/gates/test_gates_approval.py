from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from generator.assurance.gates.facts import GateFacts, Outcome, Yes
from generator.assurance.gates.judging import judge
from generator.assurance.gates.people import Person
from generator.assurance.gates.yes import ApprovalIndex, all_yes, by_merge, person
from generator.config.gates import Gate
from generator.declarations.entries import Approval
from generator.history.signing.signers import NO_KEYS, Signature, SignatureOutcome, unknown_key

if TYPE_CHECKING:
    from generator.config.gates import Way

ADA = Person("Ada Example", "ada@example.org")
GRACE = Person("Grace Example", "grace@example.org")
LINUS = Person("Linus Example", "linus@example.org")
NOON = 1_787_000_000


def _yes(who: Person, way: Way = "trailer", **more: object) -> Yes:
    return msgspec.structs.replace(Yes(way, who, "trailer Approved-by"), **more)


def _facts(*approvals: Yes, **more: object) -> GateFacts:
    known = GateFacts("production", production=True, kind="forward", time=NOON, author=ADA, approvals=approvals)
    return msgspec.structs.replace(known, **more)


def _judged(facts: GateFacts, **terms: object) -> tuple[Outcome, str]:
    (verdict,) = judge([Gate.model_validate({"name": "approval", "approval": terms})], facts)
    return verdict.outcome, verdict.detail


def test_somebody_else_approved() -> None:
    found = _judged(_facts(_yes(GRACE)))
    assert found == (Outcome.PASSED, "Approved by Grace Example (trailer Approved-by).")


def test_an_author_alone_is_not_enough() -> None:
    outcome, detail = _judged(_facts(_yes(ADA)))
    assert (outcome, detail) == (
        Outcome.FAILED,
        "Approved by its author alone: Ada Example (trailer Approved-by).",
    )
    assert _judged(_facts(_yes(ADA)), four_eyes="false")[0] is Outcome.PASSED


@pytest.mark.parametrize(
    "who",
    [
        Person("A. Example", "ADA@example.org"),
        Person("  ada   EXAMPLE ", "ada@elsewhere.example"),
        Person("Ada Example"),
    ],
)
def test_one_person_under_two_names_is_one(who: Person) -> None:
    assert _judged(_facts(_yes(who)))[0] is Outcome.FAILED


def test_hidden_addresses_of_a_service_are_compared_without_their_number() -> None:
    author, same = Person("A", "7+ada@users.noreply.github.com"), Person("B", "ada@users.noreply.github.com")
    assert _judged(_facts(_yes(same), author=author))[0] is Outcome.FAILED


def test_nobody_approved() -> None:
    outcome, detail = _judged(_facts(), by=["trailer", "file"])
    assert (outcome, detail) == (Outcome.MISSING, "No trailer names anybody; no file approves it.")
    assert _judged(_facts(_yes(GRACE)), by=["merge"])[0] is Outcome.MISSING


def test_two_approvals_need_two_people() -> None:
    twice = (_yes(GRACE), _yes(Person("Grace Example", "g@example.net"), "file", at=NOON, source="a.yaml:3"))
    outcome, detail = _judged(_facts(*twice), count="2")
    assert outcome is Outcome.FAILED
    assert detail.startswith("1 of 2 approvals, by Grace Example")
    assert _judged(_facts(*twice, _yes(LINUS)), count="2")[0] is Outcome.PASSED


def test_who_merges_approves_what_others_wrote() -> None:
    merge = _facts(_yes(ADA, "merge", source="merge"), merged=(GRACE,))
    assert _judged(merge) == (Outcome.PASSED, "Approved by Ada Example (merge).")
    own = _facts(_yes(ADA, "merge"), merged=(ADA, GRACE))
    assert _judged(own)[0] is Outcome.FAILED
    nothing = _facts(_yes(ADA, "merge"), merged=())
    assert _judged(nothing)[0] is Outcome.FAILED


def test_who_signs_a_merge_approves_what_others_wrote() -> None:
    signed = _facts(_yes(ADA, "commit"), merged=(GRACE,))
    assert _judged(signed)[0] is Outcome.PASSED
    assert _judged(_facts(_yes(GRACE, "commit"), merged=(GRACE,)))[0] is Outcome.FAILED
    assert _judged(_facts(_yes(ADA, "tag"), merged=(GRACE,)))[0] is Outcome.FAILED


def test_a_trailer_on_a_merge_must_be_of_no_author_of_what_it_brought() -> None:
    assert _judged(_facts(_yes(GRACE), merged=(GRACE,)))[0] is Outcome.FAILED
    assert _judged(_facts(_yes(LINUS), merged=(GRACE,)))[0] is Outcome.PASSED


def test_unknown_authors_of_a_merge_leave_it_open() -> None:
    outcome, detail = _judged(_facts(_yes(GRACE, "merge"), merged=None))
    assert outcome is Outcome.NOT_ASSESSED
    assert "the authors of what was merged are not known" in detail


def test_machines_approve_nothing() -> None:
    outcome, detail = _judged(_facts(_yes(Person("renovate[bot]", "bot@example.org"))))
    assert (outcome, detail) == (
        Outcome.FAILED,
        "Approved by a machine: renovate[bot] (trailer Approved-by).",
    )


def test_the_committer_merged_where_a_service_is_the_author() -> None:
    service = Person("GitHub", "noreply@github.com")
    assert [yes.person for yes in by_merge(2, service, GRACE)] == [GRACE]
    assert [yes.person for yes in by_merge(2, ADA, service)] == [ADA]
    assert not list(by_merge(1, ADA, GRACE))


def test_an_approval_in_a_file_must_come_before() -> None:
    early, late = (_yes(GRACE, "file", source="a.yaml:3", at=at) for at in (NOON, NOON + 1))
    assert _judged(_facts(early))[0] is Outcome.PASSED
    assert _judged(_facts(late)) == (
        Outcome.FAILED,
        "Approved only afterwards, at 2026-08-17T20:53:21Z: Grace Example (a.yaml:3).",
    )
    undated = _facts(_yes(GRACE, "file", at=None))
    assert _judged(undated)[0] is Outcome.NOT_ASSESSED
    assert _judged(_facts(early, time=None))[0] is Outcome.NOT_ASSESSED


def test_an_approval_for_another_gate_is_none() -> None:
    other = _yes(GRACE, "file", at=NOON, gate="change board")
    assert _judged(_facts(other))[0] is Outcome.MISSING
    assert _judged(_facts(_yes(GRACE, "file", at=NOON, gate="Approval")))[0] is Outcome.PASSED


def test_signatures_approve_where_they_are_good() -> None:
    good = Signature(SignatureOutcome.GOOD, "", (("Grace Example", "grace@example.org"), ("Grace", "g@x")), "ab" * 20)
    facts = _facts(*all_yes(signature=good), signature=good)
    assert _judged(facts, by="commit") == (Outcome.PASSED, "Approved by Grace Example (signature of the commit).")
    tagged = _facts(*all_yes(tags=[("v1", good)]), tags=(("v1", good),))
    assert _judged(tagged, by="tag") == (Outcome.PASSED, "Approved by Grace Example (signature of tag v1).")
    other_name = Signature(SignatureOutcome.GOOD, "", (("Release", "r@example.org"), (ADA.name, "x@y")), "ab" * 20)
    assert _judged(_facts(*all_yes(signature=other_name)), by="commit")[0] is Outcome.FAILED


def test_signatures_that_were_not_checked_leave_it_open() -> None:
    outcome, detail = _judged(_facts(*all_yes(signature=NO_KEYS), signature=NO_KEYS), by="commit")
    assert outcome is Outcome.NOT_ASSESSED
    assert "no keys were given" in detail
    unknown = unknown_key("abc")
    outcome, detail = _judged(_facts(*all_yes(signature=unknown), signature=unknown), by="commit")
    assert (outcome, detail) == (Outcome.MISSING, "The commit is signed by a key that was not given (abc).")


def test_people_are_read_from_trailers() -> None:
    assert person("Grace Example <grace@example.org>") == GRACE
    assert person(" grace@example.org ") == Person("", "grace@example.org")
    assert person("Grace") == Person("Grace")
    assert all_yes(trailers=[("Approved-by", "  "), ("Approved-by", "<>")]) == ()


def test_entries_are_found_by_what_they_name() -> None:
    commit = "1a2b3c4d" + "0" * 32
    entries = [
        Approval("1a2b3c4d", "Grace", at=5, path="a.yaml", line=3),
        Approval("production-12", "Linus", path="b.yaml"),
        Approval("1a2b3c4d", "Ada", environment="staging"),
        Approval("1a2b3c4e", "Other"),
    ]
    index = ApprovalIndex()
    index.set(entries, 9)
    found = index.of([commit], ["production-12"], "production")
    assert [(yes.person.name, yes.source, yes.at) for yes in all_yes(entries=found)] == [
        ("Grace", "a.yaml:3", 5),
        ("Linus", "b.yaml", 9),
    ]


def test_one_person_of_whom_a_key_knows_two_names_is_not_two_people() -> None:
    signed = Signature(
        SignatureOutcome.GOOD, "", (("Grace Work", "grace@work.example"), ("G. Home", "g@home.example")), "k"
    )
    given = all_yes(trailers=[("Approved-by", "G. Home <g@home.example>")], tags=[("v1", signed)])
    outcome, detail = _judged(_facts(*given), count=2)
    assert outcome is Outcome.FAILED
    assert detail.startswith("1 of 2 approvals")
    assert _judged(_facts(*given, _yes(LINUS)), count=2)[0] is Outcome.PASSED


def test_two_keys_that_share_an_address_are_of_one_person() -> None:
    keys = [
        Signature(SignatureOutcome.GOOD, "", (("Grace Work", "w@g.example"), ("G.", "both@g.example")), "k1"),
        Signature(SignatureOutcome.GOOD, "", (("Grace Home", "h@g.example"), ("Gr.", "both@g.example")), "k2"),
    ]
    given = all_yes(tags=[("v1", keys[0]), ("v2", keys[1])])
    assert _judged(_facts(*given), count=2)[0] is Outcome.FAILED


@pytest.mark.parametrize(
    "who",
    [
        Person("dependabot", "49699333+dependabot[bot]@users.noreply.github.com"),
        Person("Renovate Bot", "bot@renovateapp.com"),
        Person("shop-ci-bot", "ci@example.org"),
        Person("k8s-ci-robot", "k8s@example.org"),
        Person("", "release_bot@example.org"),
    ],
)
def test_what_calls_itself_a_bot_approves_nothing(who: Person) -> None:
    outcome, detail = _judged(_facts(_yes(who)))
    assert outcome is Outcome.FAILED
    assert detail.startswith("Approved by a machine")


@pytest.mark.parametrize("who", [Person("Jan Bot", "jan@example.org"), Person("Anna Talbot", "talbot@example.org")])
def test_people_whose_name_ends_so_are_people(who: Person) -> None:
    assert _judged(_facts(_yes(who)))[0] is Outcome.PASSED


def test_approvals_follow_their_files() -> None:
    commit = "1a2b3c4d" + "0" * 32
    one, two = (
        Approval("1a2b3c4d", "Grace", path="a.yaml", line=1),
        Approval("1a2b3c4d", "Linus", path="b.yaml", line=1),
    )
    moved = msgspec.structs.replace(one, path="c.yaml")
    index = ApprovalIndex()

    def known() -> list[tuple[str, str, int | None]]:
        return [(e.by, e.path, at) for e, at in index.of([commit], [], "production")]

    index.set([one], 1)
    index.set([one, two], 2)
    assert known() == [("Grace", "a.yaml", 1), ("Linus", "b.yaml", 2)]
    index.set([two, moved], 3)
    assert known() == [("Linus", "b.yaml", 2), ("Grace", "c.yaml", 1)]
    index.set([moved, moved], 4)
    assert known() == [("Grace", "c.yaml", 1)]
    index.set([], 5)
    assert known() == []
    index.set([one], 6)
    assert known() == [("Grace", "a.yaml", 6)]
