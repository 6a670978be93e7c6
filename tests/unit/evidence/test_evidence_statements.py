"""Statements of releases: what they are about, what they say, and that a release alone decides them."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from support.values import replay

from generator.errors import RefusedError
from generator.evidence.dsse import statements_path
from generator.evidence.gates import GateTable
from generator.evidence.predicates import (
    KINDS,
    RELEASE,
    TEST_RESULT,
    VERIFICATION_SUMMARY,
    Descriptor,
    ReleasedArtifact,
)
from generator.evidence.reading import DEPLOYMENTS, Evidence
from generator.evidence.statements import MOST_ARTIFACTS, statements_of

if TYPE_CHECKING:
    from pathlib import Path

    from support.replay import Gathered

ONE, OTHER = "a" * 64, "b" * 64
RELEASES = 30_000
SECONDS = 1.5


def _statements(bundle: Evidence, kind: str = "") -> list[dict[str, Any]]:
    found = [json.loads(text) for _, text in statements_of(bundle)]
    return [one for one in found if kind in {"", one["predicateType"]}]


@pytest.fixture(scope="module")
def told(demo: Gathered) -> list[dict[str, Any]]:
    return _statements(demo.evidence)


def test_each_release_has_its_statement_in_order(demo: Gathered, told: list[dict[str, Any]]) -> None:
    releases = [one["predicate"]["release"] for one in told if one["predicateType"] == RELEASE]
    assert releases == [d.id for d in demo.of("production")]
    assert {one["predicateType"] for one in told} == set(KINDS.values())


def test_the_file_holds_them_as_canonical_json(demo: Gathered) -> None:
    lines = (demo.folder / statements_path("production")).read_bytes().splitlines()
    assert lines == [text for _, text in statements_of(demo.evidence)]
    assert all(rfc8785.dumps(json.loads(line)) == line for line in lines)
    assert not (demo.folder / statements_path("staging")).exists()
    assert sum(map(len, lines)) / len(lines) < 1100


def test_a_statement_names_the_version_the_commit_and_the_record(demo: Gathered, told: list[dict[str, Any]]) -> None:
    lines = {json.loads(line)["id"]: line for line in (demo.folder / DEPLOYMENTS).read_bytes().splitlines()}
    for one, release in zip((s for s in told if s["predicateType"] == RELEASE), demo.of("production"), strict=True):
        version, commit, *_ = one["subject"]
        assert version == {"name": f"production@{release.sequence}", "digest": {"sha256": release.digest}}
        assert commit["digest"] == {"gitCommit": release.commit.id}
        assert one["predicate"]["record"] == hashlib.sha256(lines[release.id]).hexdigest()
        assert one["predicate"]["released_at"] == release.commit.committed_at
        assert one["predicate"]["kind"] == release.kind


def test_no_name_of_a_person_is_in_a_statement(demo: Gathered, told: list[dict[str, Any]]) -> None:
    people = {name for d in demo.deployments for name in (d.commit.author, d.commit.committer) if name}
    text = json.dumps(told)
    assert people
    assert [name for name in sorted(people) if name in text] == []


def test_results_that_were_read_have_statements(demo: Gathered, told: list[dict[str, Any]]) -> None:
    expected = [
        (d.id, r.name, r.outcome)
        for d in demo.of("production")
        for r in d.results
        if r.outcome not in {"missing", "unreadable"}
    ]
    found = [one["predicate"] for one in told if one["predicateType"] == TEST_RESULT]
    assert [(one["urn:assay:release"], one["urn:assay:result"]) for one in found] == [e[:2] for e in expected]
    verdicts = {"passed": {"PASSED", "WARNED"}, "failed": {"FAILED"}}
    assert all(one["result"] in verdicts[e[2]] for one, e in zip(found, expected, strict=True))
    assert any(one["failedTests"] for one in found if one["result"] == "FAILED")


def test_a_gate_that_did_not_pass_fails_the_summary(demo: Gathered, told: list[dict[str, Any]]) -> None:
    tables = demo.evidence.objects("gates", "production", GateTable)
    found = {
        one["predicate"]["urn:assay:release"]: one["predicate"]
        for one in told
        if one["predicateType"] == VERIFICATION_SUMMARY
    }
    for release in demo.of("production"):
        rows = tables[release.gates.object].rows
        passed = all(row.outcome == "passed" for row in rows)
        summary = found[release.id]
        assert summary["verificationResult"] == ("PASSED" if passed else "FAILED")
        assert summary["verifiedLevels"] == (["ASSAY_GATES"] if passed else ["FAILED"])
        assert [gate["outcome"] for gate in summary["urn:assay:gates"]] == [row.outcome for row in rows]
        assert summary["timeVerified"] == release.commit.committed_at
    assert {summary["verificationResult"] for summary in found.values()} == {"PASSED", "FAILED"}


def test_artifacts_pinned_by_digest_are_subjects(tmp_path: Path) -> None:
    pinned = [f"shop/app:1@sha256:{ONE}", f"shop/app:1@sha256:{OTHER}", f"sha256:{ONE}", "shop/app:2"]
    short = f"shop/app:3@sha256:{'a' * 63}"
    words = [f"p/{name}={image}" for name, image in zip("abcde", [*pinned, short], strict=True)]
    found = replay(tmp_path, [" ".join([*words, f"p/f={pinned[0]}"])])
    (one,) = _statements(found.evidence, RELEASE)
    artifacts = {subject["name"]: subject["digest"] for subject in one["subject"][2:]}
    assert {"sha256": ONE} in artifacts.values()
    assert artifacts["shop/app:1"] != artifacts["shop/app:1 (2)"]
    assert sorted(digest["sha256"] for digest in artifacts.values()) == [ONE, ONE, OTHER]
    assert len(one["predicate"]["artifacts"]) == len(words) + 1


def test_many_artifacts_are_counted_and_not_all_listed(tmp_path: Path) -> None:
    line = " ".join(f"p/c{number:03}=shop/app:{number}" for number in range(MOST_ARTIFACTS + 7))
    (one,) = _statements(replay(tmp_path, [line]).evidence, RELEASE)
    assert len(one["predicate"]["artifacts"]) == MOST_ARTIFACTS
    assert one["predicate"]["left_out"] == 7


def test_a_history_without_production_has_no_statements(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=A"])
    assert list(statements_of(found.evidence)) == []
    assert not (found.folder / "statements").exists()


def test_statements_of_a_release_stay_when_others_follow(tmp_path: Path) -> None:
    lines = ["s/a=A p/a=A", "s/a=B p/a=A", "s/a=B p/a=B"]
    before = [text for _, text in statements_of(replay(tmp_path / "one", lines).evidence)]
    after = [text for _, text in statements_of(replay(tmp_path / "two", [*lines, "s/a=C p/a=C"]).evidence)]
    assert len(before) == 2
    assert after[: len(before)] == before


def test_a_record_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/a=A", "p/a=B"])
    path = found.folder / DEPLOYMENTS
    first, second = path.read_bytes().splitlines()
    path.write_bytes(first + b"\n" + second[:-2] + b"\n")
    with pytest.raises(RefusedError, match=r"deployments\.jsonl:2"):
        list(statements_of(found.evidence))


@given(st.text(), st.text(), st.integers(-(2**53) + 1, 2**53 - 1))
def test_what_is_written_is_canonical_whatever_it_says(name: str, text: str, number: int) -> None:
    artifact = ReleasedArtifact(name, text, None, text, "forward", soak_seconds=number)
    written = msgspec.json.encode((Descriptor({"sha256": text}, name), artifact), order="sorted")
    assert written == rfc8785.dumps(msgspec.json.decode(written))


def test_texts_of_a_repository_stay_canonical(tmp_path: Path) -> None:
    found = replay(tmp_path, ['p/a="é\\u2028\\x7f\\t<b>"'])
    for _, text in statements_of(found.evidence):
        assert rfc8785.dumps(json.loads(text)) == text


def test_many_releases_take_little_time(demo: Gathered, tmp_path: Path) -> None:
    last = msgspec.to_builtins(demo.of("production")[-1])
    with (tmp_path / DEPLOYMENTS).open("wb") as file:
        for number in range(1, RELEASES + 1):
            last |= {"id": f"production-{number}", "sequence": number}
            file.write(msgspec.json.encode(last, order="sorted") + b"\n")
    start = time.process_time()
    count = sum(1 for _ in statements_of(Evidence.unfinished(tmp_path, demo.evidence.summary)))
    took = time.process_time() - start
    assert count >= RELEASES
    assert took < SECONDS, f"{took:.2f} s for {RELEASES} releases"
