"""Which commits of an application's own repository come to production with which deployment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from support.manifests import deployment
from support.plain_git import TIME, WHO, blob, git, new_repository, raw_commit, raw_tree
from support.replay import Silent, write_trees

import generator.pipeline.applications as module
from generator.errors import RefusedError
from generator.evidence.reading import Evidence
from generator.pipeline.applications import version_of
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.app_changes import AppChangeRecord

CONFIG = """\
environments:
  staging: {path: staging}
  production: {path: production, upstream: staging, production: true}
"""


class App:
    """An application whose commits have a tag each: `v1`, `v2`, ... a day apart."""

    def __init__(self, folder: Path, count: int) -> None:
        """Write it to `folder`."""
        self.folder = new_repository(folder)
        tree = raw_tree(self.folder, [("100644", b"a", blob(self.folder, b"1"))])
        self.ids: list[str] = []
        for day in range(1, count + 1):
            who = f"{WHO} {TIME - (100 - day) * 86_400} +0000"
            self.ids.append(raw_commit(self.folder, tree, self.ids[-1:], author=who, committer=who, message=str(day)))
            git(self.folder, "tag", f"v{day}", self.ids[-1])

    def numbers(self, changes: list[AppChangeRecord]) -> list[tuple[str, int]]:
        """Return each change as its deployment and the number of its commit."""
        return [(change.deployment, self.ids.index(change.commit) + 1) for change in changes]


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(tmp_path / "app", 9)


def history(folder: Path, *versions: str, name: str = "api") -> Request:
    """Write a repository in which staging and then production get each of `versions`; return the request to read it."""
    trees = []
    staging = production = ""
    for version in versions:
        staging = deployment(name, version)
        if production:
            trees.append({"assay.yaml": CONFIG, "staging/a.yaml": staging, "production/a.yaml": production})
        production = staging
        trees.append({"assay.yaml": CONFIG, "staging/a.yaml": staging, "production/a.yaml": production})
    return Request(write_trees(folder / "repository", trees))


def read(folder: Path, request: Request) -> Evidence:
    gather(request, folder, Silent())
    return Evidence(folder)


def seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def changes(evidence: Evidence) -> list[AppChangeRecord]:
    found = evidence.app_changes()
    assert found is not None
    return list(found)


def test_without_an_application_there_is_no_file(tmp_path: Path) -> None:
    evidence = read(tmp_path / "evidence", history(tmp_path, "shop/api:1", "shop/api:2"))
    assert evidence.app_changes() is None
    assert not (tmp_path / "evidence" / "changes.jsonl").exists()


def test_each_version_brings_what_the_one_before_had_not(tmp_path: Path, app: App) -> None:
    request = history(tmp_path, "shop/api:2", "shop/api:v3", "shop/api:6")
    evidence = read(tmp_path / "evidence", replace(request, applications=(("api", app.folder),)))
    found = changes(evidence)
    assert app.numbers(found) == [("production-2", 3), ("production-3", 4), ("production-3", 5), ("production-3", 6)]
    assert {(c.environment, c.component) for c in found} == {("production", "api")}
    assert found[0].committed_at == "2023-09-26T12:00:00Z"
    assert "Application `api`: 3 of 3 versions in production are in its own history." in (
        evidence.summary.coverage.notes
    )


def test_the_lead_time_of_the_commits_is_measured(tmp_path: Path, app: App) -> None:
    request = replace(history(tmp_path, "shop/api:2", "shop/api:3", "shop/api:5"), applications=(("api", app.folder),))
    evidence = read(tmp_path / "evidence", request)
    (line,) = [
        one for one in evidence.metrics() if (one.environment, one.by, one.unit) == ("production", "environment", "all")
    ]
    at = {d.id: d.commit.committed_at for d in evidence.deployments()}
    took = sorted(seconds(at[c.deployment]) - seconds(c.committed_at) for c in changes(evidence))
    assert (line.lead_time_kind, line.lead_time.n, line.lead_time.of) == ("change lead time", 3, 3)
    assert line.lead_time.median_seconds == took[1] == 99 * 86_400


def test_what_went_back_brings_nothing_and_nothing_comes_twice(tmp_path: Path, app: App) -> None:
    versions = [f"shop/api:{v}" for v in (2, 4, 2, 4, 2, 5)]
    request = replace(history(tmp_path, *versions), applications=(("api", app.folder),))
    found = changes(read(tmp_path / "evidence", request))
    assert app.numbers(found) == [("production-2", 3), ("production-2", 4), ("production-6", 5)]


def test_between_versions_of_which_one_is_unknown_nothing_is_told(tmp_path: Path, app: App) -> None:
    versions = [f"shop/api:{v}" for v in ("2", "other", "4", "5", "<b>")]
    request = replace(history(tmp_path, *versions), applications=(("a*", app.folder),))
    evidence = read(tmp_path / "evidence", request)
    assert app.numbers(changes(evidence)) == [("production-4", 5)]
    told = "Application `a*`: 3 of 5 versions in production are in its own history; not there: <b>, other."
    assert told in evidence.summary.coverage.notes


def test_a_version_may_be_told_by_its_commit(tmp_path: Path, app: App) -> None:
    versions = [f"host:5000/shop/api:1.0-g{app.ids[n][:8]}@sha256:{'0' * 64}" for n in (1, 2)]
    request = replace(history(tmp_path, *versions), applications=(("api", app.folder),))
    assert app.numbers(changes(read(tmp_path / "evidence", request))) == [("production-2", 3)]


def test_a_component_that_no_pattern_fits_has_none(tmp_path: Path, app: App) -> None:
    request = replace(history(tmp_path, "shop/api:1", "shop/api:2"), applications=(("web", app.folder),))
    evidence = read(tmp_path / "evidence", request)
    assert changes(evidence) == []
    assert "Application `web`: no version of such a component came to production." in evidence.summary.coverage.notes


def test_of_several_that_fit_the_first_counts(tmp_path: Path, app: App) -> None:
    other = App(tmp_path / "other", 1)
    request = history(tmp_path, "shop/api:1", "shop/api:2")
    both = replace(request, applications=(("api", app.folder), ("*", other.folder)))
    assert app.numbers(changes(read(tmp_path / "1", both))) == [("production-2", 2)]
    turned = replace(request, applications=(("*", other.folder), ("api", app.folder)))
    assert changes(read(tmp_path / "2", turned)) == []


def test_of_too_many_changes_the_number_is_told(tmp_path: Path, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHANGES", 2)
    request = replace(history(tmp_path, "shop/api:1", "shop/api:6"), applications=(("api", app.folder),))
    evidence = read(tmp_path / "evidence", request)
    assert app.numbers(changes(evidence)) == [("production-2", 2), ("production-2", 3)]
    assert "3 commits of applications beyond the first 2 are left out." in evidence.summary.coverage.notes


def test_a_shallow_application_says_so_where_it_is_allowed(tmp_path: Path, app: App) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=3", f"file://{app.folder}", shallow)
    request = replace(history(tmp_path, "shop/api:8", "shop/api:9"), applications=(("api", shallow),))
    with pytest.raises(RefusedError, match="application `api`: a shallow clone"):
        gather(request, tmp_path / "refused", Silent())
    assert not (tmp_path / "refused").exists()
    evidence = read(tmp_path / "evidence", replace(request, allow_shallow=True))
    assert app.numbers(changes(evidence)) == [("production-2", 9)]
    assert any("so older commits are missing" in note for note in evidence.summary.coverage.notes)


def test_what_is_no_repository_is_refused_by_the_name_of_the_option(tmp_path: Path) -> None:
    request = history(tmp_path, "shop/api:1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RefusedError, match=r"application `api`: not a git repository.*--application"):
        gather(replace(request, applications=(("api", tmp_path / "empty"),)), tmp_path / "evidence", Silent())


def test_two_readings_are_the_same_bytes(tmp_path: Path, app: App) -> None:
    request = replace(history(tmp_path, "shop/api:1", "shop/api:6"), applications=(("api", app.folder),))
    read(tmp_path / "1", request)
    git(app.folder, "repack", "-a", "-d", "--quiet")
    read(tmp_path / "2", request)
    assert (tmp_path / "1" / "changes.jsonl").read_bytes() == (tmp_path / "2" / "changes.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("artifact", "version"),
    [
        ("registry:5000/shop/cart:1.9.2", "1.9.2"),
        ("shop/cart:1.9.2@sha256:" + "0" * 64, "1.9.2"),
        ("shop/cart", "cart"),
        ("1.10", "1.10"),
        ("0123456789abcdef0123456789abcdef01234567", "0123456789abcdef0123456789abcdef01234567"),
        ("shop/cart@sha256:" + "0" * 64, "cart"),
    ],
)
def test_the_version_of_an_artifact_is_its_tag_in_full(artifact: str, version: str) -> None:
    assert version_of(artifact) == version
