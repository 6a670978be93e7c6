from pathlib import Path

import pytest
from unit.site.synthetic import write_evidence

from generator.errors import RefusedError
from generator.evidence.gates import GateTable
from generator.evidence.reading import Evidence
from generator.site.objects import Objects


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_evidence(tmp_path / "evidence", 12)


def test_every_record_is_found_as_the_whole_file_has_it(folder: Path) -> None:
    evidence, objects = Evidence(folder), Objects(folder)
    whole = evidence.objects("gates", "production", GateTable)
    assert len(whole) == 3
    for digest, table in reversed(whole.items()):
        assert objects.gates("production", digest) == table
    for record in evidence.deployments():
        for result in record.results:
            if result.object:
                assert objects.result(record.environment, result.object).name == result.name
        if record.triage:
            assert objects.triage(record.environment, record.triage).failed_to


def test_a_record_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(RefusedError, match="not where the deployments expect it"):
        Objects(folder).gates("production", "0" * 32)
    with pytest.raises(RefusedError, match="not where the deployments expect it"):
        Objects(folder).gates("nowhere", "0" * 32)


def test_a_broken_line_names_its_place(folder: Path) -> None:
    path = folder / "objects/gates/production.jsonl"
    path.write_bytes(path.read_bytes() + b'{"digest": 3}\n')
    with pytest.raises(RefusedError, match=r"production\.jsonl:4"):
        Objects(folder).gates("production", "0" * 32)


def test_a_record_of_another_form_is_refused(folder: Path) -> None:
    path = folder / "objects/gates/production.jsonl"
    path.write_bytes(b'{"digest":"d","record":{"rows":3}}\n')
    with pytest.raises(RefusedError, match="rows"):
        Objects(folder).gates("production", "d")
