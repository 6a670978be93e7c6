"""The kind of every deployment, on whole histories: one line a commit, see `support.values`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.replay import DAY, gathered, write_trees
from support.values import replay

if TYPE_CHECKING:
    from pathlib import Path

HISTORIES = {
    "first version": (["p/a=A"], "initial"),
    "never had": (["p/a=A", "p/a=B", "p/a=C"], "initial forward forward"),
    "exact undo": (["p/a=A", "p/a=B", "p/a=A"], "initial forward rollback"),
    "back over two": (["p/a=A", "p/a=B", "p/a=C", "p/a=A"], "initial forward forward rollback"),
    "back over one": (["p/a=A", "p/a=B", "p/a=C", "p/a=B"], "initial forward forward rollback"),
    "forward again": (["p/a=A", "p/a=B", "p/a=A", "p/a=B"], "initial forward rollback redo"),
    "back twice": (["p/a=A", "p/a=B", "p/a=A", "p/a=B", "p/a=A"], "initial forward rollback redo rollback"),
    "back, then new": (["p/a=A", "p/a=B", "p/a=A", "p/a=C"], "initial forward rollback forward"),
    "back further": (["p/a=A", "p/a=B", "p/a=C", "p/a=B", "p/a=A"], "initial forward forward rollback rollback"),
    "comment alone": (["p/a=A", "p/a=A #why"], "initial redeploy"),
    "key empty, same value": (["p/a=A", "p/a=", "p/a=A"], "initial gap gap"),
    "key empty, new value": (["p/a=A", "p/a=", "p/a=B"], "initial gap forward"),
    "key empty, old value": (["p/a=A", "p/a=B", "p/a=", "p/a=A"], "initial forward gap rollback"),
    "settings return": (["p/a=A,x:1", "p/a=A,x:2", "p/a=A,x:1"], "initial forward rollback"),
    "settings forward again": (["p/a=A,x:1", "p/a=A,x:2", "p/a=A,x:1", "p/a=A,x:2"], "initial forward rollback redo"),
    "capacity is no version": (
        ["p/a=A,replicas:1", "p/a=A,replicas:2", "p/a=A,replicas:1"],
        "initial forward forward",
    ),
    "capacity beside a rollback": (
        ["p/a=A,replicas:1", "p/a=B,replicas:1", "p/a=A,replicas:2"],
        "initial forward rollback",
    ),
    "component added": (["p/a=A", "p/a=A p/b=B"], "initial forward"),
    "one of two goes back": (["p/a=A p/b=A", "p/a=B p/b=B", "p/a=A p/b=B"], "initial forward rollback"),
    "one back, one forward": (["p/a=A p/b=A", "p/a=B p/b=A", "p/a=A p/b=B"], "initial forward rollback"),
    "raw text": (["p/a=1.10", "p/a=1.1", "p/a=1.10"], "initial forward rollback"),
}


@pytest.mark.parametrize("case", HISTORIES)
def test_each_deployment_has_its_kind(case: str, tmp_path: Path) -> None:
    lines, expected = HISTORIES[case]
    found = replay(tmp_path, lines)
    assert found.kinds("production") == expected.split()
    assert found.outcome.exit_code == 0


def test_a_file_that_is_gone_for_a_while_is_no_version(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/a=A p/b=A", "p/b=A", "p/a=A p/b=A", "p/b=A", "p/a=B p/b=A"])
    same, other = found.of("production")[2], found.of("production")[4]
    assert same.digest == found.of("production")[0].digest
    assert "rollback" not in found.kinds("production")
    artifact = [c for c in other.changes if c.aspect == "artifact"]
    assert [(c.old, c.new) for c in artifact] == [("A", "B")], "a change from the last value"
    assert other.kind == "forward"
    assert [c.kind for c in same.changes if c.aspect == "artifact"] == ["gap"], "the last value came back: no change"


def test_a_rollback_names_its_culprit_and_what_it_returns_to(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/a=A", "p/a=B", "p/a=C", "p/a=A"])
    (change,) = found.of("production")[3].changes
    assert (change.culprit, change.returns_to) == ("production-2", "production-1")
    assert found.evidence.summary.environments[1].last_rollback == "production-4"


def test_a_rollback_among_other_components_leaves_those_alone(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/a=A p/b=A", "p/a=B p/b=B", "p/a=A p/b=C"])
    last = found.of("production")[2]
    assert {c.component: c.kind for c in last.changes} == {"a": "rollback", "b": "forward"}
    assert last.confidence == "inferred", "the components disagree"


def test_a_bypass_never_was_upstream(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=A p/a=A", "s/a=A p/a=B"])
    last = found.of("production")[1]
    assert (last.kind, last.bypass) == ("forward", True)
    assert [c.validation for c in last.changes] == ["bypass"]
    assert found.evidence.summary.environments[1].bypasses == 1


def test_a_promotion_has_its_origin_and_its_soak(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=A p/a=A", "s/a=B p/a=A", "s/a=B p/a=A #wait", "s/a=B p/a=B"])
    (change,) = found.of("production")[-1].changes
    assert change.validation == "promoted"
    assert change.origin is not None
    assert (change.origin.deployment, change.origin.soak_seconds) == ("staging-2", 2 * DAY)
    lead = found.evidence.summary.environments[1].measures.promotion_lead
    assert (lead.n, lead.median_seconds, lead.p90_seconds) == (1, 2 * DAY, 2 * DAY)


def test_a_second_promotion_counts_from_the_newest_upstream_deployment(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=A p/a=A", "s/a=B p/a=A", "s/a=A p/a=A", "s/a=B p/a=A", "s/a=B p/a=B"])
    origin = found.of("production")[-1].changes[0].origin
    assert origin is not None
    assert (origin.deployment, origin.soak_seconds) == ("staging-4", DAY)


def test_the_same_commit_upstream_is_simultaneous(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=A p/a=A", "s/a=B p/a=B"])
    (change,) = found.of("production")[1].changes
    assert (change.validation, change.origin) == ("simultaneous", None)
    summary = found.evidence.summary.environments[1]
    assert summary.bypasses == 0
    assert summary.simultaneous == 2, "the first deployment came to both at once as well"


def test_many_that_move_the_same_way_are_bulk(tmp_path: Path) -> None:
    before = "p/a=A p/b=A p/c=A"
    found = replay(tmp_path, [before, "p/a=B p/b=B p/c=A", "p/a=C p/b=C p/c=C", before])
    assert [(d.kind, d.bulk) for d in found.of("production")] == [
        ("initial", False),
        ("forward", False),
        ("forward", True),
        ("rollback", True),
    ]


def test_an_environment_that_is_removed_ends(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/a=A p/a=A", "p/a=A", "p/a=B"])
    staging, production = found.evidence.summary.environments
    assert (staging.present, staging.components, staging.deployments) == (False, 0, 2)
    assert "removed on 2024-01-02" in production.drift_not_assessed
    assert found.of("production")[-1].drift is None
    assert found.of("production")[-1].changes[0].validation == "not assessed"
    assert found.outcome.exit_code == 0


def test_a_broken_file_keeps_its_last_state(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/a=A p/b=A", "p/a=! p/b=A", "p/a=! p/b=B", "p/a=B p/b=B", "p/a=A p/b=B"])
    assert found.outcome.exit_code == 3
    kinds = found.kinds("production")
    assert kinds == ["initial", "forward", "forward", "rollback"], "a commit that only broke a file is no redeploy"
    assert [c.component for c in found.of("production")[1].changes] == ["b"], "unknown is not gone"
    (lost,) = found.evidence.summary.unreadable
    assert (lost.path, lost.environment, lost.code) == ("deploy/production/a.yaml", "production", "yaml-syntax")
    assert lost.line > 0
    assert lost.at == "2024-01-02T12:00:00Z"


def test_a_resource_given_twice_is_a_finding_and_the_last_file_counts(tmp_path: Path) -> None:
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: {LEVEL: '%s'}\n"
    repository = write_trees(
        tmp_path / "repository",
        [{"deploy/one.yaml": config % 1}, {"deploy/one.yaml": config % 1, "deploy/two.yaml": config % 2}],
    )
    found = gathered(repository, tmp_path / "evidence", "environments: {production: {path: deploy}}\n")
    (production,) = found.evidence.summary.environments
    assert [(f.rule, f.subject) for f in production.findings] == [("duplicate-resource", "ConfigMap/shop")]
    assert [(c.old, c.new) for c in found.deployments[1].changes] == [("1", "2")]
