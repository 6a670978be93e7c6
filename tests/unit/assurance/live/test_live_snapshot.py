"""Exported files: taken apart, read as the model is, and refused in words where they are none."""

from __future__ import annotations

import pytest
from support.cluster import applied, as_list, workload

from generator.assurance.live import snapshot as snapshot_module
from generator.assurance.live.snapshot import KUBERNETES, read_snapshot, snapshot_documents
from generator.readers.reader import Reading, SourceFile


def _mask(value: str) -> str:
    return f"secret:{len(value)}"


def _objects() -> bytes:
    return as_list([*applied(workload()), *applied(workload().replace(b"name: api", b"name: web"))])


def test_a_long_list_is_taken_apart_object_by_object(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _objects()
    files, problem = snapshot_documents(whole, "live.yaml")
    assert ([file.data for file in files], problem) == ([whole], None)
    monkeypatch.setattr(snapshot_module, "MOST_AT_ONCE", 100)
    files, problem = snapshot_documents(whole, "live.yaml")
    assert problem is None
    one, other = (read_snapshot([file], {}, _mask).components for file in files)
    assert [c.id for c in (*one, *other)] == ["api", "web"]
    assert read_snapshot([SourceFile("live.yaml", whole)], {}, _mask).components == (*one, *other)


@pytest.mark.parametrize("data", [b"{", b'{"items": [', b"[" * 100_000, b"\0\1", b"a: [", b"{}" * 3])
def test_what_is_no_snapshot_says_so(data: bytes) -> None:
    found = read_snapshot([SourceFile("live.json", data)], {}, _mask)
    assert (found.format, found.components, len(found.problems)) == ("", (), 1)


def test_a_folder_of_files_and_several_documents_in_one() -> None:
    two = workload().replace(b"name: api", b"name: web") + b"---\n" + workload().replace(b"name: api", b"name: mail")
    found = read_snapshot([SourceFile("b.yaml", two), SourceFile("a.yaml", workload())], {}, _mask)
    assert (found.format, [one.id for one in found.components]) == (KUBERNETES, ["api", "web", "mail"])


def test_a_secret_never_shows() -> None:
    secret = b"{apiVersion: v1, kind: Secret, metadata: {name: db}, stringData: {password: hunter2hunter2}}"
    found = read_snapshot([SourceFile("live.yaml", as_list(applied(secret)))], {}, _mask)
    assert "hunter2" not in str(found)
    assert "aHVudGVy" not in str(found)


def test_what_the_user_ignores_is_gone() -> None:
    found = read_snapshot(
        [SourceFile("a.yaml", _objects())], {}, _mask, lambda reading: Reading(reading.components[:1])
    )
    assert [one.id for one in found.components] == ["api"]


def test_a_file_beyond_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_module, "MAX_BYTES", 100)
    found = read_snapshot([SourceFile("a.yaml", _objects())], {}, _mask)
    assert (found.format, [problem.code for problem in found.problems]) == ("", ["snapshot"])
