"""What evidence and site show of people, by `authors`: nothing else than is asked for, and judged all the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.people import CANARIES, CONFIG, leaks, write_people
from support.replay import gathered

from generator.evidence.gates import GateTable
from generator.evidence.manifest import verify_manifest
from generator.site.build import build_site

if TYPE_CHECKING:
    from pathlib import Path

    from support.replay import Gathered

PSEUDONYM = re.compile(r"person-[0-9a-f]{10}")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Gathered]:
    folder = tmp_path_factory.mktemp("people")
    repository = write_people(folder / "repository")
    return {
        mode: gathered(repository, folder / mode / "evidence", f"authors: {mode}\n{CONFIG}")
        for mode in ("names", "pseudonyms", "none")
    }


@pytest.mark.parametrize("mode", ["pseudonyms", "none"])
def test_no_name_and_no_address_leaks_into_any_file(runs: dict[str, Gathered], mode: str, tmp_path: Path) -> None:
    assert leaks(runs[mode].folder) == []
    build_site(runs[mode].folder, tmp_path / "site")
    assert leaks(tmp_path / "site") == []
    assert verify_manifest(runs[mode].folder) == ()


def test_the_canaries_would_be_found(runs: dict[str, Gathered]) -> None:
    found = {line.rpartition(": ")[2] for line in leaks(runs["names"].folder)}
    assert found == set(CANARIES) - {"corp.example"}, "and where names are shown, addresses are not"


def test_one_person_has_one_pseudonym_wherever_they_stand(runs: dict[str, Gathered]) -> None:
    first, second, third, _ = (one for one in runs["pseudonyms"].deployments if one.environment == "production")
    assert PSEUDONYM.fullmatch(first.commit.author)
    assert first.commit.author != first.commit.committer
    own = next(one for one in second.approvals if one.way == "trailer")
    assert own.by == second.commit.author == third.commit.author, "an alias is known by the address"
    summary = runs["pseudonyms"].evidence.summary
    owners = {one.subject: one.owner for one in summary.exemptions}
    assert all(PSEUDONYM.fullmatch(owner) for owner in owners.values()), owners
    named = {one.owner for one in runs["names"].evidence.summary.exemptions}
    assert len(named) == len(set(owners.values()))
    assert first.commit.committer in "".join(one.reason for one in summary.exemptions), "in a sentence too"


def test_four_eyes_are_judged_on_who_they_are(runs: dict[str, Gathered]) -> None:
    said = {mode: list(_said(run)) for mode, run in runs.items()}
    outcomes = {mode: [outcome for outcome, _ in told] for mode, told in said.items()}
    assert outcomes["names"] == outcomes["pseudonyms"] == outcomes["none"]
    assert set(outcomes["names"]) >= {"failed", "passed"}
    details = [detail for _, detail in said["pseudonyms"]]
    assert any(re.search(r"^Approved by its author alone: person-\w+ \(trailer", detail) for detail in details)
    doubts = {
        mode: [(one.way, one.doubt) for d in run.deployments for one in d.approvals] for mode, run in runs.items()
    }
    assert doubts["names"] == doubts["pseudonyms"] == doubts["none"]


def test_nothing_stands_in_the_place_of_people_where_none_are_shown(runs: dict[str, Gathered]) -> None:
    for one in runs["none"].deployments:
        assert (one.commit.author, one.commit.committer) == ("", "")
        assert all(approval.by == "" for approval in one.approvals)
    assert [line.by for line in runs["none"].evidence.records()] == [""]
    assert not PSEUDONYM.search((runs["none"].folder / "deployments.jsonl").read_text())


def test_pseudonyms_stay_from_run_to_run_and_differ_by_key(tmp_path: Path) -> None:
    repository = write_people(tmp_path / "repository")
    config = f"authors: pseudonyms\n{CONFIG}"
    first, again, keyed = (
        gathered(repository, tmp_path / str(number), config, key=key).deployments[0].commit.author
        for number, key in enumerate([b"", b"", b"our own"])
    )
    assert first == again != keyed


def test_an_older_bundle_with_names_gives_none_of_them_away(tmp_path: Path) -> None:
    from support.plain_git import git

    repository = write_people(tmp_path / "repository")
    before = gathered(repository, tmp_path / "before", CONFIG)
    git(repository, "reset", "--quiet", "--hard", "HEAD~1")
    config = f"authors: pseudonyms\n{CONFIG}"
    after = gathered(repository, tmp_path / "after", config, previous=before.folder)
    vanished = (after.folder / "vanished.jsonl").read_text()
    assert PSEUDONYM.search(vanished)
    assert leaks(after.folder) == []


def _said(run: Gathered) -> list[tuple[str, str]]:
    tables = run.evidence.objects("gates", "production", GateTable)
    return [(row.outcome, row.detail) for one in run.of("production") for row in tables[one.gates.object].rows]
