"""What holds for every report, whatever stands in it."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.assurance.results.merging import merged
from generator.assurance.results.parsing import parse
from generator.assurance.results.result import Result
from generator.config.results import FORMATS, Written
from generator.errors import Unreadable

KINDS = st.lists(st.sampled_from(["passed", "failed", "error", "skipped"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["runs", "version", "results", "Results", "SchemaVersion", "Reports", "resources", "tool"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def junit(kinds: list[str]) -> str:
    inner = {"passed": "", "failed": "<failure/>", "error": "<error/>", "skipped": "<skipped/>"}
    cases = "".join(f"<testcase name={quoteattr(str(n))}>{inner[kind]}</testcase>" for n, kind in enumerate(kinds))
    return f"<testsuite>{cases}</testsuite>"


def tap(kinds: list[str]) -> str:
    lines = {"passed": "ok", "failed": "not ok", "error": "not ok", "skipped": "ok # SKIP"}
    return "\n".join([f"1..{len(kinds)}", *(lines[kind] for kind in kinds)])


@given(KINDS)
def test_counts_add_up_and_nothing_bad_or_empty_passes(kinds: list[str]) -> None:
    for text in (junit(kinds), tap(kinds)):
        said = parse("auto", text.encode(), "report")
        assert isinstance(said, Result)
        assert said.counts.total == len(kinds)
        assert len(said.items) + said.left_out == said.counts.total - said.counts.passed
        bad = {"failed", "error"} & set(kinds)
        expected = "failed" if bad else "passed" if "passed" in kinds else "missing"
        assert said.outcome == expected


@given(st.lists(KINDS, min_size=1, max_size=4))
def test_several_files_say_what_one_with_all_of_it_would_say(files: list[list[str]]) -> None:
    told = [(str(place), parse("tap", tap(kinds).encode(), "t")) for place, kinds in enumerate(files)]
    together = parse("tap", tap([kind for kinds in files for kind in kinds]).encode(), "t")
    outcome, _, detail = merged(told, "error")
    assert isinstance(together, Result)
    assert detail is not None
    assert (outcome, detail.counts) == (together.outcome, together.counts)
    assert merged([*told, ("x", parse("tap", b"ok", "t"))], "error")[0] in {"failed", "unreadable"}


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | JSON.map(lambda data: json.dumps(data).encode())
)
@settings(max_examples=300)
def test_any_bytes_are_read_or_say_why_not(data: bytes) -> None:
    formats: tuple[Written, ...] = ("auto", *FORMATS)
    for written in formats:
        said = parse(written, data, "report")
        assert isinstance(said, Result | Unreadable)
        if isinstance(said, Unreadable):
            assert said.reason.isprintable()
            assert said.code.startswith("result-")


@given(KINDS, st.integers(min_value=0, max_value=400))
def test_a_report_that_is_cut_short_passes_only_where_nothing_is_lost(kinds: list[str], cut: int) -> None:
    text = junit(kinds)
    short = parse("junit", text[:cut].encode(), "report")
    assert cut >= len(text) or isinstance(short, Unreadable)
