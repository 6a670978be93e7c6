"""What a picture of a topology shows, and what it leaves to the table beside it."""

from pathlib import Path

from support.replay import gathered, write_trees

from generator.site.diagrams import DiagramGraph
from generator.site.walk import walk

CONFIG = "environments:\n  production: {path: deploy, production: true}\n"
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
      - name: main
        image: shop/{name}:{tag}
        env: [{{name: PEER, value: "{peer}:80"}}]
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{type: {type}, selector: {{app: {app}}}, ports: [{{port: 80}}]}}
"""
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api}\n"


def graphs(tmp_path: Path, type_: str) -> tuple[DiagramGraph, DiagramGraph | None]:
    first = {
        "deploy/web.yaml": WORKLOAD.format(name="web", tag="1", peer="api"),
        "deploy/api.yaml": WORKLOAD.format(name="api", tag="1", peer="web"),
        "deploy/services.yaml": "---\n".join(SERVICE.format(name=n, type="ClusterIP", app=n) for n in ("web", "api")),
        "deploy/outside.yaml": SERVICE.format(name="web-outside", type=type_, app="web"),
        "deploy/account.yaml": ACCOUNT,
    }
    second = {**first, "deploy/web.yaml": WORKLOAD.format(name="web", tag="2", peer="api")}
    found = gathered(write_trees(tmp_path / "repository", [first, second]), tmp_path / "evidence", CONFIG)
    steps = walk(found.evidence, found.evidence.components(), ["production"])
    *_, last = ((step.standing.whole(), step.standing.changed()) for step in steps)
    return last


def test_a_service_for_the_inside_and_a_resource_that_nothing_needs_are_left_to_the_table(tmp_path: Path) -> None:
    whole, changed = graphs(tmp_path, "LoadBalancer")
    assert {node.id for node in whole.nodes} == {"web", "api", "Service/web-outside"}
    assert {node.id for node in whole.nodes if node.exposed} == {"web"}
    assert {(e.source, e.target) for e in whole.edges} == {
        ("web", "api"),
        ("api", "web"),
        ("Service/web-outside", "web"),
    }
    assert changed is not None
    assert {(node.id, node.mark) for node in changed.nodes} == {
        ("web", "changed"),
        ("api", ""),
        ("Service/web-outside", ""),
    }


def test_without_a_way_in_nothing_is_exposed(tmp_path: Path) -> None:
    whole, _ = graphs(tmp_path, "ClusterIP")
    assert {node.id for node in whole.nodes} == {"web", "api"}
    assert not any(node.exposed for node in whole.nodes)
