from __future__ import annotations

import hashlib
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import rfc8785

from generator.evidence.site_json import SITE_FORMAT
from generator.site.frames import BODY, HEAD, TITLE, Frame, MassPage
from generator.site.page_records import PageRecords, page_records
from generator.site.site_manifest import write_site_manifest

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

    import pytest

SHA = hashlib.sha256


def lay(folder: Path) -> Path:
    (folder / "evidence").mkdir(parents=True)
    (folder / "releases").mkdir()
    (folder / "evidence" / "manifest.json").write_bytes(b"{}\n")
    (folder / "index.html").write_bytes(b"one")
    (folder / "releases" / "a.html").write_bytes(b"two")
    return folder


def test_it_lists_every_file_but_the_evidence_and_itself(tmp_path: Path) -> None:
    site = lay(tmp_path / "site")
    digest = write_site_manifest(site, "1.2.3")
    (site / "site.json.sig").write_bytes(b"x")
    assert write_site_manifest(site, "1.2.3") == digest, "what it wrote itself is no part of it"
    text = (site / "site.json").read_bytes()
    told = json.loads(text)
    assert text == rfc8785.dumps(told) + b"\n"
    assert told == {
        "evidence": SHA(b"{}\n").hexdigest(),
        "files": {"index.html": SHA(b"one").hexdigest(), "releases/a.html": SHA(b"two").hexdigest()},
        "format": SITE_FORMAT,
        "version": "1.2.3",
    }


def test_a_digest_that_is_known_is_not_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = lay(tmp_path / "site")
    computed: list[str] = []
    real = hashlib.file_digest

    def counted(file: BufferedReader, name: str) -> object:
        computed.append(str(file.name))
        return real(file, name)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    write_site_manifest(site, "1", {"releases/a.html": "0" * 64})
    assert [name.rpartition("/")[2] for name in computed] == ["index.html", "manifest.json"]
    assert json.loads((site / "site.json").read_bytes())["files"]["releases/a.html"] == "0" * 64


def test_records_of_pages_are_lines_or_whole_files(tmp_path: Path) -> None:
    lines = [b'{"id":"production-1","x":1}', b'{"id":"production-2"}']
    lists = [b'{"digest":"aa","set":{}}', b'{"digest":"bb"}', b'{"digest":"aa"}']
    (tmp_path / "objects" / "topology").mkdir(parents=True)
    (tmp_path / "deployments.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    (tmp_path / "objects" / "topology" / "production.jsonl").write_bytes(b"".join(line + b"\n" for line in lists))
    (tmp_path / "summary.json").write_bytes(b"{}")
    records = PageRecords(tmp_path, {"production-1": 0, "production-2": len(lines[0]) + 1}.get)
    assert records.deployment("production-2") == f"production-2 {SHA(lines[1]).hexdigest()}"
    assert records.deployment("production-3") == ""
    assert records.topology("production", "aa") == f"objects/topology/production.jsonl:1 {SHA(lists[0]).hexdigest()}"
    assert records.topology("production", "cc") == ""
    assert records.topology("staging", "aa") == ""
    assert records.summary() == f"summary.json {SHA(b'{}').hexdigest()}"
    assert records.next_release("production") == ""


def test_a_page_names_its_record_in_its_head() -> None:
    frame = Frame(f"<title>{TITLE}</title>{HEAD}{BODY}", "releases/frame.html")
    page = MassPage("release", "releases/a.html", "A", "", "<p></p>", record='a"b 00')
    assert b'<meta name="assay-record" content="a&quot;b 00">' in frame.fill(page)
    assert b"assay-record" not in frame.fill(page._replace(record=""))


def test_records_are_read_from_the_evidence_of_the_report(tmp_path: Path) -> None:
    context = SimpleNamespace(evidence=SimpleNamespace(folder=tmp_path))
    assert page_records(context).summary() == ""  # type: ignore[arg-type]  # all that is asked of a context
