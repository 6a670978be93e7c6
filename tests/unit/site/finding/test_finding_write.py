from __future__ import annotations

import hashlib
from itertools import accumulate
from typing import TYPE_CHECKING

import pytest
from unit.site.finding.found import lines, newest, numbers, script, signed
from unit.site.synthetic import HOSTILE, write_evidence

from generator.evidence.reading import Evidence
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.finding.entries import SHARD
from generator.site.finding.find_view import find_view
from generator.site.finding.indexing import FOLDER
from generator.site.finding.places import page_pattern
from generator.site.finding.release_table import DATA_FILE
from generator.site.finding.write import write_finding
from generator.site.index import build_index
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = 200


def context_of(folder: Path, *, hostile: bool = False) -> Context:
    evidence = Evidence(write_evidence(folder / "evidence", RELEASES, hostile=hostile))
    components = evidence.components()
    index = build_index(evidence, components, Diagrams(folder / "diagrams"))
    return Context(evidence, components, index, Calendar(evidence.summary.as_of), {})


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return context_of(tmp_path_factory.mktemp("finding"))


@pytest.fixture(scope="module")
def written(context: Context, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("written")
    write_finding(context, site)
    return site / FOLDER


def places(folder: Path, term: str) -> list[list[int]]:
    found = [line for line in lines(folder, "t") if line[0] == term]
    assert len(found) == 1
    return [newest(text) for text in found[0][1:]]


def test_the_directory_counts_what_there_is(context: Context, written: Path) -> None:
    directory = script(written / "directory.js")
    deployments = sum(environment.deployments for environment in context.summary.environments)
    counts = directory["counts"]
    assert counts[2:] == [RELEASES, deployments - RELEASES]
    assert [len(lines(written, letter)) for letter in "cvrd"] == counts
    assert directory["environments"][1] == ["production", 1, "releases/production-{n}.html"]


def test_a_number_leads_to_its_releases_and_their_pages(written: Path) -> None:
    *_, releases, _others = places(written, "77")
    entries = [lines(written, "r")[number] for number in releases]
    assert [(entry[1], entry[4]) for entry in entries] == [
        ("77", hashlib.sha1(b"production77", usedforsecurity=False).hexdigest()[:12])
    ]


def test_a_component_leads_to_itself_its_versions_and_all_that_changed_it(context: Context, written: Path) -> None:
    components, versions, releases, _others = places(written, "checkout")
    assert [lines(written, "c")[number] for number in components] == [["checkout", "components/checkout.html"]]
    rows = context.index.releases
    assert releases == [at for at, row in enumerate(rows) if "checkout" in row.components]
    every = lines(written, "v")
    assert {every[number][0] for number in versions} == {str(components[0])}


def test_a_version_knows_where_it_was_first(context: Context, written: Path) -> None:
    del context
    _, versions, _, _ = places(written, "1.0.0")
    entry = lines(written, "v")[versions[0]]
    assert entry[1:] == ["1.0.0", "0:1 1:1"]


def test_a_commit_leads_to_its_deployment(context: Context, written: Path) -> None:
    row = context.index.releases[-1]
    commit = hashlib.sha1(row.id.replace("-", "").encode(), usedforsecurity=False).hexdigest()
    found = [line for line in lines(written, "i") if commit.startswith(line[0])]
    assert [[newest(text) for text in line[1:]] for line in found] == [[[], [], [RELEASES - 1], []]]
    assert any(row.digest.startswith(line[0]) for line in lines(written, "i"))


def test_shards_begin_as_the_directory_says_and_hold_a_fixed_number_of_entries(written: Path) -> None:
    directory = script(written / "directory.js")
    for name in ("words", "ids"):
        firsts, names = directory[name]
        assert [script(written / f"{name}.js").split("\t")[0] for name in names] == firsts == sorted(firsts)
    assert len(script(written / "r0.js").split("\n")) == SHARD


def test_components_are_ranked_by_their_names(written: Path) -> None:
    names = [entry[0] for entry in lines(written, "c")]
    ranks = numbers(script(written / "directory.js")["ranks"])
    assert sorted(names) == [name for _rank, name in sorted(zip(ranks, names, strict=True))]


def told(words: list[str], text: str, rows: int) -> list[list[str]]:
    """Return the words of each row: 0 is the next of all words, another number the word at it."""
    flat, following = iter(numbers(text)), iter(words)
    return [
        [words[number - 1] if (number := next(flat)) else next(following) for _ in range(next(flat))]
        for _ in range(rows)
    ]


def test_the_table_of_releases_is_all_of_them_oldest_first(context: Context, written: Path) -> None:
    text = (written.parents[1] / DATA_FILE).read_text("ascii").splitlines()
    data = {line.partition(":")[0]: line.partition(":")[2].rstrip(",").strip('"') for line in text[1:-1]}
    rows = context.index.releases
    assert list(accumulate(signed(data["sequence"]))) == [row.sequence for row in rows]
    verdicts = told(data["verdictWords"].split("\\n"), data["verdicts"], len(rows))
    assert [" ".join(words) for words in verdicts] == [row.verdict for row in rows]
    components = told(data["componentWords"].split("\\n"), data["components"], len(rows))
    assert components == [list(row.components) for row in rows]


def test_the_same_evidence_gives_the_same_bytes(context: Context, written: Path, tmp_path: Path) -> None:
    write_finding(context, tmp_path)
    again = {path.name: path.read_bytes() for path in (tmp_path / FOLDER).iterdir()}
    assert again == {path.name: path.read_bytes() for path in written.iterdir()}


def test_what_a_repository_says_ends_no_script(tmp_path: Path) -> None:
    context = context_of(tmp_path, hostile=True)
    write_finding(context, tmp_path / "site")
    scripts = [path.read_text("ascii") for path in (tmp_path / "site").rglob("*.js")]
    assert [text for text in scripts if "<" in text] == []
    assert any("alert(1)" in entry[5] for entry in lines(tmp_path / "site" / FOLDER, "r"))
    assert any(entry[0] == HOSTILE for entry in lines(tmp_path / "site" / FOLDER, "c"))


def test_names_of_pages_that_a_pattern_cannot_give_stand_with_their_entries() -> None:
    assert page_pattern("staging", production=False) == "environments/part-{p}-staging.html#staging-{n}"
    assert page_pattern("eu west", production=True) == ""


def test_without_scripts_the_page_lists_months_and_components(context: Context) -> None:
    view = find_view(context)
    assert sum(month.total for _, months in view.years for month in months) == RELEASES
    assert ("checkout", "components/checkout.html") in view.components
    assert view.told.startswith("200 releases and ")
