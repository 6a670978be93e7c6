"""What three real histories went through, deployment by deployment, against a count that shares no code.

`python -m real.oracle_counts NAME CLONE` and `python -m real.oracle_triage NAME CLONE ENVIRONMENT`, from the folder
`tests`, print what is expected here.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from real import oracle_counts, oracle_triage
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.real


class Numbers(NamedTuple):
    """How often it happened in one environment."""

    forward: int
    roll_forward: int
    rollback: int
    redo: int
    bypass: int
    bulk: int


EXPECTED = {
    ("web-monitoring-ops", "staging"): Numbers(179, 0, 1, 0, 0, 1),
    ("web-monitoring-ops", "production"): Numbers(353, 0, 3, 0, 7, 0),
    ("pangeo-cloud-federation", "staging"): Numbers(162, 1, 6, 0, 0, 0),
    ("pangeo-cloud-federation", "prod"): Numbers(172, 1, 8, 0, 0, 0),
    ("deployment-charts", "staging"): Numbers(3345, 13, 179, 43, 0, 4),
    ("deployment-charts", "eqiad"): Numbers(3364, 14, 181, 41, 12, 3),
    ("deployment-charts", "codfw"): Numbers(3382, 12, 186, 44, 13, 3),
}
NAMES = sorted({name for name, _ in EXPECTED})
VERDICTS = {
    ("web-monitoring-ops", "staging"): {"application, unvalidated": 1},
    ("web-monitoring-ops", "production"): {"application, unvalidated": 1, "deployment": 1, "mixed": 1},
    ("pangeo-cloud-federation", "staging"): {"deployment": 6},
    ("pangeo-cloud-federation", "prod"): {"deployment": 7, "mixed": 1},
    ("deployment-charts", "staging"): {"application, unvalidated": 68, "deployment": 86, "mixed": 25},
    ("deployment-charts", "eqiad"): {
        "application": 3,
        "application, unvalidated": 61,
        "deployment suspected": 3,
        "deployment": 95,
        "mixed": 19,
    },
    ("deployment-charts", "codfw"): {
        "application": 1,
        "application, unvalidated": 62,
        "deployment suspected": 5,
        "deployment": 99,
        "mixed": 19,
    },
}


class Case(NamedTuple):
    """One environment of one history."""

    name: str
    environment: str
    repository: Path
    found: Facts
    counts: oracle_counts.Counts

    @property
    def deployments(self) -> list[dict[str, Any]]:
        return self.found.of(self.environment)

    @property
    def numbers(self) -> Numbers:
        return EXPECTED[self.name, self.environment]


@pytest.fixture(scope="module", params=NAMES)
def history(
    request: pytest.FixtureRequest, real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, Facts]:
    name = str(request.param)
    return name, real_history(name), facts(name, real_history, tmp_path_factory)


@pytest.fixture(scope="module")
def cases(history: tuple[str, Path, Facts]) -> list[Case]:
    """Return the environments of a history; a test goes through all of them, since one count makes them all."""
    name, repository, found = history
    return [
        Case(name, own, repository, found, counts) for own, counts in oracle_counts.counted(name, repository).items()
    ]


def test_every_environment_is_counted(cases: list[Case]) -> None:
    assert {(case.name, case.environment) for case in cases} == {key for key in EXPECTED if key[0] == cases[0].name}


def test_each_deployment_has_the_kind_of_the_definition(cases: list[Case]) -> None:
    """DEFINITIONS, "What happened": every deployment, redeploys included, and with it how many there are of a kind."""
    for case in cases:
        told = [(d["commit"]["id"], d["kind"]) for d in case.deployments]
        assert compare(told, ((one.commit.id, one.kind) for one in case.counts.account.told)) == SAME, case.environment
        kinds = case.found.environment(case.environment)["kinds"]
        assert [kinds.get(k, 0) for k in ("forward", "roll-forward", "rollback", "redo")] == list(case.numbers[:4])
        assert kinds.get("hotfix", 0) == 0, "nobody declares one in these histories"
        assert [d["id"] for d in case.deployments if d.get("declared")] == []


def test_deployments_that_move_much_at_once_are_bulk(cases: list[Case]) -> None:
    """DEFINITIONS, "bulk": of `deployment-charts` three alone, and `067a7b1d` with `830b7158` eight seconds later."""
    for case in cases:
        bulk = [d["commit"]["id"] for d in case.deployments if d.get("bulk")]
        assert bulk == case.counts.account.bulks
        assert len(bulk) == case.found.environment(case.environment)["bulks"] == case.numbers.bulk


def test_artifacts_that_the_upstream_never_had_are_bypasses(cases: list[Case]) -> None:
    """DEFINITIONS, "bypass", by deployment."""
    for case in cases:
        bypasses = [d["commit"]["id"] for d in case.deployments if d.get("bypass")]
        assert bypasses == case.counts.bypasses
        assert len(bypasses) == case.found.environment(case.environment)["bypasses"] == case.numbers.bypass


def test_what_mends_with_a_new_version_is_told_by_git_or_by_its_message(cases: list[Case]) -> None:
    """DEFINITIONS, "roll-forward": observed where git's words name the commit that is reverted, else inferred.

    `git log -1 --format=%B 1730e7e9` of `deployment-charts` has "This reverts commit 2a2b85b8…", and `git log --oneline
    2a2b85b8..1730e7e9 -- helmfile.d/services/changeprop-jobqueue` another change between the two, so that the service
    came to settings that it never had.
    """
    for case in cases:
        told = [(d["commit"]["id"], d["confidence"]) for d in case.deployments if d["kind"] == "roll-forward"]
        assert told == [(one.commit.id, one.mends) for one in case.counts.account.told if one.mends]


def test_each_rollback_has_the_verdict_of_the_table(cases: list[Case]) -> None:
    """DEFINITIONS, "Is it the application or the deployment?": the failed range, and a verdict for each component."""
    for case in cases:
        records = triage(case)
        commits = {d["id"]: d["commit"]["id"] for d in case.deployments}
        told = [
            oracle_triage.Triaged(
                d["commit"]["id"],
                commits[record["failed_from"]],
                commits[record["failed_to"]],
                record["verdict"],
                tuple((c["component"], c["verdict"]) for c in record["components"]),
            )
            for d in case.deployments
            if d["kind"] == "rollback" and (record := records[d["triage"]])
        ]
        expected = oracle_triage.rollbacks(case.name, case.repository, case.environment)
        assert compare(told, expected) == SAME, case.environment
        assert Counter(one.verdict for one in told) == VERDICTS[case.name, case.environment]
        triggers = {record["trigger"] for record in records.values()}
        assert triggers == {"rollback"}, "there are no incidents and no gates"


def triage(case: Case) -> dict[str, dict[str, Any]]:
    return {digest: record["record"] for digest, record in lines(case.found, "triage", case.environment)}


def lines(found: Facts, kind: str, environment: str) -> Iterator[tuple[str, dict[str, Any]]]:
    with (found.folder / "objects" / kind / f"{environment}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield record["digest"], record
