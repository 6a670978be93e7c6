"""Partial rollbacks: what the reason counts is what the undone deployment changed."""

from __future__ import annotations

from support.trails import Driven


def _reasons(*lines: str) -> tuple[str, ...]:
    verdict = Driven().run(*lines).production.deployments[-1].verdict
    return tuple(reason for reason in verdict.reasons if reason.startswith("Partial")) if verdict.partial else ()


def test_what_is_gone_is_counted_beside_what_went_back_and_what_stayed() -> None:
    (reason,) = _reasons("p/a=1 p/b=1 p/c=1", "p/a=2 p/b=2 p/c=2", "p/a=1 p/b")
    assert reason == "Partial: of the 3 components that production-2 changed, 1 went back; c stayed, and b is gone."


def test_a_rollback_of_all_that_is_still_there_is_whole() -> None:
    assert _reasons("p/a=1 p/b=1", "p/a=2 p/b=2", "p/a=1 p/b") == ()
