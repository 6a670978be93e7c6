from __future__ import annotations

import re
import time
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from generator.config.results import Results, ResultSource, compiled

RESULTS: TypeAdapter[tuple[ResultSource, ...]] = TypeAdapter(Results)


def load(*entries: dict[str, Any]) -> tuple[ResultSource, ...]:
    return RESULTS.validate_python(list(entries))


def told(*entries: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        load(*entries)
    return [(str(e["msg"]), str(e.get("ctx", {}).get("fix", ""))) for e in caught.value.errors()]


def test_the_three_places_and_their_defaults() -> None:
    tests, scan, smoke = load(
        {
            "name": "unit tests",
            "format": "junit",
            "path": "reports/{commit}/TEST-*.xml",
            "environments": ["production"],
            "expected": "true",
        },
        {"name": "scan", "format": "sarif", "folder": "./{digest}/scan.sarif", "fails_at": "warning"},
        {"name": "smoke", "notes": "refs/notes/smoke", "environments": "staging"},
    )
    assert (tests.template, tests.expected, tests.environments) == (
        "reports/{commit}/TEST-*.xml",
        True,
        ("production",),
    )
    assert (scan.template, scan.expected, scan.fails_at) == ("{digest}/scan.sarif", False, "warning")
    assert (smoke.template, smoke.format, smoke.fails_at, smoke.environments) == ("", "auto", "error", ("staging",))


@pytest.mark.parametrize(
    ("path", "reason", "fix"),
    [
        ("reports/junit.xml", "does not say which deployment", "{commit}, {digest}, {tag}, {version}"),
        ("reports/{environment}.xml", "does not say which deployment", "such as `reports/{commit}/junit.xml`"),
        ("reports/{comit}.xml", "`{comit}` is no placeholder", "did you mean `commit`?"),
        ("reports/{commit.xml", "a brace that belongs to no placeholder", "placeholders: {commit}"),
        ("../{commit}.xml", "leads out of a folder", ""),
        ("/tmp/{commit}.xml", "is not a path inside the repository", ""),  # noqa: S108 - it is refused
        ("r/{tag}-{version}.xml", "holds several of {tag}, {version} and *", "put a `/` between them"),
        ("r/{version}-*.xml", "holds several of", "put a `/`"),
        ("r/{commit}{tag}.xml", "nothing between two placeholders", "put a character"),
        ("r/{commit}*.xml", "nothing between two placeholders", ""),
        ("r/a**/{commit}.xml", "stands for whole folders", "between two `/`"),
        ("**/a/**/{commit}.xml", "too many `*`", "4 at most"),
        ("*/*/*/*/*/{commit}.xml", "too many `*`", "4 at most"),
        ("a" * 300 + "/{commit}", "longer than 300", ""),
    ],
)
def test_a_path_that_tells_no_deployment_says_why_and_what_to_do(path: str, reason: str, fix: str) -> None:
    for key in ("path", "folder"):
        ((message, advice),) = told({"name": "x", key: path})
        assert reason in message
        assert fix in advice


@pytest.mark.parametrize("ref", ["smoke", "refs/heads/main", "refs/notes/", "refs/notes/a..b", "refs/notes/a^{tree}"])
def test_notes_are_named_by_a_whole_ref(ref: str) -> None:
    ((message, advice),) = told({"name": "x", "notes": ref})
    assert "no ref of git notes" in message
    assert "refs/notes/smoke" in advice


def test_one_place_alone_and_each_name_once() -> None:
    assert "says nowhere" in told({"name": "x"})[0][0]
    assert "both say where" in told({"name": "x", "path": "{tag}", "notes": "refs/notes/x"})[0][0]
    assert "stands twice" in told({"name": "x", "path": "{tag}"}, {"name": "x", "path": "a/{tag}"})[0][0]
    assert told({"name": "", "path": "{tag}"})
    assert told({"name": "x", "path": "{tag}", "format": "html"})
    assert told({"name": "x", "path": "{tag}", "expected": "perhaps"})
    assert told({"name": "x", "path": "{tag}", "colour": "red"})


def test_the_longest_environment_that_fits_is_meant() -> None:
    pattern = compiled("{environment}-{tag}.xml", ("production", "pre-production", "pre"))
    found = pattern.fullmatch("pre-production-v1.xml")
    assert found is not None
    assert found.groupdict() == {"environment": "pre-production", "tag": "v1"}
    assert pattern.fullmatch("elsewhere-v1.xml") is None


def test_a_commit_has_seven_digits_at_least() -> None:
    pattern = compiled("{commit}.xml", ())
    assert [bool(pattern.fullmatch(f"{'a' * size}.xml")) for size in (6, 7, 40, 64, 65)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert not re.fullmatch(pattern, "ABCDEF01.xml")


def test_a_long_path_is_told_from_a_template_at_once() -> None:
    pattern = compiled("**/*a/*b/{commit}/*c.xml", ())
    start = time.perf_counter()
    assert pattern.fullmatch("aab/" * 1_000 + "x") is None
    assert time.perf_counter() - start < 1
