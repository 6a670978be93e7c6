"""What one more deployment reaches: pages that could come out otherwise, from any cut of a history."""

from __future__ import annotations

import random
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from support.fleets import fleet_trees
from support.replay import Silent, write_trees

from generator.evidence import folding
from generator.evidence.bringing_back import source_commit
from generator.evidence.folding import Folds
from generator.evidence.reading import DEPLOYMENTS, Evidence
from generator.pipeline.building import build
from generator.pipeline.request import Request
from generator.site.bring_back import Version
from generator.site.context import Context
from generator.site.fragments import Fragments
from generator.site.index import build_index
from generator.site.listing_views import month_views
from generator.site.page_keys import release_key
from generator.site.reached import first_places, reached
from generator.site.sources import template_folders
from generator.site.steps import Steps
from generator.site.takeaway.on_demand import DrawnOnDemand, Wanted
from generator.site.templating import Templates
from generator.site.topology_view import topology_view
from generator.site.words import Calendar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.site.index import Index

OWN = 4
GATHERED = (
    *("releases", "position", "by_environment", "by_month", "by_component", "by_digest", "failures", "taken_back"),
    *("pictures", "versions", "newest_digest", "newest_commit", "lines", "places"),
)


class Recalled(Wanted):
    """Pictures of a former site that has them all."""

    def recall(self, names: Iterable[str]) -> bool:
        del names
        return True


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reached")
    repository = write_trees(folder / "fleet", fleet_trees(120))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("generator.evidence.store.SNAPSHOT_EVERY", 5)
        build(Request(repository), folder / "site", Silent(), lambda: 0.0)
    lists = (folder / "site" / "evidence" / "objects" / "topology" / "production.jsonl").read_bytes().splitlines()
    assert sum(b'"base"' not in line for line in lists) > 3
    return folder / "site" / "evidence"


@pytest.fixture(autouse=True)
def _few_own_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.site.reached.OWN_PAGES", OWN)


def cut(evidence: Path, folder: Path, count: int) -> Evidence:
    """Return the evidence of the first `count` deployments, in `folder`."""
    if not folder.exists():
        shutil.copytree(evidence, folder)
    lines = (evidence / DEPLOYMENTS).read_bytes().splitlines(keepends=True)
    (folder / DEPLOYMENTS).write_bytes(b"".join(lines[:count]))
    return Evidence(folder)


def report(bundle: Evidence, drawn_in: Path) -> Context:
    wanted, components = Recalled(drawn_in), bundle.components()
    index = build_index(bundle, components, wanted)
    return Context(bundle, components, index, Calendar(bundle.summary.as_of), DrawnOnDemand(wanted))


def pages(context: Context) -> tuple[list[object], dict[str, str], dict[str, str]]:
    """Return what the pages of releases, topologies and months are drawn from."""
    index, steps = context.index, Steps(context)
    fragments = Fragments(Templates(template_folders(())), "../")
    keys: list[object] = []
    topologies = {}
    first = {at: page for page, at in first_places(index, index.versions, len(index.releases)).items()}
    for position, row in enumerate(index.releases):
        step, _lists = steps.at(position)
        keys.append(release_key(context, step.record, position))
        if position in first:
            version = Version(row.environment, row.digest, source_commit(step.record.commit), step.standing)
            topologies[first[position]] = repr(topology_view(context, fragments, version))
    return keys, topologies, {view.page: repr(view) for _month, view in month_views(context)}


def test_all_that_differs_from_a_former_report_is_reached(evidence: Path, tmp_path: Path) -> None:
    whole = len((evidence / DEPLOYMENTS).read_bytes().splitlines())
    counts = [1, 2, 3, *range(20, whole, 7), whole - 1, whole]
    found, spared = {}, 0
    for count in counts:
        context = report(cut(evidence, tmp_path / "evidence", count), tmp_path / "drawn")
        found[count] = (context.index, *pages(context))
    for before, after in [*pairwise(counts), *zip(counts, counts[3:], strict=False)]:
        _index, old_keys, old_topologies, old_months = found[before]
        index, keys, topologies, months = found[after]
        known = reached(index, before, frozenset())
        assert known is not None
        assert {at for at, key in enumerate(keys) if at >= len(old_keys) or old_keys[at] != key} <= known.releases
        assert {page for page, view in topologies.items() if old_topologies.get(page) != view} <= known.topologies
        if not known.months:
            assert months == old_months
        spared += len(keys) - len(known.releases)
    assert spared > 200


def same(one: Index, other: Index) -> None:
    for name in GATHERED:
        assert getattr(one, name) == getattr(other, name), name
    for name, standing in one.newest.items():
        assert dict(standing.nodes) == dict(other.newest[name].nodes)
        assert standing.connections() == other.newest[name].connections()
        assert standing.artifacts == other.newest[name].artifacts
        assert standing.whole() == other.newest[name].whole()


@pytest.mark.parametrize("renew", [1, 30])
def test_an_index_goes_on_from_any_cut(
    renew: int, evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "RENEW", renew)
    whole = len((evidence / DEPLOYMENTS).read_bytes().splitlines())
    begun = []
    for count in (0, 1, 2, 17, 18, 60, 61, whole):
        bundle = cut(evidence, tmp_path / "evidence", count)
        folds = Folds(bundle, tmp_path / "memory")
        index = build_index(bundle, bundle.components(), Recalled(tmp_path / "drawn"), folds)
        folds.keep()
        begun.append(index.marks.begin)
        same(index, report(bundle, tmp_path / "drawn").index)
        if count:
            assert reached(index, index.marks.begin - 1, frozenset()) is None
    assert begun == ([0, 0, 1, 2, 17, 18, 60, 61] if renew == 1 else [0, 0, 0, 0, 0, 0, 60, 60])


def test_releases_are_gone_to_in_any_order_of_places(evidence: Path, tmp_path: Path) -> None:
    context = report(cut(evidence, tmp_path / "evidence", 10**6), tmp_path / "drawn")
    steps, every = Steps(context), []
    for position in range(len(context.index.releases)):
        step, lists = steps.at(position)
        every.append((step.record, dict(step.standing.nodes), step.standing.changed(), dict(lists.findings), lists[1:]))
    chance = random.Random(3)  # noqa: S311 - places, no secret
    for _ in range(5):
        steps = Steps(context)
        for position in chance.sample(range(len(every)), 12):
            step, lists = steps.at(position)
            now = step.record, dict(step.standing.nodes), step.standing.changed(), dict(lists.findings), lists[1:]
            assert now == every[position]
