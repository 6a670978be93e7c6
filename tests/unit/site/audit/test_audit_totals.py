"""What is named as most frequent in a period."""

from __future__ import annotations

from generator.site.audit.entries import Entry
from generator.site.audit.exceptions import EXCEPTIONS
from generator.site.audit.totals import FOREMOST, totals


def entry(*exceptions: str) -> Entry:
    return Entry(
        id="production-1",
        page="releases/production-1.html",
        name="Release 1",
        environment="production",
        at="2026-03-02T09:00:00Z",
        kind="forward",
        verdict="",
        components=(),
        changes=1,
        commit="c" * 40,
        author="",
        committer="",
        approvals=(),
        gates=(),
        short=(),
        exceptions=exceptions,
        unreadable=0,
    )


def test_the_most_frequent_exceptions_come_first() -> None:
    first, second, third, fourth = list(EXCEPTIONS)[:4]
    found = totals([entry(first, fourth), entry(second, fourth), entry(third, fourth, second)])
    assert [(one.name, one.changes) for one in found.foremost] == [(fourth, 3), (second, 2), (first, 1)]
    assert len(found.foremost) == FOREMOST
    assert [one.name for one in found.exceptions] == [first, second, third, fourth]


def test_of_equal_ones_the_order_of_all_decides() -> None:
    first, second = list(EXCEPTIONS)[:2]
    assert [one.name for one in totals([entry(second, first)]).foremost] == [first, second]


def test_a_period_without_exceptions_names_none() -> None:
    assert totals([entry()]).foremost == ()
