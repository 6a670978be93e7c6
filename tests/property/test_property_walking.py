"""Whatever happens to two environments, the lists of every kind can be walked beside their deployments."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.values import replay

if TYPE_CHECKING:
    from support.replay import Gathered

PLACES = ("s/a", "s/b", "p/a", "p/b")
STATES = ("1", "2", "3", "1,x:1", "2,x:1", "", None)


def walk(found: Gathered) -> None:
    """Go through every list; raises where one is not where its deployment expects it."""
    for environment in found.evidence.summary.environments:
        topologies = found.evidence.topologies(environment.name)
        findings, drift = found.evidence.findings(environment.name), found.evidence.drift(environment.name)
        for one in found.of(environment.name):
            topologies.advance(one.digest)
            findings.advance(one.findings.object)
            if one.drift is not None:
                drift.advance(one.drift.object)


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(STATES)), min_size=2, max_size=14))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_list_is_where_its_deployment_expects_it(edits: list[tuple[str, str | None]]) -> None:
    state: dict[str, str] = {}
    lines = []
    for number, (place, value) in enumerate(edits):
        state = {**state, place: value} if value is not None else {p: v for p, v in state.items() if p != place}
        lines.append(" ".join([*(f"{p}={v}" for p, v in sorted(state.items())), f"#c{number}"]))
    with tempfile.TemporaryDirectory() as folder:
        found = replay(Path(folder), lines)
        walk(found)
        for one in found.deployments:
            assert (one.kind == "redeploy") == (one.digest == one.previous_digest), one
