"""Folds go on from what was kept, and only where it is of the same deployments."""

from __future__ import annotations

import io
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


def test_a_file_of_the_former_site_is_carried_if_it_is_what_it_was(lines: list[bytes], tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "assets").mkdir(parents=True)
    (site / "assets/one.js").write_bytes(b"one")
    (site / "assets/link.js").symlink_to("one.js")
    folds = Folds(_cut(tmp_path / "evidence", lines), site=site)
    target, digest = tmp_path / "new/assets/one.js", sha256(b"one").digest()
    assert folds.carry("assets/one.js", digest, target)
    assert target.samefile(site / "assets/one.js")
    assert not folds.carry("assets/one.js", sha256(b"other").digest(), tmp_path / "other.js")
    assert not folds.carry("assets/none.js", digest, tmp_path / "other.js")
    assert not folds.carry("assets/link.js", digest, tmp_path / "other.js")
    assert not Folds(_cut(tmp_path / "evidence", lines)).carry("assets/one.js", digest, tmp_path / "other.js")
    assert not (tmp_path / "other.js").exists()
