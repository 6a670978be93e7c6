from __future__ import annotations

import pytest

from generator.history.ordering import Ancestry, merged_order


def _ancestry(lines: str) -> Ancestry:
    """Read lines of `ID TIME PARENT ...`, parents first."""
    found = []
    for line in lines.strip().splitlines():
        name, time, *parents = line.split()
        found.append((name, int(time), tuple(parents)))
    return Ancestry(found)


def _order(tracks: dict[str, str], upstreams: dict[str, str], lines: str) -> str:
    ids = {name: text.split() for name, text in tracks.items()}
    places = merged_order(ids, upstreams, _ancestry(lines))
    steps = {place: f"{name}:{ids[name][i]}" for name, found in places.items() for i, place in enumerate(found)}
    assert sorted(steps) == list(range(len(steps)))
    return " ".join(steps[place] for place in sorted(steps))


MERGES = """
s1 10
s2 20 s1
p1 30 s1
s3 40 s2
p2 50 p1 s2
s4 60 s3
p3 70 p2 s4
"""


def test_a_merge_comes_right_after_what_it_holds_of_its_upstream() -> None:
    found = _order({"staging": "s1 s2 s3 s4", "prod": "s1 p1 p2 p3"}, {"prod": "staging"}, MERGES)
    # s3 is dated before the merge p2 and is no ancestor of it, so it comes after; p1 brings nothing of staging's.
    assert found == "staging:s1 prod:s1 staging:s2 prod:p1 prod:p2 staging:s3 staging:s4 prod:p3"


def test_a_step_that_brings_nothing_of_its_upstream_comes_by_its_date_and_never_after_what_a_later_one_brings() -> None:
    lines = "s1 10\ns2 20 s1\ns3 30 s2\ns4 40 s3\np1 25 s1\np2 90 p1\np3 95 p2 s3\np4 97 p3\n"
    found = _order({"staging": "s1 s2 s3 s4", "prod": "p1 p2 p3 p4"}, {"prod": "staging"}, lines)
    assert found == "staging:s1 prod:p1 staging:s2 staging:s3 prod:p2 prod:p3 staging:s4 prod:p4"


def test_a_step_comes_before_what_holds_it_whatever_its_date() -> None:
    lines = "s1 10\ns2 20 s1\np1 5 s1\np2 99 p1\ns3 30 s2 p2\ns4 40 s3\n"
    found = _order({"staging": "s1 s2 s3 s4", "prod": "p1 p2"}, {"prod": "staging"}, lines)
    assert found == "staging:s1 prod:p1 staging:s2 prod:p2 staging:s3 staging:s4"


def test_a_branch_that_was_moved_on_has_each_commit_right_after_its_upstream() -> None:
    lines = "a 1\nb 2 a\nc 3 b\n"
    found = _order({"staging": "a b c", "prod": "a b"}, {"prod": "staging"}, lines)
    assert found == "staging:a prod:a staging:b prod:b staging:c"


def test_without_a_common_commit_time_decides() -> None:
    lines = "a 10\nx 5\ny 15 x\nb 20 a\nz 30 y\n"
    found = _order({"staging": "a b", "prod": "x y z"}, {"prod": "staging"}, lines)
    assert found == "prod:x staging:a prod:y staging:b prod:z"


def test_histories_that_have_nothing_to_do_with_each_other_are_merged_by_time() -> None:
    lines = "a 10\nx 10\nb 30 a\ny 20 x\n"
    assert _order({"one": "a b", "two": "x y"}, {}, lines) == "one:a two:x two:y one:b"


def test_a_date_that_goes_back_never_turns_a_history_round() -> None:
    lines = "a 10\nb 5 a\nc 7 b\nx 6\ny 8 x\n"
    assert _order({"one": "a b c", "two": "x y"}, {}, lines) == "two:x two:y one:a one:b one:c"


@pytest.mark.parametrize("upstream", ["staging", "prod"])
def test_a_third_history_follows_its_own_upstream(upstream: str) -> None:
    lines = "s1 10\np1 20 s1\nd1 25 p1\ns2 30 s1\np2 40 p1 s2\nd2 50 d1 p2\n"
    tracks = {"staging": "s1 s2", "prod": "s1 p1 p2", "site": "d1 d2"}
    found = _order(tracks, {"prod": "staging", "site": upstream}, lines)
    assert found.index("site:d1") < found.index("staging:s2") < found.index("site:d2")
    assert found.index("prod:p1") < found.index("site:d1")
    assert found.index("prod:p2") < found.index("site:d2")
