"""`--records`: given to every command that reads a history, and what `check` says of records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.command import assay
from support.manifests import CONFIG, deployment
from support.replay import write_trees

if TYPE_CHECKING:
    from pathlib import Path

BACKWARDS = """incidents:
- {id: INC-7, environment: ENVIRONMENT, detected: "2024-01-01T11:00:00Z", restored: "2024-01-01T10:00:00Z"}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return write_trees(tmp_path / "repository", [{"assay.yaml": CONFIG, "deploy/api.yaml": deployment()}])


def records(place: Path, text: str) -> Path:
    place.mkdir()
    (place / "incidents.yaml").write_text(text, "utf-8")
    return place


@pytest.mark.parametrize("environment", ["production", "prod"])
def test_check_lists_what_contradicts_itself(repository: Path, tmp_path: Path, environment: str) -> None:
    folder = records(tmp_path / "records", BACKWARDS.replace("ENVIRONMENT", environment))
    found = assay("check", "--repo", repository, "--records", folder)
    told = [line for line in found.stdout.splitlines() if line.startswith("warning[record-contradiction]")]
    assert told[0].startswith(f"warning[record-contradiction] {environment} incidents.yaml:2: incident `INC-7`: ")
    assert found.exit_code == 0, "a warning fails no check"
    rows = json.loads(assay("check", "--repo", repository, "--records", folder, "--json").stdout)
    assert {row["subject"] for row in rows if row["rule"] == "record-contradiction"} == {"INC-7"}


def test_a_contradiction_fails_the_check_where_it_is_an_error(tmp_path: Path) -> None:
    config = CONFIG + "\nchecks: {record-contradiction: error}\n"
    repository = write_trees(tmp_path / "repository", [{"assay.yaml": config, "deploy/api.yaml": deployment()}])
    folder = records(tmp_path / "records", BACKWARDS.replace("ENVIRONMENT", "production"))
    assert assay("check", "--repo", repository, "--records", folder).exit_code == 1


def test_what_cannot_be_read_exits_3(repository: Path, tmp_path: Path) -> None:
    folder = records(tmp_path / "records", "incidents:\n- {id: INC-7, environment: production, detected: soon}\n")
    found = assay("check", "--repo", repository, "--records", folder)
    assert found.exit_code == 3
    assert "unreadable[record-value] incidents.yaml:2" in found.stderr


def test_a_folder_that_is_not_there_is_a_usage_error(repository: Path) -> None:
    found = assay("check", "--repo", repository, "--records", "nowhere")
    assert (found.exit_code, found.stderr.startswith("error[records] nowhere: ")) == (2, True)
