from __future__ import annotations

from generator.assurance.results.parsing import parse
from generator.assurance.results.result import Result
from generator.errors import Unreadable


def read(*lines: str) -> Result:
    said = parse("tap", "\n".join(lines).encode(), "smoke.tap")
    assert isinstance(said, Result), said
    return said


def code(*lines: str) -> str:
    said = parse("tap", "\n".join(lines).encode(), "smoke.tap")
    assert isinstance(said, Unreadable), said
    return said.code


def test_tests_with_what_is_told_below_them() -> None:
    said = read(
        "TAP version 14",
        "1..4",
        "ok 1 - opens",
        "not ok 2 - adds \\# up",
        "  ---",
        "  message: 'two, not three'",
        "  file: t/add.t",
        "  line: 9",
        "  got: |",
        "    not ok 7 - quoted",
        "  ...",
        "ok 3 - closes # SKIP no door",
        "not ok 4 - flies # TODO one day",
    )
    assert (said.outcome, said.counts.passed, said.counts.failed, said.counts.skipped) == ("failed", 1, 1, 2)
    assert [(i.level, i.name, i.message, i.path, i.line) for i in said.items] == [
        ("failed", "adds # up", "two, not three", "t/add.t", 9),
        ("skipped", "closes", "no door", "", 0),
        ("skipped", "flies", "one day", "", 0),
    ]


def test_the_plan_may_come_last_and_numbers_may_be_left_out() -> None:
    assert read("ok", "ok - b", "# a comment", "1..2").outcome == "passed"
    assert read("TAP version 13", "1..1", "    ok 1 - inner", "    1..1", "ok 1 - outer").counts.total == 1


def test_other_tests_than_planned_have_failed() -> None:
    for lines in (("1..2", "ok 1"), ("1..1", "ok 1", "ok 2"), ("1..2", "ok 1", "ok 1"), ("1..2", "ok 1", "ok 5")):
        said = read(*lines)
        assert (said.outcome, said.items[0].name) == ("failed", "plan")


def test_a_run_that_bailed_out_has_failed() -> None:
    assert read("1..1", "ok 1", "Bail out! no database").items[0].message == "no database"
    assert read("ok 1", "    Bail out!").outcome == "failed"


def test_a_skip_that_is_not_ok_has_failed() -> None:
    assert read("1..1", "not ok 1 # SKIP never").outcome == "failed"


def test_no_test_ran() -> None:
    said = read("1..0 # no browser here")
    assert (said.outcome, said.reason) == ("missing", "no test ran: no browser here")
    assert read("1..1", "ok 1 # SKIP").outcome == "missing"


def test_what_may_be_cut_short_is_unreadable() -> None:
    assert code("TAP version 14", "ok 1", "ok 2") == "result-syntax"
    assert code("1..1", "ok 1", "1..1", "ok 1") == "result-syntax"
    assert code("TAP version 15", "1..1", "ok 1") == "result-version"


def test_a_block_that_never_ends_hides_the_rest_and_so_fails() -> None:
    assert read("1..2", "ok 1", "  ---", "ok 2").outcome == "failed"
