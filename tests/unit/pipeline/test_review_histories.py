"""Histories beside each other: branches, tags and pins, as teams really keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.manifests import deployment
from support.plain_git import git, new_repository
from support.replay import DAY, START, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.replay import Gathered

BRANCHES = """environments:
  staging: {ref: staging, path: k8s}
  production: {ref: production, path: k8s, upstream: staging, production: true}
"""


class Story:
    """A repository written commit by commit, each on a branch, at a day, with what it changes."""

    def __init__(self, folder: Path) -> None:
        """Make it in `folder`."""
        self.repository = new_repository(folder)

    def commit(
        self, branch: str, day: int, files: Mapping[str, str | None], *, start: str = "", merge: str = ""
    ) -> str:
        """Commit on `branch`, which begins at `start` where it is new, and return the id."""
        lines = [f"commit refs/heads/{branch}", f"committer Ada Example <a@example.org> {START + day * DAY} +0000"]
        lines += ["data 4", "Step"]
        exists = git(self.repository, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}", check=False)
        if exists or start:
            lines.append(f"from {exists or git(self.repository, 'rev-parse', start)}")
        if merge:
            lines.append(f"merge {git(self.repository, 'rev-parse', merge)}")
        for path, content in files.items():
            if content is None:
                lines.append(f"D {path}")
            else:
                lines += [f"M 100644 inline {path}", f"data {len(content.encode())}", content]
        data = "\n".join(lines) + "\n"
        git(self.repository, "fast-import", "--quiet", "--force", data=data.encode())
        return git(self.repository, "rev-parse", branch)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path / "r")


def _api(version: int) -> dict[str, str]:
    return {"k8s/api.yaml": deployment("api", f"shop/api:{version}")}


def _images(found: Gathered, environment: str) -> list[tuple[str | None, str]]:
    return [
        (c.new, "promoted" if c.origin else "new")
        for d in found.of(environment)
        for c in d.changes
        if c.aspect == "artifact" and c.field.endswith("image")
    ]


def test_a_version_that_was_carried_over_by_hand_was_promoted(story: Story, tmp_path: Path) -> None:
    story.commit("main", 0, _api(1))
    for number in range(2, 5):
        story.commit("staging", 2 * number, _api(number), start="main")
        # A squashed merge or a cherry-picked commit: no ancestor on the other branch.
        story.commit("production", 2 * number + 1, _api(number), start="main")
    found = gathered(story.repository, tmp_path / "e", BRANCHES)
    assert [how for _, how in _images(found, "production")][-3:] == ["promoted"] * 3


def test_what_came_by_hand_first_is_not_promoted(story: Story, tmp_path: Path) -> None:
    story.commit("main", 0, _api(1))
    story.commit("staging", 1, _api(2), start="main")
    story.commit("production", 2, _api(9), start="main")
    story.commit("staging", 3, _api(9))
    found = gathered(story.repository, tmp_path / "e", BRANCHES)
    assert _images(found, "production")[-1] == ("shop/api:9", "new")


def test_a_hotfix_that_was_merged_back_comes_before_what_holds_it_whatever_its_date(
    story: Story, tmp_path: Path
) -> None:
    story.commit("main", 0, _api(1))
    story.commit("staging", 1, _api(2), start="main")
    fix = story.commit("production", 9, _api(9), start="main")
    # The clock of who merged it back goes wrong.
    story.commit("staging", 5, _api(9), merge=fix)
    found = gathered(story.repository, tmp_path / "e", BRANCHES)
    assert _images(found, "production")[-1] == ("shop/api:9", "new")


def test_months_close_with_what_stood_then(story: Story, tmp_path: Path) -> None:
    story.commit("main", 0, _api(1))
    for number in range(2, 6):
        story.commit("staging", 31 * number, _api(number), start="main")
        story.commit("production", 31 * number + 5, _api(number), start="main")
    found = gathered(story.repository, tmp_path / "e", BRANCHES)
    production = found.evidence.summary.environments[1]
    assert {(m.pending, m.ahead) for m in production.drift_over_time} == {(0, 0)}


PIN = """environments:
  release: {tags: "v*", path: k8s}
  live: {pin: VERSION, ref: ops, path: k8s, upstream: release, production: true}
"""


def test_a_pin_comes_after_the_release_that_it_names(story: Story, tmp_path: Path) -> None:
    story.commit("main", 0, _api(1))
    git(story.repository, "tag", "v1", "main")
    story.commit("ops", 1, {"VERSION": "v1\n"}, start="main")
    story.commit("main", 2, _api(2))
    git(story.repository, "tag", "v2", "main")
    story.commit("ops", 3, {"VERSION": "v2\n"})
    found = gathered(story.repository, tmp_path / "e", PIN)
    assert _images(found, "live") == [("shop/api:1", "promoted"), ("shop/api:2", "promoted")]


@pytest.mark.parametrize("day", [1, 9])
def test_a_pin_of_a_release_that_is_dated_after_it(story: Story, tmp_path: Path, day: int) -> None:
    story.commit("main", 0, _api(1))
    git(story.repository, "tag", "v1", "main")
    story.commit("ops", 1, {"VERSION": "v1\n"}, start="main")
    story.commit("main", day, _api(2))
    git(story.repository, "tag", "v2", "main")
    story.commit("ops", 3, {"VERSION": "v2\n"})
    story.commit("ops", 4, {"VERSION": "v1\n"})
    found = gathered(story.repository, tmp_path / "e", PIN)
    assert _images(found, "live")[1] == ("shop/api:2", "promoted")
    assert found.kinds("live") == ["initial", "forward", "rollback"]


ONE_PIN = "environments: {live: {pin: VERSION, path: k8s}}\n"


@pytest.mark.parametrize(
    "said",
    [
        "v1\r\n",
        "\ufeffv1\n",
        '"v1"\n',
        "'v1'\r\n",
        "# deployed by the pipeline\n\nv1\n",
        "refs/tags/v1\n",
    ],
)
def test_a_pin_is_read_as_people_and_editors_write_it(story: Story, tmp_path: Path, said: str) -> None:
    story.commit("main", 0, _api(1))
    git(story.repository, "tag", "v1", "main")
    story.commit("main", 1, {"VERSION": said})
    found = gathered(story.repository, tmp_path / "e", ONE_PIN)
    assert [u.reason for u in found.evidence.summary.unreadable] == []
    assert _images(found, "live") == [("shop/api:1", "new")]


def test_a_pin_that_cannot_be_followed_is_no_deployment(story: Story, tmp_path: Path) -> None:
    story.commit("main", 0, _api(1))
    git(story.repository, "tag", "v1", "main")
    story.commit("main", 1, {"VERSION": "v1\n"})
    story.commit("main", 2, {"VERSION": "v7\n"})
    found = gathered(story.repository, tmp_path / "e", ONE_PIN)
    assert found.kinds("live") == ["initial"]
    assert [u.code for u in found.evidence.summary.unreadable] == ["pin"]


def test_a_pin_that_is_a_link_is_not_followed(story: Story, tmp_path: Path) -> None:
    story.commit("main", 0, _api(1))
    git(story.repository, "tag", "v1", "main")
    git(story.repository, "tag", "v2", story.commit("main", 1, _api(2)))
    story.commit("main", 2, {"VERSION": "v2\n"})
    link = git(story.repository, "hash-object", "-w", "--stdin", data=b"v1")
    git(story.repository, "read-tree", "main")
    git(story.repository, "update-index", "--add", "--cacheinfo", f"120000,{link},VERSION")
    tree = git(story.repository, "write-tree")
    made = git(story.repository, "commit-tree", "-p", "main", "-m", "Link", tree)
    git(story.repository, "update-ref", "refs/heads/main", made)
    found = gathered(story.repository, tmp_path / "e", ONE_PIN)
    assert [u.code for u in found.evidence.summary.unreadable] == ["symlink"]
    assert _images(found, "live") == [("shop/api:2", "new")]


def test_a_pin_of_an_id_is_no_branch_of_that_name(story: Story, tmp_path: Path) -> None:
    first = story.commit("main", 0, _api(1))
    story.commit("main", 1, {"VERSION": first[:8] + "\n"})
    story.commit("main", 2, _api(2))
    git(story.repository, "branch", first[:8], "main")
    found = gathered(story.repository, tmp_path / "e", ONE_PIN)
    assert _images(found, "live") == [("shop/api:1", "new")]


@pytest.mark.parametrize("mark", ["\u2028", "\u0085", "\u00a0"])
def test_a_tag_whose_name_has_a_line_separator_of_unicode(story: Story, tmp_path: Path, mark: str) -> None:
    story.commit("main", 0, _api(1))
    git(story.repository, "tag", f"v1{mark}x", "main")
    found = gathered(story.repository, tmp_path / "e", 'environments: {live: {tags: "v*", path: k8s}}\n')
    assert len(found.deployments) == 1


def test_three_levels_two_sites_and_a_limit(story: Story, tmp_path: Path) -> None:
    config = """environments:
  dev: {ref: main, path: k8s}
  staging: {ref: staging, path: k8s, upstream: dev}
  east: {ref: east, path: k8s, upstream: staging, production: true}
  west: {ref: west, path: k8s, upstream: staging, production: true}
"""
    story.commit("main", 0, _api(1))
    for number in range(2, 8):
        story.commit("main", 4 * number, _api(number))
        story.commit("staging", 4 * number + 1, _api(number), start="main", merge="main")
        story.commit("east", 4 * number + 2, _api(number), start="staging", merge="staging")
        story.commit("west", 4 * number + 3, _api(number), start="staging", merge="staging")
    whole = gathered(story.repository, tmp_path / "whole", config)
    cut = gathered(story.repository, tmp_path / "cut", config, limit=3)
    assert whole.topologies == cut.topologies
    for name in ("staging", "east", "west"):
        assert {how for _, how in _images(whole, name)} == {"promoted"}
        assert {how for _, how in _images(cut, name)} == {"promoted"}
        assert len(cut.of(name)) == 3
    for environment in (*whole.evidence.summary.environments[1:], *cut.evidence.summary.environments[1:]):
        assert environment.drift == ()


def test_criss_cross_merges_give_one_order(story: Story, tmp_path: Path) -> None:
    story.commit("main", 0, _api(1))
    staging = story.commit("staging", 1, _api(2), start="main")
    production = story.commit("production", 2, _api(9), start="main")
    story.commit("staging", 3, _api(3), merge=production)
    story.commit("production", 4, _api(2), merge=staging)
    found = gathered(story.repository, tmp_path / "e", BRANCHES)
    assert _images(found, "production")[-2:] == [("shop/api:9", "new"), ("shop/api:2", "promoted")]


def test_a_branch_that_is_behind_the_beginning_of_its_upstream(story: Story, tmp_path: Path) -> None:
    story.commit("main", 0, _api(1))
    git(story.repository, "branch", "production", "main")
    story.commit("staging", 1, _api(2), start="main")
    found = gathered(story.repository, tmp_path / "e", BRANCHES, limit=1)
    assert [d.kind for d in found.of("production")] == ["initial"]
    (item,) = found.evidence.summary.environments[1].drift
    assert (item.value, item.upstream) == ("shop/api:1", "shop/api:2")
