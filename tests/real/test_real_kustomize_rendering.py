"""Real kustomizations: rendered from our plan as by hand in a checkout, and read all through a history."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from real.kustomize_by_hand import Checkout, documents
from support.git_tree import Objects, contents, write_export
from support.plain_tree import mask

from generator.readers.kustomize.reader import KustomizeReader
from generator.readers.reader import Plan, Reading, SourceFile, Unit
from generator.rendering.jobs import Rendered
from generator.rendering.kustomize import KustomizeEngine

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINE = KustomizeEngine()
UNIT = Unit("production")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not ENGINE.version(), reason="neither kustomize nor kubectl is installed"),
    pytest.mark.timeout(900),
]


def evenly(commits: list[str], count: int) -> list[str]:
    """Return `count` commits spread over the whole of a history, its first and its newest among them."""
    if len(commits) <= count:
        return commits
    return [commits[place * (len(commits) - 1) // (count - 1)] for place in range(count)]


class Renderings:
    """Plans and their renderings, each distinct job rendered once."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.reader = KustomizeReader()
        self.done: dict[str, Rendered] = {}

    def plan(self, root: str, commit: str) -> Plan | None:
        tree = self.objects.tree(commit)
        return self.reader.plan(UNIT, root, tree) if tree.blob(f"{root}/kustomization.yaml") else None

    def render(self, plans: list[Plan]) -> None:
        jobs = {plan.job.digest(): plan.job for plan in plans if plan.job}
        for job in jobs.values():
            for file in job.files:
                self.objects.blob(file.blob)

        def one(digest: str) -> Rendered:
            with TemporaryDirectory() as folder:
                return ENGINE.render(jobs[digest], Path(folder), write_export(jobs[digest], self.objects, Path(folder)))

        with ThreadPoolExecutor(2) as pool:
            self.done = dict(zip(jobs, pool.map(one, jobs), strict=True))

    def of(self, plan: Plan) -> Rendered:
        assert plan.job is not None
        return self.done[plan.job.digest()]

    def reading(self, root: str, plan: Plan) -> Reading:
        files = [SourceFile(path, data) for path, data in contents(plan.files, self.objects)]
        return self.reader.read_tree(UNIT, root, plan, files, self.of(plan) if plan.job else None, mask)


def compare(repository: Path, folder: Path, roots: tuple[str, ...], commits: list[str]) -> Counter[str]:
    """Return how many renderings there were, and fail where one differs from the one by hand."""
    with Objects(repository) as objects:
        ours = Renderings(objects)
        plans = {(root, c): plan for c in commits for root in roots if (plan := ours.plan(root, c)) is not None}
        ours.render(list(plans.values()))
        shares = [commits[0::2], commits[1::2]]

        def follow(share: int) -> Counter[str]:
            checkout = Checkout(repository, folder / str(share))
            counted: Counter[str] = Counter()
            for commit in shares[share]:
                checkout.move(commit)
                for root in roots:
                    assert checkout.has(root) == ((root, commit) in plans)
                    if checkout.has(root):
                        counted[root] += 1
                        counted["failed by hand"] += not same(plans[root, commit], checkout.rendered(root))
            return counted

        def same(plan: Plan, expected: bytes | None) -> bool:
            done = ours.of(plan) if plan.job else Rendered(code="not-rendered")
            if expected is None:
                assert done.code
                return False
            assert not done.code, done.failure
            assert done.output == expected or documents(done.output) == documents(expected)
            return True

        with ThreadPoolExecutor(2) as pool:
            told = sum(pool.map(follow, range(2)), Counter[str]())
        told["calls"] = len(ours.done)
        told["distinct inputs"] = len({plan.job.digest() for plan in plans.values() if plan.job})
        return told


def test_metacpan_is_rendered_as_by_hand(real_history: Callable[[str], Path], tmp_path: Path) -> None:
    repository = real_history("metacpan-k8s")
    roots = ("apps/web/environments/prod", "apps/api/environments/prod", "apps/web/environments/stage")
    with Objects(repository) as objects:
        chain = objects.first_parents()
        standing = [c for c in chain if any(objects.tree(c).blob(f"{root}/kustomization.yaml") for root in roots)]
    told = compare(repository, tmp_path, roots, evenly(standing, 205))
    assert told["apps/web/environments/prod"] >= 200
    assert all(told[root] >= 50 for root in roots)
    assert told["calls"] == told["distinct inputs"] < sum(told[root] for root in roots)


def test_flux_is_rendered_as_by_hand_at_every_commit(real_history: Callable[[str], Path], tmp_path: Path) -> None:
    repository = real_history("flux-kustomize-helm")
    with Objects(repository) as objects:
        commits = objects.all_commits()
    told = compare(repository, tmp_path, ("apps/staging", "apps/production"), commits)
    assert (told["apps/staging"], told["apps/production"]) == (len(commits), len(commits))


@pytest.mark.parametrize("overlay", ["askem-staging", "askem-production"])
def test_askem_gives_components_at_most_commits_and_says_why_not_at_the_rest(
    real_history: Callable[[str], Path], overlay: str
) -> None:
    root = f"kubernetes/overlays/prod/overlays/{overlay}"
    with Objects(real_history("askem-orchestration")) as objects:
        ours = Renderings(objects)
        planned = [plan for c in evenly(objects.first_parents(), 36) if (plan := ours.plan(root, c)) is not None]
        ours.render(planned)
        readings = [ours.reading(root, plan) for plan in planned]
    good = [reading for reading in readings if reading.components and not reading.problems]
    assert len(readings) >= 30
    assert len(good) >= 0.8 * len(readings)
    assert all(reading.problems and reading.problems[0].reason for reading in readings if not reading.components)
    # Generated configuration, keystores and secrets come at deployment time, and none is ever shown.
    notes = {note.place.path for reading in good for note in reading.notes if note.code == "provided"}
    assert any(path.endswith("keystore/cacerts") for path in notes)
    values = [f.value for reading in good for one in reading.components for f in one.fields]
    assert "unknown: provided at deployment time" in values
    assert not any("assay: unknown" in value or "ENC[" in value for value in values)
