"""Versions by their names, what they consist of, and what differs between two."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.replay import DAY, START, Gathered, gathered, write_trees
from support.values import CONFIG, replay, tree

from generator.errors import RefusedError, UsageError
from generator.evidence.packs import ComponentRecord
from generator.evidence.reading import Evidence
from generator.evidence.version_names import find
from generator.evidence.version_views import shown_difference, shown_version
from generator.evidence.versions import ConnectionRow, VersionState, difference, state

if TYPE_CHECKING:
    from pathlib import Path

HISTORY = (
    "s/api=A p/api=A",
    "s/api=B",
    "p/api=B",
    "p/api=B #note",
    "p/api=A",
    "s/api=C",
    "p/api=C,LEVEL:debug p/db=X",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """Return a history whose files stay from one commit to the next."""
    files: dict[str, str] = {}
    trees = []
    for number, line in enumerate(HISTORY):
        files = files | tree(line) | {"README": f"{number}\n"}
        trees.append(files)
    folder = tmp_path_factory.mktemp("versions")
    return gathered(write_trees(folder / "repository", trees), folder / "evidence", CONFIG)


def _id(shop: Gathered, spec: str) -> str:
    return find(shop.evidence, spec).deployment.id


@pytest.mark.parametrize(
    ("spec", "deployment"),
    [
        ("production", "production-5"),
        ("production@latest", "production-5"),
        ("production@", "production-5"),
        ("staging", "staging-3"),
        ("production-3", "production-3"),
        ("production@3", "production-3"),
        ("production@production-3", "production-3"),
        ("production@2024-01-03", "production-2"),
        ("production@2024-01-04", "production-3"),
        ("production@2024-01-03T11:59:59Z", "production-1"),
        ("production@2024-01-03T12:00:00Z", "production-2"),
        ("production@2024-01-03T13:00:00+01:00", "production-2"),
        ("production@2024-01-03T12:59:59+01:00", "production-1"),
        ("production@2030-01-01", "production-5"),
    ],
)
def test_a_name_means_one_deployment(shop: Gathered, spec: str, deployment: str) -> None:
    assert _id(shop, spec) == deployment


def test_a_commit_means_its_deployment_and_a_digest_the_newest_that_had_it(shop: Gathered) -> None:
    made = shop.of("production")
    for one in made:
        for length in (7, 12, 40):
            assert _id(shop, f"production@{one.commit.id[:length]}") == one.id
    first = find(shop.evidence, f"production@{made[0].digest[:7].upper()}")
    assert (first.deployment.id, first.first.id, first.last.id, first.times) == (
        "production-4",
        "production-1",
        "production-4",
        2,
    )
    again = find(shop.evidence, f"production@{made[1].digest}")
    assert (again.deployment.id, again.times) == ("production-3", 2), "a redeploy had it too"


def test_a_commit_that_deployed_elsewhere_means_what_was_in_force(shop: Gathered) -> None:
    staged = shop.of("staging")[2]
    found = find(shop.evidence, f"production@{staged.commit.id[:10]}")
    assert found.deployment.id == "production-4"
    assert "which deployed elsewhere" in found.how


@pytest.mark.parametrize(
    ("spec", "reason", "fix"),
    [
        ("prodution", "there is no environment 'prodution'", "did you mean `production`?"),
        ("prodution@latest", "there is no environment 'prodution'", "did you mean `production`?"),
        ("prod@2024-01-01", "there is no environment 'prod'", "did you mean `production`?"),
        ("", "there is no environment ''", "environments: production, staging"),
        ("production@99", "production has no deployment 99", "its deployments are 1 to 5"),
        ("production@2023-12-31", "production had no deployment by 2023-12-31", "2024-01-01T12:00:00Z"),
        ("production@2024-13-01", "'2024-13-01' is no time", "2026-08-21"),
        ("production@abcd", "'abcd' is too short", "at least 7 digits"),
        ("production@00000000", "no version or deployment of production begins with '00000000'", "the newest is"),
        ("production@soon", "'soon' is no digest, commit, date, tag or number", "the newest is"),
        ("production@-1", "'-1' is no digest", "the newest is"),
    ],
)
def test_a_name_that_means_nothing_is_refused_with_a_way_out(shop: Gathered, spec: str, reason: str, fix: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(shop.evidence, spec)
    assert reason in caught.value.reason
    assert fix in caught.value.fix


def test_a_slip_in_an_id_is_told_the_nearest(shop: Gathered) -> None:
    commit = shop.of("production")[2].commit.id[:12]
    slip = commit[:11] + ("0" if commit[11] != "0" else "1")
    with pytest.raises(UsageError) as caught:
        find(shop.evidence, f"production@{slip}")
    assert f"production@{commit}" in caught.value.fix


def test_an_environment_without_a_version_is_refused(tmp_path: Path) -> None:
    found = replay(tmp_path, ["s/api=A"])
    with pytest.raises(UsageError, match="production has no version yet"):
        find(found.evidence, "production")


@pytest.fixture
def confusing(shop: Gathered, tmp_path: Path) -> tuple[Evidence, str, str]:
    """Return evidence with a commit whose id begins as the digest of another version does, that id and that digest."""
    made = shop.of("production")
    commit, digest = made[1].commit.id, made[4].digest
    alike = digest[:10] + commit[10:]
    shutil.copytree(shop.folder, tmp_path / "evidence")
    lines = tmp_path / "evidence" / "deployments.jsonl"
    lines.write_text(lines.read_text().replace(commit, alike))
    return Evidence(tmp_path / "evidence"), alike, digest


def test_a_prefix_of_two_versions_is_refused(confusing: tuple[Evidence, str, str]) -> None:
    evidence, commit, digest = confusing
    with pytest.raises(UsageError, match=r"means more than one: digest [0-9a-f]{16}, commit [0-9a-f]{16}") as caught:
        find(evidence, f"production@{commit[:10]}")
    assert caught.value.fix == "give more digits"
    assert find(evidence, f"production@{commit[:12]}").deployment.id == "production-2"
    assert find(evidence, f"production@{digest[:12]}").deployment.id == "production-5"


def test_a_state_is_what_the_deployment_left(shop: Gathered) -> None:
    told = []
    for number in range(1, 6):
        now = state(shop.evidence, find(shop.evidence, f"production-{number}"))
        told.append({c.id: [value for _, _, value in c.fields] for c in now.components})
    assert told == [
        {"api": ["A"]},
        {"api": ["B"]},
        {"api": ["B"]},
        {"api": ["A"]},
        {"api": ["C", "debug"], "db": ["X"]},
    ]


def test_a_difference_between_two_versions_and_two_environments(shop: Gathered) -> None:
    shown = shown_difference(shop.evidence, "production-4", "production-5")
    rows = {c.component: (c.a, c.b, [(f.field, f.a, f.b) for f in c.fields]) for c in shown.difference.components}
    assert rows["api"][2] == [("image", "A", "C"), ("LEVEL", None, "debug")]
    assert (rows["db"][0], rows["db"][2]) == (None, [("image", None, "X")])
    assert shown_difference(shop.evidence, "production-1", "production-4").same
    assert not shown_difference(shop.evidence, "staging", "production").same


def test_what_brings_a_version_back_is_named(shop: Gathered) -> None:
    back = shown_version(shop.evidence, "production-2").version.bring_back
    commit = shop.of("production")[1].commit.id
    assert back.commit == commit
    folder = f"../production-{shop.of('production')[1].digest[:12]}"
    assert back.commands[0] == f"git worktree add --detach {folder} {commit}"
    assert back.commands[1] == f"git -C {folder} ls-files -- 'deploy/production/*.yaml'"
    assert [(a.component, a.artifact, a.pinned) for a in back.artifacts] == [("api", "B", False)]


def test_an_artifact_with_a_digest_is_pinned(tmp_path: Path) -> None:
    pinned = f"shop/api@sha256:{'0' * 64}"
    (artifact,) = shown_version(
        replay(tmp_path, [f"p/api={pinned}"]).evidence, "production"
    ).version.bring_back.artifacts
    assert (artifact.artifact, artifact.pinned) == (pinned, True)


def test_evidence_that_lost_a_component_is_refused(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/api=A"])
    (found.folder / "objects" / "components.jsonl").write_text("")
    with pytest.raises(RefusedError, match="is not in the evidence"):
        shown_version(found.evidence, "production")


def test_a_skewed_date_leaves_the_order_of_the_history(tmp_path: Path) -> None:
    found = replay(tmp_path, ["p/api=A", "p/api=B"])
    assert found.of("production")[1].commit.committed_at == "2024-01-02T12:00:00Z"
    assert START + DAY == 1_704_196_800
    assert find(found.evidence, "production@2024-01-02T11:00:00Z").deployment.id == "production-1"


_NAMES = st.sampled_from(["api", "db", "web"])
_FIELDS = st.dictionaries(
    st.tuples(st.sampled_from(["artifact", "config"]), st.sampled_from(["a", "b"])), st.sampled_from(["1", "2"])
)
_EDGES = st.frozensets(
    st.builds(ConnectionRow, _NAMES, _NAMES, st.sampled_from(["", "80"]), st.just("declared")), max_size=4
)


@st.composite
def _states(draw: st.DrawFn) -> VersionState:
    components = []
    for name, fields in sorted(draw(st.dictionaries(_NAMES, _FIELDS)).items()):
        values = tuple((aspect, field, value) for (aspect, field), value in sorted(fields.items()))
        components.append(ComponentRecord(f"{name}{values}", name, "component", "Deployment", values))
    edges = {(e.source, e.target, e.port): e for e in draw(_EDGES)}
    return VersionState("e", "d", tuple(components), tuple(sorted(edges.values())))


@given(_states(), _states())
def test_a_difference_with_itself_is_empty_and_swapping_turns_it_round(a: VersionState, b: VersionState) -> None:
    assert difference(a, a).same
    there, back = difference(a, b), difference(b, a)
    assert there.alike == back.alike
    assert [(c.component, c.b, c.a, [(f.field, f.b, f.a) for f in c.fields]) for c in there.components] == [
        (c.component, c.a, c.b, [(f.field, f.a, f.b) for f in c.fields]) for c in back.components
    ]
    assert [(c.source, c.b, c.a) for c in there.connections] == [(c.source, c.a, c.b) for c in back.connections]
    assert there.same == (a.components == b.components and a.connections == b.connections)
