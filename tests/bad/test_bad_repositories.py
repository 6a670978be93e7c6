"""Repositories that are not as they should be: borrowed, shallow, foreign, cut, dated wrongly (rows 5 to 27)."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING

import pytest
from support.command import assay, assay_process
from support.manifests import CONFIG, deployment
from support.plain_git import TIME, WHO, blob, commit_all, git, new_repository, raw_commit, raw_tree, tree_of
from support.replay import Gathered, Silent, gathered, write_trees

from generator.errors import RefusedError, one_line
from generator.pipeline.gathering import gather
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from pathlib import Path

FIRST = {"api.yaml": deployment().encode()}
SECOND = {"api.yaml": deployment(image="shop/api:2").encode()}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = new_repository(tmp_path / "repository")
    raw_commit(made, tree_of(made, FIRST), message="First")
    return made


def _read(repository: Path, tmp_path: Path) -> Gathered:
    return gathered(repository, tmp_path / "evidence", CONFIG)


def _head(repository: Path) -> str:
    return git(repository, "rev-parse", "HEAD")


def _refused(repository: Path, tmp_path: Path, code: str, *options: str) -> str:
    """Return the one line of a refusal, after which nothing is there."""
    (tmp_path / "c.yaml").write_text(CONFIG)
    arguments = ("--repo", repository, "--config", tmp_path / "c.yaml", "--output", tmp_path / "site", "--quiet")
    found = assay("build", *arguments, *options)
    assert found.exit_code == 4, found.output
    assert found.stdout == ""
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"error[{code}]")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.yaml", repository.name]
    return line


def test_objects_from_outside_are_refused(repository: Path, tmp_path: Path) -> None:
    (repository / ".git" / "objects" / "info" / "alternates").write_text("/var/lib/other/objects\n")
    assert "/var/lib/other/objects" in _refused(repository, tmp_path, "alternates")


def test_a_repository_of_another_user_is_refused(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository.stat().st_uid + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    monkeypatch.delenv("SUDO_UID", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    line = _refused(repository, tmp_path, "foreign-owner")
    assert f"git config --global --add safe.directory {repository}" in line


def test_a_shallow_clone_is_refused_unless_it_is_allowed(repository: Path, tmp_path: Path) -> None:
    raw_commit(repository, tree_of(repository, SECOND), [_head(repository)])
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", shallow)
    shutil.rmtree(repository)
    assert "--allow-shallow" in _refused(shallow, tmp_path, "shallow")
    found = assay("check", "--repo", shallow, "--config", tmp_path / "c.yaml", "--allow-shallow")
    assert found.exit_code == 0, found.output


def test_a_shallow_report_says_so(repository: Path, tmp_path: Path) -> None:
    (repository / ".git" / "shallow").write_text(_head(repository) + "\n")
    (tmp_path / "c.yaml").write_text(CONFIG)
    outcome = gather(Request(repository, tmp_path / "c.yaml", allow_shallow=True), tmp_path / "evidence", Silent())
    assert "shallow" in outcome.summary.coverage.limited


@pytest.mark.parametrize("ref", ["--output=x", "--pathspec-from-file=/etc/passwd", "-q", "--all"])
def test_a_ref_that_looks_like_an_option_is_data(
    ref: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = _refused(repository, tmp_path, "ref", f"--ref={ref}")
    assert ref in line


def test_a_branch_that_looks_like_an_option_is_read(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    branch = "--pathspec-from-file=/etc/passwd"
    (repository / ".git" / "refs" / "heads" / "--pathspec-from-file=" / "etc").mkdir(parents=True)
    (repository / ".git" / "refs" / "heads" / branch).write_text(_head(repository) + "\n")
    found = gathered(repository, tmp_path / "evidence", CONFIG, ref=f"refs/heads/{branch}")
    assert found.evidence.summary.commit.id == _head(repository)


def test_a_submodule_is_listed_and_not_fetched(repository: Path, tmp_path: Path) -> None:
    inside = raw_tree(
        repository,
        [
            ("100644", b"api.yaml", blob(repository, FIRST["api.yaml"])),
            ("160000", b"charts.yaml", "1" * 40),
        ],
    )
    modules = blob(repository, b'[submodule "charts"]\n\tpath = ../charts\n\turl = ../charts.git\n')
    raw_commit(repository, raw_tree(repository, [("100644", b".gitmodules", modules), ("40000", b"deploy", inside)]))
    found = _read(repository, tmp_path)
    assert [(u.level, u.code, u.path) for u in found.evidence.summary.unreadable] == [
        ("note", "submodule", "deploy/charts.yaml")
    ]
    assert found.outcome.exit_code == 0


def test_an_entry_whose_name_has_a_slash_is_read_as_the_path_that_git_shows(repository: Path, tmp_path: Path) -> None:
    """In what git prints it can't be told from a file in a folder; it is read as data, and no file is ever opened."""
    evil = blob(repository, deployment("evil").encode())
    raw_commit(
        repository, raw_tree(repository, [("40000", b"deploy", raw_tree(repository, [("100644", b"x/e.yaml", evil)]))])
    )
    found = _read(repository, tmp_path)
    assert found.outcome.exit_code == 0
    assert [c.component for c in found.evidence.summary.environments[0].cells] == ["evil"]


@pytest.mark.parametrize(
    ("mode", "name", "path"),
    [
        ("40000", b"..", "deploy/../evil.yaml"),
        ("40000", b".git", "deploy/.git/evil.yaml"),
    ],
)
def test_a_name_that_no_file_can_have_is_unreadable(
    mode: str, name: bytes, path: str, repository: Path, tmp_path: Path
) -> None:
    evil = blob(repository, deployment("evil").encode())
    inner = raw_tree(repository, [("100644", b"evil.yaml", evil)]) if mode == "40000" else evil
    good = blob(repository, FIRST["api.yaml"])
    entries = sorted([("100644", b"api.yaml", good), (mode, name, inner)], key=lambda entry: entry[1])
    raw_commit(repository, raw_tree(repository, [("40000", b"deploy", raw_tree(repository, entries))]))
    found = _read(repository, tmp_path)
    assert [u.path for u in found.evidence.summary.unreadable] == [path]
    assert found.outcome.exit_code == 3
    assert [c.component for c in found.evidence.summary.environments[0].cells] == ["api"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.yaml", "deploy/a\\nb.yaml"),
        (b"-rf.yaml", "deploy/-rf.yaml"),
        (b"a\x1b[31m.yaml", "deploy/a\\x1b[31m.yaml"),
        ("a\u202eb.yaml".encode(), "deploy/a\\u202eb.yaml"),
        (b"a\xffb.yaml", "deploy/a\\xffb.yaml"),
        (b":(top)a.yaml", "deploy/:(top)a.yaml"),
    ],
)
def test_an_odd_name_is_read_and_shown_escaped(name: bytes, shown: str, repository: Path, tmp_path: Path) -> None:
    files = [
        ("100644", n, blob(repository, c)) for n, c in [(name, b"a: [\n"), (b"web.yaml", deployment("web").encode())]
    ]
    raw_commit(
        repository,
        raw_tree(repository, [("40000", b"deploy", raw_tree(repository, sorted(files, key=lambda f: f[1])))]),
    )
    (tmp_path / "c.yaml").write_text(CONFIG)
    found = assay_process(
        *("build", "--repo", repository, "--config", tmp_path / "c.yaml", "--output", tmp_path / "site", "--quiet"),
        environment={"LC_ALL": "C.UTF-8"},
    )
    assert found.returncode == 3
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"unreadable[yaml-syntax] {shown}:2")
    assert "web" in (tmp_path / "site" / "evidence" / "summary.json").read_text("utf-8")


def test_a_file_with_an_odd_name_is_read(repository: Path, tmp_path: Path) -> None:
    raw_commit(
        repository,
        raw_tree(
            repository,
            [
                (
                    "40000",
                    b"deploy",
                    raw_tree(repository, [("100644", b"\xff\n.yaml", blob(repository, FIRST["api.yaml"]))]),
                )
            ],
        ),
    )
    found = _read(repository, tmp_path)
    assert found.outcome.exit_code == 0
    assert [c.component for c in found.evidence.summary.environments[0].cells] == ["api"]


@pytest.mark.parametrize("target", [b"/etc/passwd", b"../../../../etc/passwd", b"api.yaml"])
def test_a_link_is_never_followed(target: bytes, repository: Path, tmp_path: Path) -> None:
    files = [
        ("100644", b"api.yaml", blob(repository, FIRST["api.yaml"])),
        ("120000", b"link.yaml", blob(repository, target)),
    ]
    raw_commit(
        repository, raw_tree(repository, [("40000", b"deploy", raw_tree(repository, files))]), [_head(repository)]
    )
    found = _read(repository, tmp_path)
    assert [(u.code, u.path) for u in found.evidence.summary.unreadable] == [("symlink", "deploy/link.yaml")]
    assert found.outcome.exit_code == 3
    assert b"root:" not in b"".join(p.read_bytes() for p in found.folder.rglob("*") if p.is_file())


def test_a_huge_file_is_unreadable_by_its_size(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.history.blobs.MAX_BYTES", 2_000)
    big = {"big.yaml": b"a: " + b"x" * 3_000_000, **FIRST}
    raw_commit(repository, tree_of(repository, big), [_head(repository)])
    found = _read(repository, tmp_path)
    (lost,) = found.evidence.summary.unreadable
    assert (lost.code, lost.path) == ("too-large", "deploy/big.yaml")
    assert "3000003 bytes" in lost.reason
    assert found.outcome.exit_code == 3


def test_replaced_objects_are_ignored_and_named(repository: Path, tmp_path: Path) -> None:
    first = _head(repository)
    second = raw_commit(repository, tree_of(repository, SECOND), [first])
    git(repository, "replace", "--graft", second)
    found = _read(repository, tmp_path)
    assert [d.commit.id for d in found.deployments] == [first, second]
    assert any("replaced" in note for note in found.evidence.summary.coverage.notes)


def test_grafts_are_ignored_and_named(repository: Path, tmp_path: Path) -> None:
    first = _head(repository)
    second = raw_commit(repository, tree_of(repository, SECOND), [first])
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "grafts").write_text(f"{second}\n")
    found = _read(repository, tmp_path)
    assert [d.commit.id for d in found.deployments] == [first, second]
    assert any("grafts" in note for note in found.evidence.summary.coverage.notes)


@pytest.mark.parametrize(
    "committer",
    [f"{WHO} 9999999999999 +0000", f"{WHO} 99999999999999999999 +0000", f"{WHO} -62000000000 +0000", WHO, ""],
)
def test_a_commit_with_an_impossible_date_is_kept(committer: str, repository: Path, tmp_path: Path) -> None:
    first = _head(repository)
    odd = raw_commit(repository, tree_of(repository, SECOND), [first], committer=committer)
    last = raw_commit(repository, tree_of(repository, FIRST), [odd])
    found = _read(repository, tmp_path)
    assert [(d.commit.id, d.kind) for d in found.deployments] == [
        (first, "initial"),
        (odd, "forward"),
        (last, "rollback"),
    ]
    assert found.deployments[1].commit.committed_at == ""
    assert any("1 commits carry no date" in note for note in found.evidence.summary.coverage.notes)
    series = found.evidence.summary.environments[0].measures.series
    assert {sum(c.forward + c.initial + c.rollback for c in s.counts) for s in series} == {2}
    assert found.outcome.exit_code == 0


def test_order_is_that_of_ancestry_not_of_dates(repository: Path, tmp_path: Path) -> None:
    first = _head(repository)
    second = raw_commit(repository, tree_of(repository, SECOND), [first], committer=f"{WHO} {TIME - 9_000} +0000")
    found = _read(repository, tmp_path)
    assert [d.commit.id for d in found.deployments] == [first, second]
    assert any("dated before a commit they follow" in note for note in found.evidence.summary.coverage.notes)


def test_unrelated_histories_and_an_octopus_follow_the_first_parent(repository: Path, tmp_path: Path) -> None:
    first = _head(repository)
    strangers = [
        raw_commit(repository, tree_of(repository, {f"x{n}.yaml": b""}), message=f"Root {n}") for n in range(3)
    ]
    octopus = raw_commit(repository, tree_of(repository, SECOND), [first, *strangers], message="Octopus")
    found = _read(repository, tmp_path)
    assert [d.commit.id for d in found.deployments] == [first, octopus]
    assert found.evidence.summary.coverage.commits == 2


def test_every_way_into_a_repository_gives_the_same_evidence(tmp_path: Path) -> None:
    repository = write_trees(
        tmp_path / "repository",
        [{"deploy/api.yaml": deployment(image=f"shop/api:{n}", env={"TOKEN": f"hunter{n}"})} for n in range(4)],
    )
    git(tmp_path, "clone", "--quiet", "--bare", repository, tmp_path / "bare.git")
    git(tmp_path, "clone", "--quiet", "--bare", repository, tmp_path / "without.git")
    (tmp_path / "without.git" / "config").unlink()
    git(repository, "worktree", "add", "--quiet", tmp_path / "tree", "-b", "other")
    git(tmp_path, "clone", "--quiet", f"--separate-git-dir={tmp_path / 'kept.git'}", repository, tmp_path / "pointer")
    places = ["repository", "bare.git", "without.git", "tree", "pointer", "repository/deploy"]
    manifests = {
        gathered(tmp_path / place, tmp_path / f"evidence-{n}", CONFIG).folder.joinpath("manifest.json").read_bytes()
        for n, place in enumerate(places)
    }
    assert len(manifests) == 1


def test_a_missing_object_costs_what_it_touches(repository: Path, tmp_path: Path) -> None:
    head = raw_commit(
        repository, tree_of(repository, {**SECOND, "web.yaml": deployment("web").encode()}), [_head(repository)]
    )
    lost = git(repository, "rev-parse", f"{head}:deploy/api.yaml")
    (repository / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    found = _read(repository, tmp_path)
    assert found.outcome.exit_code == 3
    assert [(u.code, u.path) for u in found.evidence.summary.unreadable] == [("missing-object", "deploy/api.yaml")]
    cells = {c.component: c.artifact for c in found.evidence.summary.environments[0].cells}
    assert cells == {"api": "shop/api:1", "web": "shop/api:1"}, "the last good state stands, the rest goes on"


def test_a_missing_tree_is_refused_in_one_line(repository: Path, tmp_path: Path) -> None:
    lost = git(repository, "rev-parse", "HEAD:deploy")
    (repository / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(RefusedError) as caught:
        _read(repository, tmp_path)
    assert "\n" not in str(caught.value)


def test_an_empty_repository_gives_evidence_that_says_so(tmp_path: Path) -> None:
    found = gathered(new_repository(tmp_path / "repository"), tmp_path / "evidence")
    assert (found.outcome.exit_code, found.deployments) == (0, [])
    assert found.evidence.summary.coverage.notes == ("The repository has no commits yet.",)
    assert assay("verify", found.folder).exit_code == 0


def test_an_empty_repository_gives_a_site(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "repository")
    found = assay_process("build", "--repo", repository, "--output", tmp_path / "site", "--quiet")
    assert (found.returncode, found.stderr) == (0, "")
    assert "no commits yet" in (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "no commits yet" in (tmp_path / "site" / "methods.html").read_text("utf-8")


def test_no_release_yet_is_no_error(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "repository")
    (repository / "staging").mkdir()
    (repository / "staging" / "api.yaml").write_text(deployment("api"))
    commit_all(repository)
    config = "environments:\n  staging: {path: staging}\n  production: {path: production, upstream: staging}\n"
    found = gathered(repository, tmp_path / "evidence", config)
    assert found.outcome.exit_code == 0
    assert [e.present for e in found.evidence.summary.environments] == [True, False]
    assert found.of("production") == []


def test_a_path_at_which_nothing_ever_stood_is_refused(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "repository")
    (repository / "README").write_text("Soon.\n")
    commit_all(repository)
    with pytest.raises(RefusedError, match=r"path-missing.*ever stood at deploy"):
        gathered(repository, tmp_path / "evidence", CONFIG)


def test_an_author_line_of_blanks_costs_nothing(repository: Path, tmp_path: Path) -> None:
    raw_commit(
        repository,
        tree_of(repository, SECOND),
        [_head(repository)],
        author=f"A{' ' * 200_000}B <b@example.org> 1 +0000",
    )
    found = _read(repository, tmp_path)
    assert found.deployments[1].commit.author == "A B"
    begin = time.perf_counter()
    one_line("A" + " " * 200_000 + "B")
    assert time.perf_counter() - begin < 0.1


@pytest.mark.parametrize(
    ("author", "message", "name", "subject"),
    [
        ("", "No author", "", "No author"),
        ("<>", "Nobody", "", "Nobody"),
        (f"{WHO} {TIME} +0000", "", "Ada Example", ""),
        (f"{WHO} {TIME} +0000", ":100644 100644 a b M", "Ada Example", ":100644 100644 a b M"),
        (f"{WHO} {TIME} +0000", "\n\n:x\n\n:y", "Ada Example", ":x"),
        (f"A\x1b[31m\u202eB <b@example.org> {TIME} +0000", "C\x07\u202e\tD", "A\\x1b[31m\\u202eB", "C\\x07\\u202e D"),
        (f"{'A' * 5_000} <b@example.org> {TIME} +0000", "S" * 5_000, "A" * 119 + "…", "S" * 239 + "…"),
    ],
)
def test_an_odd_header_costs_no_commit(
    author: str, message: str, name: str, subject: str, repository: Path, tmp_path: Path
) -> None:
    odd = raw_commit(repository, tree_of(repository, SECOND), [_head(repository)], author=author, message=message)
    last = raw_commit(repository, tree_of(repository, FIRST), [odd], message="Last")
    found = _read(repository, tmp_path)
    assert [d.commit.id for d in found.deployments[1:]] == [odd, last]
    commit = found.deployments[1].commit
    assert (commit.author, commit.subject) == (name, subject)
    assert found.deployments[2].commit.subject == "Last"
