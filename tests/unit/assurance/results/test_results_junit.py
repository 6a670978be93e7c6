from __future__ import annotations

from generator.assurance.results.parsing import parse
from generator.assurance.results.result import Result
from generator.errors import Unreadable


def read(text: str) -> Result:
    said = parse("junit", text.encode(), "report.xml")
    assert isinstance(said, Result), said
    return said


def refused(text: str | bytes) -> Unreadable:
    said = parse("junit", text.encode() if isinstance(text, str) else text, "report.xml")
    assert isinstance(said, Unreadable), said
    return said


MIXED = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="cart">
    <properties><property name="region" value="north"/></properties>
    <testcase classname="cart.Total" name="adds up"/>
    <testcase classname="cart.Total" name="rounds" file="cart/total.py" line="12">
      <failure message="3 is not 4">long trace</failure>
      <system-out>printed</system-out>
    </testcase>
    <testcase name="connects"><error type="Timeout"/></testcase>
    <testcase classname="cart.Old" name="legacy"><skipped message="not any more"/></testcase>
    <testsuite name="inner"><testcase name="deep"/></testsuite>
  </testsuite>
</testsuites>
"""


def test_cases_are_counted_by_what_they_say_and_the_worst_comes_first() -> None:
    said = read(MIXED)
    assert (said.outcome, said.counts.total) == ("failed", 5)
    assert (said.counts.passed, said.counts.failed, said.counts.errors, said.counts.skipped) == (2, 1, 1, 1)
    assert [(item.level, item.name, item.message) for item in said.items] == [
        ("error", "cart connects", "Timeout"),
        ("failed", "cart.Total rounds", "3 is not 4"),
        ("skipped", "cart.Old legacy", "not any more"),
    ]
    assert (said.items[1].path, said.items[1].line) == ("cart/total.py", 12)


def test_a_single_suite_as_the_root_and_a_namespace() -> None:
    assert read('<testsuite name="s"><testcase name="a"/></testsuite>').outcome == "passed"
    assert read('<testsuites xmlns="urn:x"><testsuite><testcase name="a"/></testsuite></testsuites>').counts.passed == 1
    assert read('<testsuites><testcase name="a"/></testsuites>').counts.passed == 1


def test_no_test_is_never_a_pass() -> None:
    for text in ("<testsuites/>", '<testsuite tests="4"/>', "<testsuites><testsuite/></testsuites>"):
        assert (read(text).outcome, read(text).reason) == ("missing", "no test ran")
    skipped = read('<testsuite><testcase name="a"><skipped/></testcase></testsuite>')
    assert (skipped.outcome, skipped.reason) == ("missing", "no test ran, 1 skipped")


def test_sums_that_say_worse_than_the_cases_are_believed() -> None:
    said = read('<testsuites><testsuite name="s" failures="2" errors="1"><testcase name="a"/></testsuite></testsuites>')
    assert (said.outcome, said.items[0].message) == (
        "failed",
        "3 more failed by the report's own sums, and are not listed",
    )
    assert read('<testsuite failures="many"><testcase name="a"/></testsuite>').outcome == "passed"


def test_a_fault_of_a_whole_suite_counts() -> None:
    said = read('<testsuite name="s"><error message="could not start"/><testcase name="a"/></testsuite>')
    assert (said.outcome, said.items[0].message) == ("failed", "could not start")


def test_a_failure_wins_over_a_skip_in_the_same_case() -> None:
    text = '<testsuite><testcase name="a"><skipped/><failure message="no"/></testcase></testsuite>'
    assert [(item.level, item.message) for item in read(text).items] == [("failed", "no")]


def test_words_are_one_line_and_hide_secrets() -> None:
    token = "ghp_" + "a1B2" * 9
    text = f'<testsuite><testcase name="t&#10;x"><failure>got\n{token}\nback&#x1b;</failure></testcase></testsuite>'
    assert refused(text).code == "result-syntax"  # an escape character is no XML
    said = read(text.replace("&#x1b;", "&#x202e;"))
    assert said.items[0].name == "t x"
    assert said.items[0].message == r"got secret back\u202e"


def test_what_is_no_whole_junit_is_unreadable() -> None:
    assert refused(MIXED[:-30]).code == "result-syntax"
    assert refused("<html></html>").code == "result-shape"
    assert refused("no xml").code == "result-syntax"
    assert refused(b'<?xml version="1.0" encoding="no-such"?><testsuite/>').code == "result-syntax"
    assert refused("").reason == "the report is empty"


def test_a_deep_or_large_document_is_unreadable() -> None:
    assert refused("<testsuite>" * 41 + "</testsuite>" * 41).code == "result-size"
    assert refused("<testsuite>" + "<testcase/>" * 300_001 + "</testsuite>").code == "result-size"


def test_a_case_that_says_by_an_attribute_that_it_failed_or_never_ran_has_not_passed() -> None:
    failed = read('<testsuite><testcase name="a"/><testcase name="b" status="failed"/></testsuite>')
    assert (failed.outcome, failed.counts.failed, failed.items[0].name) == ("failed", 1, "b")
    idle = read('<testsuite><testcase name="a" status="notrun" result="suppressed"/></testsuite>')
    assert (idle.outcome, idle.counts.skipped) == ("missing", 1)
    ran = read('<testsuite><testcase name="a" status="run" result="completed"/></testsuite>')
    assert (ran.outcome, ran.counts.passed) == ("passed", 1)


def test_sums_of_inner_suites_and_those_that_are_no_number_are_believed_too() -> None:
    inner = '<testsuites><testsuite><testsuite failures="2"><testcase name="a"/></testsuite></testsuite></testsuites>'
    for text in (
        inner,
        '<testsuite failures="1.0"><testcase/></testsuite>',
        f'<testsuite errors="{"9" * 30}"><testcase/></testsuite>',
    ):
        assert read(text).outcome == "failed", text
    assert read('<testsuite failures="0.0" errors=""><testcase/></testsuite>').outcome == "passed"
