"""A shop whose architecture is documented: the connections found must be those, and none else."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from support.replay import Gathered, gathered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

MANIFESTS = "release/kubernetes-manifests.yaml"
CONFIG = f"ref: v0.10.6\nenvironments:\n  production: {{path: {MANIFESTS}}}\n"
DOCUMENTED = {
    "loadgenerator": ["frontend"],
    "frontend": [
        "adservice",
        "cartservice",
        "checkoutservice",
        "currencyservice",
        "productcatalogservice",
        "recommendationservice",
        "shippingservice",
    ],
    "checkoutservice": [
        "cartservice",
        "currencyservice",
        "emailservice",
        "paymentservice",
        "productcatalogservice",
        "shippingservice",
    ],
    "recommendationservice": ["productcatalogservice"],
    "cartservice": ["redis-cart"],
}


@pytest.fixture(scope="module")
def repository(real_history: Callable[[str], Path]) -> Path:
    return real_history("online-boutique")


@pytest.fixture(scope="module")
def found(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    return gathered(repository, tmp_path_factory.mktemp("boutique") / "evidence", CONFIG)


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", f"--git-dir={repository}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_connections_are_the_documented_ones(found: Gathered) -> None:
    replay = found.evidence.topologies("production")
    for deployment in found.deployments:
        replay.advance(deployment.digest)
    edges = [e for e in replay.entries.values() if not e.component and e.how != "exposes"]
    expected = {(source, target) for source, targets in DOCUMENTED.items() for target in targets}
    assert {(e.source, e.target) for e in edges} == expected
    assert {e.how for e in edges} == {"inferred"}, "every one is an address in an environment variable"
    assert found.evidence.summary.environments[0].connections == len(expected)


def test_the_newest_commit_is_that_of_the_tag(found: Gathered, repository: Path) -> None:
    assert found.evidence.summary.commit.id == _git(repository, "rev-parse", "v0.10.6^{commit}").strip()


def test_a_service_that_is_not_deployed_is_a_finding_at_its_line(found: Gathered, repository: Path) -> None:
    """Show `git show v0.10.6:release/kubernetes-manifests.yaml | grep -n shoppingassistantservice`."""
    lines = _git(repository, "show", f"v0.10.6:{MANIFESTS}").splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if "shoppingassistantservice" in text]
    (finding,) = [f for f in found.evidence.summary.environments[0].findings if f.rule == "dangling-reference"]
    assert (finding.subject, finding.path, finding.line) == ("frontend", MANIFESTS, line)
    assert "shoppingassistantservice" in finding.message
    came = _git(
        repository,
        "log",
        "--first-parent",
        "--format=%H",
        "--reverse",
        "-Sshoppingassistantservice",
        "v0.10.6",
        "--",
        MANIFESTS,
    )
    assert finding.since == came.split()[0]


def test_commits_with_a_broken_file_cost_no_more_than_themselves(found: Gathered, repository: Path) -> None:
    """Show that PyYAML too reads none of the files named: two commits of this history broke their YAML."""
    import yaml

    lost = [u for u in found.evidence.summary.unreadable if u.level == "unreadable"]
    assert found.outcome.exit_code == 3
    assert [u.code for u in lost] == ["yaml-syntax", "yaml-duplicate-key"]
    with pytest.raises(yaml.YAMLError):
        list(yaml.safe_load_all(_git(repository, "show", f"{lost[0].commit}:{MANIFESTS}")))
    text = _git(repository, "show", f"{lost[1].commit}:{MANIFESTS}").splitlines()
    assert text[lost[1].line - 1].strip() == text[38 - 1].strip() == "env:"
