"""A component of several artifacts that do not move the same way."""

from __future__ import annotations

from support.trails import Driven

from generator.timeline.kinds import Kind


def test_artifacts_of_one_component_that_disagree_make_the_kind_less_sure() -> None:
    run = Driven().run("p/api=1,sidecar:1", "p/api=2,sidecar:2", "p/api=1,sidecar:3")
    verdict = run.production.deployments[-1].verdict
    assert (verdict.kind, verdict.confidence) == (Kind.ROLLBACK, "inferred")
    assert "Of the artifacts of api some returned and others moved on." in verdict.reasons


def test_artifacts_of_one_component_that_agree_are_observed() -> None:
    run = Driven().run("p/api=1,sidecar:1", "p/api=2,sidecar:2", "p/api=1,sidecar:1")
    assert run.production.deployments[-1].verdict.confidence == "observed"
