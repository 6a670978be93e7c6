"""Erasing a person from a published bundle or site: gone everywhere, seen as a gap, and erased by the next one too."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from support.people import CONFIG, leaks, write_people
from support.replay import Silent, gathered

from generator.errors import FaultError, RefusedError, UsageError
from generator.evidence.chain import read_chain
from generator.evidence.manifest import read_manifest
from generator.evidence.redaction import read_redactions
from generator.evidence.verifying.bundle import verify_bundle
from generator.pipeline.building import build
from generator.pipeline.redacting import Erasure
from generator.pipeline.redacting_site import redact_at
from generator.pipeline.request import Request
from generator.site.publish import alone
from generator.site.settings import PLAIN

if TYPE_CHECKING:
    from pathlib import Path

    from generator.pipeline.redacting import Redacted

PERSON = ("Haverstraw",)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_people(tmp_path_factory.mktemp("redacting") / "repository")


@pytest.fixture
def bundle(repository: Path, tmp_path: Path) -> Path:
    return gathered(repository, tmp_path / "bundle", CONFIG).folder


def erase(target: Path, person: str = "Dolphine Haverstraw", reason: str = "request 12", key: bytes = b"") -> Redacted:
    return redact_at(target, Erasure(person, reason, "GDPR Art. 17", key), PLAIN)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_without_somebody_follows_the_old_one_and_verifies(bundle: Path) -> None:
    assert leaks(bundle, PERSON)
    old = read_manifest(bundle)
    done = erase(bundle)
    assert leaks(bundle, PERSON) == []
    new = read_manifest(bundle)
    assert (done.sequence, new.sequence, len(read_chain(bundle))) == (2, 2, 1)
    assert read_chain(bundle)[0].digest == new.predecessor
    assert (new.inputs, new.counts, new.refs, new.version) == (old.inputs, old.counts, old.refs, old.version)
    verdict = verify_bundle(bundle)
    assert verdict.mismatches == ()
    assert any("redaction-1: a person was erased" in gap and "GDPR Art. 17" in gap for gap in verdict.gaps)
    assert sorted(path.name for path in bundle.parent.iterdir() if path.name.startswith(".")) == []


def test_the_next_build_erases_the_same_again_byte_for_byte(repository: Path, bundle: Path, tmp_path: Path) -> None:
    erase(bundle)
    again = gathered(repository, tmp_path / "again", CONFIG, previous=bundle)
    assert files(again.folder) == files(bundle)
    later = gathered(repository, tmp_path / "later", CONFIG, previous=bundle, as_of=1_800_000_000)
    assert leaks(later.folder, PERSON) == []
    assert read_manifest(later.folder).sequence == 3
    assert [one.id for one in read_redactions(later.folder)] == ["redaction-1"]
    without = gathered(repository, tmp_path / "without", CONFIG)
    assert leaks(without.folder, PERSON), "a chain that begins anew knows of nothing"


def test_a_second_person_is_a_second_redaction(repository: Path, bundle: Path, tmp_path: Path) -> None:
    erase(bundle)
    done = erase(bundle, "karensa ODUYALE")
    assert (done.redaction.id, done.sequence) == ("redaction-2", 3)
    assert leaks(bundle, ("Haverstraw", "Oduyale")) == []
    assert verify_bundle(bundle).mismatches == ()
    assert [one.bundle for one in read_redactions(bundle)] == [1, 2]
    again = gathered(repository, tmp_path / "again", CONFIG, previous=bundle)
    assert files(again.folder) == files(bundle)


def test_a_key_of_ones_own_is_needed_again(repository: Path, bundle: Path, tmp_path: Path) -> None:
    erase(bundle, key=b"our own")
    with pytest.raises(RefusedError, match="without its key"):
        gathered(repository, tmp_path / "again", CONFIG, previous=bundle)
    again = gathered(repository, tmp_path / "keyed", CONFIG, previous=bundle, key=b"our own")
    assert leaks(again.folder, PERSON) == []


def test_a_site_and_its_archive_are_drawn_anew(repository: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (tmp_path / "assay.yaml").write_text(CONFIG)
    for as_of in (None, 1_800_000_000):
        previous = site / "evidence" if as_of else None
        request = Request(repository, tmp_path / "assay.yaml", as_of=as_of, previous=previous, keep="all")
        build(request, site, Silent(), float)
    assert leaks(site / "archive", PERSON)
    done = erase(site)
    assert leaks(site, PERSON) == []
    assert done.archive.keys() == {1}
    verdict = verify_bundle(site)
    assert verdict.mismatches == ()
    assert any(gap.startswith("archive/1/") for gap in verdict.gaps)
    request = Request(repository, tmp_path / "assay.yaml", as_of=1_900_000_000, previous=site / "evidence", keep="all")
    build(request, site, Silent(), float)
    assert sorted(path.name for path in (site / "archive").iterdir()) == ["1", "3"], "bundle 2 had the name"
    assert leaks(site, PERSON) == []
    assert verify_bundle(site).mismatches == ()


@pytest.mark.parametrize(
    ("person", "reason", "error", "words"),
    [
        ("Nobody Atall", "x", RefusedError, "stands nowhere"),
        ("Haver", "x", RefusedError, "stands nowhere"),
        ("Dolphine Haverstrawberry", "x", RefusedError, "stands nowhere"),
        ("", "x", UsageError, "no name"),
        (" \t,", "x", UsageError, "no name"),
        ("dh@corp.example", "x", UsageError, "no name of a person"),
        ("[redacted redaction-1]", "x", UsageError, "no name of a person"),
        ("a b c d e f g h i j", "x", UsageError, "no name of a person"),
        ("Dolphine Haverstraw", " ", UsageError, "no reason"),
        ("Dolphine Haverstraw", "asked by Dolphine Haverstraw", UsageError, "holds the name"),
    ],
)
def test_what_can_not_be_erased(bundle: Path, person: str, reason: str, error: type[Exception], words: str) -> None:
    before = files(bundle)
    with pytest.raises(error, match=words):
        erase(bundle, person, reason)
    assert files(bundle) == before


def test_a_bundle_that_is_not_what_it_says_is_refused(bundle: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(bundle, changed)
    with (changed / "deployments.jsonl").open("ab") as file:
        file.write(b"\n")
    before = files(changed)
    with pytest.raises(RefusedError, match="not what its manifest says"):
        erase(changed)
    with pytest.raises(RefusedError, match="no manifest"):
        erase(tmp_path / "nowhere")
    assert files(changed) == before


def test_the_evidence_of_a_site_is_not_erased_without_its_pages(bundle: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(bundle, site / "evidence")
    (site / "site.json").write_text("{}")
    with pytest.raises(RefusedError, match="evidence of a site"):
        erase(site / "evidence")


def test_what_names_a_thing_stays_and_is_told(bundle: Path) -> None:
    done = erase(bundle, "api")
    assert '"api"' in (bundle / "objects" / "components.jsonl").read_text()
    assert done.left["objects/components.jsonl"]
    assert "[redacted redaction-1]" in (bundle / "deployments.jsonl").read_text(), "in sentences it goes"
    assert verify_bundle(bundle).mismatches == ()


def test_another_build_at_work_keeps_it_away(bundle: Path) -> None:
    before = files(bundle)
    with alone(bundle), pytest.raises(FaultError, match="another build"):
        erase(bundle)
    assert files(bundle) == before


def test_signatures_of_the_old_bundle_go(bundle: Path) -> None:
    (bundle / "manifest.json.sig").write_text("armored")
    assert erase(bundle).signatures == 1
    assert not (bundle / "manifest.json.sig").exists()
