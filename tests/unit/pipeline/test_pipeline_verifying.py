from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import rfc8785
from support.manifests import deployment
from support.plain_git import git
from support.replay import Silent, gathered, write_trees

from generator.errors import UsageError
from generator.evidence.manifest import file_digest, files_of
from generator.evidence.verifying.bundle import NOTHING
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request
from generator.pipeline.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.evidence.verifying.verdict import Verdict

CONFIG = """
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
"""
IMAGES = ((1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (3, 2))
TREES = [
    {
        "assay.yaml": CONFIG,
        "staging/api.yaml": deployment(image=f"shop/api:{one}"),
        "production/api.yaml": deployment(image=f"shop/api:{other}"),
    }
    for one, other in IMAGES
]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = write_trees(tmp_path / "repository", TREES)
    git(path, "tag", "v1", "HEAD~1")
    return path


def made_again(bundle: Path, repository: Path, *, config: Path | None = None, records: Path | None = None) -> Verdict:
    return verify(bundle, NOTHING, Request(repository, config=config, records=records), Silent())


def hide(bundle: Path, name: str, edit: Callable[[bytes], bytes]) -> None:
    """Change a file and let the manifest say so, as somebody would who holds the key."""
    data = edit((bundle / name).read_bytes())
    assert data != (bundle / name).read_bytes()
    (bundle / name).write_bytes(data)
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["files"] = {each: file_digest(path) for each, path in files_of(bundle).items()}
    (bundle / "manifest.json").write_bytes(rfc8785.dumps(manifest) + b"\n")


def test_git_makes_the_same_evidence_also_after_history_went_on(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    git(repository, "commit", "--allow-empty", "-m", "Later")
    git(repository, "tag", "v2")
    git(repository, "branch", "elsewhere")
    verdict = made_again(bundle, repository)
    assert verdict.mismatches == ()
    assert any("byte for byte" in sentence for sentence in verdict.checked)
    assert verdict.notes == ()


def test_without_a_repository_it_is_told_that_git_was_not_asked(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    verdict = verify(bundle, NOTHING, None, Silent())
    assert verdict.good
    assert any("no --repo" in sentence for sentence in verdict.not_checked)


def test_what_differs_is_named_by_file_line_deployment_and_field(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    hide(bundle, "deployments.jsonl", lambda data: data.replace(b'"subject":"Step 5"', b'"subject":"Step 9"'))
    found = [m for m in made_again(bundle, repository).mismatches if m.path == "deployments.jsonl"]
    (reason,) = [mismatch.reason for mismatch in found]
    assert reason.startswith("line ")
    assert '(production-3): commit.subject is "Step 9", git makes "Step 5"' in reason


def test_measures_that_were_made_up_are_found_by_git_alone(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    lines = (bundle / "metrics.jsonl").read_bytes().splitlines(keepends=True)
    hide(bundle, "metrics.jsonl", lambda data: data.replace(lines[3], b""))
    assert verify(bundle, NOTHING, None, Silent()).good
    reasons = [m.reason for m in made_again(bundle, repository).mismatches if m.path == "metrics.jsonl"]
    assert reasons[0].startswith("line 4")


def test_counts_and_inputs_that_were_made_up_are_named(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    counted = manifest["counts"]["commits"]
    counted["all"], counted["read"] = counted["all"] + 1, counted["read"] + 1
    (bundle / "manifest.json").write_bytes(rfc8785.dumps(manifest) + b"\n")
    (mismatch,) = made_again(bundle, repository).mismatches
    assert (mismatch.path, mismatch.reason[:14]) == ("manifest.json", "counts.commits")


def test_a_tag_that_moved_since_is_a_note_and_no_fault_of_the_bundle(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    git(repository, "tag", "--force", "v1", "HEAD")
    verdict = made_again(bundle, repository)
    assert verdict.mismatches == ()
    (note,) = verdict.notes
    assert note.startswith("refs/tags/v1 was moved since")


def test_a_chain_with_rewritten_history_is_made_again(repository: Path, tmp_path: Path) -> None:
    first = gathered(repository, tmp_path / "first").folder
    git(repository, "tag", "--force", "v1", "HEAD")
    git(repository, "commit", "--allow-empty", "-m", "Later")
    gather(Request(repository, previous=first), tmp_path / "second", Silent())
    assert (tmp_path / "second" / "breaks.jsonl").is_file()
    verdict = made_again(tmp_path / "second", repository)
    assert verdict.mismatches == ()
    assert any("earlier bundles" in sentence for sentence in verdict.not_checked)


def test_another_repository_does_not_have_the_commit(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    other = write_trees(tmp_path / "other", TREES[:2])
    (mismatch,) = made_again(bundle, other).mismatches
    assert mismatch.path == "manifest.json"
    assert "which the repository does not have" in mismatch.reason


def test_another_configuration_is_named(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    config = tmp_path / "other.yaml"
    config.write_text(f"title: Another\n{CONFIG}")
    found = made_again(bundle, repository, config=config).mismatches
    assert any(m.path == "manifest.json" and m.reason.startswith("config_digest is") for m in found)
    assert any(m.path == "summary.json" and "title" in m.reason for m in found)


def test_what_was_given_to_the_build_must_be_given_again(repository: Path, tmp_path: Path) -> None:
    records = tmp_path / "records"
    records.mkdir()
    gather(Request(repository, records=records), tmp_path / "evidence", Silent())
    with pytest.raises(UsageError, match="--records"):
        made_again(tmp_path / "evidence", repository)
    assert made_again(tmp_path / "evidence", repository, records=records).good


def test_a_limit_and_a_later_report_time_are_taken_from_the_manifest(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence", limit=3, as_of=1_735_689_600).folder
    assert made_again(bundle, repository).mismatches == ()


def test_a_bundle_with_a_changed_file_is_held_against_git_too(repository: Path, tmp_path: Path) -> None:
    bundle = gathered(repository, tmp_path / "evidence").folder
    path = bundle / "deployments.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"subject":"Step 5"', b'"subject":"Step 9"'))
    found = {mismatch.path for mismatch in made_again(bundle, repository).mismatches}
    assert found == {"deployments.jsonl"}


def test_nothing_is_taken_over_from_the_bundle_itself(repository: Path, tmp_path: Path) -> None:
    """A run keeps where it stood in the cache, for the next to go on from; verifying reads all of git."""
    cache, bundle = tmp_path / "cache", tmp_path / "evidence"
    gather(Request(repository, cache=cache, goes_on=True), bundle, Silent())
    before = sorted((path, path.read_bytes()) for path in cache.rglob("*.state"))
    assert before, "a run that can be gone on from was kept"
    heard: list[int] = []

    class Hearing(Silent):
        def count(self, done: int, total: int | None) -> None:
            del total
            heard.append(done)

    verdict = verify(bundle, NOTHING, Request(repository, cache=cache), Hearing())
    assert verdict.mismatches == ()
    assert max(heard) == len(TREES)
    assert sorted((path, path.read_bytes()) for path in cache.rglob("*.state")) == before


def test_a_repository_without_commits_gives_the_same(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    git(repository, "init", "--quiet")
    bundle = gathered(repository, tmp_path / "evidence").folder
    assert made_again(bundle, repository).mismatches == ()
