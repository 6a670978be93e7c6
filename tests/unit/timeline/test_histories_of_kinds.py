"""The kind of every production deployment of `tests/histories/kind-*`, in tables that a reader checks by eye.

A line is a deployment: the folder of its commit, its kind, how that is known, and what else is said of it. What comes
after `by values` is the kind that it would have without declarations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from support.replay import HISTORIES, write_case

from generator.config.loading import load_config
from generator.declarations.entries import Declarations
from generator.declarations.files import parse_declarations
from generator.history.commits import Commit
from generator.history.repository import open_repository
from generator.readers.fingerprints import Fingerprints
from generator.readers.registry import reader_names
from generator.timeline.bindings import Bindings
from generator.timeline.declared import Declared
from generator.timeline.deployments import Deployment, Timeline
from generator.timeline.readings import Readings
from generator.timeline.state import EnvironmentState
from generator.timeline.verdicts import movers
from generator.timeline.windows import BulkWindows, in_window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.config.schema import Config

KINDS = {
    "kind-bulk": """
        first                initial       observed
        train                forward       observed  bulk
        two                  forward       observed
        restore              rollback      observed  bulk
        mixed                redo          inferred  bypass
    """,
    "kind-bulk-window": """
        first                initial       observed
        one                  forward       observed  bypass bulk
        two                  forward       observed  bypass bulk
        three                forward       observed  bypass bulk
        too-late             forward       observed  bypass
        same-1               forward       observed  bypass
        same-2               forward       observed  bypass
        same-3               forward       observed  bypass
        back-1               rollback      observed
        other-kind           forward       observed  bypass
        back-2               rollback      observed  bulk
        back-3               rollback      observed  bulk
    """,
    "kind-gap": """
        first                initial       observed
        empty                gap           observed
        same                 gap           observed
        empty-again          gap           observed
        other                forward       observed  bypass
        empty-once-more      gap           observed
        older                rollback      observed
    """,
    "kind-hotfix": """
        first                initial       observed
        promote              forward       observed
        declared             hotfix        declared  by values forward
        bypass               forward       observed  bypass INC-8
        linked               hotfix        declared  by values forward bypass mends 4
        linked-by-trailer    hotfix        declared  by values forward bypass mends 5
        planned              roll-forward  declared  by values forward bypass mends 6
        unclear              forward       observed
        overridden           hotfix        declared  by values forward
        back                 hotfix        declared  by values rollback
    """,
    "kind-look-alikes": """
        first                initial       observed
        scale                forward       observed
        scale-reverted       forward       observed
        comment              redeploy      observed
        renamed              forward       observed
        renamed-back         gap           observed
        bypass               forward       observed  bypass
        word-alone           forward       observed
        not-hotfix           forward       observed
    """,
    "kind-partial-rollback": """
        first                initial       observed
        train                forward       observed
        some                 rollback      observed  partial
        the-rest             rollback      observed
        pair                 forward       observed
        elsewhere            rollback      inferred  partial
        again                forward       observed
        whole                rollback      observed
        once-more            forward       observed
        one-removed          rollback      observed
    """,
    "kind-promoted-from": """
        first                initial       observed  bypass
        retagged             forward       observed
        by-commit            forward       observed
        unknown              forward       observed  bypass
        wrong-environment    forward       observed  bypass
        known-anyway         forward       observed
    """,
    "kind-roll-forward-declared": """
        first                initial       observed
        promote              forward       observed
        mend                 roll-forward  declared  by values forward mends 2
        mend-twice           rollback      observed  mends 3
        promote-1.2          forward       observed  INC-7
        ended                roll-forward  declared  by values forward mends 5
        overridden           roll-forward  declared  by values forward
        nowhere              forward       observed
    """,
    "kind-roll-forward-inferred": """
        first                initial       observed
        promote              forward       observed
        quoted               roll-forward  inferred  mends 2
        limit                forward       observed
        colour               forward       observed
        taken-back           roll-forward  inferred  mends 4
        silent               forward       observed
        word-alone           forward       observed
        other-component      forward       observed
    """,
    "kind-roll-forward-observed": """
        first                initial       observed
        limit                forward       observed
        colour               forward       observed
        revert               roll-forward  observed  mends 2
        again                rollback      inferred
        bypass               forward       observed  bypass
        bypass-revert        hotfix        observed  bypass mends 6
        never-here           forward       observed
    """,
    "kind-rollback-and-redo": """
        first                initial       observed
        promote-1.1          forward       observed
        back                 rollback      observed
        redo                 redo          observed
        promote-1.2          forward       observed
        back-over-two        rollback      observed
        promote-1.3          forward       observed
        return-after-a-year  rollback      observed
    """,
    "kind-rollback-declared": """
        first                initial       observed
        promote              forward       observed
        confirmed            rollback      declared  by values rollback mends 2
        rebuilt              rollback      declared  by values forward mends 2
        unknown              forward       observed
        touched              redeploy      observed
        by-commit            rollback      declared  by values forward mends 5
        other-word           forward       observed
    """,
}


@pytest.mark.parametrize("case", KINDS)
def test_each_production_deployment_is_told_as_the_table_says(case: str, tmp_path: Path) -> None:
    told = [_told(step, deployment) for step, deployment in deployed(case, tmp_path)]
    assert told == [" ".join(line.split()) for line in KINDS[case].strip().splitlines()]


def test_every_history_of_a_kind_has_its_table() -> None:
    assert sorted(KINDS) == sorted(p.name for p in HISTORIES.glob("kind-*"))


def test_what_returns_after_a_year_names_what_replaced_it_then(tmp_path: Path) -> None:
    steps = dict(deployed("kind-rollback-and-redo", tmp_path))
    (change,) = steps["11-return-after-a-year"].changes
    assert change.culprit is not None
    assert change.returns_to is not None
    assert (change.returns_to.sequence, change.culprit.sequence) == (2, 5), "not the last deployment, which was 7"


def test_a_promotion_that_is_declared_has_its_origin(tmp_path: Path) -> None:
    steps = dict(deployed("kind-promoted-from", tmp_path))
    (change,) = steps["03-retagged"].changes
    assert change.validation == "promoted"
    assert change.origin is not None
    assert change.origin.sequence == 2
    (bypass,) = steps["05-unknown"].changes
    assert (bypass.validation, bypass.origin) == ("bypass", None)


def test_a_word_for_staging_makes_no_hotfix_there(tmp_path: Path) -> None:
    staging = dict(deployed("kind-hotfix", tmp_path, "staging"))["10-not-production"]
    assert (staging.verdict.kind, staging.verdict.confidence) == ("forward", "observed")
    assert "A hotfix is a deployment of production, and staging is none." in staging.verdict.reasons


def test_reasons_give_what_is_declared_and_what_is_observed(tmp_path: Path) -> None:
    verdict = dict(deployed("kind-roll-forward-declared", tmp_path))["12-overridden"].verdict
    assert verdict.reasons == (
        "Ada Example declared it: It mended the totals.",
        "By itself it would be forward.",
        "The artifact of cart moved to a version never had here.",
    )
    assert [(c.source, c.key, c.value) for c in verdict.declared] == [("said.yaml:4", "override", "roll-forward")]


def test_an_entry_that_names_no_deployment_is_told() -> None:
    declared = _declared("14-declarations", "kind-roll-forward-declared")
    commit = Commit("7" * 40, (), None, "", "", ())
    assert declared.of("production", 5, commit) is not None
    lost = [(problem.place.line, problem.reason) for problem in declared.unmatched()]
    assert (5, "the override of `7654321` names no deployment") in lost
    assert (2, "the incident at `production-5` names no deployment") not in lost


def deployed(case: str, tmp_path: Path, environment: str = "production") -> Iterator[tuple[str, Deployment]]:
    """Yield the folder of each deployment of `environment`, and the deployment as it is judged in the end."""
    repository = open_repository(write_case(tmp_path / "repository", case))
    head = repository.resolve("HEAD")
    assert head is not None
    path = HISTORIES / case / "assay.yaml"
    config = load_config(path.read_bytes(), path.name, reader_names())
    chain = repository.chain(head)
    steps = sorted(p.name for p in (HISTORIES / case).iterdir() if p.is_dir())
    step_of = dict(zip(chain.ids, steps, strict=True))
    windows: BulkWindows[Deployment] = BulkWindows(config.bulk, 600)
    with repository.blobs() as blobs:
        timelines = _timelines(config, Readings(blobs, Fingerprints(lambda: b"")), _declared(steps[-1], case))
        for commit in chain.commits([":(top)deploy"]):
            for deployment in _recorded(config, timelines, commit):
                if deployment.environment == environment:
                    kind = deployment.verdict.kind
                    moved = movers(deployment.changes, kind) if deployment.changes else ()
                    for one, bulk in windows.take(environment, commit.time, kind, moved, deployment):
                        yield step_of[one.commit.id], _marked(one, config, bulk=bulk)
    for one, bulk in windows.finish():
        yield step_of[one.commit.id], _marked(one, config, bulk=bulk)


def _declared(newest: str, case: str) -> Declared:
    file = HISTORIES / case / newest / ".assay/said.yaml"
    entries, problems = parse_declarations(file.read_bytes(), "said.yaml") if file.exists() else (Declarations(), ())
    assert problems == ()
    return Declared(declarations=entries)


def _timelines(config: Config, readings: Readings, declared: Declared) -> dict[str, Timeline]:
    found: dict[str, Timeline] = {}
    for name, environment in config.environments.items():
        found[name] = Timeline(
            name,
            EnvironmentState(readings),
            found.get(environment.upstream),
            config.bulk,
            declared=declared,
            production=environment.production,
        )
    return found


def _recorded(config: Config, timelines: dict[str, Timeline], commit: Commit) -> list[Deployment]:
    """Return what a commit deployed: all environments take their files before any is judged."""
    bindings = Bindings(config)
    bound = [(change, binding) for change in commit.changes for binding in bindings.of(change.path)]
    transitions = {}
    for name, timeline in timelines.items():
        own = [(change, binding) for change, binding in bound if binding.environment == name]
        if own:
            transitions[name] = timeline.state.apply(own, commit.id)
    found = [timelines[name].record(commit, transition) for name, transition in transitions.items()]
    return [deployment for deployment in found if deployment is not None]


def _marked(deployment: Deployment, config: Config, *, bulk: bool) -> Deployment:
    if not bulk:
        return deployment
    verdict = in_window(deployment.verdict, config.bulk, 600)
    return msgspec.structs.replace(deployment, verdict=verdict)


def _told(step: str, deployment: Deployment) -> str:
    verdict = deployment.verdict
    words = [step[3:], verdict.kind.value, verdict.confidence]
    words += [f"by values {verdict.observed.value}"] if verdict.observed is not None else []
    flags = {"bypass": deployment.bypass, "partial": verdict.partial, "bulk": verdict.bulk}
    words += [name for name, on in flags.items() if on]
    words += [f"mends {stamp.sequence}" for stamp in verdict.mends] + list(verdict.incidents)
    return " ".join(words)
