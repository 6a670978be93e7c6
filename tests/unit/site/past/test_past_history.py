"""The data of the past against the evidence's own walk: what the scripts hold, decoded without what wrote it."""

from pathlib import Path

import pytest
from support.past_scripts import PastScripts, Told, script_data
from support.replay import Gathered, gathered, write_trees
from unit.site.synthetic import write_evidence

from generator.evidence.folding import Folds
from generator.evidence.reading import Evidence
from generator.site.context import Context
from generator.site.index import Index
from generator.site.past.history import FOLDER, write_history
from generator.site.words import Calendar

CONFIG = """\
environments:
  staging: {}
  production: {upstream: staging, production: true}
model:
  - values: "{environment}/{component}.yaml"
    artifact: tag
"""


def tree(staging: dict[str, str], production: dict[str, str]) -> dict[str, bytes]:
    files = {f"staging/{name}.yaml": text for name, text in staging.items()}
    files |= {f"production/{name}.yaml": text for name, text in production.items()}
    return {"README": b"Deployments\n", **{path: text.encode() for path, text in files.items()}}


TREES = [
    tree({"cart": "tag: v1\n", "mail": "tag: m1\nlevel: low\n"}, {"cart": "tag: v1\n"}),
    tree({"cart": "tag: v2\n", "mail": "tag: m1\nlevel: high\n"}, {"cart": "tag: v1\n"}),
    tree({"cart": "tag: v2\n", "mail": "tag: m1\nlevel: high\n"}, {"cart": "tag: v3\n"}),
    tree({"cart": "tag: v3\n", "mail": "tag: m1\n"}, {"cart": "tag: v3\nextra: yes\n"}),
    tree({"mail": "tag: m1\n"}, {"cart": "tag: v2\nextra: yes\n", "__proto__": "tag: p1\n"}),
    tree({"cart": "tag: v3\n", "mail": "tag: m1\n"}, {"cart": "tag: v2\n"}),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    folder = tmp_path_factory.mktemp("small")
    return gathered(write_trees(folder / "repository", TREES), folder / "evidence", CONFIG)


def written(evidence: Evidence, folder: Path, folds: Folds | None = None) -> Path:
    calendar = Calendar(evidence.summary.as_of)
    write_history(Context(evidence, evidence.components(), Index(), calendar, {}, (), folds), folder)
    return folder / FOLDER


def assert_same(evidence: Evidence, folder: Path) -> int:
    """Assert that the scripts tell every state of every environment; return how many there were."""
    components, count = evidence.components(), 0
    for environment in evidence.summary.environments:
        scripts, walk = PastScripts(folder / environment.name), evidence.topologies(environment.name)
        own = [d for d in evidence.deployments() if d.environment == environment.name]
        assert len(scripts.index["kind"]) == len(own)
        for index, deployment in enumerate(own):
            walk.advance(deployment.digest)
            told = scripts.at(index)
            records = [components[e.component] for e in walk.entries.values() if e.component]
            assert {name: (node[0], node[1], node[2], node[4]) for name, node in told.nodes.items()} == {
                r.id: (r.role, r.kind, r.digest[:16], {(aspect, name): value for aspect, name, value in r.fields})
                for r in records
            }
            edges = [e for e in walk.entries.values() if not e.component]
            assert told.edges == {(e.source, e.target, e.port): e.how for e in edges}
            assert (told.commit, told.digest) == (deployment.commit.id, deployment.digest)
            assert scripts.index["kinds"][scripts.index["kind"][index]] == deployment.kind
            count += 1
    return count


def test_every_state_of_a_shop_is_that_of_the_evidence(shop_evidence: Path, tmp_path: Path) -> None:
    evidence = Evidence(shop_evidence)
    assert assert_same(evidence, written(evidence, tmp_path)) == sum(1 for _ in evidence.deployments()) > 100


def test_shards_are_cut_where_they_are_full_and_each_can_be_read_alone(
    shop_evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.site.past.shard.MOST_DEPLOYMENTS", 7)
    evidence = Evidence(shop_evidence)
    assert_same(evidence, written(evidence, tmp_path))
    starts = script_data(tmp_path / FOLDER / "production" / "index.js")["shards"]
    assert starts == list(range(0, len(starts) * 7, 7))
    assert len(starts) > 5


def test_a_shard_holds_about_as_much_change_as_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.site.past.shard.LEAST_BYTES", 3000)
    evidence = Evidence(write_evidence(tmp_path / "evidence", 200))
    folder = written(evidence, tmp_path / "history")
    sizes = [path.stat().st_size for path in folder.glob("production/[0-9]*.js")]
    whole = max(len(repr(script_data(path)["components"])) for path in folder.glob("production/[1-9]*.js"))
    assert len(sizes) > 3
    assert max(sizes) < 8 * max(whole, 3000)


def test_what_comes_goes_and_comes_back_is_told_at_each_time(small: Gathered, tmp_path: Path) -> None:
    folder = written(small.evidence, tmp_path)
    assert assert_same(small.evidence, folder) == len(small.deployments) == 10
    staging, production = PastScripts(folder / "staging"), PastScripts(folder / "production")
    assert [sorted(staging.at(index).nodes) for index in (1, 3, 4)] == [["cart", "mail"], ["mail"], ["cart", "mail"]]
    assert sorted(production.at(3).nodes) == ["__proto__", "cart"]


def test_since_is_the_deployment_that_last_changed_the_artifact(small: Gathered, tmp_path: Path) -> None:
    folder = written(small.evidence, tmp_path)

    def since(environment: str, name: str) -> list[int]:
        scripts = PastScripts(folder / environment)
        states: list[Told] = [scripts.at(index) for index in range(len(scripts.index["kind"]))]
        return [state.since[name] for state in states if name in state.nodes]

    # A setting alone changes no artifact; what was gone for a while dates from its return.
    assert since("production", "cart") == [0, 1, 1, 3, 3]
    assert since("staging", "mail") == [0, 0, 0, 0, 0]
    assert since("staging", "cart") == [0, 1, 2, 4]


def test_the_newest_state_is_that_of_the_summary(small: Gathered, shop_evidence: Path, tmp_path: Path) -> None:
    for number, evidence in enumerate((small.evidence, Evidence(shop_evidence))):
        folder = written(evidence, tmp_path / str(number))
        for environment in evidence.summary.environments:
            scripts = PastScripts(folder / environment.name)
            told = scripts.at(len(scripts.index["kind"]) - 1)
            known = {cell.component: cell.version for cell in environment.cells}
            assert {name: told.nodes[name][3] for name in known} == known
    cells = [(e.name, cell) for e in small.evidence.summary.environments for cell in e.cells]
    for name, cell in cells:
        scripts = PastScripts(tmp_path / "0" / FOLDER / name)
        last = scripts.at(len(scripts.index["kind"]) - 1)
        assert cell.deployment == f"{name}-{last.since[cell.component] + 1}"


def test_each_artifact_tells_when_the_upstream_first_had_it(small: Gathered, tmp_path: Path) -> None:
    production = PastScripts(written(small.evidence, tmp_path) / "production")
    firsts = [production.at(index).upstream["cart"]["tag"] for index in range(len(production.index["kind"]))]
    # v1 stood in staging at first, v3 came there with its third deployment, v2 with its second.
    assert firsts[:4] == [0, 2, 2, 1]
    assert production.at(3).upstream["__proto__"] == {"tag": -1}
    staging = PastScripts(tmp_path / FOLDER / "staging")
    assert staging.at(0).upstream["cart"] == {"tag": -1}


def test_the_list_of_environments_says_what_there_is(small: Gathered, tmp_path: Path) -> None:
    listed = script_data(written(small.evidence, tmp_path) / "environments.js")
    assert [one["name"] for one in listed] == ["staging", "production"]
    assert [one["upstream"] for one in listed] == ["", "staging"]
    assert [one["deployments"] for one in listed] == [len(small.of("staging")), len(small.of("production"))]
    assert listed[1]["first"] == small.of("production")[0].commit.committed_at
    assert listed[1]["last"] == small.of("production")[-1].commit.committed_at


def test_times_and_names_are_those_of_the_deployments(shop_evidence: Path, tmp_path: Path) -> None:
    evidence = Evidence(shop_evidence)
    folder = written(evidence, tmp_path)
    own = [d for d in evidence.deployments() if d.environment == "production"]
    names = script_data(folder / "production" / "names.js")
    assert names["commits"] == [d.commit.id[:12] for d in own]
    assert names["digests"] == [d.digest[:12] for d in own]
    times = script_data(folder / "production" / "index.js")["times"]
    known = [d for d, time in zip(own, times, strict=True) if time is not None]
    assert known == [d for d in own if d.commit.committed_at]


def test_the_same_evidence_gives_the_same_bytes(small: Gathered, tmp_path: Path) -> None:
    one, other = written(small.evidence, tmp_path / "one"), written(small.evidence, tmp_path / "other")
    files = sorted(path.relative_to(one) for path in one.rglob("*.js"))
    assert [path.as_posix() for path in files][:2] == ["components.js", "environments.js"]
    assert all((one / path).read_bytes() == (other / path).read_bytes() for path in files)


def test_pages_whose_name_is_no_id_are_named(small: Gathered, tmp_path: Path) -> None:
    folder = written(small.evidence, tmp_path)
    pages = {one[0]: one[1:] for one in script_data(folder / "components.js")}
    assert pages["cart"] == []
    assert len(pages["__proto__"]) == 1
    index = script_data(folder / "production" / "index.js")
    assert "releases" not in index
    assert "anchors" not in index


def test_no_file_holds_markup_of_the_repository(tmp_path: Path) -> None:
    evidence = Evidence(write_evidence(tmp_path / "evidence", 20, hostile=True))
    folder = written(evidence, tmp_path / "history")
    assert_same(evidence, folder)
    assert not [path for path in folder.rglob("*.js") if b"<" in path.read_bytes()]
