"""Following a history commit by commit comes to the same as reading its last tree alone.

The stages only look again at what a commit can have moved; here every kind of edit is made in any order, and the end
must be that of a repository in which the last tree is the only commit.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.replay import Gathered, gathered, write_trees

if TYPE_CHECKING:
    from generator.evidence.summary import EnvironmentSummary

CONFIG = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging, production: true}\n"
NAMES = ("api", "web", "db")
HISTORICAL = frozenset({"never-in-upstream", "repository-not-upstream"})
"""Rules that look at what the upstream ever had: these may well differ."""


class Edit(NamedTuple):
    """One commit: a file of one environment is written or deleted."""

    environment: str
    file: str
    text: str


class Workload(NamedTuple):
    """A Deployment of one container."""

    name: str
    image: str
    peer: str
    config: str
    replicas: int
    port: int
    label: str
    probe: bool
    comment: bool

    @property
    def text(self) -> str:
        """Return its manifest."""
        return (
            ("# why\n# and how\n" if self.comment else "")
            + f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {self.name}}}\n"
            + f"spec:\n  replicas: {self.replicas}\n  selector: {{matchLabels: {{app: {self.label}}}}}\n"
            + f"  template:\n    metadata: {{labels: {{app: {self.label}}}}}\n    spec:\n      containers:\n"
            + f"      - name: main\n        image: {self.image}\n"
            + f"        ports: [{{containerPort: {self.port}, name: http}}]\n"
            + ("        readinessProbe: {httpGet: {path: /, port: http}}\n" if self.probe else "")
            + f"        env:\n        - {{name: PEER_URL, value: 'http://{self.peer}:80'}}\n"
            + f"        - {{name: CONF, valueFrom: {{configMapKeyRef: {{name: {self.config}, key: level}}}}}}\n"
        )


WORKLOADS = st.builds(
    Workload,
    name=st.sampled_from(NAMES),
    image=st.sampled_from(["a:1", "a:2", "a:latest", "a"]),
    peer=st.sampled_from([*NAMES, "nowhere", "example.org"]),
    config=st.sampled_from(["shop", "none"]),
    replicas=st.sampled_from([1, 2]),
    port=st.sampled_from([80, 8080]),
    label=st.sampled_from(NAMES),
    probe=st.booleans(),
    comment=st.booleans(),
).map(lambda workload: workload.text)
SERVICES = st.builds(
    lambda name, label, target: (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n"
        f"spec:\n  selector: {{app: {label}}}\n  ports: [{{port: 80, targetPort: {target}}}]\n"
    ),
    st.sampled_from(NAMES),
    st.sampled_from([*NAMES, "nothing"]),
    st.sampled_from(["http", "80", "8080", "other"]),
)
CONFIGS = st.builds(
    lambda key, value: f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: shop}}\ndata: {{{key}: '{value}'}}\n",
    st.sampled_from(["level", "other"]),
    st.sampled_from(["1", "http://web:80"]),
)
EDITS = st.builds(
    Edit,
    st.sampled_from(["s", "p"]),
    st.sampled_from(["one", "two", "three", "four", "five"]),
    st.one_of(st.just(""), WORKLOADS, SERVICES, CONFIGS),
)


def _edges(found: Gathered, environment: str) -> set[tuple[str, str, str, str]]:
    walk = found.evidence.topologies(environment)
    for one in found.of(environment):
        walk.advance(one.digest)
    return {(e.source, e.target, e.how, e.port) for e in walk.entries.values() if not e.component}


def _findings(summary: EnvironmentSummary) -> list[tuple[str, ...]]:
    rows = [f for f in summary.findings if f.rule not in HISTORICAL]
    return sorted((f.rule, f.level, f.subject, f.field, f.message, f"{f.path}:{f.line}") for f in rows)


def _recorded(found: Gathered, environment: str) -> list[tuple[str, ...]]:
    """Return the findings that stood at the newest deployment, from the record of each deployment."""
    walk = found.evidence.findings(environment)
    for one in found.of(environment):
        walk.advance(one.findings.object)
    return sorted((e.rule, e.subject, e.field, e.message) for e in walk.entries.values())


@given(st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=2, max_size=12))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_end_does_not_depend_on_the_way(commits: list[list[Edit]]) -> None:
    # A file with nothing in it, since an environment that never had a file is refused.
    tree: dict[str, str] = {"README": "", "s/zero.yaml": "# none\n", "p/zero.yaml": "# none\n"}
    trees = []
    for number, edits in enumerate(commits):
        for edit in edits:
            path = f"{edit.environment}/{edit.file}.yaml"
            tree = {**tree, path: edit.text} if edit.text else {p: t for p, t in tree.items() if p != path}
        tree = {**tree, "README": str(number)}
        trees.append(tree)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        walked = gathered(write_trees(folder / "r1", trees), folder / "e1", CONFIG)
        fresh = gathered(write_trees(folder / "r2", trees[-1:]), folder / "e2", CONFIG)
        for one, other in zip(walked.evidence.summary.environments, fresh.evidence.summary.environments, strict=True):
            assert (one.present, one.components, one.connections) == (
                other.present,
                other.components,
                other.connections,
            )
            if other.present:
                assert one.digest == other.digest
            assert _findings(one) == _findings(other)
            assert [(c.component, c.artifact, c.digest) for c in one.cells] == [
                (c.component, c.artifact, c.digest) for c in other.cells
            ]
            if not one.upstream:
                assert _recorded(walked, one.name) == sorted(
                    (f.rule, f.subject, f.field, f.message) for f in one.findings
                )
            drift = [
                sorted((d.component, d.aspect, d.field, d.upstream, d.value) for d in s.drift) for s in (one, other)
            ]
            assert drift[0] == drift[1]
            if other.present:
                assert _edges(walked, one.name) == _edges(fresh, one.name)
