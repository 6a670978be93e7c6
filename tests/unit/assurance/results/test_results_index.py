from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from generator.assurance.results.files import Listing, ResultKeys
from generator.assurance.results.index import MOST_FILES, Bound, ResultsIndex
from generator.config.results import ResultSource
from generator.errors import Place, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

A, B = "a1" * 20, "b2" * 20
DIGEST, IMAGE = "d4" * 32, "e5" * 32
GOOD, BAD, NONE = "1..1\nok", "1..1\nnot ok", "1..0"


class Files:
    """Files in memory, whose handles are their contents."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.listing = Listing(files, self.read)
        self.asked: list[str] = []

    def read(self, handle: str, path: str) -> bytes | Unreadable:
        self.asked.append(path)
        return Unreadable("too-large", "too large", Place(path)) if handle == "large" else handle.encode()


def source(**said: Any) -> ResultSource:  # noqa: ANN401 - what a file may say
    return ResultSource.model_validate({"name": "tests", "format": "tap", **said})


def keys(commit: str = A, environment: str = "production", **more: Any) -> ResultKeys:  # noqa: ANN401 - as its fields
    return ResultKeys(environment, commit, **more)


def index(
    files: Mapping[str, str], *sources: ResultSource, commits: Sequence[str] = (A, B), note: str = ""
) -> ResultsIndex:
    listing = Files(files).listing._replace(note=note)
    places = {"path": listing, "folder": listing, "refs/notes/ci": listing}
    return ResultsIndex(sources, places, environments=("staging", "production"), commits=commits)


def one(found: tuple[Bound, ...]) -> Bound:
    (bound,) = found
    return bound


def test_a_commit_in_full_or_by_its_beginning() -> None:
    made = index({f"r/{A}/t.tap": GOOD, f"r/{B[:7]}/t.tap": BAD, "r/abc/t.tap": GOOD}, source(path="r/{commit}/t.tap"))
    assert one(made.bound(keys(A))).outcome == "passed"
    assert one(made.bound(keys(B))).outcome == "failed"
    assert one(made.bound(keys("c3" * 20, deployed=B))).sources == (f"r/{B[:7]}/t.tap",)
    assert made.bound(keys("c3" * 20)) == ()
    assert made.unbound().count == 0  # `abc` is too short for a commit, so the file is no result


def test_a_beginning_of_two_commits_is_unreadable() -> None:
    other = A[:10] + "f" * 30
    made = index({f"r/{A[:8]}.tap": GOOD}, source(path="r/{commit}.tap"), commits=(A, other))
    for commit in (A, other):
        bound = one(made.bound(keys(commit)))
        assert (bound.outcome, bound.reason) == ("unreadable", f"r/{A[:8]}.tap names the beginning of several commits")


@pytest.mark.parametrize(
    ("template", "path", "more"),
    [
        ("r/{tag}/t.tap", "r/v1.2/t.tap", {"tags": ("other", "v1.2")}),
        ("r/{digest}.tap", f"r/{DIGEST}.tap", {"digest": DIGEST}),
        ("r/{digest}.tap", f"r/{DIGEST[:12]}.tap", {"digest": DIGEST}),
        ("r/{digest}.tap", f"r/sha256-{IMAGE}.tap", {"artifact_digests": (f"sha256:{IMAGE}",)}),
        ("r/app-{version}.tap", "r/app-3.10.tap", {"versions": ("3.9", "3.10")}),
        ("r/{environment}-{version}.tap", "r/production-1.tap", {"versions": ("1",)}),
        ("r/**/{commit}.tap", f"r/x/y/{A}.tap", {}),
        ("r/**/{commit}.tap", f"r/{A}.tap", {}),
        ("r/{commit}/TEST-*.tap", f"r/{A}/TEST-a.tap", {}),
        ("r/{commit}/**", f"r/{A}/x/y.tap", {}),
        ("r/{commit}/{commit}.tap", f"r/{A}/{A}.tap", {}),
        ("{commit}.tap", f"{A}.tap", {}),
    ],
)
def test_what_a_path_may_name_its_deployment_by(template: str, path: str, more: dict[str, Any]) -> None:
    made = index({path: GOOD}, source(path=template))
    assert one(made.bound(keys(**more))).sources == (path,)
    assert made.bound(keys(B, "staging", tags=("v1",), digest="f6" * 32, versions=("2",))) == ()


def test_every_placeholder_must_fit() -> None:
    made = index({f"r/staging/{A}/v1.tap": BAD}, source(path="r/{environment}/{commit}/{tag}.tap"))
    assert made.bound(keys(tags=("v1",))) == ()
    assert made.bound(keys(environment="staging", tags=("v2",))) == ()
    assert one(made.bound(keys(environment="staging", tags=("v1",)))).outcome == "failed"


def test_missing_only_where_it_is_expected() -> None:
    wanted = source(path="r/{commit}.tap", expected="true", environments="production")
    made = index({}, wanted, source(name="other", path="s/{commit}.tap"))
    assert made.bound(keys(environment="staging")) == ()
    bound = one(made.bound(keys()))
    assert (bound.name, bound.outcome, bound.reason) == ("tests", "missing", "it was expected, and is not there")
    told = index({}, wanted, note="no folder was named")
    assert one(told.bound(keys())).reason == "no folder was named"
    assert told.notes() == ("no folder was named",)


def test_several_files_are_counted_together_and_the_worst_decides() -> None:
    template = source(path="r/{commit}/*.tap")

    def told(*contents: str) -> tuple[str, str, int]:
        made = index({f"r/{A}/{place}.tap": content for place, content in enumerate(contents)}, template)
        bound = one(made.bound(keys()))
        assert bound.files == len(contents)
        return bound.outcome, bound.reason, bound.counts.total

    assert told(GOOD, GOOD, GOOD) == ("passed", "", 3)
    assert told(GOOD, BAD) == ("failed", "", 2)
    assert told(GOOD, NONE) == ("passed", "1 of 2 files ran no test", 1)
    assert told(NONE, NONE)[:2] == ("missing", "no test ran")
    assert told(GOOD, "large") == ("unreadable", f"r/{A}/1.tap: too large", 1)
    assert told(BAD, "large") == ("failed", "1 of 2 files could not be read", 1)
    assert told("large") == ("unreadable", "too large", 0)


def test_no_test_ran_is_missing_whether_expected_or_not() -> None:
    assert one(index({f"{A}.tap": NONE}, source(path="{commit}.tap")).bound(keys())).outcome == "missing"


def test_notes_are_found_by_their_commit() -> None:
    made = index({A: GOOD}, source(notes="refs/notes/ci"))
    assert one(made.bound(keys(A))).sources == (f"refs/notes/ci:{A}",)
    assert made.bound(keys(B)) == ()


def test_a_content_is_read_once_and_only_when_it_is_asked_for() -> None:
    files = Files({f"r/{A}.tap": GOOD, f"r/{B}.tap": GOOD, f"r/{'c' * 40}.tap": BAD})
    made = ResultsIndex([source(path="r/{commit}.tap")], {"path": files.listing})
    assert files.asked == []
    for commit in (A, B, A):
        assert one(made.bound(keys(commit))).outcome == "passed"
    assert files.asked == [f"r/{A}.tap"]


def test_files_without_a_deployment_are_counted_and_named() -> None:
    files = {f"r/{number:07x}.tap": GOOD for number in range(150)} | {f"r/{A}.tap": GOOD, "r/README.md": ""}
    made = index(files, source(path="r/{commit}.tap"), source(name="again", path="r/{commit}.*"))
    made.bound(keys(A))
    unbound = made.unbound()
    assert (unbound.count, len(unbound.paths), unbound.paths[0]) == (150, 100, "r/0000000.tap")


def test_too_many_files_for_one_deployment_are_unreadable() -> None:
    files = {f"r/v1/{number}.tap": GOOD for number in range(MOST_FILES + 1)}
    bound = one(index(files, source(path="r/{version}/*.tap")).bound(keys(versions=("v1",))))
    assert (bound.outcome, bound.files, len(bound.sources)) == ("unreadable", MOST_FILES + 1, 20)


def test_once_many_items_are_kept_later_results_keep_the_worst_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.assurance.results.index.MOST_KEPT", 15)
    text = "1..20\n" + "ok # SKIP\n" * 19 + "not ok"
    made = index({f"{A}.tap": text, f"{B}.tap": text + "\n"}, source(path="{commit}.tap"))
    details = [one(made.bound(keys(commit))).detail for commit in (A, B)]
    assert [(len(d.items), d.left_out, d.items[0].level) for d in details if d] == [
        (20, 0, "failed"),
        (10, 10, "failed"),
    ]


def test_thirty_thousand_files_for_thirty_thousand_deployments() -> None:
    commits = [f"{number * 7_919:08x}{number:032x}" for number in range(30_000)]
    files = {f"r/{commit[:12]}/t.tap": f"1..1\nok # {commit}" for commit in commits}
    files |= {f"v/latest/{number}.tap": GOOD for number in range(30_000)}
    start = time.perf_counter()
    made = index(files, source(path="r/{commit}/t.tap"), source(name="v", path="v/{version}/*.tap"), commits=commits)
    outcomes = [[b.outcome for b in made.bound(keys(commit, versions=("latest",)))] for commit in commits]
    assert outcomes == [["passed", "unreadable"]] * 30_000
    assert made.unbound().count == 0
    assert time.perf_counter() - start < 20
