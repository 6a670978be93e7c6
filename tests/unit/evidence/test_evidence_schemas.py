"""Every file that is written is what its published schema says, and the published schemas are the records'."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from support.history_cases import CONFIG, shop
from support.plain_git import git
from support.replay import gathered
from support.values import replay

from generator.evidence.predicates import RELEASE
from generator.evidence.refs import REFS
from generator.evidence.schemas import evidence_schemas, make_schemas

if TYPE_CHECKING:
    from pathlib import Path

    from support.replay import Gathered

FILES = {
    "summary.json": "summary",
    "manifest.json": "manifest",
    "refs.json": "ref",
    "chain.jsonl": "link",
    "breaks.jsonl": "break",
    "vanished.jsonl": "vanished",
    "redactions.jsonl": "redaction",
    "deployments.jsonl": "deployment",
    "records.jsonl": "record",
    "metrics.jsonl": "metric",
    "changes.jsonl": "change",
    "objects/components.jsonl": "component",
}
"""Schema by file; every other file holds lines of the kind that its folder names, or else `object` lines."""
KINDS = {name: name for name in ("ended", "fixed", "gates", "next", "results", "triage")}
STATEMENTS = "release-predicate"
"""Schema of our own predicate in `statements/`; the others are not ours to describe."""


@pytest.fixture(scope="module")
def validators() -> dict[str, Draft202012Validator]:
    schemas = evidence_schemas()
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    return {name: Draft202012Validator(schema) for name, schema in schemas.items()}


def _values(folder: Path, name: str) -> list[Any]:
    text = (folder / name).read_text("utf-8")
    if name == REFS:
        return list(json.loads(text).values())
    if name.startswith("statements/"):
        told = [json.loads(line) for line in text.splitlines()]
        return [one["predicate"] for one in told if one["predicateType"] == RELEASE]
    return [json.loads(text)] if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]


def _schema_within(name: str) -> str:
    return STATEMENTS if name.startswith("statements/") else KINDS.get(name.split("/")[1], "object")


def _validate(folder: Path, validators: dict[str, Draft202012Validator]) -> dict[str, int]:
    """Return how many values of each schema were met; every one of them is valid."""
    met: dict[str, int] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        schema = FILES.get(name) or _schema_within(name)
        for value in _values(folder, name):
            errors = [f"{name}: {e.json_path}: {e.message}" for e in validators[schema].iter_errors(value)]
            assert errors == []
            met[schema] = met.get(schema, 0) + 1
    return met


def test_the_published_schemas_are_those_of_the_records() -> None:
    assert evidence_schemas() == json.loads(json.dumps(make_schemas()))


def test_every_file_of_a_long_history_is_valid(demo: Gathered, validators: dict[str, Draft202012Validator]) -> None:
    met = _validate(demo.folder, validators)
    # Applications' histories are not given, and no bundle stands before; tests of their own have those.
    assert met.keys() == validators.keys() - {"change", "link", "break", "vanished", "redaction"}
    assert met["deployment"] == len(demo.deployments) > 50


def test_every_file_of_a_broken_history_is_valid(tmp_path: Path, validators: dict[str, Draft202012Validator]) -> None:
    found = replay(tmp_path, ["s/a=A p/a=A", "s/a=! p/a=!", "p/a=B"])
    assert found.evidence.summary.unreadable
    assert _validate(found.folder, validators)["summary"] == 1


def test_every_file_of_a_bundle_that_follows_another_is_valid(
    tmp_path: Path, validators: dict[str, Draft202012Validator]
) -> None:
    repository = shop(tmp_path / "repository")
    gathered(repository, tmp_path / "first", CONFIG)
    git(repository, "tag", "--delete", "v1")
    git(repository, "commit", "--quiet", "--amend", "--message", "Another")
    found = gathered(repository, tmp_path / "second", CONFIG, previous=tmp_path / "first")
    met = _validate(found.folder, validators)
    assert {name: met[name] for name in ("link", "break", "vanished")} == {"link": 1, "break": 3, "vanished": 1}


def test_a_schema_refuses_what_is_no_record(demo: Gathered, validators: dict[str, Draft202012Validator]) -> None:
    (first, *_) = _values(demo.folder, "deployments.jsonl")
    assert validators["deployment"].is_valid(first)
    assert not validators["deployment"].is_valid(first | {"kind": "revert"})
    assert not validators["deployment"].is_valid({k: v for k, v in first.items() if k != "digest"})
