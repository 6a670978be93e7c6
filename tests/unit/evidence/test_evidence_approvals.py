"""Who approved a deployment and who committed it, as evidence keeps it."""

import pytest
from support.replay import Gathered

from generator.assurance.gates.approval import Weight
from generator.assurance.gates.facts import Yes
from generator.assurance.gates.people import Person
from generator.evidence.judged import Approved
from generator.evidence.recorder import approval_record, commit_record
from generator.evidence.records import ApprovalRecord
from generator.history.commits import Commit

YES = Yes("trailer", Person("Grace Example", "grace@example.org"), "trailer Approved-by", gate="approval")


def commit(author: str, committer: str) -> Commit:
    return Commit("a" * 40, (), 0, author, "Subject", (), committer=(committer, "x@example.org"))


@pytest.mark.parametrize(
    ("weight", "doubt"),
    [(Weight.COUNTS, ""), (Weight.OWN, "by an author"), (Weight.LATE, "afterwards"), (Weight.DOUBT, "can't be told")],
)
def test_a_yes_is_kept_with_what_it_is_worth(weight: Weight, doubt: str) -> None:
    found = approval_record(Approved(YES, weight, named=True))
    assert found == ApprovalRecord("trailer", "trailer Approved-by", "Grace Example", "approval", doubt)


def test_without_names_nobody_is_named() -> None:
    assert approval_record(Approved(YES, Weight.COUNTS, named=False)).by == ""
    record = commit_record(commit("Ada", "Grace"), authors=False)
    assert (record.author, record.committer) == ("", "")


def test_a_committer_is_named_where_it_is_somebody_else() -> None:
    assert commit_record(commit("Ada", "Ada"), authors=True).committer == ""
    assert commit_record(commit("Ada", "Grace"), authors=True).committer == "Grace"


def test_every_yes_to_production_is_kept_and_none_of_other_environments(demo: Gathered) -> None:
    assert sum(bool(one.approvals) for one in demo.of("production")) == 50
    assert not any(one.approvals for one in (*demo.of("staging"), *demo.of("integration")))
    own = [one for one in demo.of("production") if any(yes.doubt for yes in one.approvals)]
    assert [(one.sequence, one.approvals[0].by, one.approvals[0].doubt) for one in own] == [
        (15, "Jonah Pereira", "by an author")
    ]
