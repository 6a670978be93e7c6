"""What a whole run says of deployments beside their values: approvals, results, gates, waivers, sites, snapshots."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.manifests import deployment
from support.replay import DAY, START, Gathered, Revision, gathered, revision

from generator.errors import UsageError
from generator.evidence.gates import GateTable
from generator.evidence.results import ResultDetail
from generator.evidence.triage import TriageRecord
from generator.history.importing import write_repository

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CONFIG = """
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
gates:
  - {name: approval, approval: {by: trailer}, owner: Releases, says: Somebody else looked at it}
  - {name: soak, soak: 2d}
  - {name: tests, result: unit}
results:
  - {name: unit, format: junit, path: "reports/{commit}.xml", environments: [production], expected: true}
"""
JUNIT = '<testsuite name="u" tests="2" failures="{0}"><testcase name="a"/><testcase name="b">{1}</testcase></testsuite>'


def junit(*, failed: bool = False) -> str:
    return JUNIT.format(int(failed), "<failure message='broken'/>" if failed else "")


def history(target: Path, steps: Sequence[tuple[str, Mapping[str, str]]]) -> Path:
    """Write commits a day apart, each with its message and its complete tree."""
    before: dict[str, bytes] = {}
    made: list[Revision] = []
    for number, (message, tree) in enumerate(steps):
        now = {path: content.encode() for path, content in tree.items()}
        made.append(revision(number, now, before, message))
        before = now
    write_repository(target, made)
    return target


def app(version: int, environment: str, name: str = "api") -> dict[str, str]:
    return {f"{environment}/{name}.yaml": deployment(name, f"shop/{name}:{version}")}


def outcomes(found: Gathered, environment: str = "production") -> list[dict[str, str]]:
    """Return gate → outcome of each deployment of an environment."""
    tables = found.evidence.objects("gates", environment, GateTable)
    return [{r.name: r.outcome for r in tables[d.gates.object].rows} for d in found.of(environment)]


def test_each_release_has_its_gate_table_and_its_results(tmp_path: Path) -> None:
    one = app(1, "staging") | app(1, "production")
    promoted = app(2, "staging") | app(1, "production")
    two = app(2, "staging") | app(2, "production")
    steps = [
        ("Begin", one),
        ("Try 2", promoted),
        ("Document", promoted | {"README": "x"}),
        ("Wait", promoted | {"README": "y"}),
        ("Promote 2\n\nApproved-by: Grace Example <grace@example.org>", two),
        ("Rush 3\n\nApproved-by: Ada Example <nobody@example.org>", app(3, "staging") | app(3, "production")),
    ]
    repository = history(tmp_path / "repository", steps)
    plain = gathered(repository, tmp_path / "plain", CONFIG)
    commits = [d.commit.id for d in plain.of("production")]
    reports = {f"reports/{commits[1]}.xml": junit(), f"reports/{commits[2][:10]}.xml": junit(failed=True)}
    found = gathered(history(tmp_path / "again", [*steps, ("Reports", steps[-1][1] | reports)]), tmp_path / "e", CONFIG)
    assert outcomes(found) == [
        {"approval": "missing", "soak": "failed", "tests": "missing"},
        {"approval": "passed", "soak": "passed", "tests": "passed"},
        {"approval": "failed", "soak": "failed", "tests": "failed"},
    ]
    second, third = found.of("production")[1:]
    assert (second.gates.passed, third.gates.failed) == (3, 3)
    assert [(r.name, r.outcome, r.total, r.failed) for r in third.results] == [("unit", "failed", 2, 1)]
    details = found.evidence.objects("results", "production", ResultDetail)
    assert [item.name for item in details[third.results[0].object].items] == ["u b"]
    (production,) = [e for e in found.evidence.summary.environments if e.production]
    assert [(g.name, g.passed, g.failed, g.missing) for g in production.gates] == [
        ("approval", 1, 1, 1),
        ("soak", 1, 2, 0),
        ("tests", 1, 1, 1),
    ]
    assert production.results == (("unit", 1, 1, 1, 0),)
    triage = found.evidence.objects("triage", "production", TriageRecord)
    assert third.triage is not None
    assert triage[third.triage].trigger == "gate approval"
    assert second.triage is None


def test_an_approval_may_name_the_upstream_deployment_that_is_promoted(tmp_path: Path) -> None:
    config = (
        "environments:\n  staging: {path: staging}\n  production: {path: production, upstream: staging}\n"
        "gates:\n- {name: yes, approval: {by: file}}\n"
    )
    both, tried = app(1, "staging") | app(1, "production"), app(2, "staging") | app(1, "production")
    commit = gathered(history(tmp_path / "r", [("1", both), ("2", tried)]), tmp_path / "p", config).of("staging")[1]
    entry = "- {{commit: {}, environment: production, by: Grace}}\n"
    said = {".assay/yes.yaml": "approvals:\n" + entry.format(commit.commit.id[:10])}
    two = app(2, "staging") | app(2, "production")
    steps = [("1", both), ("2", tried), ("Approve", tried | said), ("Promote", two | said)]
    assert outcomes(gathered(history(tmp_path / "again", steps), tmp_path / "e", config)) == [
        {"yes": "missing"},
        {"yes": "passed"},
    ]
    three = app(3, "staging") | app(3, "production")
    unlike = [*steps, ("Other", three | said)]
    assert outcomes(gathered(history(tmp_path / "unlike", unlike), tmp_path / "u", config))[-1] == {"yes": "missing"}


def test_what_was_taken_back_is_no_last_good_version(tmp_path: Path) -> None:
    config = (
        "environments: {production: {path: production}}\n"
        "gates:\n- {name: quiet, freeze: [{from: 2024-01-03, until: 2024-01-09}]}\n"
    )
    steps = [(str(number), app(version, "production")) for number, version in enumerate((1, 2, 1, 3))]
    found = gathered(history(tmp_path / "r", steps), tmp_path / "e", config)
    records = found.evidence.objects("triage", "production", TriageRecord)
    told = [records[d.triage] if d.triage else None for d in found.of("production")]
    assert [one.trigger if one else "" for one in told] == ["", "", "rollback", "gate quiet"]
    good = told[3].last_good if told[3] else None
    assert good is not None
    assert good.deployment == "production-1", "the second was rolled back, and the third is in the freeze"


WAIVED = "waivers:\n- {rule: missing-limits, component: api, owner: Platform, reason: old, expires: 2024-01-04}\n"
ALONE = "environments: {production: {path: production}}\nchecks: {missing-limits: error}\n"


def test_a_waiver_holds_from_its_commit_to_its_day(tmp_path: Path) -> None:
    steps = [
        ("1", app(1, "production")),
        ("2", app(2, "production") | {".assay/waivers.yaml": WAIVED}),
        ("3", app(3, "production") | {".assay/waivers.yaml": WAIVED}),
        ("4", app(4, "production") | {".assay/waivers.yaml": WAIVED}),
        ("5", app(5, "production") | {".assay/waivers.yaml": WAIVED}),
    ]
    found = gathered(history(tmp_path / "repository", steps), tmp_path / "evidence", ALONE)
    counts = [(d.findings.error, d.findings.waived) for d in found.of("production")]
    # The days are the first to the fifth of January, each at noon; the fourth still counts as a whole.
    assert counts == [(1, 0), (0, 1), (0, 1), (0, 1), (1, 0)]
    (exemption,) = found.evidence.summary.exemptions
    assert (exemption.state, exemption.matched, exemption.standing) == ("expired", 1, 1)
    assert exemption.source == ".assay/waivers.yaml:2"


@pytest.mark.parametrize(
    ("rule", "state"),
    [("missing-limits", "in force"), ("missing-probe-of-mine", "unknown rule"), ("host-path", "unused")],
)
def test_every_waiver_is_reported(tmp_path: Path, rule: str, state: str) -> None:
    text = WAIVED.replace("missing-limits", rule).replace("2024", "2030")
    repository = history(tmp_path / "r", [("1", app(1, "production") | {".assay/a.yaml": text})])
    found = gathered(repository, tmp_path / "evidence", ALONE)
    assert [e.state for e in found.evidence.summary.exemptions] == [state]


def test_a_broken_declaration_is_told_and_the_last_good_one_holds(tmp_path: Path) -> None:
    good = WAIVED.replace("2024", "2030")
    steps = [
        ("1", app(1, "production") | {".assay/a.yaml": good}),
        ("2", app(2, "production") | {".assay/a.yaml": "waivers: ["}),
    ]
    found = gathered(history(tmp_path / "r", steps), tmp_path / "evidence", ALONE)
    assert found.outcome.exit_code == 3
    assert [(u.path, u.environment) for u in found.evidence.summary.unreadable] == [(".assay/a.yaml", "")]
    assert [(d.findings.error, d.findings.waived) for d in found.of("production")] == [(0, 1), (0, 1)]
    (exemption,) = found.evidence.summary.exemptions
    assert (exemption.state, exemption.until) == ("in force", "")


def test_an_entry_that_can_not_be_taken_costs_that_entry_alone(tmp_path: Path) -> None:
    good = WAIVED.replace("2024", "2030")
    steps = [
        ("1", app(1, "production") | {".assay/a.yaml": good}),
        ("2", app(2, "production") | {".assay/a.yaml": good.replace("owner: Platform, ", "")}),
    ]
    found = gathered(history(tmp_path / "r", steps), tmp_path / "evidence", ALONE)
    assert [(d.findings.error, d.findings.waived) for d in found.of("production")] == [(0, 1), (1, 0)]


def test_a_pattern_that_fits_no_file_is_told(tmp_path: Path) -> None:
    config = f"{ALONE}policies: policy/*.rgo\ndeclarations: said/*.yaml\n"
    found = gathered(history(tmp_path / "r", [("1", app(1, "production"))]), tmp_path / "e", config)
    told = [(u.level, u.code, u.reason.split("`")[1]) for u in found.evidence.summary.unreadable]
    assert ("note", "pattern-unmatched", "policy/*.rgo") in told
    assert ("note", "pattern-unmatched", "said/*.yaml") in told
    assert sum(code == "pattern-unmatched" for _, code, _ in told) == 2


def test_declarations_stand_in_the_main_chain_also_where_no_environment_does(tmp_path: Path) -> None:
    steps = [("1", app(1, "production")), ("2", app(1, "production") | {".assay/a.yaml": WAIVED})]
    repository = history(tmp_path / "r", steps)
    config = "environments: {production: {path: production, tags: 'v*'}}\nchecks: {missing-limits: error}\n"
    found = gathered(repository, tmp_path / "evidence", config)
    assert [e.state for e in found.evidence.summary.exemptions] == ["unused"]
    assert found.evidence.summary.coverage.commits == 0


def test_an_override_and_an_incident_are_heard_whenever_they_were_written(tmp_path: Path) -> None:
    config = "environments:\n  staging: {path: staging}\n  production: {path: production, upstream: staging}\n"
    steps = [
        ("1", app(1, "staging") | app(1, "production")),
        ("2", app(1, "staging") | app(2, "production")),
        ("3", app(1, "staging") | app(3, "production")),
    ]
    repository = history(tmp_path / "r", steps)
    commits = [d.commit.id for d in gathered(repository, tmp_path / "plain", config).of("production")]
    said = (
        f"overrides:\n- {{commit: {commits[1][:9]}, kind: hotfix, owner: Ada, reason: it burnt}}\n"
        f"incidents:\n- {{id: INC-1, commit: {commits[2]}, title: It burnt}}\n"
    )
    again = history(tmp_path / "again", [*steps, ("4", steps[-1][1] | {".assay/late.yaml": said})])
    found = gathered(again, tmp_path / "evidence", config)
    second, third = found.of("production")[1:]
    assert (second.kind, second.observed, second.confidence) == ("hotfix", "forward", "declared")
    assert [(d.key, d.source) for d in second.declared] == [("override", ".assay/late.yaml:2")]
    assert third.incidents == ("INC-1",)
    triage = found.evidence.objects("triage", "production", TriageRecord)
    assert third.triage is not None
    assert (triage[third.triage].trigger, triage[third.triage].verdict) == (
        "incident INC-1",
        "application, unvalidated",
    )
    (production,) = [e for e in found.evidence.summary.environments if e.production]
    assert production.kinds.hotfix == 1
    assert production.triage == (("application, unvalidated", 1),)


def test_a_bulk_window_marks_every_deployment_in_it_and_is_counted_once_each(tmp_path: Path) -> None:
    tree: dict[str, bytes] = {}
    made: list[Revision] = []
    for number in range(6):
        now = dict(tree) if number else {}
        for each in range(6) if not number else [number]:
            path, content = next(iter(app(number + 1, "production", f"app{each}").items()))
            now[path] = content.encode()
        made.append(
            replace(revision(number, now, tree), at=START + number * (60 if number else 0) + (DAY * bool(number)))
        )
        tree = now
    write_repository(tmp_path / "r", made)
    config = "environments: {production: {path: production}}\nbulk: 4\nbulk_window: 10m\n"
    found = gathered(tmp_path / "r", tmp_path / "e", config)
    assert [d.bulk for d in found.of("production")] == [False, True, True, True, True, True]
    assert all("within 10 minutes" in " ".join(d.reasons) for d in found.of("production")[1:])
    (production,) = found.evidence.summary.environments
    assert (production.bulks, production.measures.series[0].total.bulk) == (5, 5)
    wide = gathered(tmp_path / "r", tmp_path / "w", config.replace("10m", "0s"))
    assert not any(d.bulk for d in wide.of("production"))


def test_sites_are_compared_with_the_first_of_them(tmp_path: Path) -> None:
    config = (
        "environments:\n  staging: {path: s}\n  eu: {path: eu, upstream: staging, production: true}\n"
        "  us: {path: us, upstream: staging, production: true}\n"
    )
    steps = [
        ("1", app(1, "s") | app(1, "eu") | app(1, "us")),
        ("2", app(2, "s") | app(2, "eu") | app(1, "us")),
    ]
    found = gathered(history(tmp_path / "r", steps), tmp_path / "e", config)
    sites = {e.name: e.site for e in found.evidence.summary.environments}
    assert (sites["staging"], sites["eu"]) == (None, None)
    us = sites["us"]
    assert us is not None
    assert us.reference == "eu"
    assert [(r.component, r.drift, r.upstream, r.value) for r in us.rows] == [
        ("api", "pending", "shop/api:2", "shop/api:1")
    ]


def test_what_runs_is_compared_with_the_model(tmp_path: Path) -> None:
    live = app(1, "production")["production/api.yaml"].replace("shop/api:1", "shop/api:9")
    config = "environments: {production: {path: ., live: production/live}}\n"
    tree = app(1, "production") | {"production/live/all.yaml": live}
    found = gathered(history(tmp_path / "r", [("1", tree)]), tmp_path / "e", config)
    (production,) = found.evidence.summary.environments
    assert production.components == 1, "a snapshot is no part of the model"
    assert production.live is not None
    assert [(r.component, r.drift, r.upstream, r.value) for r in production.live.rows] == [
        ("api", "ahead", "shop/api:1", "shop/api:9")
    ]
    assert production.live.source == "production/live/all.yaml"


def test_a_snapshot_of_too_many_files_says_that_some_were_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.pipeline.live.MOST_FILES", 1)
    config = "environments: {production: {path: ., live: production/live}}\n"
    live = {f"production/live/{n}.yaml": deployment(n, f"shop/{n}:1") for n in ("api", "web")}
    tree = app(1, "production") | app(1, "production", "web") | live
    found = gathered(history(tmp_path / "r", [("1", tree)]), tmp_path / "e", config)
    assert [(entry.code, entry.reason) for entry in found.evidence.summary.unreadable] == [
        ("live-count", "2 files of one snapshot, of which the first 1 are read")
    ]


def test_a_snapshot_of_an_environment_that_is_not_there_is_refused(tmp_path: Path) -> None:
    from support.replay import Silent

    from generator.pipeline.gathering import gather
    from generator.pipeline.request import Request

    repository = history(tmp_path / "r", [("1", app(1, "production"))])
    (tmp_path / "c.yaml").write_text("environments: {production: {path: production}}\n")
    request = Request(repository, tmp_path / "c.yaml", live={"prod": tmp_path / "c.yaml"})
    with pytest.raises(UsageError, match="no environment 'prod'"):
        gather(request, tmp_path / "e", Silent())


def test_ended_drift_and_fixed_findings_are_kept_with_who_ended_them(tmp_path: Path) -> None:
    config = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging}\n"
    steps = [
        ("1", app(1, "s") | app(1, "p")),
        ("2", app(2, "s") | app(1, "p")),
        ("3", app(2, "s") | app(2, "p")),
    ]
    found = gathered(history(tmp_path / "r", steps), tmp_path / "e", config)
    third = found.of("production")[1]
    (ended,) = found.evidence.ended("production")
    assert (ended.component, ended.drift, ended.until) == ("api", "pending", third.commit.id)
    assert (ended.upstream, ended.value) == ("shop/api:2", "shop/api:1")
    late = app(3, "p") | {"p/db.yaml": deployment("db", "db:latest")}
    more = [*steps, ("4", app(2, "s") | late), ("5", app(2, "s") | app(3, "p"))]
    again = gathered(history(tmp_path / "again", more), tmp_path / "again-e", config)
    fixed = {(f.finding.rule, f.finding.subject): f for f in again.evidence.fixed("production")}
    unpinned = fixed["unpinned-image", "db"]
    assert (unpinned.finding.release, unpinned.fixed_by) == ("production-3", "production-4")
    totals = {t.rule: t for e in again.evidence.summary.environments if e.production for t in e.finding_totals}
    assert all(t.opened == t.fixed + t.standing + t.waived for t in totals.values())
    assert (totals["unpinned-image"].opened, totals["unpinned-image"].fixed) == (1, 1)


def test_a_result_that_can_not_be_read_is_told_and_nothing_else_is_lost(tmp_path: Path) -> None:
    plain = gathered(history(tmp_path / "r", [("1", app(1, "production"))]), tmp_path / "p", RESULTS_ALONE)
    name = f"reports/{plain.of('production')[0].commit.id}.xml"
    steps = [("1", app(1, "production")), ("2", app(1, "production") | {name: junit()[:60]})]
    found = gathered(history(tmp_path / "again", steps), tmp_path / "e", RESULTS_ALONE)
    assert found.outcome.exit_code == 3
    (lost,) = found.evidence.summary.unreadable
    assert (lost.code, lost.path, lost.environment) == ("result-unreadable", name, "production")
    assert [r.outcome for r in found.of("production")[0].results] == ["unreadable"]


RESULTS_ALONE = """
environments: {production: {path: production}}
results: [{name: unit, format: junit, path: "reports/{commit}.xml"}]
"""
