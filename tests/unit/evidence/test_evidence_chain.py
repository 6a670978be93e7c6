"""Bundles follow one another; a bundle with the same content takes the place of the one before it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import msgspec
import pytest
import rfc8785
from support.history_cases import CONFIG, release, shop
from support.plain_git import git
from support.replay import Gathered, gathered

from generator.errors import RefusedError
from generator.evidence.breaks import read_breaks, read_vanished
from generator.evidence.chain import CHAIN, chain_faults, link_of, read_chain
from generator.evidence.former import bundle_at, open_former
from generator.evidence.manifest import (
    Counted,
    digest_of,
    files_of,
    is_signature,
    manifest_text,
    read_manifest,
    verify_manifest,
)
from generator.evidence.refs import read_refs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return shop(tmp_path / "repository", versions=2)


@pytest.fixture
def three(repository: Path, tmp_path: Path) -> list[Gathered]:
    """Return three bundles, each of one more release than the one before it."""
    found = [gathered(repository, tmp_path / "1", CONFIG)]
    for number in ("2", "3"):
        release(repository, f"later-{number}")
        found.append(gathered(repository, tmp_path / number, CONFIG, previous=found[-1].folder))
    return found


def _bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_first_of_a_chain_follows_nothing(three: list[Gathered]) -> None:
    first = read_manifest(three[0].folder)
    assert (first.sequence, first.predecessor) == (1, "")
    assert CHAIN not in first.files
    assert read_chain(three[0].folder) == ()


def test_each_bundle_holds_the_manifests_of_all_before_it(three: list[Gathered]) -> None:
    last = read_manifest(three[2].folder)
    links = read_chain(three[2].folder)
    texts = [(found.folder / "manifest.json").read_bytes() for found in three]
    assert (last.sequence, last.predecessor) == (3, digest_of(texts[1]))
    assert [link.text for link in links] == texts[:2]
    assert [(link.sequence, link.digest) for link in links] == [(1, digest_of(texts[0])), (2, digest_of(texts[1]))]
    assert links[1].read() == read_manifest(three[1].folder)
    assert chain_faults(links, last) == ()
    assert verify_manifest(three[2].folder) == ()


def test_a_manifest_is_canonical_json(three: list[Gathered]) -> None:
    text = (three[2].folder / "manifest.json").read_bytes()
    assert text == rfc8785.dumps(json.loads(text)) + b"\n" == manifest_text(read_manifest(three[2].folder))


def test_the_same_content_gives_the_same_bytes(three: list[Gathered], repository: Path, tmp_path: Path) -> None:
    again = gathered(repository, tmp_path / "again", CONFIG, previous=three[2].folder)
    assert _bytes(again.folder) == _bytes(three[2].folder)
    first = gathered(repository, tmp_path / "alone", CONFIG)
    alone = gathered(repository, tmp_path / "alone again", CONFIG, previous=first.folder)
    assert _bytes(alone.folder) == _bytes(first.folder)
    assert not (alone.folder / CHAIN).exists()


def test_the_same_content_keeps_what_was_found_before(repository: Path, tmp_path: Path) -> None:
    gathered(repository, tmp_path / "1", CONFIG)
    git(repository, "tag", "--delete", "v1")
    git(repository, "commit", "--quiet", "--amend", "--message", "Another")
    second = gathered(repository, tmp_path / "2", CONFIG, previous=tmp_path / "1")
    again = gathered(repository, tmp_path / "again", CONFIG, previous=second.folder)
    assert len(read_breaks(second.folder)) == 3
    assert len(read_vanished(second.folder)) == 1
    assert _bytes(again.folder) == _bytes(second.folder)


@pytest.mark.parametrize(("as_of", "limit"), [(1_800_000_000, None), (None, 100)])
def test_other_inputs_are_other_content(
    three: list[Gathered], repository: Path, tmp_path: Path, as_of: int | None, limit: int | None
) -> None:
    found = gathered(repository, tmp_path / "other", CONFIG, previous=three[2].folder, as_of=as_of, limit=limit)
    manifest = read_manifest(found.folder)
    assert manifest.sequence == 4
    assert manifest.inputs.limit == limit
    assert (manifest.inputs.as_of == "2027-01-15T08:00:00Z") is (as_of is not None)


def test_a_chain_that_does_not_hold_is_told(three: list[Gathered]) -> None:
    last = read_manifest(three[2].folder)
    links = read_chain(three[2].folder)
    assert "number 3" in chain_faults(links[:1], last)[0]
    assert "told to be another one" in chain_faults(links[::-1], last)[0]
    forged = msgspec.structs.replace(links[0], manifest=links[0].manifest | {"version": "9"})
    assert chain_faults((forged, links[1]), last) == ("line 1: the manifest is not the one that its digest names",)
    other = msgspec.structs.replace(last, predecessor=links[0].digest)
    assert "follows another bundle" in chain_faults(links, other)[0]


def test_refs_are_kept_with_what_they_lead_to(three: list[Gathered], repository: Path) -> None:
    git(repository, "tag", "--annotate", "--message", "Of a tag", "nested", "v1")
    refs = read_refs(three[0].folder)
    commit = git(repository, "rev-parse", "v1^{commit}")
    assert refs["refs/tags/v1"].object == git(repository, "rev-parse", "refs/tags/v1") != commit
    assert refs["refs/tags/v1"].commit == refs["refs/tags/light-1"].object == commit
    assert refs["HEAD"].commit == read_manifest(three[0].folder).refs["HEAD"]
    assert list(refs) == sorted(refs)


def _remove(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _change(folder: Path) -> None:
    (folder / "summary.json").write_bytes((folder / "summary.json").read_bytes() + b"\n")


def _cut(folder: Path) -> None:
    """Forge a bundle whose files are those of its manifest, with a chain that lacks its first link."""
    chain = (folder / CHAIN).read_bytes().splitlines(keepends=True)
    (folder / CHAIN).write_bytes(b"".join(chain[1:]))
    manifest = read_manifest(folder)
    files = manifest.files | {CHAIN: digest_of(b"".join(chain[1:]))}
    (folder / "manifest.json").write_bytes(manifest_text(msgspec.structs.replace(manifest, files=files)))


def _resealed(folder: Path, name: str, data: bytes) -> None:
    """Put `data` into a file, and its digest into the manifest."""
    (folder / name).write_bytes(data)
    manifest = read_manifest(folder)
    files = manifest.files | {name: digest_of(data)}
    (folder / "manifest.json").write_bytes(manifest_text(msgspec.structs.replace(manifest, files=files)))


def _space(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b" " + (folder / "manifest.json").read_bytes())


def _break_refs(folder: Path) -> None:
    _resealed(folder, "refs.json", b'{"refs/tags/v1":3}\n')


def _break_chain(folder: Path) -> None:
    _resealed(folder, CHAIN, b"[]\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_remove, "no manifest"),
        (_change, "summary.json: changed"),
        (_cut, "chain is broken"),
        (_space, "as this version writes it"),
        (_break_refs, "can't be read"),
        (_break_chain, "can't be read"),
    ],
)
def test_a_bundle_that_does_not_verify_is_not_followed(
    three: list[Gathered], repository: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    shutil.copytree(three[2].folder, tmp_path / "spoilt")
    spoil(tmp_path / "spoilt")
    with pytest.raises(RefusedError, match=said) as refused:
        gathered(repository, tmp_path / "next", CONFIG, previous=tmp_path / "spoilt")
    assert refused.value.code == "previous"
    assert "--previous none" in refused.value.fix
    assert not (tmp_path / "next").exists()


def test_a_deployment_that_is_none_is_told_where_it_is_read(
    three: list[Gathered], repository: Path, tmp_path: Path
) -> None:
    _resealed(three[2].folder, "deployments.jsonl", b"{}\n")
    git(repository, "commit", "--quiet", "--amend", "--message", "Another")
    with pytest.raises(RefusedError, match="can't be read") as refused:
        gathered(repository, tmp_path / "next", CONFIG, previous=three[2].folder)
    assert (refused.value.code, refused.value.place.line) == ("previous", 1)


def test_a_manifest_of_another_shape_is_not_followed(tmp_path: Path, repository: Path) -> None:
    found = gathered(repository, tmp_path / "1", CONFIG)
    (found.folder / "manifest.json").write_bytes(b'{"files":{},"refs":{}}\n')
    with pytest.raises(RefusedError, match="can't be read"):
        open_former(found.folder)


def test_a_former_bundle_is_held_in_memory(three: list[Gathered]) -> None:
    former = open_former(three[1].folder)
    assert former.link == link_of(three[1].folder)
    assert len(list(former.deployments())) == len(three[1].deployments)
    assert list(former.vanished()) == []
    shutil.rmtree(three[1].folder)
    assert former.chain == (link_of(three[0].folder),)
    assert former.told[CHAIN].count(b"\n") == 1


def test_a_site_holds_its_bundle_and_a_bundle_is_itself(tmp_path: Path) -> None:
    (tmp_path / "site" / "evidence").mkdir(parents=True)
    assert bundle_at(tmp_path / "site") == bundle_at(tmp_path / "site" / "evidence") == tmp_path / "site" / "evidence"


def test_signatures_are_no_files_of_a_manifest(tmp_path: Path) -> None:
    names = ["manifest.json.sig", "manifest.json.sigstore.json", "statements/production.intoto.jsonl"]
    others = ["summary.json", "statements/p.jsonl", "summary.json.sig", "x/manifest.json.sig", "a.intoto.jsonl"]
    for name in (*names, *others):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    assert all(is_signature(name) for name in names)
    assert not any(is_signature(name) for name in others)
    assert set(files_of(tmp_path)) == set(others)


def test_counts_add_up_or_not() -> None:
    assert Counted(6, 3, {"a": 1, "b": 1}, 1).adds_up
    assert not Counted(6, 3, {"a": 1}, 1).adds_up
