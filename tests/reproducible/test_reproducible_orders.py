"""What ends at one commit stands in one order, whatever the order in which Python happens to keep a set."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from reproducible.comparing import contents
from reproducible.machines import ROOT
from support.manifests import deployment
from support.replay import write_trees

NAMES = tuple(f"peer-{letter}" for letter in "abcdefgh")
CONFIG = "environments: {staging: {path: s}, production: {path: p, upstream: staging, production: true}}\n"
_GATHER = """
import sys
from pathlib import Path
from support.replay import gathered
gathered(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def _trees() -> list[dict[str, str]]:
    """Return a history in which a component with many connections and many findings comes, and goes away."""
    peers = {f"{side}/{name}.yaml": deployment(name, f"shop/{name}:1") for name in NAMES for side in "sp"}
    services = {
        f"{side}/{name}-service.yaml": (
            f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n"
            f"spec: {{selector: {{app: {name}}}, ports: [{{port: 80}}]}}\n"
        )
        for name in NAMES
        for side in "sp"
    }
    plain = {"assay.yaml": CONFIG, **peers, **services, "s/api.yaml": deployment("api", "shop/api:1")}
    settings = {f"{name.upper().replace('-', '_')}_URL": f"http://{name}" for name in NAMES}
    volumes = "".join(f"      - {{name: {name}, configMap: {{name: none-{name}}}}}\n" for name in NAMES)
    connected = deployment("api", "shop/api:1", settings) + f"      volumes:\n{volumes}"
    bare = {**plain, "p/api.yaml": deployment("api", "shop/api:1")}
    full = {**plain, "p/api.yaml": connected}
    return [bare, full, plain, bare, full, bare]


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("orders")
    repository = write_trees(folder / "repository", _trees())
    for seed in "123":
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-B", "-c", _GATHER, repository, folder / seed], env=environment, check=True, timeout=60
        )
    return [contents(folder / seed) for seed in "123"]


@pytest.mark.parametrize("kind", ["ended", "fixed"])
def test_the_history_has_what_it_is_for(kind: str, bundles: list[dict[str, bytes]]) -> None:
    lines = bundles[0][f"objects/{kind}/production.jsonl"].splitlines()
    assert len(lines) >= 2 * len(NAMES)
    assert all(any(name.encode() in line for line in lines) for name in NAMES)


def test_hash_seeds_give_the_same_bundle(bundles: list[dict[str, bytes]]) -> None:
    first, *others = bundles
    assert [name for other in others for name in sorted(first) if other.get(name) != first[name]] == []
    assert [sorted(other) for other in others] == [sorted(first)] * 2
