"""CODEOWNERS by the rules of GitHub and GitLab; examples follow what both publish."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from generator.metrics.codeowners import (
    DEEPEST,
    LONGEST_PATTERN,
    MAX_BYTES,
    MOST_OWNERS,
    MOST_PROBLEMS,
    MOST_RULES,
    CodeOwners,
    parse_codeowners,
)


def read(text: str, path: str = "CODEOWNERS") -> CodeOwners:
    owners, problems = parse_codeowners(text.encode(), path)
    assert problems == ()
    return owners


def reasons(text: str | bytes, path: str = "CODEOWNERS") -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [problem.reason for problem in parse_codeowners(data, path)[1]]


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("*", ["a", "a/b/c.yaml"], []),
        ("*.js", ["a.js", "a/b/c.js"], ["a.jsx"]),
        ("/build/logs/", ["build/logs/a", "build/logs/a/b"], ["build/logs", "x/build/logs/a"]),
        ("docs/*", ["docs/a.md"], ["docs/a/b.md", "x/docs/a.md"]),
        ("apps/", ["apps/a", "x/apps/y/z"], ["apps", "x/apps"]),
        ("/docs/", ["docs/a", "docs/a/b"], ["x/docs/a"]),
        ("**/logs", ["logs", "logs/a", "a/logs", "a/b/logs/c"], ["a/logsx"]),
        ("/apps/github", ["apps/github", "apps/github/a"], ["x/apps/github"]),
        ("docs/**/b", ["docs/b", "docs/a/b", "docs/x/y/b/c"], ["b", "docs/bc"]),
        ("docs/**", ["docs/a", "docs/a/b"], ["docs", "x/docs/a"]),
        ("deploy/*/shop-?.yaml", ["deploy/a/shop-1.yaml"], ["deploy/shop-1.yaml", "deploy/a/b/shop-1.yaml"]),
        (r"a\ b/c", ["a b/c"], ["a/c", "b/c"]),
        (r"a\*b", ["a*b"], ["axb"]),
        ("a.b", ["a.b"], ["axb"]),
        ("Deploy/", ["Deploy/a"], ["deploy/a"]),
        ("*/**/*.c", ["a/b.c", "a/b/c.c"], ["b.c"]),
        ("a//b", ["a/b"], ["a"]),
    ],
)
def test_a_pattern_fits_what_github_says(pattern: str, fitting: list[str], others: list[str]) -> None:
    owners = read(f"{pattern} @o\n")
    assert [path for path in fitting if not owners.of(path)] == []
    assert [path for path in others if owners.of(path)] == []


_NAMES = st.text(alphabet="ab", min_size=1, max_size=2)
_PARTS = st.lists(st.one_of(_NAMES, st.sampled_from(["*", "a*", "?b", "**"])), min_size=1, max_size=4)


@given(parts=_PARTS, rooted=st.booleans(), folder=st.booleans(), path=st.lists(_NAMES, min_size=1, max_size=4))
def test_patterns_mean_what_they_mean_to_gitignore(
    parts: list[str], *, rooted: bool, folder: bool, path: list[str]
) -> None:
    pattern = "/" * rooted + "/".join(parts) + "/" * folder
    if pattern.endswith(("/*", "**/")):
        return  # the first means less here; the second is of folders alone, which the library lets pass
    expected = GitIgnoreSpecPattern(pattern).match_file("/".join(path)) is not None
    assert bool(read(f"{pattern} @o\n").of("/".join(path))) is expected


def test_the_last_rule_that_fits_wins() -> None:
    text = "* @all\n/deploy/ @ops @org/releases\n/deploy/shop.yaml @shop\n/deploy/*.md\n"
    owners = read(text)
    assert owners.of("README") == ("@all",)
    assert owners.of("deploy/a/b.yaml") == ("@ops", "@org/releases")
    assert owners.of("deploy/shop.yaml") == ("@shop",)
    assert owners.of("deploy/notes.md") == ()
    assert read(text + "* @later\n").of("deploy/shop.yaml") == ("@later",)


def test_comments_blanks_and_line_ends_are_no_rules() -> None:
    owners = read("# all of it\r\n\r\n  *\t@a  @b # and nobody @else\r\n")
    assert owners.of("x") == ("@a", "@b")


def test_an_address_is_told_without_its_host() -> None:
    assert read("* ada.example@shop.example\n").of("x") == ("ada.example",)


GITLAB = """\
* @all
internal/README.md @readers

[Documentation] @docs @writers
docs/
/ee/docs @ee
!/docs/secret.md

^[Database][2] @dba
db/
README.md @database
[DOCUMENTATION]
*.md
"""


def test_each_section_of_gitlab_has_a_say() -> None:
    owners = read(GITLAB)
    assert owners.of("db/a.sql") == ("@all", "@dba")
    assert owners.of("x/docs/a.txt") == ("@all", "@docs", "@writers")
    assert owners.of("ee/docs/a.txt") == ("@all", "@ee"), "of one section the later rule wins"
    assert owners.of("README.md") == ("@all", "@database", "@docs", "@writers")
    assert owners.of("docs/secret.md") == ("@all",)


def test_a_path_of_gitlab_may_lie_anywhere_unless_it_begins_with_a_slash() -> None:
    text = "internal/README.md @o\n"
    assert read(text, ".gitlab/CODEOWNERS").of("x/internal/README.md") == ("@o",)
    assert read(text, ".github/CODEOWNERS").of("x/internal/README.md") == ()
    assert read("[A]\n" + text).of("x/internal/README.md") == ("@o",)
    assert read("/internal/README.md @o\n", ".gitlab/CODEOWNERS").of("x/internal/README.md") == ()


def test_words_that_are_no_owners_are_passed_over_by_gitlab_and_make_a_bad_line_on_github() -> None:
    text = "LICENSE @legal this does not match jane@shop.example\n"
    assert read(text, ".gitlab/CODEOWNERS").of("LICENSE") == ("@legal", "jane")
    assert reasons(text) == ["line 1: an owner that is neither `@name`, `@organisation/team` nor an address"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("!a @o", "an exception, which GitHub does not take"),
        ("a[bc] @o", "a set of characters in brackets, which no pattern of a path may have"),
        ("/ @o", "a pattern that names no path"),
        ("a" * (LONGEST_PATTERN + 1) + " @o", "a pattern of 1001 characters, more than the 1000 that are read"),
        ("a o", "an owner that is neither `@name`, `@organisation/team` nor an address"),
        ("a " + " ".join(f"@o{n}" for n in range(MOST_OWNERS + 1)), "51 owners, more than the 50 that are read"),
    ],
)
def test_a_bad_line_costs_itself(line: str, reason: str) -> None:
    owners, problems = parse_codeowners(f"* @all\n{line}\n/z @z\n".encode(), "CODEOWNERS")
    assert [(p.reason, p.place.line, p.code) for p in problems] == [(f"line 2: {reason}", 2, "codeowners-line")]
    assert (owners.of("a"), owners.of("z")) == (("@all",), ("@z",))


def test_many_bad_lines_are_counted() -> None:
    told = reasons("x y\n" * 100)
    assert len(told) == MOST_PROBLEMS + 1
    assert told[-1] == f"{100 - MOST_PROBLEMS} more lines that can't be taken"


def test_a_file_as_large_as_github_refuses_says_nothing() -> None:
    owners, problems = parse_codeowners(b"* @o\n" + b"#" * MAX_BYTES, "CODEOWNERS")
    assert owners.of("a") == ()
    assert [p.code for p in problems] == ["codeowners-large"]


def test_rules_beyond_the_most_are_told() -> None:
    told = reasons("a @o\n" * (MOST_RULES + 2))
    assert told == [f"line {MOST_RULES + n}: more than the {MOST_RULES} rules that are read" for n in (1, 2)]


def test_no_pattern_takes_long() -> None:
    begin = time.process_time()
    owners = read("*a" * 200 + "b @o\n" + "**/" * 300 + "b @o\n" + "?" * 900 + " @o\n")
    assert owners.of("/".join(["a" * 250] * 30)) == ()
    assert owners.of("/".join(["a"] * (DEEPEST + 1))) == ()
    assert time.process_time() - begin < 2


@given(st.binary(max_size=300))
def test_nothing_makes_it_raise(data: bytes) -> None:
    for path in ("CODEOWNERS", ".gitlab/CODEOWNERS"):
        owners, _ = parse_codeowners(data, path)
        owners.of("deploy/a b.yaml")
