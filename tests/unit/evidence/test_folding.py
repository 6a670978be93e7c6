"""Folds go on from what was kept, and only where it is of the same deployments."""

from __future__ import annotations

import hashlib
import io
import os
from hashlib import sha256
from typing import TYPE_CHECKING, cast

import pytest
from unit.site.synthetic import write_evidence

from generator.errors import RefusedError
from generator.evidence import folding
from generator.evidence.folding import Folds, NotKept
from generator.evidence.reading import DEPLOYMENTS, Evidence

if TYPE_CHECKING:
    from pathlib import Path

    from generator.evidence.records import DeploymentRecord
    from generator.evidence.summary import Summary


class Ids:
    """The ids of deployments, and how many it took in itself."""

    def __init__(self, before: list[str] | None) -> None:
        self.ids, self.taken = list(before or ()), 0

    def take(self, line: int, record: DeploymentRecord) -> None:
        assert line == len(self.ids) + 1
        self.ids.append(record.id)
        self.taken += 1

    def state(self) -> list[str]:
        return self.ids


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = write_evidence(tmp_path_factory.mktemp("shop") / "evidence", 9)
    return (folder / DEPLOYMENTS).read_bytes().splitlines(keepends=True)


def _cut(folder: Path, lines: list[bytes]) -> Evidence:
    """Return evidence that holds these lines of deployments."""
    folder.mkdir(exist_ok=True)
    (folder / DEPLOYMENTS).write_bytes(b"".join(lines))
    return Evidence.unfinished(folder, cast("Summary", None))


def _bring(evidence: Evidence, memory: Path, base: bytes = b"") -> Ids:
    folds = Folds(evidence, memory, base)
    fold = folds.bring("ids", list[str], Ids)
    folds.keep()
    return fold


@pytest.mark.parametrize("cut", [0, 1, 5, 9])
def test_a_fold_goes_on_from_any_cut(
    cut: int, lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "RENEW", 1)
    whole = _bring(_cut(tmp_path / "e", lines), tmp_path / "other")
    _bring(_cut(tmp_path / "e", lines[:cut]), tmp_path / "m")
    fold = _bring(_cut(tmp_path / "e", lines), tmp_path / "m")
    assert (fold.ids, fold.taken) == (whole.ids, len(lines) - cut)
    assert whole.taken == len(set(whole.ids)) == len(lines) > 9


def test_a_state_is_written_anew_only_after_many_deployments(
    lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "RENEW", 3)
    taken = [_bring(_cut(tmp_path / "e", lines[:count]), tmp_path / "m").taken for count in (4, 5, 6, 7, 8)]
    assert taken == [4, 1, 2, 3, 1]


def test_other_deployments_or_settings_or_a_damaged_state_begin_anew(lines: list[bytes], tmp_path: Path) -> None:
    memory, folder = tmp_path / "m", tmp_path / "e"
    _bring(_cut(folder, lines[:4]), memory)
    assert _bring(_cut(folder, [lines[4], *lines[1:5]]), memory).taken == 5
    assert _bring(_cut(folder, lines[:3]), memory).taken == 3
    assert _bring(_cut(folder, lines[:3]), memory).taken == 0
    assert _bring(_cut(folder, lines[:3]), memory, b"other").taken == 3
    path = memory / "ids.fold"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert _bring(_cut(folder, lines[:3]), memory, b"other").taken == 3


def test_a_line_that_is_no_deployment_is_named(lines: list[bytes], tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        _bring(_cut(tmp_path / "e", [lines[0], b"{}\n", lines[1]]), tmp_path / "m")
    assert refused.value.place is not None
    assert refused.value.place.line == 2


def test_a_file_of_the_former_site_is_gone_on_from_where_it_is_what_it_was(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "table.csv").write_bytes(b"one\ntwo\nthree\n")
    folds, target = Folds(_cut(tmp_path / "e", []), site=site), io.BytesIO()
    folds.former("table.csv", 8, sha256(b"one\ntwo\n").digest(), target)
    assert target.getvalue() == b"one\ntwo\n"
    for path, size in (("table.csv", 7), ("table.csv", 99), ("gone.csv", 8)):
        with pytest.raises(NotKept):
            folds.former(path, size, sha256(b"one\ntwo\n").digest(), io.BytesIO())
    with pytest.raises(NotKept):
        Folds(_cut(tmp_path / "e", [])).former("table.csv", 0, sha256().digest(), io.BytesIO())


def test_a_file_of_the_former_site_is_carried_where_it_is_what_it_was(tmp_path: Path) -> None:
    site, new, digest = tmp_path / "site", tmp_path / "new", sha256(b"data").digest()
    site.mkdir()
    new.mkdir()
    (site / "a.js").write_bytes(b"data")
    folds = Folds(_cut(tmp_path / "e", []), tmp_path / "m", site=site)
    assert folds.carry("a.js", digest, new / "a.js")
    assert (new / "a.js").samefile(site / "a.js")
    assert folds.known == {"a.js": digest.hex()}
    assert not folds.carry("a.js", sha256(b"other").digest(), new / "b.js")
    assert not folds.carry("gone.js", digest, new / "b.js")
    (site / "link.js").symlink_to("a.js")
    assert not folds.carry("link.js", digest, new / "b.js")
    assert not Folds(_cut(tmp_path / "e", [])).carry("a.js", digest, new / "b.js")
    assert [path.name for path in new.iterdir()] == ["a.js"]


def test_what_was_noted_of_a_file_holds_as_long_as_the_file_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, digest = tmp_path / "site", sha256(b"data").digest()
    site.mkdir()
    for name in ("a.js", "b.js"):
        (site / name).write_bytes(b"data")
    folds = Folds(_cut(tmp_path / "e", []), tmp_path / "m")
    for name in ("a.js", "b.js"):
        folds.note(name, digest, site / name)
    folds.keep()
    (site / "b.js").write_bytes(b"DATA")
    os.utime(site / "b.js", ns=(1, 1))
    read: list[str] = []
    count = hashlib.file_digest

    def noted(file: io.BufferedReader, name: str) -> object:
        read.append(file.name)
        return count(file, name)

    monkeypatch.setattr(hashlib, "file_digest", noted)
    folds = Folds(_cut(tmp_path / "e", []), tmp_path / "m", site=site)
    assert folds.carry("a.js", digest, tmp_path / "a.js")
    assert not folds.carry("b.js", digest, tmp_path / "b.js")
    assert read == [str(site / "b.js")]


def test_a_file_is_copied_where_it_cannot_be_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.js").write_bytes(b"data")
    folds = Folds(_cut(tmp_path / "e", []), site=tmp_path / "site")
    assert folds.carry("a.js", sha256(b"data").digest(), tmp_path / "a.js")
    assert (tmp_path / "a.js").read_bytes() == b"data"
    assert not (tmp_path / "a.js").samefile(tmp_path / "site" / "a.js")
