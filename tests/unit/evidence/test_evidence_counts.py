"""Counts that add up, and lists that are what their digests say: by code of the tests' own, from the files alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest
from support.values import replay

from generator.evidence.records import attribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from support.replay import Gathered

    from generator.evidence.summary import EnvironmentSummary, PeriodCounts

KINDS = ("initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap")


@pytest.fixture(params=["demo", "values"])
def found(request: pytest.FixtureRequest, demo: Gathered, tmp_path: Path) -> Gathered:
    if request.param == "demo":
        return demo
    lines = [
        "s/a=A p/a=A",
        "s/a=B p/a=A",
        "s/a=B p/a=B",
        "s/a=B p/a=A",
        "s/a=! p/a=B",
        "p/a=B p/b=A",
        "p/a= p/b=A",
        "p/a=C",
    ]
    return replay(tmp_path, lines)


def _kinds(summary: EnvironmentSummary) -> Counter[str]:
    return Counter({kind: n for kind, n in msgspec.to_builtins(summary.kinds).items() if n})


def _of_periods(periods: Iterable[PeriodCounts]) -> Counter[str]:
    periods = list(periods)
    return Counter({kind: n for kind in KINDS if (n := sum(getattr(p, attribute(kind)) for p in periods))})


def _list_digest(entries: Mapping[str, msgspec.Struct]) -> str:
    """Return the name of a list: the sum of its entries' SHA-256, each over `KEY NUL JSON`, in 32 digits."""
    total = 0
    for key, entry in entries.items():
        told = json.dumps(msgspec.to_builtins(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        total += int.from_bytes(hashlib.sha256(f"{key}\0{told}".encode()).digest(), "big")
    return f"{total % 2**256:064x}"[:32]


def test_the_lines_are_those_that_the_summary_counts(found: Gathered) -> None:
    for summary in found.evidence.summary.environments:
        deployments = found.of(summary.name)
        assert [d.sequence for d in deployments] == list(range(1, summary.deployments + 1))
        assert [d.id for d in deployments] == [f"{summary.name}-{d.sequence}" for d in deployments]
        assert Counter(d.kind for d in deployments) == _kinds(summary)
        assert sum(len(d.changes) for d in deployments) == summary.changes
        assert sum(d.bypass for d in deployments) == summary.bypasses
        assert sum(d.bulk for d in deployments) == summary.bulks
    assert sum(e.deployments for e in found.evidence.summary.environments) == len(found.deployments)
    assert found.outcome.deployments == len(found.deployments)


def test_every_series_adds_up_to_the_kinds(found: Gathered) -> None:
    for summary in found.evidence.summary.environments:
        assert [s.unit for s in summary.measures.series] == ["hour", "day", "week", "month", "quarter", "year"]
        kinds = Counter(d.kind for d in found.of(summary.name) if not d.bulk)
        for series in summary.measures.series:
            of = f"{summary.name} by {series.unit}"
            assert _of_periods([series.total]) == kinds, of
            assert series.total.bypass == summary.bypasses, of
            assert series.total.bulk == summary.bulks, of
            names = [c.period for c in series.counts]
            assert names == sorted(set(names)), of
            if series.unit in {"hour", "day"}:
                assert _of_periods(series.counts) <= kinds, "only the newest are listed"
            else:
                assert _of_periods(series.counts) == kinds, of
                assert sum(c.bulk for c in series.counts) == summary.bulks, of
                assert len(names) == series.periods, "empty periods are listed"
                assert (names[0], names[-1]) == (series.first, series.last), of
        years = Counter({k: n for k in KINDS if (n := sum(getattr(y.kinds, attribute(k)) for y in summary.years))})
        assert years == _kinds(summary)


def test_velocity_is_forward_to_rollbacks_without_bulk_ones(found: Gathered) -> None:
    for summary in found.evidence.summary.environments:
        ratio = summary.measures.velocity_to_rollback
        kinds = Counter(d.kind for d in found.of(summary.name) if not d.bulk)
        assert (ratio.left, ratio.right) == (kinds["forward"], kinds["rollback"] + kinds["roll-forward"])


def test_coverage_adds_up(found: Gathered) -> None:
    coverage = found.evidence.summary.coverage
    assert coverage.commits == coverage.touching + coverage.elsewhere
    commits = {d.commit.id for d in found.deployments}
    assert len(commits) <= coverage.touching
    lost = Counter(u.environment for u in found.evidence.summary.unreadable if u.level == "unreadable")
    assert lost == Counter({e.name: e.unreadable for e in found.evidence.summary.environments if e.unreadable})


def test_the_digest_of_a_version_can_be_computed_again(found: Gathered) -> None:
    """A version is named by SHA-256 over one line a component, sorted: `ID NUL DIGEST LF`."""
    components = found.evidence.components()
    for summary in found.evidence.summary.environments:
        versions = found.evidence.topologies(summary.name)
        previous = ""
        for deployment in found.of(summary.name):
            versions.advance(deployment.digest)
            digests = {key[2:]: entry.component for key, entry in versions.entries.items() if entry.component}
            lines = sorted(f"{id_}\0{digest}\n".encode() for id_, digest in digests.items())
            assert hashlib.sha256(b"".join(lines)).hexdigest() == deployment.digest
            assert {components[digest].id for digest in digests.values()} == digests.keys()
            assert deployment.previous_digest == previous
            assert (deployment.digest == previous) <= (deployment.kind in {"redeploy", "gap"} or not deployment.changes)
            previous = deployment.digest
        assert summary.digest == previous


def test_edges_stand_between_what_is_there(found: Gathered) -> None:
    for summary in found.evidence.summary.environments:
        versions = found.evidence.topologies(summary.name)
        for deployment in found.of(summary.name):
            versions.advance(deployment.digest)
            present = {key[2:] for key, entry in versions.entries.items() if entry.component}
            for edge in versions.entries.values():
                if not edge.component:
                    assert edge.source in present
                    assert edge.target in present or edge.target.startswith("external/")
        edges = [e for e in versions.entries.values() if not e.component and e.how != "exposes"]
        assert len(edges) == summary.connections


def test_findings_are_counted_by_level(found: Gathered) -> None:
    for summary in found.evidence.summary.environments:
        lists = found.evidence.findings(summary.name)
        for deployment in found.of(summary.name):
            lists.advance(deployment.findings.object)
            assert _list_digest(lists.entries) == deployment.findings.object
            levels = Counter("waived" if entry.exempt else entry.level for entry in lists.entries.values())
            counts = deployment.findings
            names = ("error", "warning", "note", "waived")
            assert [levels[name] for name in names] == [getattr(counts, name) for name in names]


def test_drift_is_counted_by_class(found: Gathered) -> None:
    assessed = 0
    for summary in found.evidence.summary.environments:
        lists = found.evidence.drift(summary.name)
        for deployment in found.of(summary.name):
            counts = deployment.drift
            if counts is None:
                continue
            assessed += 1
            lists.advance(counts.object)
            assert _list_digest(lists.entries) == counts.object
            classes = Counter(
                "expected" if e.expected else "accepted" if e.exempt else e.drift for e in lists.entries.values()
            )
            names = ("pending", "ahead", "config", "structure", "expected", "accepted")
            assert tuple(classes[name] for name in names) == tuple(getattr(counts, name) for name in names)
    assert assessed


def test_origins_point_to_deployments_that_are_there(found: Gathered) -> None:
    by_id = {d.id: d for d in found.deployments}
    promoted = 0
    for deployment in found.deployments:
        for change in deployment.changes:
            if change.origin is not None:
                promoted += 1
                source = by_id[change.origin.deployment]
                assert (source.commit.id, source.commit.committed_at) == (change.origin.commit, change.origin.at)
                assert source.commit.id != deployment.commit.id
            for pointer in (change.culprit, change.returns_to):
                assert not pointer or by_id[pointer].sequence < deployment.sequence
    assert promoted


def test_a_typical_line_is_short(tmp_path: Path) -> None:
    """A promotion of one image, with a short subject, is as typical as a line can be: the records promise 900 bytes."""
    folder = replay(tmp_path, ["s/a=A p/a=A", "s/a=B p/a=A", "s/a=B p/a=B"]).folder
    promotion = (folder / "deployments.jsonl").read_bytes().splitlines()[-1]
    assert b'"validation":"promoted"' in promotion
    assert len(promotion) < 900
