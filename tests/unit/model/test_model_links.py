"""Who reaches whom, and that it follows the commits: seen in the evidence of small histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.manifests import CONFIG, deployment
from support.replay import gathered, write_trees

if TYPE_CHECKING:
    from pathlib import Path


def _service(name: str, app: str) -> str:
    spec = f"{{selector: {{app: {app}}}, ports: [{{port: 80}}]}}"
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {spec}\n"


def _edges(tmp_path: Path, *trees: dict[str, str]) -> list[set[str]]:
    """Return the edges between components after each deployment."""
    named = [{f"deploy/{name}.yaml": text for name, text in tree.items()} for tree in trees]
    found = gathered(write_trees(tmp_path / "repository", named), tmp_path / "evidence", CONFIG)
    walk = found.evidence.topologies("production")
    steps = []
    for one in found.deployments:
        walk.advance(one.digest)
        edges = [e for e in walk.entries.values() if not e.component and e.how != "exposes"]
        steps.append({f"{e.source} -> {e.target}" for e in edges})
    return steps


def _api(host: str, image: str = "api:1") -> str:
    return deployment("api", image, {"PEER_HOST": f"{host}:80"})


def test_an_address_leads_through_a_service_to_what_it_selects(tmp_path: Path) -> None:
    tree = {"api": _api("peers"), "s": _service("peers", "web"), "web": deployment("web"), "db": deployment("db")}
    assert _edges(tmp_path, tree) == [{"api -> web"}]


def test_a_selector_that_moves_moves_the_edge(tmp_path: Path) -> None:
    tree = {"api": _api("peers"), "web": deployment("web"), "db": deployment("db")}
    moved = [{**tree, "s": _service("peers", app)} for app in ("web", "db", "web")]
    assert _edges(tmp_path, *moved) == [{"api -> web"}, {"api -> db"}, {"api -> web"}]


def test_a_target_that_comes_later_is_linked_and_unlinked_when_it_goes(tmp_path: Path) -> None:
    alone = {"api": _api("web")}
    both = {**alone, "web": deployment("web"), "s": _service("web", "web")}
    assert _edges(tmp_path, alone, both, alone) == [set(), {"api -> web"}, set()]


def test_another_setting_moves_one_edge_alone(tmp_path: Path) -> None:
    rest = {n: deployment(n) for n in ("web", "db")} | {f"s{n}": _service(n, n) for n in ("web", "db")}
    trees = [{**rest, "api": _api("web")}, {**rest, "api": _api("web", "api:2")}, {**rest, "api": _api("db", "api:2")}]
    assert _edges(tmp_path, *trees) == [{"api -> web"}, {"api -> web"}, {"api -> db"}]


def test_a_host_elsewhere_is_external(tmp_path: Path) -> None:
    (edges,) = _edges(tmp_path, {"api": deployment("api", env={"PEER_URL": "https://pay.example.org/v1"})})
    assert edges == {"api -> external/pay.example.org"}


def test_a_component_does_not_reach_itself(tmp_path: Path) -> None:
    assert _edges(tmp_path, {"api": _api("api"), "s": _service("api", "api")}) == [set()]
