"""Rows 13, 14 and 38 to 41 of the bad inputs, and folders of results that lead elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.plain_git import commit_all, new_repository

from generator.assurance.results.files import Listing, ResultKeys
from generator.assurance.results.parsing import parse
from generator.assurance.results.result import MAX_BYTES, Result
from generator.config.results import ResultSource
from generator.errors import RefusedError, Unreadable
from generator.history.commands import Git
from generator.history.notes import annotations_of
from generator.history.repository import open_repository
from generator.pipeline.folders import folder_listing
from generator.pipeline.results import RESULTS, results_index

COMMIT = "a1" * 20
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><testsuite><testcase name="&l11;"/></testsuite>'
CASE = '<testcase name="a"/>'
LIMIT = 256 << 20

HOSTILE = {
    "billion laughs": BOMB,
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]><testsuite name="{"&a;" * 10_000}">{CASE}</testsuite>',
    "external entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://TARGET">]><testsuite name="&e;">{CASE}</testsuite>',
    "external dtd": f'<!DOCTYPE testsuite SYSTEM "file://TARGET"><testsuite>{CASE}</testsuite>',
    "parameter entity": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "file://TARGET"> %p;]><testsuite>{CASE}</testsuite>',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_entities_are_unreadable_at_once_and_nothing_is_opened(text: str, tmp_path: Path) -> None:
    # A pipe without a writer would block whoever opens it.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    start = time.perf_counter()
    said = parse("auto", text.replace("TARGET", str(pipe)).encode(), "junit.xml")
    assert time.perf_counter() - start < 1
    assert isinstance(said, Unreadable)
    assert said.code == "result-xml-entities"


def test_the_most_that_is_read_takes_little_memory() -> None:
    program = f"""
import resource
from generator.assurance.results.parsing import parse
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for text in (
    {BOMB!r},
    "<testsuite>" + "<testcase/>" * 100_000 + "</testsuite>",
    '{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{}}}}, "results": [' + "{{}}," * 100_000 + "{{}}]}}]}}",
    "TAP version 14\\n" + "not ok\\n" * 100_000 + "1..100000",
):
    parse("auto", text.encode(), "report")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert int(done.stdout) < LIMIT


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_report_is_never_a_pass(cut: float) -> None:
    whole = {
        "junit": f"<testsuites><testsuite>{CASE * 20}</testsuite></testsuites>",
        "sarif": '{"runs": [{"tool": {"driver": {"name": "s"}}, "results": []}], "version": "2.1.0"}',
        "tap": "TAP version 14\n" + "ok\n" * 20 + "1..20",
        "trivy": '{"SchemaVersion": 2, "Results": [{"Target": "image"}, {"Target": "other"}]}',
        "conftest": '[{"filename": "a", "successes": 2}, {"filename": "b", "successes": 2}]',
    }
    for written, text in whole.items():
        said = parse("auto", text.encode(), "report")
        assert isinstance(said, Result), written
        assert (said.format, said.outcome) == (written, "passed")
        short = parse("auto", text[: int(len(text) * cut)].encode(), "report")
        assert isinstance(short, Unreadable) or short.outcome == "failed", written


def test_a_sarif_of_100_mb_is_unreadable() -> None:
    said = parse("sarif", b'{"version": "2.1.0", "runs": [' + b" " * 100_000_000 + b"]}", "big.sarif")
    assert isinstance(said, Unreadable)
    assert said.code == "result-size"


def source(**said: str) -> ResultSource:
    return ResultSource.model_validate({"name": "tests", "format": "tap", **said})


def test_a_folder_is_listed_without_links_pipes_or_what_is_too_large(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / f"{COMMIT}.tap").write_text("1..1\nok")
    folder = tmp_path / "results"
    (folder / "in").mkdir(parents=True)
    (folder / "link.tap").symlink_to(outside / f"{COMMIT}.tap")
    (folder / "away").symlink_to(outside)
    os.mkfifo(folder / "pipe.tap")
    (folder / "in" / f"{COMMIT}.tap").write_text("1..1\nok")
    (folder / os.fsdecode(b"odd\xff.tap")).write_text("1..1\nok")
    listing = folder_listing(folder, RESULTS)
    assert sorted(listing.files) == [f"in/{COMMIT}.tap", "odd\\xff.tap"]
    assert listing.read(listing.files["odd\\xff.tap"], "odd") == b"1..1\nok"
    with (folder / "in" / f"{COMMIT}.tap").open("wb") as large:
        large.truncate(MAX_BYTES + 1)
    said = listing.read(f"in/{COMMIT}.tap", "large")
    assert isinstance(said, Unreadable)
    assert said.code == "too-large"


def test_a_folder_that_became_a_link_since_it_was_listed_is_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "results"
    for place in (outside, folder / "in"):
        place.mkdir(parents=True)
        (place / "a.tap").write_text("1..1\nok")
    listing = folder_listing(folder, RESULTS)
    (folder / "in" / "a.tap").unlink()
    (folder / "in" / "a.tap").symlink_to(outside / "a.tap")
    linked = listing.read("in/a.tap", "in/a.tap")
    (folder / "in" / "a.tap").unlink()
    (folder / "in").rmdir()
    (folder / "in").symlink_to(outside)
    for said in (linked, listing.read("in/a.tap", "in/a.tap"), listing.read("../outside/a.tap", "x")):
        assert isinstance(said, Unreadable)
        assert said.code == "results-outside"
    gone = listing.read("nowhere", "nowhere")
    assert isinstance(gone, Unreadable)


def test_no_folder_is_refused_or_told() -> None:
    with pytest.raises(RefusedError, match="no such folder"):
        folder_listing(Path("no/such/folder"), RESULTS)


class _Notes:
    def __init__(self, repository: Path) -> None:
        self._git = Git(str(repository / ".git"))

    def annotations(self, ref: str) -> object:
        return annotations_of(self._git, ref)


def test_results_of_a_repository_a_folder_and_notes(tmp_path: Path) -> None:
    made = new_repository(tmp_path / "r")
    (made / "a").write_text("1")
    first = commit_all(made)
    (made / "reports").mkdir()
    (made / "reports" / f"{first}.tap").write_text("1..1\nnot ok")
    (made / "reports" / f"{'f' * 40}.tap").symlink_to("/etc/passwd")
    head = commit_all(made)
    repository = open_repository(made)
    sources = [
        source(path="reports/{commit}.tap"),
        source(name="folder", folder="{commit}.tap", expected="true"),
        source(name="notes", notes="refs/notes/ci", expected="true"),
    ]
    with repository.blobs() as blobs:
        tree = Listing(repository.files(head), blobs.get)
        index = results_index(sources, tree, _Notes(made), commits=(first, head))  # type: ignore[arg-type]  # as one
        found = {bound.name: (bound.outcome, bound.reason) for bound in index.bound(ResultKeys("production", first))}
    assert found["tests"] == ("failed", "")
    assert found["folder"] == ("missing", "no folder of results was named by --results")
    assert found["notes"][0] == "missing"
    assert "refs/notes/ci is not in the repository" in found["notes"][1]
    assert len(index.notes()) == 2
    assert index.unbound().count == 0
