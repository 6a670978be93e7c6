"""Every compose file that a real history of releases had, rendered as Docker Compose renders it by hand."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from real.compose_by_hand import Answer, Input, by_hand, content, inputs
from support.compose_tree import MemoryTree, by_id, read, render, values

from generator.readers.compose.reader import ComposeReader
from generator.readers.reader import Plan, Reading, Unit
from generator.rendering.compose import NOT_INTERPOLATED, ComposeEngine
from generator.rendering.jobs import Rendered

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]

PATH, ENV = "docker-compose.yml", ".env"
EVERY = 1 if os.environ.get("ASSAY_REAL_ALL") else 12
"""Of the inputs that no tag has, one in so many is rendered: all 370 take two minutes on two cores."""


@dataclass(frozen=True)
class Case:
    """One input, rendered by us and by hand."""

    tree: MemoryTree
    plan: Plan
    rendered: Rendered
    reading: Reading
    hand: Answer


@pytest.fixture(scope="module")
def program() -> str:
    found = ComposeEngine()
    if not found.version():
        pytest.skip("docker compose is not on this machine")
    return found.command[0]


@pytest.fixture(scope="module")
def cases(
    real_history: Callable[[str], Path], program: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Case]:
    """Return commit → our rendering and the one by hand, of every distinct input."""
    repository, engine, top = real_history("sentry-self-hosted"), ComposeEngine(program), tmp_path_factory.mktemp("c")

    def case(pair: tuple[Input, str]) -> tuple[str, Case]:
        found, commit = pair
        folder = top / f"{found.compose[:12]}-{found.env[:12]}"
        folder.mkdir()
        blobs = {PATH: found.compose, ENV: found.env}
        files = {path: content(repository, blob) for path, blob in blobs.items() if blob}
        for path, data in files.items():
            (folder / path).write_bytes(data)
        tree = MemoryTree(files)
        plan = ComposeReader().plan(Unit("production"), PATH, tree)
        rendered = render(engine, plan.job, tree) if plan.job else Rendered(code="no-job", failure=f"{plan.problems}")
        return commit, Case(tree, plan, rendered, read(plan, tree, rendered, PATH), by_hand(program, folder))

    found = inputs(repository, PATH, ENV, "master")
    assert len(found) > 300
    chosen = [pair for place, pair in enumerate(found.items()) if pair[1].startswith("refs/tags/") or not place % EVERY]
    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(case, chosen))


def test_every_input_gives_the_services_and_volumes_that_the_engine_gives_by_hand(cases: dict[str, Case]) -> None:
    """`git ls-tree COMMIT -- docker-compose.yml .env`, both written to a folder, `docker-compose config` there."""
    assert len(cases) > 120  # every tag, and each twelfth of the others
    different = []
    for commit, case in cases.items():
        rendered, hand = case.rendered, case.hand
        ours: dict[str, Any] | None = json.loads(rendered.output) if not rendered.code else None
        same_way = (NOT_INTERPOLATED not in rendered.notes) == hand.interpolated
        if hand.model is None or ours is None:
            if (ours is None) != (hand.model is None) or rendered.failure not in hand.words:
                different.append(commit)
        elif not same_way or any(ours.get(k) != hand.model.get(k) for k in ("services", "volumes")):
            different.append(commit)
    assert not different


def test_every_service_and_used_volume_becomes_a_component_with_the_image_by_hand(cases: dict[str, Case]) -> None:
    for commit, case in cases.items():
        hand = case.hand.model
        if hand is None:
            continue
        found = by_id(case.reading)
        services = {i: c for i, c in found.items() if c.kind == "ComposeService"}
        assert services.keys() == hand["services"].keys(), commit
        for name, service in hand["services"].items():
            image = service.get("image", f"build {service.get('build', {}).get('context')}").replace("$$", "$")
            assert values(services[name])["image"] == image, (commit, name)
        mounted = {
            volume["source"]
            for service in hand["services"].values()
            for volume in service.get("volumes", ())
            if isinstance(volume, dict) and volume.get("type") == "volume" and "source" in volume
        }
        assert {i for i in found if i.startswith("volume/")} == {f"volume/{name}" for name in mounted}, commit


def test_a_file_read_as_it_stands_means_what_the_engine_says(cases: dict[str, Case]) -> None:
    """Every file of this history stands for itself, so that reading it without an engine gives the same components."""
    missing = Rendered(code="engine-missing")
    for commit, case in cases.items():
        if case.rendered.code:
            continue
        standing = read(case.plan, case.tree, missing, PATH)
        assert [n.code for n in standing.notes if n.code == "not-rendered"] == ["not-rendered"]
        with_engine, without = by_id(case.reading), by_id(standing)
        assert with_engine.keys() == without.keys(), commit
        for name, component in with_engine.items():
            assert values(component) == values(without[name]), (commit, name)
            assert component.digest == without[name].digest, (commit, name)


def test_nothing_of_the_machine_is_in_any_value(cases: dict[str, Case]) -> None:
    top = str(Path.home())
    for commit, case in cases.items():
        shown = [field.value for component in case.reading.components for field in component.fields]
        assert not [value for value in shown if "/assay-" in value or "/pytest-" in value or f"{top}/" in value], commit


def test_neighbouring_inputs_are_told_apart_by_their_digests(cases: dict[str, Case]) -> None:
    """Two inputs with the same services by hand have the same digests, and two with others have not."""
    for (_, one), (commit, other) in pairwise(cases.items()):
        if one.hand.model is None or other.hand.model is None:
            continue
        same = all(one.hand.model.get(part) == other.hand.model.get(part) for part in ("services", "volumes"))
        ours = [sorted(c.digest for c in case.reading.components) for case in (one, other)]
        assert same == (ours[0] == ours[1]), commit
