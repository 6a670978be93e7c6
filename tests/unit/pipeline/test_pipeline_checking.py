"""A check of a change, a range, a commit and the next release: what is new, what ended, and by whose policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.manifests import deployment
from support.plain_git import commit_all, git, new_repository
from support.replay import Silent

from generator.errors import UsageError
from generator.pipeline.checking.running import check
from generator.pipeline.checking.scope import Asked
from generator.pipeline.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.pipeline.checking.report import Report

CONFIG = (
    "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging, production: true}\n"
    "checks: {missing-limits: 'off', missing-probe: 'off', runs-as-root: 'off', single-point-of-failure: 'off'}\n"
)
DANGLING = deployment(env={"DB_HOST": "db:5432"})
BAD = deployment("bad", env={"DB_HOST": "db:5432"})
SOUND = deployment(image="images.example.org/shop/api:1.0.0")


def save(repository: Path, files: Mapping[str, str | None], message: str = "Change") -> str:
    for path, content in files.items():
        place = repository / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            place.unlink()
        else:
            place.write_text(content)
    return commit_all(repository, message)


def on(repository: Path, branch: str, start: str = "") -> None:
    git(repository, "checkout", "--quiet", *(["-b", branch, start] if start else [branch]))


def checked(
    repository: Path,
    *environments: str,
    config: Path | None = None,
    **asked: Any,  # noqa: ANN401 - the fields of a scope
) -> Report:
    return check(Request(repository, config), Asked(**asked), environments, "", Silent())


def told(report: Report) -> list[tuple[str, str, bool]]:
    return [(case.environment, case.name, item.fails) for case, item in report.worst_first if item.level == "error"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    repository = new_repository(tmp_path / "shop")
    save(repository, {"assay.yaml": CONFIG, "s/api.yaml": SOUND, "p/api.yaml": SOUND})
    return repository


def test_a_change_answers_for_what_it_brings_alone(shop: Path) -> None:
    save(shop, {"p/old.yaml": DANGLING.replace("name: api", "name: old")})
    on(shop, "work", "main")
    save(shop, {"s/new.yaml": DANGLING.replace("name: api", "name: new")})
    report = checked(shop, base="main", head="work")
    assert told(report) == [("staging", "dangling-reference", True)]
    assert (report.exit_code, report.scope.kind, report.scope.commits) == (1, "change", 1)
    assert report.standing > 0
    assert [(b.environment, [c.component for c in b.changes][:1]) for b in report.brought] == [("staging", ["new"])]


def test_what_main_got_meanwhile_is_not_of_the_change(shop: Path) -> None:
    """The branch merges main in between, so where the two parted is no commit of its own first-parent chain."""
    on(shop, "work", "main")
    save(shop, {"s/cache.yaml": SOUND.replace("name: api", "name: cache")}, "work")
    on(shop, "main")
    save(shop, {"p/bad.yaml": BAD}, "main")
    on(shop, "work")
    git(shop, "merge", "--quiet", "--no-ff", "-m", "Take main in", "main")
    report = checked(shop, base="main", head="work")
    assert told(report) == []
    assert report.exit_code == 0
    assert {b.environment for b in report.brought} == {"staging"}
    assert [b.name for b in report.began] == ["pending"] or [b.name for b in report.began] == ["structure"]


def test_what_a_change_ends_is_told(shop: Path) -> None:
    save(shop, {"p/bad.yaml": BAD})
    on(shop, "work", "main")
    save(shop, {"p/bad.yaml": None})
    report = checked(shop, base="main", head="work")
    assert ("production", "dangling-reference") in {(e.environment, e.name) for e in report.ended}
    assert report.exit_code == 0


def test_what_came_and_went_within_a_range_is_neither(shop: Path) -> None:
    start = git(shop, "rev-parse", "HEAD")
    save(shop, {"p/bad.yaml": BAD})
    middle = save(shop, {"p/bad.yaml": None})
    report = checked(shop, range=f"{start}..HEAD")
    assert (told(report), report.ended, report.scope.commits) == ([], (), 2)
    broken = checked(shop, range=f"{start}..{middle}~1")
    assert told(broken) == [("production", "dangling-reference", True)]


def test_what_went_and_came_back_within_a_range_is_neither(shop: Path) -> None:
    start = save(shop, {"p/bad.yaml": BAD})
    save(shop, {"p/bad.yaml": None})
    save(shop, {"p/bad.yaml": BAD})
    report = checked(shop, range=f"{start}..HEAD")
    assert (told(report), report.ended) == ([], ())


def test_a_commit_is_compared_with_its_first_parent(shop: Path) -> None:
    bad = save(shop, {"p/bad.yaml": BAD})
    after = save(shop, {"README": "x"})
    assert told(checked(shop, commit=bad)) == [("production", "dangling-reference", True)]
    assert told(checked(shop, commit=after)) == []
    assert told(checked(shop, commit=f"{bad}~1")) == []


def test_everything_counts_where_the_policy_says_so(shop: Path) -> None:
    save(shop, {"p/bad.yaml": BAD, "assay.yaml": CONFIG + "check: {new_only: false}\n"})
    after = save(shop, {"README": "x"})
    assert told(checked(shop, commit=after)) == [("production", "dangling-reference", True)]


def test_a_change_cannot_loosen_what_stops_it(shop: Path) -> None:
    on(shop, "work", "main")
    save(shop, {"p/bad.yaml": DANGLING, "assay.yaml": CONFIG + "check: {fail_on: never, unreadable: warn}\n"})
    report = checked(shop, base="main", head="work")
    assert (report.exit_code, report.policy.fail_on) == (1, "error")
    assert any(note.startswith("The change touches assay.yaml") for note in report.notes)
    assert checked(shop).exit_code == 0, "merged, it counts"


def test_a_change_that_waives_itself_is_told(shop: Path) -> None:
    waiver = "waivers: [{rule: dangling-reference, owner: P, reason: r, expires: 2030-01-01}]\n"
    on(shop, "work", "main")
    save(shop, {"p/bad.yaml": BAD, ".assay/w.yaml": waiver})
    report = checked(shop, base="main", head="work")
    assert report.exit_code == 0
    assert "What it brings is waived by what it changes itself: .assay/w.yaml." in report.notes


def test_a_branch_an_environment_is_read_with_the_change_on_it(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "branches")
    config = (
        "environments: {staging: {path: d, ref: staging}, production: {path: d, ref: production, upstream: staging}}\n"
    )
    save(repository, {"assay.yaml": config, "d/api.yaml": SOUND})
    for name in ("staging", "production"):
        git(repository, "branch", name)
    on(repository, "fix", "production")
    save(repository, {"d/bad.yaml": BAD})
    report = checked(repository, base="production", head="fix")
    assert told(report) == [("production", "dangling-reference", True)]
    assert told(checked(repository, base="staging", head="fix")) == [("staging", "dangling-reference", True)]


def test_the_next_release_is_judged_by_what_waits(shop: Path) -> None:
    report = checked(shop, next=True)
    assert (report.exit_code, report.notes) == (0, ("production: nothing waits.",))
    save(shop, {"s/api.yaml": DANGLING.replace("shop/api:1", "images.example.org/shop/api:1.1.0")})
    soaked = "gates: [{name: soak, soak: 24h}, {name: seen, approval: {by: file}}, {name: signed, signed: commit}]\n"
    save(shop, {"assay.yaml": CONFIG + soaked})
    report = checked(shop, next=True)
    verdicts = {case.name: case.verdict for case in report.cases if case.kind == "gate"}
    assert verdicts == {"soak": "failed", "seen": "failed", "signed": "skipped"}
    assert [b.id for b in report.brought] == [""]
    assert report.exit_code == 1


def test_gates_of_a_change_can_still_be_met_but_not_be_broken(shop: Path) -> None:
    gates = (
        "gates:\n- {name: seen, approval: {by: trailer}}\n"
        "- {name: calm, freeze: [{from: 2024-01-01, until: 2024-02-01, reason: r}]}\n"
    )
    save(shop, {"assay.yaml": CONFIG + gates})
    on(shop, "work", "main")
    save(shop, {"p/api.yaml": SOUND.replace("1.0.0", "1.1.0")})
    report = checked(shop, base="main", head="work")
    assert {case.name: case.verdict for case in report.cases if case.kind == "gate"} == {
        "seen": "skipped",
        "calm": "failed",
    }
    assert "It can still come." in next(case.reason for case in report.cases if case.name == "seen")
    on(shop, "main")
    git(shop, "merge", "--quiet", "--ff-only", "work")
    now = checked(shop)
    assert {case.name: case.verdict for case in now.cases if case.kind == "gate"} == {
        "seen": "failed",
        "calm": "failed",
    }
    off = shop / "own.yaml"
    off.write_text(CONFIG + gates + "check: {gates: false}\n")
    assert checked(shop, config=off).exit_code == 0


def test_drift_is_held_against_its_limits(shop: Path) -> None:
    limited = shop.with_name("own.yaml")
    limited.write_text(CONFIG + "check: {drift: [{most: 0, classes: ahead}, {most: 1, classes: pending}]}\n")
    save(shop, {"p/api.yaml": SOUND.replace("1.0.0", "1.1.0")})
    report = checked(shop, config=limited)
    verdicts = {case.name: case.verdict for case in report.cases if case.kind == "drift"}
    assert verdicts == {"at most 0 ahead": "failed", "at most 1 pending": "passed"}
    (item,) = [item for case, item in report.items if case.kind == "drift"]
    assert item.message.startswith("api ")
    old = shop.with_name("old.yaml")
    old.write_text(CONFIG + "check: {drift: {most: 0, older_than: 1d}}\n")
    assert checked(shop, config=old).exit_code == 0


def test_what_cannot_be_read_counts_where_the_change_broke_it(shop: Path) -> None:
    save(shop, {"s/broken.yaml": "a: [\n"})
    on(shop, "work", "main")
    save(shop, {"README": "x"})
    assert checked(shop, base="main", head="work").exit_code == 0
    save(shop, {"s/other.yaml": "a: [\n"})
    report = checked(shop, base="main", head="work")
    assert (report.exit_code, [r.path for r in report.unreadable]) == (3, ["s/other.yaml"])
    own = shop.with_name("own.yaml")
    own.write_text(CONFIG + "check: {unreadable: warn}\n")
    assert checked(shop, base="main", head="work", config=own).exit_code == 0


def test_records_are_of_the_change_that_writes_them(shop: Path) -> None:
    record = (
        "incidents:\n- {id: INC-7, environment: production, "
        "detected: '2024-01-01T11:00:00Z', restored: '2024-01-01T10:00:00Z'}\n"
    )
    save(shop, {"assay.yaml": CONFIG.replace("checks: {", "checks: {record-contradiction: error, ")})
    on(shop, "work", "main")
    bad = save(shop, {".assay/records/i.yaml": record})
    assert told(checked(shop, commit=bad)) == [("production", "record-contradiction", True)]
    after = save(shop, {"README": "x"})
    assert told(checked(shop, commit=after)) == []


@pytest.mark.parametrize(
    ("asked", "start"),
    [
        ({"commit": "HEAD", "next": True}, "--commit and --next both say"),
        ({"head": "HEAD"}, "--head without --base"),
        ({"commit": "nowhere"}, "--commit: no commit is named 'nowhere'"),
        ({"range": "HEAD"}, "'HEAD' is no range"),
        ({"range": "0000000000000000000000000000000000000000..HEAD"}, "--range names no commit"),
        ({"range": "HEAD..HEAD~1"}, "'HEAD..HEAD~1' runs backwards"),
        ({"base": "main", "head": "alone"}, "main...alone: the two share no commit"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(shop: Path, asked: dict[str, Any], start: str) -> None:
    save(shop, {"README": "x"})
    on(shop, "alone", "main")
    git(shop, "checkout", "--quiet", "--orphan", "lone")
    save(shop, {"README": "y"})
    git(shop, "branch", "--quiet", "--force", "alone", "lone")
    on(shop, "main")
    with pytest.raises(UsageError) as caught:
        checked(shop, **asked)
    assert caught.value.reason.startswith(start)
    assert caught.value.fix


def test_a_merged_change_brings_nothing(shop: Path) -> None:
    report = checked(shop, base="main", head="main")
    assert report.exit_code == 0
    assert report.notes == ("There is nothing to look at: the base has all of it already.",)


def test_fingerprints_are_distinct_and_stay(shop: Path) -> None:
    save(shop, {"p/bad.yaml": DANGLING, "p/worse.yaml": DANGLING.replace("name: api", "name: worse")})
    first = checked(shop)
    names = [item.fingerprint for _, item in first.items]
    assert len(set(names)) == len(names) > 1
    save(shop, {"p/bad.yaml": f"# a line more\n{DANGLING}"})
    assert {item.fingerprint for _, item in checked(shop).items} == set(names)
