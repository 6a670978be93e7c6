"""An environment version is what its files mean: brought back, laid out otherwise, or compared with another one."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.replay import gathered, write_trees
from support.values import CONFIG, replay, tree

from generator.evidence.version_names import find
from generator.evidence.version_views import shown_version
from generator.evidence.versions import difference, state

STATES = st.sampled_from(["A", "B", "A,level:1", "B,level:2,size:1", ",level:1", "C,host:http://b.example.org"])
LINES = st.lists(
    st.dictionaries(st.sampled_from(["s/a", "s/b", "p/a", "p/b"]), STATES, min_size=1).map(
        lambda told: " ".join(f"{place}={value}" for place, value in sorted(told.items()))
    ),
    min_size=1,
    max_size=5,
)
SLOW = [HealthCheck.too_slow]
MANIFESTS = "environments: {production: {path: deploy}}\n"


@given(LINES)
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
def test_the_commit_that_is_shown_brings_its_version_back(lines: list[str]) -> None:
    # A file of each environment stands all the time, since one that never had a file is refused.
    lines = [f"{line} s/z=1 p/z=1" for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        found = replay(Path(folder) / "whole", lines)
        trees = {f"Step {number + 1}": tree(line) for number, line in enumerate(lines)}
        for one in found.deployments:
            shown = shown_version(found.evidence, one.id).version
            assert (shown.digest, shown.bring_back.commit) == (one.digest, one.commit.id)
            alone = write_trees(Path(folder) / one.id / "repository", [trees[one.commit.subject]])
            again = gathered(alone, Path(folder) / one.id / "evidence", CONFIG)
            assert again.topologies[one.environment] == one.digest


@given(LINES)
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
def test_versions_differ_from_others_both_ways_and_never_from_themselves(lines: list[str]) -> None:
    lines = [f"{line} s/z=1 p/z=1" for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        evidence = replay(Path(folder), lines).evidence
        versions = [state(evidence, find(evidence, one.id)) for one in evidence.deployments()]
    for a, b in itertools.combinations_with_replacement(versions, 2):
        there, back = difference(a, b), difference(b, a)
        assert there.same == back.same == (a.components == b.components and a.connections == b.connections)
        assert not there.same or there.alike == len(a.components)
        if a.environment == b.environment:
            assert there.same == (a.digest == b.digest)
        rows = [(c.component, c.b, c.a, [(f.aspect, f.field, f.b, f.a) for f in c.fields]) for c in there.components]
        assert rows == [
            (c.component, c.a, c.b, [(f.aspect, f.field, f.a, f.b) for f in c.fields]) for c in back.components
        ]
        edges = [(e.source, e.target, e.port, e.b, e.a) for e in there.connections]
        assert edges == [(e.source, e.target, e.port, e.a, e.b) for e in back.connections]


def _workload(name: str, image: str, env: dict[str, str]) -> dict[str, Any]:
    container = {"name": "main", "image": image, "env": [{"name": k, "value": v} for k, v in env.items()]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}},
        },
    }


def _service(name: str, port: int) -> dict[str, Any]:
    spec = {"selector": {"app": name}, "ports": [{"name": "web", "port": port}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


OBJECTS = st.lists(
    st.one_of(
        st.builds(
            _workload,
            st.sampled_from(["api", "web", "db"]),
            st.sampled_from(["a:1", "a:1.10", "a:latest"]),
            st.dictionaries(st.sampled_from(["LOG", "PEER"]), st.sampled_from(["no", "010", "http://api:80"])),
        ),
        st.builds(_service, st.sampled_from(["api", "web"]), st.sampled_from([80, 8080])),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: (one["kind"], one["metadata"]["name"]),
)


def _otherwise(data: st.DataObject, node: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return `node` with the keys of every mapping in some other order."""
    if isinstance(node, dict):
        keys = data.draw(st.permutations(list(node)))
        return {key: _otherwise(data, node[key]) for key in keys}
    return [_otherwise(data, item) for item in node] if isinstance(node, list) else node


def _laid_out(data: st.DataObject, objects: list[dict[str, Any]]) -> dict[str, str]:
    """Return files that hold `objects` in some order, some of them together, with comments, in one style or another."""
    files: dict[str, str] = {}
    for one in data.draw(st.permutations(objects)):
        path = f"deploy/{data.draw(st.sampled_from(['all.yaml', 'some.yml', 'apps/one.yaml']))}"
        flow = data.draw(st.sampled_from([True, False, None]))
        text = yaml.safe_dump(_otherwise(data, one), sort_keys=False, default_flow_style=flow)
        files[path] = files.get(path, "") + f"---\n# {data.draw(st.sampled_from(['why', 'how']))}\n{text}"
    return files


@given(OBJECTS, st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
def test_a_version_does_not_depend_on_how_its_files_are_written(
    objects: list[dict[str, Any]], data: st.DataObject
) -> None:
    digests = set()
    with tempfile.TemporaryDirectory() as folder:
        for side in ("one", "other"):
            repository = write_trees(Path(folder) / side / "repository", [_laid_out(data, objects)])
            digests.add(gathered(repository, Path(folder) / side / "evidence", MANIFESTS).topologies["production"])
    assert len(digests) == 1
