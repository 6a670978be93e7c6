"""Statements are what the in-toto-attestation library takes for statements, and their predicates what it defines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from support.values import replay

from generator.evidence.predicates import RELEASE, TEST_RESULT, VERIFICATION_SUMMARY
from generator.evidence.statements import statements_of

if TYPE_CHECKING:
    from pathlib import Path

    from support.replay import Gathered


def _read(text: bytes) -> Statement:
    """Return a statement as the library reads it; a field that it does not know fails."""
    return Statement.copy_from_pb(json_format.Parse(text, StatementMessage()))


def _predicates(demo: Gathered, kind: str) -> list[dict[str, Any]]:
    found = [json.loads(text) for _, text in statements_of(demo.evidence)]
    return [one["predicate"] for one in found if one["predicateType"] == kind]


def test_every_statement_is_valid(demo: Gathered) -> None:
    count = 0
    for _, text in statements_of(demo.evidence):
        statement = _read(text)
        statement.validate()
        for subject in statement.pb.subject:
            ResourceDescriptor.copy_from_pb(subject).validate()
        count += 1
    assert count > len(demo.of("production"))


def test_statements_with_pinned_artifacts_are_valid(tmp_path: Path) -> None:
    found = replay(tmp_path, [f"p/a=shop/a@sha256:{'a' * 64} p/b=shop/b@sha512:{'b' * 128}"])
    (statement,) = [_read(text) for _, text in statements_of(found.evidence)]
    statement.validate()
    assert [sorted(subject.digest) for subject in statement.pb.subject[2:]] == [["sha256"], ["sha512"]]


def test_test_results_have_the_fields_of_the_predicate(demo: Gathered) -> None:
    predicates = _predicates(demo, TEST_RESULT)
    assert predicates
    for predicate in predicates:
        own = {name: value for name, value in predicate.items() if name.startswith("urn:")}
        message = json_format.ParseDict(
            {name: value for name, value in predicate.items() if name not in own}, test_result_pb2.TestResult()
        )
        assert message.result in {"PASSED", "WARNED", "FAILED"}
        assert [dict(one.digest) for one in message.configuration] == [predicate["configuration"][0]["digest"]]
        assert len(own) == 3


def test_verification_summaries_have_the_fields_of_the_predicate(demo: Gathered) -> None:
    predicates = _predicates(demo, VERIFICATION_SUMMARY)
    assert predicates
    for predicate in predicates:
        known = {name: value for name, value in predicate.items() if not name.startswith("urn:")}
        # SLSA's text has a list here, and the library one level of that list.
        levels = known.pop("verifiedLevels")
        message = json_format.ParseDict(known, vsa_pb2.VerificationSummary())
        assert message.verifier.id
        assert message.time_verified.ToJsonString() == predicate["timeVerified"]
        assert message.resource_uri
        assert message.policy.uri
        assert dict(message.policy.digest) == {"sha256": demo.evidence.summary.config_digest}
        assert message.verification_result in {"PASSED", "FAILED"}
        assert levels in (["ASSAY_GATES"], ["FAILED"])


def test_a_statement_without_subjects_is_refused_by_the_library(demo: Gathered) -> None:
    text = next(text for _, text in statements_of(demo.evidence))
    told = json.loads(text) | {"subject": []}
    assert told["predicateType"] == RELEASE
    with pytest.raises(ValueError, match="subject"):
        _read(json.dumps(told).encode()).validate()
